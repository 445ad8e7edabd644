/* SPDX-License-Identifier: MIT
 *
 * The table of records, their heads, and what is due of them. */
#include "store_rows.h"

#include <string.h>

#include "store/fetches.h"
#include "store/heads.h"
#include "store/inside.h"
#include "store/records.h"

static int put_records(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    static const struct record_header headers[] = {
        { .item_id = 5, .provider = "tmdb", .fetched_at_ms = 50 },
        { .item_id = 6, .provider = "yts", .flags = RECORD_PARTIAL, .fetched_at_ms = 1 },
        { .item_id = 6, .provider = "tmdb", .gone_since_ms = 3, .fetch_priority = 1ull << 63 },
        { .item_id = 256, .provider = "tmdb" },
    };
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        int failed = records_txn_put(txn, &headers[i], "{\"a\":1}", 7, err);
        if (failed)
            return failed;
    }
    return 0;
}

static int see_record(const struct record_header *header, const char *json, size_t len,
                      void *context)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%u/%s/%u/%d/%d/%d %.*s;",
             header->item_id, header->provider, header->flags, (int)header->fetched_at_ms,
             (int)header->gone_since_ms, header->fetch_priority == 1ull << 63, (int)len, json);
    return seen->stop;
}

static void the_records_of_an_item_come_in_provider_order_and_no_others(void **state)
{
    struct place *place = *state;
    struct seen seen = { .stop = 0 };
    assert_int_equal(write_with(place, put_records, NULL), 0);
    assert_int_equal(records_walk(place->store, 6, see_record, &seen, NULL), 0);
    assert_string_equal(seen.text, "6/tmdb/0/0/3/1 {\"a\":1};6/yts/1/1/0/0 {\"a\":1};");
}

static void a_walk_over_records_gives_what_stopped_it(void **state)
{
    struct place *place = *state;
    struct seen seen = { .stop = PROVIDER_ECANCEL };
    assert_int_equal(write_with(place, put_records, NULL), 0);
    assert_int_equal(records_walk(place->store, 6, see_record, &seen, NULL), PROVIDER_ECANCEL);
    assert_string_equal(seen.text, "6/tmdb/0/0/3/1 {\"a\":1};");
    assert_int_equal(records_walk(place->store, 7, see_record, &seen, NULL), 0);
}

static int put_head(struct store_txn *txn, void *context, struct error *err)
{
    return heads_txn_put(txn, context, err);
}

static void a_head_changes_and_the_document_stays(void **state)
{
    struct place *place = *state;
    CLEANUP(text_done) struct text json = TEXT_INIT(100);
    struct record_header head = { .item_id = 5,
                                  .provider = "tmdb",
                                  .fetched_at_ms = 60,
                                  .due_at_ms = 99,
                                  .missing_since_ms = 7,
                                  .changed_day = -3 };
    assert_int_equal(write_with(place, put_records, NULL), 0);
    assert_int_equal(write_with(place, put_head, &head), 0);
    struct record_header got = { 0 };
    assert_int_equal(records_get(place->store, 5, "tmdb", &got, &json, NULL), 0);
    assert_string_equal(json.bytes, "{\"a\":1}");
    assert_memory_equal(&got, &head, sizeof got);
}

static int see_due(const struct due *due, void *context)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%lld %u/%s;", (long long)due->at_ms,
             due->item_id, due->provider);
    return seen->stop;
}

static void assert_due(struct place *place, const char *expected)
{
    struct seen seen = { .stop = 0 };
    assert_int_equal(due_walk(place->store, see_due, &seen, NULL), 0);
    assert_string_equal(seen.text, expected);
}

static int delete_record(struct store_txn *txn, void *context, struct error *err)
{
    return records_txn_delete(txn, *(uint32_t *)context, "tmdb", err);
}

static void what_is_due_comes_in_the_order_of_time_and_once_each(void **state)
{
    struct place *place = *state;
    struct record_header first = { .item_id = 5, .provider = "tmdb", .due_at_ms = 300 };
    struct record_header second = { .item_id = 6, .provider = "tmdb", .due_at_ms = 200 };
    assert_int_equal(write_with(place, put_records, NULL), 0);
    assert_due(place, "");
    assert_int_equal(write_with(place, put_head, &first), 0);
    assert_int_equal(write_with(place, put_head, &second), 0);
    assert_due(place, "200 6/tmdb;300 5/tmdb;");
    first.due_at_ms = 100;
    assert_int_equal(write_with(place, put_head, &first), 0);
    assert_due(place, "100 5/tmdb;200 6/tmdb;");
    uint32_t id = 6;
    assert_int_equal(write_with(place, delete_record, &id), 0);
    assert_due(place, "100 5/tmdb;");
    first.due_at_ms = 0;
    assert_int_equal(write_with(place, put_head, &first), 0);
    assert_due(place, "");
}

static void there_is_no_head_without_a_record(void **state)
{
    struct place *place = *state;
    struct record_header head;
    uint32_t id = 5;
    assert_int_equal(write_with(place, put_records, NULL), 0);
    assert_int_equal(heads_get(place->store, 5, "yts", &head, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(heads_get(place->store, 5, "", &head, NULL), PROVIDER_EINVAL);
    assert_int_equal(write_with(place, delete_record, &id), 0);
    assert_int_equal(heads_get(place->store, 5, "tmdb", &head, NULL), PROVIDER_ENOTFOUND);
}

static void a_head_that_is_cut_off_or_newer_is_not_read(void **state)
{
    struct place *place = *state;
    struct record_header head;
    struct raw cut = { STORE_RECORD_HEADS, "\0\0\0\5tmdb", "\1\0\0", 8, 3 };
    uint8_t newer[46] = { 2 };
    struct raw other = { STORE_RECORD_HEADS, "\0\0\0\5tmdb", newer, 8, sizeof newer };
    assert_int_equal(write_with(place, put_raw, &cut), 0);
    assert_int_equal(heads_get(place->store, 5, "tmdb", &head, NULL), PROVIDER_EPARSE);
    assert_int_equal(write_with(place, put_raw, &other), 0);
    assert_int_equal(heads_get(place->store, 5, "tmdb", &head, NULL), PROVIDER_ENOTSUP);
    struct raw due = { STORE_DUE, "\0\0\0\5", "\1", 4, 1 };
    struct seen seen = { .stop = 0 };
    assert_int_equal(write_with(place, put_raw, &due), 0);
    assert_int_equal(due_walk(place->store, see_due, &seen, NULL), PROVIDER_EPARSE);
}

static int put_nameless(struct store_txn *txn, void *context, struct error *err)
{
    struct record_header header = { .item_id = 1 };
    return records_txn_put(txn, &header, context, 2, err);
}

static void a_record_of_nobody_is_refused(void **state)
{
    assert_int_equal(write_with(*state, put_nameless, (void *)(uintptr_t) "{}"), PROVIDER_EINVAL);
}

static int get_and_delete_record(struct store_txn *txn, void *context, struct error *err)
{
    struct record_header *header = context;
    CLEANUP(text_done) struct text json = TEXT_INIT(100);
    int failed = records_txn_get(txn, 6, "yts", header, &json, err);
    assert_string_equal(failed ? "{\"a\":1}" : json.bytes, "{\"a\":1}");
    return failed ? failed : records_txn_delete(txn, 6, "yts", err);
}

static void a_deleted_record_is_gone(void **state)
{
    struct place *place = *state;
    struct record_header header;
    assert_int_equal(write_with(place, put_records, NULL), 0);
    assert_int_equal(write_with(place, get_and_delete_record, &header), 0);
    assert_string_equal(header.provider, "yts");
    assert_int_equal(write_with(place, get_and_delete_record, &header), PROVIDER_ENOTFOUND);
}

static const struct CMUnitTest tests[] = {
    PLACED(the_records_of_an_item_come_in_provider_order_and_no_others),
    PLACED(a_head_changes_and_the_document_stays),
    PLACED(what_is_due_comes_in_the_order_of_time_and_once_each),
    PLACED(there_is_no_head_without_a_record),
    PLACED(a_head_that_is_cut_off_or_newer_is_not_read),
    PLACED(a_walk_over_records_gives_what_stopped_it),
    PLACED(a_record_of_nobody_is_refused),
    PLACED(a_deleted_record_is_gone),
};

const struct test_part store_records_part = TEST_PART(tests);
