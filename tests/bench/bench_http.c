/* SPDX-License-Identifier: MIT
 *
 * GET /api/movies/:id against a constant answer of the same size, in one process and in turns, so
 * that the machine's moods touch both alike.  Prints the ratios of the medians and fails when they
 * miss what is promised. */
#include "../test.h"

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include "../http/house.h"
#include "../http/raw.h"
#include "base/clock.h"
#include "bench.h"

enum { CLIENTS = 16, ROUNDS = 21, ROUND_MS = 150, MAX_ANSWER = 256 << 10 };

struct constant {
    char *bytes;
    size_t len;
};

static void answer_constant(struct exchange *exchange, void *context)
{
    const struct constant *constant = context;
    exchange_write(exchange, constant->bytes, constant->len);
}

struct client {
    pthread_t thread;
    uint16_t port;
    const char *request;
    size_t answer_len;
    int64_t until_ms;
    uint64_t done;
};

static bool read_exactly(int fd, char *buffer, size_t len)
{
    for (size_t got = 0; got < len;) {
        ssize_t n = read(fd, buffer, MIN(len - got, (size_t)MAX_ANSWER));
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

static void *run_client(void *argument)
{
    struct client *client = argument;
    CLEANUP(fd_close) int fd = raw_connect(client->port);
    CLEANUP(mem_free) char *buffer = mem_alloc(MAX_ANSWER);
    size_t len = strlen(client->request);
    while (clock_steady_ms() < client->until_ms) {
        if (!raw_send(fd, client->request, len) || !read_exactly(fd, buffer, client->answer_len))
            break;
        client->done++;
    }
    return NULL;
}

/* User and system time of this process: both ends of the connections. */
static double cpu_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* Requests per second of processor time, in one round: what others do on the machine matters less
 * than to requests per second of the clock. */
static double run_round(uint16_t port, const char *request, size_t answer_len)
{
    struct client clients[CLIENTS];
    uint64_t done = 0;
    int64_t begun_ms = clock_steady_ms();
    double begun_us = cpu_us();
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){ .port = port,
                                      .request = request,
                                      .answer_len = answer_len,
                                      .until_ms = begun_ms + ROUND_MS };
        pthread_create(&clients[i].thread, NULL, run_client, &clients[i]);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        done += clients[i].done;
    }
    return (double)done * 1e6 / (cpu_us() - begun_us);
}

/* How fast `request` is against a constant answer of as many bytes; 1 when that is slower than
 * `least` of it. */
static int compare_with_constant(const struct house *house, const char *request, const char *name,
                                 double least)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(MAX_ANSWER);
    double ours[ROUNDS], theirs[ROUNDS], ratios[ROUNDS];
    raw_ask(house->port, request, &answer);
    text_clear(&answer);
    int status = raw_ask(house->port, request, &answer); /* this one is ready */
    struct constant constant = { .len = answer.len, .bytes = answer.bytes };
    struct server_options options = { .threads = CLIENTS + 4,
                                      .handler = answer_constant,
                                      .context = &constant };
    CLEANUP(server_close) struct server *server = NULL;
    struct error err = { 0 };
    if (server_open(&options, &server, &err) != 0)
        fail_msg("%s", err.text);
    for (int i = 0; i < ROUNDS; i++) {
        theirs[i] = run_round(server_port(server), request, constant.len);
        ours[i] = run_round(house->port, request, constant.len);
        ratios[i] = ours[i] / theirs[i];
    }
    char promise[40];
    snprintf(promise, sizeof promise, "at least %.2f", least);
    double ratio = bench_median(ratios, ROUNDS);
    printf("# %s: %d, %zu bytes; the constant answer %.0f\n", name, status, constant.len,
           bench_median(theirs, ROUNDS));
    struct bench_line line = { .name = name,
                               .unit = "/CPU s",
                               .value = bench_median(ours, ROUNDS),
                               .ratio = ratio,
                               .reference = "a constant answer of that size",
                               .promise = least > 0 ? promise : NULL,
                               .kept = ratio >= least };
    return bench_say(&line);
}

static uint32_t add_film(struct house *house, int number)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    text_add_format(&json,
                    "{\"ids\":{\"tmdb\":%d},\"title\":\"Sintel\","
                    "\"original_language\":\"en\",\"overview\":\"A girl.\",\"cast\":[",
                    number);
    for (int i = 0; i < 60; i++)
        text_add_format(&json, "%s{\"name\":\"Player %d\",\"character\":\"Part %d\",\"order\":%d}",
                        i ? "," : "", i, i, i);
    text_add_string(&json, "]}");
    return house_add_movie(house, text_string(&json));
}

int main(void)
{
    struct house house;
    house_init(&house);
    house.conf.http_threads = CLIENTS + 4;
    house.conf.http_request_timeout_ms = 10000;
    house.conf.rate_per_minute = 100000000;
    house.conf.rate_burst = 100000000;
    house_open(&house);
    uint32_t id = add_film(&house, 45745);
    for (int i = 1; i < 20; i++)
        add_film(&house, i);
    house_settle(&house);
    CLEANUP(mem_free)
    char *get = mem_format("GET /api/movies/%u HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
                           "User-Agent: bench\r\nAuthorization: Bearer %s\r\n\r\n",
                           id, house.reader);
    CLEANUP(text_done) struct text answer = TEXT_INIT(MAX_ANSWER);
    raw_ask(house.port, get, &answer);
    CLEANUP(mem_free)
    char *match = mem_format("GET /api/movies/%u HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
                             "User-Agent: bench\r\nAuthorization: Bearer %s\r\n"
                             "If-None-Match: %s\r\n\r\n",
                             id, house.reader, raw_header(answer.bytes, "ETag"));
    CLEANUP(mem_free)
    char *list = mem_format("GET /api/movies?limit=20 HTTP/1.1\r\nHost: localhost\r\n"
                            "Authorization: Bearer %s\r\n\r\n",
                            house.reader);
    int broken = compare_with_constant(&house, get, "GET /api/movies/:id", 0.85);
    broken += compare_with_constant(&house, match, "GET /api/movies/:id, If-None-Match", 0.95);
    broken += compare_with_constant(&house, list, "GET /api/movies?limit=20", 0);
    house_close(&house);
    return broken > 0;
}
