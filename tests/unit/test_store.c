/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "store/store.h"

#include "../place.h"

/* --- What the tests write */

struct row {
    const char *key, *value;
    int result; /* what apply returns after writing; a refusal writes nothing with it */
    bool refuse_first;
    int runs;
};

static int write_row(struct store_txn *txn, void *context, struct error *err)
{
    struct row *row = context;
    row->runs++;
    if (row->refuse_first)
        return error_set(err, PROVIDER_ECONFLICT, "not this one");
    int failed = store_txn_put(txn, STORE_STATE, row->key, strlen(row->key), row->value,
                               strlen(row->value), err);
    if (!failed && row->result)
        return error_set(err, row->result, "changed its mind");
    return failed;
}

static bool has_row(struct store *store, const char *key, const char *value)
{
    CLEANUP(text_done) struct text got = TEXT_INIT(1 << 20);
    int failed = store_get(store, STORE_STATE, key, strlen(key), &got, NULL);
    return !failed && !strcmp(text_string(&got), value);
}

static void what_is_written_is_there_after_reopening(void **state)
{
    struct place *place = *state;
    struct row row = { .key = "a", .value = "1" };
    assert_int_equal(store_write(place->store, write_row, &row, NULL), 0);
    assert_true(has_row(place->store, "a", "1"));
    store_close(place->store);
    open_place(place);
    assert_true(has_row(place->store, "a", "1"));
}

static void an_absent_row_is_not_found_and_empties_the_text(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    CLEANUP(text_done) struct text got = TEXT_INIT(100);
    text_add_string(&got, "old");
    assert_int_equal(store_get(place->store, STORE_STATE, "x", 1, &got, &err), PROVIDER_ENOTFOUND);
    assert_int_equal(got.len, 0);
}

static void a_row_above_the_limit_of_the_text_is_refused(void **state)
{
    struct place *place = *state;
    struct row row = { .key = "a", .value = "12345678901" };
    CLEANUP(text_done) struct text got = TEXT_INIT(10);
    assert_int_equal(store_write(place->store, write_row, &row, NULL), 0);
    assert_int_equal(store_get(place->store, STORE_STATE, "a", 1, &got, NULL), PROVIDER_ELIMIT);
    row.value = "1234567890";
    assert_int_equal(store_write(place->store, write_row, &row, NULL), 0);
    assert_int_equal(store_get(place->store, STORE_STATE, "a", 1, &got, NULL), 0);
    assert_string_equal(got.bytes, "1234567890");
}

static void a_large_row_is_read_whole(void **state)
{
    struct place *place = *state;
    CLEANUP(mem_free) char *large = mem_alloc(300001);
    memset(large, 'x', 300000);
    struct row row = { .key = "large", .value = large };
    assert_int_equal(store_write(place->store, write_row, &row, NULL), 0);
    assert_true(has_row(place->store, "large", large));
}

static void a_key_that_is_too_long_is_refused_and_writes_nothing(void **state)
{
    struct place *place = *state;
    char key[600];
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    struct error err = { 0 };
    struct row row = { .key = key, .value = "1" };
    assert_int_equal(store_write(place->store, write_row, &row, &err), PROVIDER_ELIMIT);
    assert_non_null(strstr(err.text, "state"));
}

static void a_failing_apply_leaves_nothing_behind(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    struct row row = { .key = "a", .value = "1", .result = PROVIDER_EREFUSED };
    assert_int_equal(store_write(place->store, write_row, &row, &err), PROVIDER_EREFUSED);
    assert_string_equal(err.text, "changed its mind");
    assert_false(has_row(place->store, "a", "1"));
}

/* --- Groups */

enum { N_SUBMITTED = 600 };

struct gate {
    struct lock lock;
    struct lock_condition changed;
    bool open;
    int n_done;
};

static struct gate gate;

static int wait_at_gate(struct store_txn *txn UNUSED, void *context UNUSED,
                        struct error *err UNUSED)
{
    LOCK_SCOPE(&gate.lock);
    while (!gate.open)
        lock_wait(&gate.changed, &gate.lock);
    return 0;
}

struct numbered {
    struct row row;
    char key[16];
    int expected, result;
};

static void note_done(void *context, int result, const struct error *err)
{
    struct numbered *numbered = context;
    LOCK_SCOPE(&gate.lock);
    if (numbered) {
        numbered->result = result;
        assert_int_equal(result, err->code);
    }
    gate.n_done++;
    lock_broadcast(&gate.changed);
}

static void wait_until_done(int n)
{
    int64_t until_ms = clock_steady_ms() + 60000;
    LOCK_SCOPE(&gate.lock);
    while (gate.n_done < n && clock_steady_ms() < until_ms)
        lock_wait_until(&gate.changed, &gate.lock, until_ms);
    assert_true(gate.n_done >= n);
}

static void open_gate(void)
{
    LOCK_SCOPE(&gate.lock);
    gate.open = true;
    lock_broadcast(&gate.changed);
}

/* Every seventh fails after it wrote, every eleventh before. */
static void a_failure_in_a_group_undoes_only_itself(void **state)
{
    struct place *place = *state;
    gate.open = false;
    gate.n_done = 0;
    struct numbered *all = mem_alloc_array(N_SUBMITTED, sizeof *all);
    store_submit(place->store, wait_at_gate, note_done, NULL);
    for (int i = 0; i < N_SUBMITTED; i++) {
        snprintf(all[i].key, sizeof all[i].key, "key%d", i);
        all[i].row = (struct row){ .key = all[i].key, .value = "v" };
        all[i].row.refuse_first = i % 11 == 0;
        all[i].row.result = i % 7 == 0 ? PROVIDER_EREFUSED : 0;
        all[i].expected = i % 11 == 0 ? PROVIDER_ECONFLICT : all[i].row.result;
        store_submit(place->store, write_row, note_done, &all[i]);
    }
    open_gate();
    wait_until_done(N_SUBMITTED + 1);
    for (int i = 0; i < N_SUBMITTED; i++) {
        assert_int_equal(all[i].result, all[i].expected);
        assert_int_equal(has_row(place->store, all[i].key, "v"), !all[i].expected);
        assert_in_range(all[i].row.runs, 1, 2);
    }
    free(all);
}

static void closing_writes_what_was_submitted_before(void **state)
{
    struct place *place = *state;
    gate.open = true;
    gate.n_done = 0;
    struct row rows[] = { { .key = "a", .value = "1" }, { .key = "b", .value = "2" } };
    store_submit(place->store, write_row, NULL, &rows[0]);
    store_submit(place->store, write_row, NULL, &rows[1]);
    store_close(place->store);
    open_place(place);
    assert_true(has_row(place->store, "a", "1"));
    assert_true(has_row(place->store, "b", "2"));
}

static struct store *resubmit_to;

static void submit_again(void *context, int result, const struct error *err UNUSED)
{
    assert_int_equal(result, 0);
    store_submit(resubmit_to, write_row, note_done, context);
}

static void what_is_done_may_submit_more(void **state)
{
    struct place *place = *state;
    struct numbered first = { .row = { .key = "a", .value = "1" } };
    struct numbered second = { .row = { .key = "b", .value = "2" } };
    gate.n_done = 0;
    resubmit_to = place->store;
    store_submit(place->store, write_row, submit_again, &first);
    wait_until_done(1);
    store_submit(place->store, write_row, note_done, &second);
    wait_until_done(2);
    assert_int_equal(first.row.runs, 2);
}

/* --- Walks */

struct counting {
    struct store *store;
    uint32_t n, stop_at;
    uint64_t bytes;
    bool is_ordered;
    char last[32];
};

static int fill_many(struct store_txn *txn, void *context, struct error *err)
{
    int n = *(int *)context;
    char value[2000];
    memset(value, 'v', sizeof value);
    for (int i = 0; i < n; i++) {
        char key[16];
        snprintf(key, sizeof key, "%07d", i);
        int failed = store_txn_put(txn, STORE_CARDS, key, strlen(key), value,
                                   (size_t)(i % (int)sizeof value), err);
        if (failed)
            return failed;
    }
    return 0;
}

static int count(const void *key, size_t key_len, const void *value UNUSED, size_t value_len,
                 void *context)
{
    struct counting *counting = context;
    char name[32] = "";
    memcpy(name, key, MIN(key_len, sizeof name - 1));
    if (counting->n && strcmp(counting->last, name) >= 0)
        counting->is_ordered = false;
    memcpy(counting->last, name, sizeof name);
    counting->bytes += value_len;
    counting->n++;
    return counting->n == counting->stop_at ? 7 : 0;
}

static void a_walk_sees_every_row_once_in_order(void **state)
{
    struct place *place = *state;
    int n = 5000;
    assert_int_equal(store_write(place->store, fill_many, &n, NULL), 0);
    struct counting counting = { .is_ordered = true };
    assert_int_equal(store_walk(place->store, STORE_CARDS, NULL, 0, count, &counting, NULL), 0);
    assert_int_equal(counting.n, n);
    assert_true(counting.is_ordered);
    uint64_t bytes = 0;
    for (int i = 0; i < n; i++)
        bytes += (uint64_t)(i % 2000);
    assert_int_equal(counting.bytes, bytes);
}

static const size_t lengths[] = { 10, 20000, 10, 70000, 70000, 10, 300000, 2000000, 3000000, 10 };

static int fill_long(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    CLEANUP(mem_free) char *value = mem_alloc_array(3000000, 1);
    memset(value, 'v', 3000000);
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(lengths) && !failed; i++) {
        char key[16];
        snprintf(key, sizeof key, "%07zu", i);
        failed = store_txn_put(txn, STORE_CARDS, key, strlen(key), value, lengths[i], err);
    }
    return failed;
}

static int walk_within(struct store_txn *txn, void *context, struct error *err)
{
    return store_txn_walk(txn, STORE_CARDS, NULL, 0, count, context, err);
}

static void a_walk_passes_over_no_row_that_is_longer_than_what_it_reads_at_once(void **state)
{
    struct place *place = *state;
    assert_int_equal(store_write(place->store, fill_long, NULL, NULL), 0);
    struct counting counting = { .is_ordered = true }, within = { .is_ordered = true };
    assert_int_equal(store_walk(place->store, STORE_CARDS, NULL, 0, count, &counting, NULL), 0);
    assert_int_equal(store_write(place->store, walk_within, &within, NULL), 0);
    uint64_t bytes = 0;
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
        bytes += lengths[i];
    assert_int_equal(counting.n, ARRAY_LEN(lengths));
    assert_int_equal(counting.bytes, bytes);
    assert_int_equal(within.n, ARRAY_LEN(lengths));
    assert_int_equal(within.bytes, bytes);
}

static void a_walk_starts_where_it_is_told_and_stops_when_it_is_told(void **state)
{
    struct place *place = *state;
    int n = 100;
    assert_int_equal(store_write(place->store, fill_many, &n, NULL), 0);
    struct counting counting = { .is_ordered = true };
    assert_int_equal(store_walk(place->store, STORE_CARDS, "0000090", 7, count, &counting, NULL),
                     0);
    assert_int_equal(counting.n, 10);
    counting = (struct counting){ .stop_at = 3 };
    assert_int_equal(store_walk(place->store, STORE_CARDS, NULL, 0, count, &counting, NULL), 7);
    assert_int_equal(counting.n, 3);
    assert_string_equal(counting.last, "0000002");
}

static int read_within(const void *key, size_t key_len, const void *value UNUSED,
                       size_t value_len UNUSED, void *context)
{
    CLEANUP(text_done) struct text got = TEXT_INIT(4096);
    struct counting *counting = context;
    counting->n++;
    struct row row = { .key = "within", .value = "1" };
    int failed = store_write(counting->store, write_row, &row, NULL);
    return failed ? failed : store_get(counting->store, STORE_CARDS, key, key_len, &got, NULL);
}

static void a_walk_holds_no_lock_while_it_shows_rows(void **state)
{
    struct place *place = *state;
    int n = 50;
    assert_int_equal(store_write(place->store, fill_many, &n, NULL), 0);
    struct counting counting = { .store = place->store };
    assert_int_equal(store_walk(place->store, STORE_CARDS, NULL, 0, read_within, &counting, NULL),
                     0);
    assert_int_equal(counting.n, n);
}

static int walk_own_writes(struct store_txn *txn, void *context, struct error *err)
{
    int n = 10;
    int failed = fill_many(txn, &n, err);
    return failed ? failed : store_txn_walk(txn, STORE_CARDS, NULL, 0, count, context, err);
}

static void a_transaction_sees_its_own_writes(void **state)
{
    struct place *place = *state;
    struct counting counting = { .is_ordered = true };
    assert_int_equal(store_write(place->store, walk_own_writes, &counting, NULL), 0);
    assert_int_equal(counting.n, 10);
}

static void a_walk_from_a_key_that_is_too_long_is_refused(void **state)
{
    struct place *place = *state;
    char key[1000] = { 'a' };
    assert_int_equal(store_walk(place->store, STORE_CARDS, key, sizeof key, count, NULL, NULL),
                     PROVIDER_EINVAL);
}

/* --- Opening */

static void a_second_opening_is_a_conflict(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    struct store *second = NULL;
    struct store_options options = { .path = place->path };
    assert_int_equal(store_open(&options, &second, &err), PROVIDER_ECONFLICT);
    assert_null(second);
    assert_non_null(strstr(err.text, place->path));
}

static void a_folder_that_cannot_be_made_is_an_error(void **state UNUSED)
{
    struct error err = { 0 };
    struct store *store = NULL;
    struct store_options options = { .path = "/dev/null/store" };
    assert_true(store_open(&options, &store, &err) < 0);
    assert_null(store);
}

static void reading_only_what_is_not_there_is_an_error(void **state UNUSED)
{
    struct store *store = NULL;
    struct store_options options = { .path = "/tmp/miauflix-nowhere", .read_only = true };
    assert_int_equal(store_open(&options, &store, NULL), PROVIDER_ENOTFOUND);
}

static void a_store_open_for_reading_refuses_to_write(void **state)
{
    struct place *place = *state;
    struct row row = { .key = "a", .value = "1" };
    assert_int_equal(store_write(place->store, write_row, &row, NULL), 0);
    store_close(place->store);
    struct store_options options = { .path = place->path, .read_only = true };
    assert_int_equal(store_open(&options, &place->store, NULL), 0);
    assert_true(has_row(place->store, "a", "1"));
    row.key = "b";
    assert_int_equal(store_write(place->store, write_row, &row, NULL), PROVIDER_EDENIED);
    gate.n_done = 0;
    struct numbered numbered = { .row = row };
    store_submit(place->store, write_row, note_done, &numbered);
    assert_int_equal(numbered.result, PROVIDER_EDENIED);
}

static void the_folder_is_private(void **state)
{
    struct place *place = *state;
    char below[96], file[128];
    snprintf(below, sizeof below, "%s/a/b", place->path);
    struct store *inner = NULL;
    struct store_options options = { .path = below };
    assert_int_equal(store_open(&options, &inner, NULL), 0);
    store_close(inner);
    struct stat status;
    assert_int_equal(stat(below, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    snprintf(file, sizeof file, "%s/cards.db", below);
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    lock_init(&gate.lock);
    lock_condition_init(&gate.changed);
    const struct CMUnitTest tests[] = {
        PLACED(what_is_written_is_there_after_reopening),
        PLACED(an_absent_row_is_not_found_and_empties_the_text),
        PLACED(a_row_above_the_limit_of_the_text_is_refused),
        PLACED(a_large_row_is_read_whole),
        PLACED(a_key_that_is_too_long_is_refused_and_writes_nothing),
        PLACED(a_failing_apply_leaves_nothing_behind),
        PLACED(a_failure_in_a_group_undoes_only_itself),
        PLACED(closing_writes_what_was_submitted_before),
        PLACED(what_is_done_may_submit_more),
        PLACED(a_walk_sees_every_row_once_in_order),
        PLACED(a_walk_passes_over_no_row_that_is_longer_than_what_it_reads_at_once),
        PLACED(a_walk_starts_where_it_is_told_and_stops_when_it_is_told),
        PLACED(a_walk_holds_no_lock_while_it_shows_rows),
        PLACED(a_transaction_sees_its_own_writes),
        PLACED(a_walk_from_a_key_that_is_too_long_is_refused),
        PLACED(a_second_opening_is_a_conflict),
        PLACED(a_store_open_for_reading_refuses_to_write),
        PLACED(the_folder_is_private),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_an_error),
        cmocka_unit_test(reading_only_what_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
