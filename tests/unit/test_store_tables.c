/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "store/bytes.h"
#include "store/changes.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/jobs.h"
#include "store/records.h"
#include "store/state.h"
#include "store/tokens.h"

#include "../place.h"

/* Runs one function as a write and gives its result. */
static int write_with(struct place *place, store_apply *apply, void *context)
{
    return store_write(place->store, apply, context, NULL);
}

struct raw {
    enum store_table table;
    const void *key, *value;
    size_t key_len, value_len;
};

static int put_raw(struct store_txn *txn, void *context, struct error *err)
{
    const struct raw *raw = context;
    return store_txn_put(txn, raw->table, raw->key, raw->key_len, raw->value, raw->value_len, err);
}

/* --- Items */

static const struct item_header sample_header = {
    .id = 7,
    .kind = PROVIDER_MOVIE,
    .flags = ITEM_TITLE_ONLY,
    .revision = 0x1122334455667788,
    .added_at_ms = 1700000000000,
    .updated_at_ms = 1700000000001,
    .fetched_at_ms = -1,
    .expires_at_ms = INT64_MAX,
    .content_hash = UINT64_MAX - 1,
};

static int put_item(struct store_txn *txn, void *context, struct error *err)
{
    struct text body = { .bytes = (char[]){ "packed" }, .len = 6 };
    struct text card = { .bytes = (char[]){ "card" }, .len = 4 };
    return items_txn_put(txn, context, &body, &card, err);
}

static void an_item_comes_back_field_by_field(void **state)
{
    struct place *place = *state;
    struct item_header header = sample_header, got = { 0 };
    assert_int_equal(write_with(place, put_item, &header), 0);
    CLEANUP(text_done) struct text body = TEXT_INIT(1000);
    CLEANUP(text_done) struct text card = TEXT_INIT(1000);
    assert_int_equal(items_get(place->store, 7, &got, &body, NULL), 0);
    assert_memory_equal(&got, &sample_header, sizeof got);
    assert_string_equal(body.bytes, "packed");
    assert_int_equal(cards_get(place->store, 7, &card, NULL), 0);
    assert_string_equal(card.bytes, "card");
}

static void an_item_without_a_number_is_refused(void **state)
{
    struct item_header header = sample_header;
    header.id = 0;
    assert_int_equal(write_with(*state, put_item, &header), PROVIDER_EINVAL);
}

static void an_item_of_a_newer_version_is_refused(void **state)
{
    struct place *place = *state;
    uint8_t newer[100] = { 2 };
    struct raw raw = { STORE_ITEMS, "\0\0\0\7", newer, 4, sizeof newer };
    assert_int_equal(write_with(place, put_raw, &raw), 0);
    struct item_header got = { .id = 99 };
    struct error err = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(1000);
    assert_int_equal(items_get(place->store, 7, &got, &body, &err), PROVIDER_ENOTSUP);
    assert_string_equal(err.text, "item 7 has version 2, known here: 1");
    assert_int_equal(got.id, 99);
}

static void a_cut_off_item_is_refused(void **state)
{
    struct place *place = *state;
    struct raw raw = { STORE_ITEMS, "\0\0\0\7", "\1\1", 4, 2 };
    assert_int_equal(write_with(place, put_raw, &raw), 0);
    struct item_header got;
    CLEANUP(text_done) struct text body = TEXT_INIT(1000);
    assert_int_equal(items_get(place->store, 7, &got, &body, NULL), PROVIDER_EPARSE);
}

static int delete_item(struct store_txn *txn, void *context, struct error *err)
{
    return items_txn_delete(txn, *(uint32_t *)context, err);
}

static void a_deleted_item_has_no_card(void **state)
{
    struct place *place = *state;
    struct item_header header = sample_header;
    assert_int_equal(write_with(place, put_item, &header), 0);
    assert_int_equal(write_with(place, delete_item, &header.id), 0);
    CLEANUP(text_done) struct text card = TEXT_INIT(1000);
    assert_int_equal(cards_get(place->store, 7, &card, NULL), PROVIDER_ENOTFOUND);
}

static int take_ids(struct store_txn *txn, void *context, struct error *err)
{
    uint32_t *ids = context;
    int failed = items_txn_new_id(txn, &ids[0], err);
    failed = failed ? failed : items_txn_new_id(txn, &ids[1], err);
    return failed ? failed : (int)ids[2];
}

static void item_numbers_are_never_used_twice(void **state)
{
    struct place *place = *state;
    uint32_t ids[3] = { 0 };
    assert_int_equal(write_with(place, take_ids, ids), 0);
    assert_int_equal(ids[0], 1);
    assert_int_equal(ids[1], 2);
    ids[2] = (uint32_t)PROVIDER_EINVAL; /* undone */
    assert_int_equal(write_with(place, take_ids, ids), PROVIDER_EINVAL);
    store_close(place->store);
    open_place(place);
    ids[2] = 0;
    assert_int_equal(write_with(place, take_ids, ids), 0);
    assert_int_equal(ids[0], 3);
}

/* --- Records */

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

struct seen {
    char text[200];
    int stop;
};

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

/* --- External ids */

struct id_pair {
    uint32_t kind;
    const char *text;
    uint32_t item;
    bool drop;
};

static int put_id(struct store_txn *txn, void *context, struct error *err)
{
    const struct id_pair *pair = context;
    if (pair->drop)
        return external_ids_txn_delete(txn, pair->kind, pair->text, err);
    return external_ids_txn_put(txn, pair->kind, pair->text, pair->item, err);
}

static uint32_t find_id(struct place *place, uint32_t kind, const char *text)
{
    uint32_t item = 0;
    int failed = external_ids_find(place->store, kind, text, &item, NULL);
    assert_true(failed == 0 || failed == PROVIDER_ENOTFOUND);
    return item;
}

static void the_same_text_may_name_a_movie_and_a_show(void **state)
{
    struct place *place = *state;
    struct id_pair pairs[] = {
        { 1, "tmdb:603", 10, false },
        { 2, "tmdb:603", 11, false },
        { 1, "imdb:tt0133093", 12, false },
        { 1, "tmdb:0603", 13, false },
        { 1, "btih:00112233445566778899", 14, false },
        { 1, "btih:0011223344556677889900112233445566778899", 15, false },
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        assert_int_equal(write_with(place, put_id, &pairs[i]), 0);
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        assert_int_equal(find_id(place, pairs[i].kind, pairs[i].text), pairs[i].item);
    pairs[0].drop = true;
    assert_int_equal(write_with(place, put_id, &pairs[0]), 0);
    assert_int_equal(find_id(place, 1, "tmdb:603"), 0);
    assert_int_equal(find_id(place, 2, "tmdb:603"), 11);
}

static void ids_that_are_none_are_refused(void **state)
{
    char large[300];
    memset(large, '1', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    struct id_pair pairs[] = { { 1, "", 1, false },
                               { 1, large, 1, false },
                               { 0, "tmdb:1", 1, false },
                               { 300, "tmdb:1", 1, false } };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        assert_int_equal(write_with(*state, put_id, &pairs[i]), PROVIDER_EINVAL);
}

static int put_redirect(struct store_txn *txn, void *context, struct error *err)
{
    const uint32_t *pair = context;
    return redirects_txn_put(txn, pair[0], pair[1], err);
}

static void redirects_are_followed_to_the_end(void **state)
{
    struct place *place = *state;
    uint32_t out = 0;
    assert_int_equal(write_with(place, put_redirect, (uint32_t[]){ 1, 2 }), 0);
    assert_int_equal(write_with(place, put_redirect, (uint32_t[]){ 2, 3 }), 0);
    assert_int_equal(redirects_find(place->store, 1, &out, NULL), 0);
    assert_int_equal(out, 3);
    assert_int_equal(redirects_find(place->store, 3, &out, NULL), PROVIDER_ENOTFOUND);
}

static void redirects_in_a_circle_are_an_error(void **state)
{
    struct place *place = *state;
    uint32_t out = 0;
    assert_int_equal(write_with(place, put_redirect, (uint32_t[]){ 1, 1 }), PROVIDER_EINVAL);
    assert_int_equal(write_with(place, put_redirect, (uint32_t[]){ 1, 2 }), 0);
    assert_int_equal(write_with(place, put_redirect, (uint32_t[]){ 2, 1 }), 0);
    assert_int_equal(redirects_find(place->store, 1, &out, NULL), PROVIDER_EIO);
    assert_int_equal(out, 0);
}

/* --- The change feed */

struct adding {
    struct change change;
    uint64_t replaces, revision;
};

static int add_change(struct store_txn *txn, void *context, struct error *err)
{
    struct adding *adding = context;
    return changes_txn_add(txn, &adding->change, adding->replaces, &adding->revision, err);
}

static int see_change(const struct change *change, void *context)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%d:%u/%u/%s/%d/%u;",
             (int)change->revision, change->item_id, change->kind, change_what_name(change->what),
             (int)change->at_ms, change->merged_into);
    return seen->stop;
}

static void add_three_changes(struct place *place)
{
    struct adding a = { .change = { 0, 5, 1, CHANGE_ADDED, 100, 0 } };
    struct adding b = { .change = { 0, 6, 2, CHANGE_MERGED, 101, 5 } };
    assert_int_equal(write_with(place, add_change, &a), 0);
    assert_int_equal(write_with(place, add_change, &b), 0);
    a.replaces = a.revision;
    a.change.what = CHANGE_UPDATED;
    assert_int_equal(write_with(place, add_change, &a), 0);
}

static void each_item_has_its_latest_change_only(void **state)
{
    struct place *place = *state;
    struct seen seen = { .stop = 0 };
    add_three_changes(place);
    assert_int_equal(changes_walk(place->store, 0, see_change, &seen, NULL), 0);
    assert_string_equal(seen.text, "2:6/2/merged/101/5;3:5/1/updated/100/0;");
    seen = (struct seen){ .stop = 0 };
    assert_int_equal(changes_walk(place->store, 2, see_change, &seen, NULL), 0);
    assert_string_equal(seen.text, "3:5/1/updated/100/0;");
    assert_int_equal(changes_walk(place->store, UINT64_MAX, see_change, &seen, NULL), 0);
}

static void change_numbers_go_on_after_reopening(void **state)
{
    struct place *place = *state;
    add_three_changes(place);
    assert_int_equal(store_revision(place->store), 3);
    store_close(place->store);
    open_place(place);
    assert_int_equal(store_revision(place->store), 3);
    struct adding next = { .change = { 0, 9, 1, CHANGE_ADDED, 0, 0 } };
    assert_int_equal(write_with(place, add_change, &next), 0);
    assert_int_equal(next.revision, 4);
}

static void a_change_of_no_item_or_of_no_kind_is_refused(void **state)
{
    struct adding nobody = { .change = { 0, 0, 1, CHANGE_ADDED, 0, 0 } };
    struct adding nothing = { .change = { 0, 1, 1, (enum change_what)9, 0, 0 } };
    assert_int_equal(write_with(*state, add_change, &nobody), PROVIDER_EINVAL);
    assert_int_equal(write_with(*state, add_change, &nothing), PROVIDER_EINVAL);
    assert_int_equal(store_revision(((struct place *)*state)->store), 0);
}

static uint64_t heard;

static void hear(uint64_t revision, void *context)
{
    heard = revision;
    ++*(int *)context;
}

static void listeners_hear_of_changes_before_the_writer_returns(void **state)
{
    struct place *place = *state;
    int n_heard = 0;
    heard = 0;
    store_listen(place->store, hear, &n_heard);
    struct adding a = { .change = { 0, 5, 1, CHANGE_ADDED, 100, 0 } };
    assert_int_equal(write_with(place, add_change, &a), 0);
    assert_int_equal(heard, 1);
    assert_int_equal(n_heard, 1);
    assert_int_equal(state_put(place->store, "a", "b", "c", NULL), 0);
    a.change.kind = 1000;
    assert_int_equal(write_with(place, add_change, &a), PROVIDER_EINVAL);
    assert_int_equal(n_heard, 1);
}

/* --- Fetches */

struct wanting {
    uint64_t priority;
    uint32_t item;
    const char *provider;
    bool drop;
};

static int want(struct store_txn *txn, void *context, struct error *err)
{
    const struct wanting *w = context;
    return w->drop ? fetches_txn_delete(txn, w->priority, w->item, w->provider, err)
                   : fetches_txn_put(txn, w->priority, w->item, w->provider, err);
}

static void priorities_put_the_class_first_and_then_the_popular(void **state UNUSED)
{
    assert_true(fetch_priority(FETCH_ASKED, 0) < fetch_priority(FETCH_CHANGED, 1e9));
    assert_true(fetch_priority(FETCH_TITLE, 12.5) < fetch_priority(FETCH_TITLE, 12.25));
    assert_true(fetch_priority(FETCH_TITLE, 1e-9) < fetch_priority(FETCH_TITLE, 0));
    assert_true(fetch_priority(FETCH_TITLE, NAN) == fetch_priority(FETCH_TITLE, 0));
    assert_true(fetch_priority(FETCH_TITLE, -1) == fetch_priority(FETCH_TITLE, 0));
}

static void what_is_wanted_most_comes_first_and_page_by_page(void **state)
{
    struct place *place = *state;
    struct wanting wanted[] = { { 30, 3, "tmdb", false },
                                { 10, 1, "tmdb", false },
                                { 20, 2, "yts", false },
                                { 20, 2, "tmdb", false },
                                { 10, 1, "tmdb", false } };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        assert_int_equal(write_with(place, want, &wanted[i]), 0);
    struct fetch page[3];
    size_t n = 0;
    assert_int_equal(fetches_next(place->store, NULL, page, 3, &n, NULL), 0);
    assert_int_equal(n, 3);
    assert_int_equal(page[0].priority, 10);
    assert_string_equal(page[1].provider, "tmdb");
    assert_string_equal(page[2].provider, "yts");
    struct fetch last = page[2];
    assert_int_equal(fetches_next(place->store, &last, page, 3, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(page[0].item_id, 3);
}

static void waiting_fetches_are_counted_once_each(void **state)
{
    struct place *place = *state;
    struct wanting a = { 10, 1, "tmdb", false };
    uint64_t n = 0;
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(fetches_count(place->store, &n, NULL), 0);
    assert_int_equal(n, 1);
    store_close(place->store);
    open_place(place);
    a.drop = true;
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(fetches_count(place->store, &n, NULL), 0);
    assert_int_equal(n, 0);
}

/* --- State, jobs, tokens */

static void state_is_kept_per_owner_and_removed_with_null(void **state)
{
    struct place *place = *state;
    CLEANUP(text_done) struct text got = TEXT_INIT(100);
    assert_int_equal(state_put(place->store, "a", "bc", "1", NULL), 0);
    assert_int_equal(state_put(place->store, "ab", "c", "", NULL), 0);
    assert_int_equal(state_get(place->store, "a", "bc", &got, NULL), 0);
    assert_string_equal(got.bytes, "1");
    assert_int_equal(state_get(place->store, "ab", "c", &got, NULL), 0);
    assert_string_equal(got.bytes, "");
    assert_int_equal(state_put(place->store, "a", "bc", NULL, NULL), 0);
    assert_int_equal(state_get(place->store, "a", "bc", &got, NULL), PROVIDER_ENOTFOUND);
}

static void state_has_limits(void **state)
{
    struct place *place = *state;
    CLEANUP(mem_free) char *large = mem_alloc(70000);
    memset(large, 'x', 69999);
    assert_int_equal(state_put(place->store, "a", "b", large, NULL), PROVIDER_ELIMIT);
    assert_int_equal(state_put(place->store, large, "b", "c", NULL), PROVIDER_ELIMIT);
    assert_int_equal(state_put(place->store, "", "b", "c", NULL), PROVIDER_ELIMIT);
}

static int stop_at_job(uint32_t id, const char *json, size_t len, void *context)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%u%.*s;", id, (int)len, json);
    return seen->stop;
}

static void jobs_are_numbered_kept_and_deleted(void **state)
{
    struct place *place = *state;
    uint32_t first = 0, second = 0;
    struct seen seen = { .stop = 0 };
    CLEANUP(text_done) struct text got = TEXT_INIT(100);
    assert_int_equal(job_rows_new_id(place->store, &first, NULL), 0);
    assert_int_equal(job_rows_new_id(place->store, &second, NULL), 0);
    assert_int_equal(second, first + 1);
    assert_int_equal(job_rows_put(place->store, first, "{}", NULL), 0);
    assert_int_equal(job_rows_put(place->store, second, "[]", NULL), 0);
    assert_int_equal(job_rows_get(place->store, second, &got, NULL), 0);
    assert_string_equal(got.bytes, "[]");
    assert_int_equal(job_rows_walk(place->store, stop_at_job, &seen, NULL), 0);
    assert_string_equal(seen.text, "1{};2[];");
    assert_int_equal(job_rows_delete(place->store, second, NULL), 0);
    assert_int_equal(job_rows_get(place->store, second, &got, NULL), PROVIDER_ENOTFOUND);
}

static int count_tokens(const struct token_row *row UNUSED, void *context)
{
    ++*(int *)context;
    return 0;
}

static void a_token_comes_back_field_by_field(void **state)
{
    struct place *place = *state;
    struct token_row row = { .hash = { 1, 2, 3 },
                             .user = "ana",
                             .label = "kitchen",
                             .scopes = SCOPE_READ | SCOPE_ADMIN,
                             .created_at_ms = 5,
                             .expires_at_ms = 6 };
    struct token_row got = { 0 };
    int n = 0;
    assert_int_equal(token_rows_put(place->store, &row, NULL), 0);
    assert_int_equal(row.id, 1);
    assert_int_equal(token_rows_get(place->store, row.hash, &got, NULL), 0);
    assert_memory_equal(&got, &row, sizeof row);
    row.hash[0] = 9;
    assert_int_equal(token_rows_get(place->store, row.hash, &got, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(token_rows_walk(place->store, count_tokens, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(token_rows_delete(place->store, got.hash, NULL), 0);
    assert_int_equal(token_rows_get(place->store, got.hash, &got, NULL), PROVIDER_ENOTFOUND);
}

static void a_damaged_token_is_refused(void **state)
{
    struct place *place = *state;
    uint8_t value[26] = { 1 };
    value[25] = 200; /* the user's name would reach behind the row */
    struct raw raw = { STORE_TOKENS, "12345678901234567890123456789012", value, 32, sizeof value };
    struct token_row got;
    assert_int_equal(write_with(place, put_raw, &raw), 0);
    assert_int_equal(token_rows_get(place->store, raw.key, &got, NULL), PROVIDER_EPARSE);
    struct token_row unending = { .id = 1 };
    memset(unending.user, 'x', sizeof unending.user);
    assert_int_equal(token_rows_put(place->store, &unending, NULL), PROVIDER_EINVAL);
}

/* --- Older and newer stores */

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

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        PLACED(an_item_comes_back_field_by_field),
        PLACED(an_item_without_a_number_is_refused),
        PLACED(an_item_of_a_newer_version_is_refused),
        PLACED(a_cut_off_item_is_refused),
        PLACED(a_deleted_item_has_no_card),
        PLACED(item_numbers_are_never_used_twice),
        PLACED(the_records_of_an_item_come_in_provider_order_and_no_others),
        PLACED(a_head_changes_and_the_document_stays),
        PLACED(what_is_due_comes_in_the_order_of_time_and_once_each),
        PLACED(there_is_no_head_without_a_record),
        PLACED(a_head_that_is_cut_off_or_newer_is_not_read),
        PLACED(a_store_of_schema_3_gets_heads_of_records_and_reminders),
        PLACED(a_walk_over_records_gives_what_stopped_it),
        PLACED(a_record_of_nobody_is_refused),
        PLACED(a_deleted_record_is_gone),
        PLACED(the_same_text_may_name_a_movie_and_a_show),
        PLACED(ids_that_are_none_are_refused),
        PLACED(redirects_are_followed_to_the_end),
        PLACED(redirects_in_a_circle_are_an_error),
        PLACED(each_item_has_its_latest_change_only),
        PLACED(change_numbers_go_on_after_reopening),
        PLACED(a_change_of_no_item_or_of_no_kind_is_refused),
        PLACED(listeners_hear_of_changes_before_the_writer_returns),
        cmocka_unit_test(priorities_put_the_class_first_and_then_the_popular),
        PLACED(what_is_wanted_most_comes_first_and_page_by_page),
        PLACED(waiting_fetches_are_counted_once_each),
        PLACED(state_is_kept_per_owner_and_removed_with_null),
        PLACED(state_has_limits),
        PLACED(jobs_are_numbered_kept_and_deleted),
        PLACED(a_token_comes_back_field_by_field),
        PLACED(a_damaged_token_is_refused),
        PLACED(a_store_of_schema_1_is_migrated_when_it_is_opened),
        PLACED(an_older_store_is_not_migrated_by_who_only_reads),
        PLACED(a_newer_store_is_refused_in_clear_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
