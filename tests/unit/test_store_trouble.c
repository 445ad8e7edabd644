/* SPDX-License-Identifier: MIT
 *
 * The store on a full disk, after a panic of Berkeley DB, and under many threads. */
#include "../test.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "store/inside.h"
#include "store/maintenance.h"

#include "../place.h"
#include "../titles.h"

/* --- A full disk, played by a limit on the length of files, in a process of its own */

enum { N_BEFORE = 5, FILE_LIMIT = 3 << 20, ROWS_PER_WRITE = 50, ROW_LEN = 2000 };

static int put_rows(struct store_txn *txn, void *context, struct error *err)
{
    char value[ROW_LEN], key[32];
    memset(value, 'x', sizeof value);
    for (int i = 0; i < ROWS_PER_WRITE; i++) {
        snprintf(key, sizeof key, "%06d%03d", *(int *)context, i);
        int failed = store_txn_put(txn, STORE_STATE, key, strlen(key), value, sizeof value, err);
        if (failed)
            return failed;
    }
    return 0;
}

static int count_row(const void *key UNUSED, size_t key_len UNUSED, const void *value UNUSED,
                     size_t value_len UNUSED, void *context)
{
    ++*(int *)context;
    return 0;
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* The number of the step that went wrong; 0: none. */
static int fill_the_disk(const char *path)
{
    struct store *store = NULL;
    struct store_options options = { .path = path, .sync_each_commit = true };
    signal(SIGXFSZ, SIG_IGN);
    if (store_open(&options, &store, NULL))
        return 1;
    limit_files(FILE_LIMIT);
    int n = 0, failed = 0;
    while (n < 1000 && !(failed = store_write(store, put_rows, &n, NULL)))
        n++;
    if (failed != PROVIDER_EFULL || !n)
        return 2;
    if (store_write(store, put_rows, &n, NULL) != PROVIDER_EFULL)
        return 3;
    int rows = 0;
    if (store_walk(store, STORE_STATE, NULL, 0, count_row, &rows, NULL) ||
        rows != n * ROWS_PER_WRITE)
        return 4;
    limit_files(RLIM_INFINITY);
    for (int more = 0; more < N_BEFORE; more++, n++)
        if (store_write(store, put_rows, &n, NULL))
            return 5;
    store_close(store);
    rows = 0;
    if (store_open(&options, &store, NULL) ||
        store_walk(store, STORE_STATE, NULL, 0, count_row, &rows, NULL))
        return 6;
    store_close(store);
    return rows == n * ROWS_PER_WRITE ? 0 : 7;
}

/* Runs `steps` on a folder of its own in a process of its own, forked while no store is open: its
 * threads would not be in the child. */
static void expect_no_wrong_step(int (*steps)(const char *path))
{
    char path[] = "/tmp/miauflix-trouble-XXXXXX";
    assert_non_null(mkdtemp(path));
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child)
        _exit(steps(path));
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(remove_folder(path), 0);
}

static void a_full_disk_is_said_and_when_there_is_room_writing_goes_on(void **state UNUSED)
{
    expect_no_wrong_step(fill_the_disk);
}

/* --- A panic */

static void panic(struct store *store)
{
    DB_ENV *env = store->environment.env;
    env->set_flags(env, DB_PANIC_ENVIRONMENT, 1);
}

static int write_title(struct store *store, const char *external)
{
    struct title title = { .external = external };
    return store_write(store, put_title, &title, NULL);
}

static bool comes_back(struct store *store)
{
    int64_t until_ms = clock_steady_ms() + 20000;
    while (clock_steady_ms() < until_ms)
        if (!write_title(store, "tmdb:2"))
            return true;
    return false;
}

static size_t n_open_files(void)
{
    size_t n = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

static int panic_while_writing(const char *path)
{
    struct store *store = NULL;
    struct store_options options = { .path = path, .sync_each_commit = true };
    uint32_t id = 0;
    if (store_open(&options, &store, NULL) || write_title(store, "tmdb:1"))
        return 1;
    size_t before = n_open_files();
    panic(store);
    if (!comes_back(store))
        return 2;
    if (n_open_files() > before + 2)
        return 3;
    if (external_ids_find(store, PROVIDER_MOVIE, "tmdb:1", &id, NULL) || id != 1)
        return 4;
    if (store_revision(store) < 2)
        return 5;
    store_close(store);
    return 0;
}

static void a_panic_is_recovered_from_while_running(void **state UNUSED)
{
    expect_no_wrong_step(panic_while_writing);
}

static int panic_while_reading(const char *path)
{
    struct store *store = NULL;
    struct store_options options = { .path = path, .sync_each_commit = true };
    uint32_t id = 0;
    if (store_open(&options, &store, NULL) || write_title(store, "tmdb:1"))
        return 1;
    panic(store);
    if (external_ids_find(store, PROVIDER_MOVIE, "tmdb:1", &id, NULL) != PROVIDER_EIO)
        return 2;
    int64_t until_ms = clock_steady_ms() + 20000;
    while (external_ids_find(store, PROVIDER_MOVIE, "tmdb:1", &id, NULL))
        if (clock_steady_ms() >= until_ms)
            return 3;
    store_close(store);
    return id == 1 ? 0 : 4;
}

static void a_reader_that_meets_a_panic_gets_an_error_and_sets_recovery_off(void **state UNUSED)
{
    expect_no_wrong_step(panic_while_reading);
}

static int spoil_counters(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    return store_txn_put(txn, STORE_META, "counters", 8, "junk", 4, err);
}

/* With the numbers of before it would give some of them twice. */
static int panic_and_lose_the_counters(const char *path)
{
    struct store *store = NULL;
    struct store_options options = { .path = path, .sync_each_commit = true };
    if (store_open(&options, &store, NULL) || write_title(store, "tmdb:1") ||
        store_write(store, spoil_counters, NULL, NULL))
        return 1;
    panic(store);
    for (int i = 0; i < 5; i++)
        if (!write_title(store, "tmdb:2"))
            return 2;
    store_close(store);
    return 0;
}

static void nothing_is_written_while_the_counters_cannot_be_read(void **state UNUSED)
{
    expect_no_wrong_step(panic_and_lose_the_counters);
}

/* --- Many threads */

enum { N_READERS = 6, N_SUBMITTERS = 3, N_WRITES = 120, N_NAMES = 40 };

struct crowd {
    struct store *store;
    atomic_bool stop;
    atomic_int n_done, n_failed, n_heard;
    atomic_uint number;
};

static void note_done(void *context, int result, const struct error *err UNUSED)
{
    struct crowd *crowd = *(struct crowd **)context;
    atomic_fetch_add(&crowd->n_done, 1);
    atomic_fetch_add(&crowd->n_failed, result != 0);
    free(context);
}

struct submitted {
    struct crowd *crowd;
    char external[32];
};

static int put_submitted(struct store_txn *txn, void *context, struct error *err)
{
    struct submitted *submitted = context;
    struct title title = { .external = submitted->external };
    return put_title(txn, &title, err);
}

static void *submit_many(void *argument)
{
    struct crowd *crowd = argument;
    for (int i = 0; i < N_WRITES; i++) {
        struct submitted *submitted = mem_new(struct submitted);
        submitted->crowd = crowd;
        snprintf(submitted->external, sizeof submitted->external, "tmdb:%u",
                 atomic_fetch_add(&crowd->number, 1) % N_NAMES + 1);
        if (i % 4) {
            store_submit(crowd->store, put_submitted, note_done, submitted);
            continue;
        }
        int failed = store_write(crowd->store, put_submitted, submitted, NULL);
        note_done(submitted, failed, NULL);
    }
    return NULL;
}

static int see_card(uint32_t id UNUSED, const void *card UNUSED, size_t len, void *context)
{
    *(size_t *)context += len;
    return 0;
}

/* What a reader sees is whole: an item whose change is at most the last one. */
static void *read_for_ever(void *argument)
{
    struct crowd *crowd = argument;
    CLEANUP(text_done) struct text body = TEXT_INIT(4096);
    for (uint32_t i = 0; !atomic_load(&crowd->stop); i++) {
        struct item_header item;
        size_t bytes = 0;
        int failed = items_get(crowd->store, i % N_NAMES + 1, &item, &body, NULL);
        bool is_wrong = failed && failed != PROVIDER_ENOTFOUND;
        if (i % 50 == 0)
            is_wrong |= cards_walk(crowd->store, see_card, &bytes, NULL) != 0 || bytes % 6;
        if (is_wrong)
            atomic_fetch_add(&crowd->n_failed, 1);
    }
    return NULL;
}

static void hear(uint64_t revision UNUSED, void *context)
{
    atomic_fetch_add(&((struct crowd *)context)->n_heard, 1);
}

static void ignore(const char *finding, void *context UNUSED)
{
    print_error("%s\n", finding);
}

static void many_readers_and_writers_do_not_disturb_each_other(void **state)
{
    struct place *place = *state;
    struct crowd crowd = { .store = place->store };
    store_listen(place->store, hear, &crowd);
    pthread_t readers[N_READERS], submitters[N_SUBMITTERS];
    for (int i = 0; i < N_READERS; i++)
        readers[i] = lock_thread_start("test-reader", read_for_ever, &crowd);
    for (int i = 0; i < N_SUBMITTERS; i++)
        submitters[i] = lock_thread_start("test-submit", submit_many, &crowd);
    for (int i = 0; i < N_SUBMITTERS; i++)
        pthread_join(submitters[i], NULL);
    assert_int_equal(write_title(place->store, "tmdb:1"), 0); /* behind all that was submitted */
    atomic_store(&crowd.stop, true);
    for (int i = 0; i < N_READERS; i++)
        pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&crowd.n_done), N_SUBMITTERS * N_WRITES);
    assert_int_equal(atomic_load(&crowd.n_failed), 0);
    assert_true(atomic_load(&crowd.n_heard) > 0);
    assert_int_equal(store_revision(place->store), N_SUBMITTERS * N_WRITES + 1);
    struct maintenance_checks checks = { .report = ignore };
    uint64_t n_findings = 0;
    assert_int_equal(maintenance_verify_tables(place->store, &checks, &n_findings, NULL), 0);
    assert_int_equal(n_findings, 0);
}

/* --- A walk that gives way to the writer */

enum { N_WIDE = 15, WIDE_LEN = 1500 };

static int put_wide(struct store_txn *txn, int number, struct error *err)
{
    char key[16], value[WIDE_LEN];
    memset(value, 'w', sizeof value);
    snprintf(key, sizeof key, "%07d", number);
    return store_txn_put(txn, STORE_STATE, key, strlen(key), value, sizeof value, err);
}

/* Two pages; of the first, only the first rows and the last. */
static int put_sparse(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    int failed = 0;
    for (int i = 0; i < N_WIDE && !failed; i++)
        failed = put_wide(txn, i, err);
    for (int i = 2; i < 6 && !failed; i++) {
        char key[16];
        snprintf(key, sizeof key, "%07d", i);
        failed = store_txn_delete(txn, STORE_STATE, key, strlen(key), err);
    }
    return failed;
}

struct crossing {
    struct store *store;
    pthread_t reader;
    int runs, n_seen, result;
};

/* From behind the first row, with a key that is longer than those of the rows. */
static void *walk_across(void *argument)
{
    struct crossing *crossing = argument;
    crossing->result =
        store_walk(crossing->store, STORE_STATE, "0000000x", 8, count_row, &crossing->n_seen, NULL);
    return NULL;
}

static DB_LOCK_STAT lock_figures(struct store *store)
{
    DB_LOCK_STAT *got;
    DB_ENV *env = store->environment.env;
    assert_int_equal(env->lock_stat(env, &got, 0), 0);
    DB_LOCK_STAT figures = *got;
    free(got);
    return figures;
}

/* The last page first; the first one when the reader has that and waits for the last. */
static int write_crosswise(struct store_txn *txn, void *context, struct error *err)
{
    struct crossing *crossing = context;
    int failed = put_wide(txn, N_WIDE - 1, err);
    if (!crossing->runs++) {
        uintmax_t before = lock_figures(crossing->store).st_lock_wait;
        crossing->reader = lock_thread_start("test-reader", walk_across, crossing);
        int64_t until_ms = clock_steady_ms() + 20000;
        while (lock_figures(crossing->store).st_lock_wait == before && clock_steady_ms() < until_ms)
            sched_yield();
    }
    return failed ? failed : put_wide(txn, 1, err);
}

static void a_walk_that_gave_way_to_the_writer_passes_over_no_row(void **state)
{
    struct place *place = *state;
    assert_int_equal(store_write(place->store, put_sparse, NULL, NULL), 0);
    struct crossing crossing = { .store = place->store };
    assert_int_equal(store_write(place->store, write_crosswise, &crossing, NULL), 0);
    pthread_join(crossing.reader, NULL);
    assert_int_equal(crossing.result, 0);
    assert_true(lock_figures(place->store).st_ndeadlocks > 0);
    assert_int_equal(crossing.runs, 1);
    assert_int_equal(crossing.n_seen, N_WIDE - 5);
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_said_and_when_there_is_room_writing_goes_on),
        cmocka_unit_test(a_panic_is_recovered_from_while_running),
        cmocka_unit_test(a_reader_that_meets_a_panic_gets_an_error_and_sets_recovery_off),
        cmocka_unit_test(nothing_is_written_while_the_counters_cannot_be_read),
        PLACED(a_walk_that_gave_way_to_the_writer_passes_over_no_row),
        PLACED(many_readers_and_writers_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
