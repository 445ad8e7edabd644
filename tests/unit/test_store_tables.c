/* SPDX-License-Identifier: MIT
 *
 * The tables of the store: items, external ids, state, jobs and tokens. */
#include "store_rows.h"

#include <string.h>

#include "base/log.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/jobs.h"
#include "store/state.h"
#include "store/tokens.h"

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

static const struct CMUnitTest tests[] = {
    PLACED(an_item_comes_back_field_by_field),
    PLACED(an_item_without_a_number_is_refused),
    PLACED(an_item_of_a_newer_version_is_refused),
    PLACED(a_cut_off_item_is_refused),
    PLACED(a_deleted_item_has_no_card),
    PLACED(item_numbers_are_never_used_twice),
    PLACED(the_same_text_may_name_a_movie_and_a_show),
    PLACED(ids_that_are_none_are_refused),
    PLACED(redirects_are_followed_to_the_end),
    PLACED(redirects_in_a_circle_are_an_error),
    PLACED(state_is_kept_per_owner_and_removed_with_null),
    PLACED(state_has_limits),
    PLACED(jobs_are_numbered_kept_and_deleted),
    PLACED(a_token_comes_back_field_by_field),
    PLACED(a_damaged_token_is_refused),
};

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct test_part parts[] = { TEST_PART(tests), store_records_part, store_changes_part,
                                       store_fetches_part, store_migrate_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
