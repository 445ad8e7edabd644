/* SPDX-License-Identifier: MIT
 *
 * Older and newer stores. */
#include "store_rows.h"

#include <string.h>

#include "store/bytes.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/records.h"

enum { N_OLD = 1300 };

/* External ids as schema 1 had them; every other one was converted before a crash. */
static int make_old(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    int failed = store_txn_put(txn, STORE_META, "schema", 6, "\1\0\0\0", 4, err);
    for (uint32_t i = 1; i <= N_OLD && !failed; i++) {
        uint8_t key[64] = { 0, 0, 0, 1 }, value[5] = { 1 };
        char text[32];
        int len = snprintf(text, sizeof text, i % 3 ? "tmdb:%u" : "imdb:tt%07u", i);
        memcpy(key + 4, text, (size_t)len);
        bytes_put_le(value + 1, i, 4);
        failed = i % 2 ? store_txn_put(txn, STORE_IDS, key, 4 + (size_t)len, value, 5, err)
                       : external_ids_txn_put(txn, 1, text, i, err);
    }
    return failed;
}

static int count_rows(const void *key UNUSED, size_t key_len UNUSED, const void *value UNUSED,
                      size_t value_len UNUSED, void *context)
{
    ++*(int *)context;
    return 0;
}

static void a_store_of_schema_1_is_migrated_when_it_is_opened(void **state)
{
    struct place *place = *state;
    assert_int_equal(write_with(place, make_old, NULL), 0);
    store_close(place->store);
    open_place(place);
    for (uint32_t i = 1; i <= N_OLD; i++) {
        char text[32];
        snprintf(text, sizeof text, i % 3 ? "tmdb:%u" : "imdb:tt%07u", i);
        assert_int_equal(find_id(place, 1, text), i);
    }
    int n = 0;
    assert_int_equal(store_walk(place->store, STORE_IDS, NULL, 0, count_rows, &n, NULL), 0);
    assert_int_equal(n, N_OLD);
    CLEANUP(text_done) struct text schema = TEXT_INIT(16);
    assert_int_equal(store_get(place->store, STORE_META, "schema", 6, &schema, NULL), 0);
    assert_int_equal(schema.bytes[0], STORE_SCHEMA);
}

/* Records as schema 3 had them, more than one batch; the heads of a few were taken apart before a
 * crash. */
static int make_schema_3(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    int failed = store_txn_put(txn, STORE_META, "schema", 6, "\3\0\0\0", 4, err);
    for (uint32_t i = 1; i <= N_OLD && !failed; i++) {
        uint8_t key[8] = { 0 }, value[64] = { 1 };
        bytes_put_be(key, i, 4);
        memcpy(key + 4, "tmdb", 4);
        value[1] = i % 2 ? 0 : RECORD_PARTIAL;
        bytes_put_le(value + 2, 1000 + i, 8);
        bytes_put_le(value + 18, i == 7 ? 77 : 0, 8);
        memcpy(value + 26, "{\"a\":1}", 7);
        failed = store_txn_put(txn, STORE_RECORDS, key, sizeof key, value, 33, err);
        struct record_header early = { .item_id = i, .provider = "tmdb", .fetched_at_ms = 5 };
        if (!failed && i % 100 == 3)
            failed = heads_txn_put(txn, &early, err);
    }
    return failed;
}

static void a_store_of_schema_3_gets_heads_of_records_and_reminders(void **state)
{
    struct place *place = *state;
    assert_int_equal(write_with(place, make_schema_3, NULL), 0);
    store_close(place->store);
    open_place(place);
    int n = 0, n_due = 0;
    assert_int_equal(store_walk(place->store, STORE_RECORD_HEADS, NULL, 0, count_rows, &n, NULL),
                     0);
    assert_int_equal(store_walk(place->store, STORE_DUE, NULL, 0, count_rows, &n_due, NULL), 0);
    assert_int_equal(n, N_OLD);
    assert_int_equal(n_due, N_OLD / 2);
    CLEANUP(text_done) struct text json = TEXT_INIT(100);
    struct record_header head;
    assert_int_equal(records_get(place->store, 7, "tmdb", &head, &json, NULL), 0);
    assert_string_equal(json.bytes, "{\"a\":1}");
    assert_int_equal(head.fetched_at_ms, 1007);
    assert_int_equal(head.fetch_priority, 77);
    assert_int_not_equal(head.due_at_ms, 0);
    assert_int_equal(records_get(place->store, 8, "tmdb", &head, &json, NULL), 0);
    assert_int_equal(head.flags, RECORD_PARTIAL);
    assert_int_equal(head.due_at_ms, 0);
}

static void an_older_store_is_not_migrated_by_who_only_reads(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    assert_int_equal(write_with(place, make_old, NULL), 0);
    store_close(place->store);
    place->store = NULL;
    struct store_options options = { .path = place->path, .read_only = true };
    assert_int_equal(store_open(&options, &place->store, &err), PROVIDER_ENOTSUP);
    assert_non_null(strstr(err.text, "older schema 1"));
}

static void a_newer_store_is_refused_in_clear_words(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    struct raw raw = { STORE_META, "schema", "\x63\0\0\0", 6, 4 };
    assert_int_equal(write_with(place, put_raw, &raw), 0);
    store_close(place->store);
    place->store = NULL;
    struct store_options options = { .path = place->path };
    assert_int_equal(store_open(&options, &place->store, &err), PROVIDER_ENOTSUP);
    assert_non_null(strstr(err.text, "newer program (schema 99, known here: "));
    assert_null(place->store);
}

static const struct CMUnitTest tests[] = {
    PLACED(a_store_of_schema_3_gets_heads_of_records_and_reminders),
    PLACED(a_store_of_schema_1_is_migrated_when_it_is_opened),
    PLACED(an_older_store_is_not_migrated_by_who_only_reads),
    PLACED(a_newer_store_is_refused_in_clear_words),
};

const struct test_part store_migrate_part = TEST_PART(tests);
