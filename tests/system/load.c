/* SPDX-License-Identifier: MIT
 *
 * Asks a daemon for the same things again and again over connections that stay open, and says how
 * long the answers took:
 *
 *     load PORT SECONDS CONNECTIONS PAUSE_MS TOKEN TARGET...
 *
 * prints one line "n=5123 failed=0 p50_us=180 p99_us=900 max_us=2100".  What is no 200 has failed.
 * PAUSE_MS between two requests of a connection keeps the load below what the machine can do; the
 * connections begin one after the other within the first such pause, as strangers would. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

enum { MAX_SAMPLES = 1 << 17, MAX_CONNECTIONS = 1000 };

struct plan {
    int64_t until_us, pause_ms, connections;
    struct curl_slist *headers;
    char **urls;
    size_t n_urls;
};

struct worker {
    const struct plan *plan;
    pthread_t thread;
    size_t number, n, failed;
    uint32_t *samples_us;
};

static size_t discard(char *bytes UNUSED, size_t size, size_t n, void *context UNUSED)
{
    return size * n;
}

static void ask(CURL *curl, struct worker *worker, size_t turn)
{
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_URL, worker->plan->urls[turn % worker->plan->n_urls]);
    int64_t begun_us = clock_steady_us();
    CURLcode code = curl_easy_perform(curl);
    int64_t took_us = clock_steady_us() - begun_us;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200)
        worker->failed++;
    if (worker->n < MAX_SAMPLES)
        worker->samples_us[worker->n++] = (uint32_t)MIN(took_us, (int64_t)UINT32_MAX);
}

static void rest(int64_t us)
{
    const struct timespec pause = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
    if (us)
        nanosleep(&pause, NULL);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    int64_t pause_us = worker->plan->pause_ms * 1000;
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, worker->plan->headers);
    rest(pause_us * (int64_t)worker->number / worker->plan->connections);
    for (size_t turn = worker->number; clock_steady_us() < worker->plan->until_us; turn++) {
        ask(curl, worker, turn);
        rest(pause_us);
    }
    curl_easy_cleanup(curl);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(struct worker *workers, size_t n_workers)
{
    size_t n = 0, failed = 0;
    for (size_t i = 0; i < n_workers; i++)
        n += workers[i].n;
    CLEANUP(mem_free) uint32_t *all = mem_alloc_array(n + 1, sizeof *all);
    n = 0;
    for (size_t i = 0; i < n_workers; i++) {
        memcpy(all + n, workers[i].samples_us, workers[i].n * sizeof *all);
        n += workers[i].n;
        failed += workers[i].failed;
    }
    all[n] = 0;
    qsort(all, n, sizeof *all, compare);
    printf("n=%zu failed=%zu p50_us=%u p99_us=%u max_us=%u\n", n, failed, all[n / 2],
           all[n * 99 / 100], n ? all[n - 1] : 0);
}

static bool read_number(const char *text, int64_t most, int64_t *out)
{
    if (text_to_int(text, 0, most, out))
        return true;
    fprintf(stderr, "load: '%s' is no number from 0 to %lld\n", text, (long long)most);
    return false;
}

static int run(struct plan *plan, size_t n_workers)
{
    CLEANUP(mem_free) struct worker *workers = mem_alloc_array(n_workers, sizeof *workers);
    for (size_t i = 0; i < n_workers; i++) {
        workers[i] = (struct worker){ .plan = plan, .number = i };
        workers[i].samples_us = mem_alloc_array(MAX_SAMPLES, sizeof(uint32_t));
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (size_t i = 0; i < n_workers; i++)
        pthread_join(workers[i].thread, NULL);
    report(workers, n_workers);
    for (size_t i = 0; i < n_workers; i++)
        free(workers[i].samples_us);
    return 0;
}

int main(int argc, char **argv)
{
    int64_t port, seconds, connections, pause_ms;
    if (argc < 7) {
        fputs("Usage: load PORT SECONDS CONNECTIONS PAUSE_MS TOKEN TARGET...\n", stderr);
        return 2;
    }
    if (!read_number(argv[1], 65535, &port) || !read_number(argv[2], 3600, &seconds) ||
        !read_number(argv[3], MAX_CONNECTIONS, &connections) ||
        !read_number(argv[4], 60000, &pause_ms) || !connections)
        return 2;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct plan plan = { .until_us = clock_steady_us() + seconds * 1000000,
                         .pause_ms = pause_ms,
                         .connections = connections,
                         .n_urls = (size_t)argc - 6 };
    CLEANUP(mem_free) char *bearer = mem_format("Authorization: Bearer %s", argv[5]);
    plan.headers = curl_slist_append(NULL, bearer);
    plan.urls = mem_alloc_array(plan.n_urls, sizeof *plan.urls);
    for (size_t i = 0; i < plan.n_urls; i++)
        plan.urls[i] = mem_format("http://127.0.0.1:%lld%s", (long long)port, argv[i + 6]);
    int result = run(&plan, (size_t)connections);
    for (size_t i = 0; i < plan.n_urls; i++)
        free(plan.urls[i]);
    free(plan.urls);
    curl_slist_free_all(plan.headers);
    curl_global_cleanup();
    return result;
}
