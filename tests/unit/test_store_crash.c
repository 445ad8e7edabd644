/* SPDX-License-Identifier: MIT
 *
 * A process that writes is killed at random moments; what it was told is durable must be there, and
 * the tables must agree.  Five rounds; MIAUFLIX_SOAK=1 makes it fifty, MIAUFLIX_ROUNDS any number.
 */
#include "../test.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "store/maintenance.h"

#include "../place.h"
#include "../titles.h"

enum { N_WRITERS = 3 };

/* What a writer says once a write is acknowledged; short enough for one write() to a pipe. */
struct acknowledged {
    uint32_t writer, number, id;
    uint64_t revision;
};

struct writing {
    struct store *store;
    uint32_t writer, round;
    int pipe;
};

static void name_of(uint32_t round, uint32_t writer, uint32_t number, char out[64])
{
    snprintf(out, 64, "tmdb:%u", (round * N_WRITERS + writer) * 1000000 + number / 2);
}

/* Each title is written twice: added, then updated. */
static void *write_for_ever(void *argument)
{
    const struct writing *writing = argument;
    for (uint32_t number = 0;; number++) {
        char external[64];
        name_of(writing->round, writing->writer, number, external);
        struct title title = { .external = external };
        if (store_write(writing->store, put_title, &title, NULL))
            _exit(2);
        struct acknowledged said = { writing->writer, number, title.id, title.revision };
        if (write(writing->pipe, &said, sizeof said) != sizeof said)
            _exit(3);
    }
}

static void run_child(const char *path, uint32_t round, int out)
{
    struct store *store = NULL;
    struct store_options options = { .path = path, .sync_each_commit = true };
    if (store_open(&options, &store, NULL))
        _exit(1);
    struct writing writing[N_WRITERS];
    for (uint32_t i = 0; i < N_WRITERS; i++) {
        writing[i] = (struct writing){ store, i, round, out };
        lock_thread_start("test-writer", write_for_ever, &writing[i]);
    }
    for (;;)
        pause();
}

static int read_one(int from, struct acknowledged *out)
{
    ssize_t n = read(from, out, sizeof *out);
    assert_true(n == 0 || n == (ssize_t)sizeof *out);
    return n == (ssize_t)sizeof *out;
}

/* The acknowledged title is there, as written or as written after that. */
static void check_acknowledged(struct store *store, uint32_t round, const struct acknowledged *said)
{
    char external[64];
    uint32_t id = 0;
    struct item_header item;
    CLEANUP(text_done) struct text body = TEXT_INIT(4096);
    name_of(round, said->writer, said->number, external);
    assert_int_equal(external_ids_find(store, PROVIDER_MOVIE, external, &id, NULL), 0);
    assert_int_equal(id, said->id);
    assert_int_equal(items_get(store, id, &item, &body, NULL), 0);
    assert_true(item.revision >= said->revision);
    assert_true(store_revision(store) >= said->revision);
}

static void say(const char *finding, void *context UNUSED)
{
    print_error("%s\n", finding);
}

/* Collects what is acknowledged until the kill and after it; the caller frees. */
static struct acknowledged *kill_while_writing(const char *path, uint32_t round, unsigned *seed,
                                               size_t *out_n)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        close(ends[0]);
        run_child(path, round, ends[1]);
    }
    close(ends[1]);
    size_t n = 0, capacity = 1024;
    struct acknowledged *all = mem_alloc_array(capacity, sizeof *all);
    int64_t kill_at_ms = INT64_MAX;
    while (read_one(ends[0], &all[n])) {
        if (!n++)
            kill_at_ms = clock_steady_ms() + 20 + rand_r(seed) % 400;
        if (clock_steady_ms() >= kill_at_ms) {
            kill(child, SIGKILL);
            kill_at_ms = INT64_MAX;
        }
        if (n == capacity)
            all = mem_resize(all, capacity *= 2, sizeof *all);
    }
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    *out_n = n;
    return all;
}

static uint32_t n_rounds(void)
{
    const char *rounds = getenv("MIAUFLIX_ROUNDS");
    if (rounds)
        return (uint32_t)strtoul(rounds, NULL, 10);
    return getenv("MIAUFLIX_SOAK") ? 50 : 5;
}

static void no_acknowledged_write_is_lost_when_the_process_is_killed(void **state UNUSED)
{
    char path[] = "/tmp/miauflix-crash-XXXXXX";
    assert_non_null(mkdtemp(path));
    unsigned seed = (unsigned)getpid();
    print_message("# seed %u\n", seed);
    for (uint32_t round = 0; round < n_rounds(); round++) {
        size_t n = 0;
        CLEANUP(mem_free)
        struct acknowledged *all = kill_while_writing(path, round, &seed, &n);
        struct store *store = NULL;
        struct store_options options = { .path = path, .sync_each_commit = true };
        assert_int_equal(store_open(&options, &store, NULL), 0);
        for (size_t i = 0; i < n; i++)
            check_acknowledged(store, round, &all[i]);
        store_close(store);
        struct maintenance_checks checks = { .report = say };
        uint64_t n_findings = 0;
        struct error err = { 0 };
        if (maintenance_verify(path, &checks, &n_findings, &err))
            fail_msg("%s", err.text);
        assert_int_equal(n_findings, 0);
        print_message("# round %u: %zu acknowledged\n", round, n);
    }
    assert_int_equal(remove_folder(path), 0);
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_acknowledged_write_is_lost_when_the_process_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
