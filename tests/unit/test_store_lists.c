/* SPDX-License-Identifier: MIT
 *
 * Lists in the store: their rows, replacing them, merging items on them. */
#include "lists_place.h"

#include "base/log.h"
#include "store/lists.h"

#include "../titles.h"

static int stop_at_second(uint32_t list UNUSED, uint32_t position,
                          const struct list_item *item UNUSED, void *context UNUSED)
{
    return position == 2 ? 17 : 0;
}

static struct list_row head_of(struct place *place, uint32_t list)
{
    struct list_row row = { 0 };
    CLEANUP(text_done) struct text about = TEXT_INIT(1000);
    assert_int_equal(list_rows_get(place->store, list, &row, &about, NULL), 0);
    return row;
}

static int count_lists(uint32_t item UNUSED, uint32_t list UNUSED, void *context)
{
    ++*(int *)context;
    return 0;
}

static int lists_of(struct place *place, uint32_t item)
{
    int n = 0;
    assert_int_equal(item_lists_walk(place->store, item, count_lists, &n, NULL), 0);
    return n;
}

/* --- Rows */

static void a_list_comes_back_field_by_field(void **state)
{
    struct place *place = *state;
    struct list_row row = head_of(place, FIRST_LIST);
    assert_int_equal(row.id, FIRST_LIST);
    assert_int_equal(row.kind, LIST_SYNCED);
    assert_int_equal(row.visibility, LIST_PUBLIC);
    assert_string_equal(row.owner, "");
    assert_string_equal(row.provider, "tmdb");
    assert_string_equal(row.source, "28");
    assert_int_equal(row.n_items, 3);
    assert_int_equal(row.revision, store_revision(place->store));
    assert_int_equal(row.updated_at_ms, 1700000000002);
    uint32_t found = 0;
    assert_int_equal(list_sources_find(place->store, "tmdb", "28", &found, NULL), 0);
    assert_int_equal(found, FIRST_LIST);
}

static void a_page_of_a_list_begins_anywhere_and_keeps_the_order(void **state)
{
    struct place *place = *state;
    assert_items(place, FIRST_LIST, (uint32_t[]){ 3, 1, 2 }, 3);
    struct seen seen = items_of(place, FIRST_LIST, 2);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.items[0], 1);
    assert_string_equal(seen.notes[0], "früh");
    assert_string_equal(seen.notes[1], "-");
    assert_int_equal(items_of(place, FIRST_LIST, 4).n, 0);
}

static void a_walk_over_a_list_gives_what_stopped_it(void **state)
{
    struct place *place = *state;
    assert_int_equal(list_items_walk(place->store, FIRST_LIST, 1, stop_at_second, NULL, NULL), 17);
}

static void an_unknown_list_and_an_unknown_source_are_not_found(void **state)
{
    struct place *place = *state;
    struct list_row row;
    uint32_t id = 99;
    CLEANUP(text_done) struct text about = TEXT_INIT(1000);
    assert_int_equal(list_rows_get(place->store, 1, &row, &about, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(list_sources_find(place->store, "tmdb", "2", &id, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(list_sources_find(place->store, "yts", "28", &id, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(id, 99);
    assert_int_equal(items_of(place, 1, 1).n, 0);
}

static void a_list_and_an_item_never_have_the_same_number(void **state)
{
    struct place *place = *state;
    struct title title = { .external = "tmdb:77" };
    assert_int_equal(store_write(place->store, put_title, &title, NULL), 0);
    assert_int_equal(title.id, FIRST_LIST + 1);
}

struct bad {
    struct list_row row;
    struct list_item items[2];
    size_t n;
    size_t about_len;
};

static int put_bad(struct store_txn *txn, void *context, struct error *err)
{
    const struct bad *bad = context;
    bool changed;
    if (bad->n)
        return list_items_txn_replace(txn, FIRST_LIST, bad->items, bad->n, 1, &changed, err);
    CLEANUP(mem_free) char *about = mem_alloc_array(bad->about_len + 1, 1);
    return list_rows_txn_put(txn, &bad->row, about, bad->about_len, err);
}

static void what_is_no_list_is_not_written(void **state)
{
    struct place *place = *state;
    static const struct bad bad[] = {
        { .row = { .kind = LIST_MANUAL, .visibility = LIST_PUBLIC } },
        { .row = { .id = 9, .visibility = LIST_PUBLIC } },
        { .row = { .id = 9, .kind = LIST_MANUAL } },
        { .row = { .id = 9, .kind = LIST_SYNCED, .visibility = LIST_PUBLIC } },
        { .row = { .id = 9, .kind = LIST_SYNCED, .visibility = LIST_PUBLIC, .provider = "tmdb" } },
        { .row = { .id = 9,
                   .kind = LIST_MANUAL,
                   .visibility = LIST_PUBLIC,
                   .provider = "tmdb",
                   .source = "1" } },
        { .row = { .id = 9, .kind = LIST_SYNCED + 1, .visibility = LIST_PUBLIC } },
        { .row = { .id = 9,
                   .kind = LIST_MANUAL,
                   .visibility = LIST_PUBLIC,
                   .n_items = LIST_MAX_ITEMS + 1 } },
        { .row = { .id = 9, .kind = LIST_MANUAL, .visibility = LIST_PUBLIC },
          .about_len = LIST_ABOUT_MAX_LEN + 1 },
        { .items = { { .item_id = 4, .kind = 1 }, { .item_id = 4, .kind = 1 } }, .n = 2 },
        { .items = { { .kind = 1 } }, .n = 1 },
        { .items = { { .item_id = 4 } }, .n = 1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct bad one = bad[i];
        assert_true(store_write(place->store, put_bad, &one, NULL) < 0);
    }
    assert_items(place, FIRST_LIST, (uint32_t[]){ 3, 1, 2 }, 3);
}

static int put_cut_off(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    static const struct {
        enum store_table table;
        const char *key;
        size_t key_len;
        const char *value;
        size_t value_len;
    } rows[] = {
        { STORE_LISTS, "\0\0\0\x14", 4, "\1\3\3", 3 },
        { STORE_LISTS, "\0\0\0\x15", 4, "\2\3\3", 3 },
        { STORE_LIST_ITEMS, "\0\0\0\x14\0\0\0\1", 8, "\1\1", 2 },
        { STORE_LIST_ITEMS, "\0\0\0\x15\0\0\0\1", 8, "\2\1\1\0\0\0\0\0\0\0\0\0\0\0", 14 },
        { STORE_ITEM_LISTS, "\0\0\0\x14\0\0\0\1", 8, "", 0 },
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows) && !failed; i++)
        failed = store_txn_put(txn, rows[i].table, rows[i].key, rows[i].key_len, rows[i].value,
                               rows[i].value_len, err);
    return failed;
}

static void rows_that_are_cut_off_or_newer_are_refused(void **state)
{
    struct place *place = *state;
    struct list_row row;
    struct seen seen = { .n = 0 };
    int n = 0;
    CLEANUP(text_done) struct text about = TEXT_INIT(1000);
    assert_int_equal(store_write(place->store, put_cut_off, NULL, NULL), 0);
    assert_int_equal(list_rows_get(place->store, 20, &row, &about, NULL), PROVIDER_EPARSE);
    assert_int_equal(list_rows_get(place->store, 21, &row, &about, NULL), PROVIDER_ENOTSUP);
    assert_int_equal(list_items_walk(place->store, 20, 1, see, &seen, NULL), PROVIDER_EPARSE);
    assert_int_equal(list_items_walk(place->store, 21, 1, see, &seen, NULL), PROVIDER_ENOTSUP);
    assert_int_equal(item_lists_walk(place->store, 20, count_lists, &n, NULL), PROVIDER_EPARSE);
}

/* --- Replacing */

static void the_same_again_writes_nothing(void **state)
{
    struct place *place = *state;
    struct wanted wanted = { .source = "28",
                             .items = { { .item_id = 3, .kind = PROVIDER_MOVIE },
                                        { .item_id = 1, .kind = PROVIDER_MOVIE, .note = "früh" },
                                        { .item_id = 2, .kind = PROVIDER_MOVIE } },
                             .n = 3 };
    uint64_t revision = store_revision(place->store);
    put_wanted(place, &wanted);
    assert_false(wanted.changed);
    assert_int_equal(store_revision(place->store), revision);
}

static void another_order_new_ones_and_leavers_are_taken_over(void **state)
{
    struct place *place = *state;
    struct wanted wanted = { .source = "28",
                             .items = { { .item_id = 5, .kind = PROVIDER_MOVIE },
                                        { .item_id = 3, .kind = PROVIDER_MOVIE } },
                             .n = 2 };
    uint64_t before = store_revision(place->store);
    struct change change;
    put_wanted(place, &wanted);
    assert_true(wanted.changed);
    assert_items(place, FIRST_LIST, (uint32_t[]){ 5, 3 }, 2);
    assert_int_equal(lists_of(place, 1), 0);
    assert_int_equal(lists_of(place, 3), 1);
    assert_true(item_lists_any(place->store, 5));
    assert_false(item_lists_any(place->store, 2));
    assert_int_equal(store_revision(place->store), before + 1);
    assert_int_equal(changes_get(place->store, before, &change, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(changes_get(place->store, before + 1, &change, NULL), 0);
    assert_int_equal(change.kind, PROVIDER_LIST);
    assert_int_equal(change.item_id, FIRST_LIST);
    assert_int_equal(change.what, CHANGE_UPDATED);
}

static void who_stays_keeps_the_time_it_was_added(void **state)
{
    struct place *place = *state;
    struct wanted wanted = {
        .source = "28",
        .items = { { .item_id = 1, .kind = PROVIDER_MOVIE, .added_at_ms = 5, .note = "früh" },
                   { .item_id = 3, .kind = PROVIDER_MOVIE } },
        .n = 2
    };
    put_wanted(place, &wanted);
    wanted.items[0].added_at_ms = 0;
    put_wanted(place, &wanted);
    assert_false(wanted.changed);
    struct seen seen = items_of(place, FIRST_LIST, 1);
    assert_int_equal(seen.added[0], 5);
    assert_int_equal(seen.added[1], 1700000000002);
}

static void another_note_is_a_change(void **state)
{
    struct place *place = *state;
    struct wanted wanted = { .source = "28",
                             .items = { { .item_id = 3, .kind = PROVIDER_MOVIE },
                                        { .item_id = 1, .kind = PROVIDER_MOVIE, .note = "spät" },
                                        { .item_id = 2, .kind = PROVIDER_MOVIE } },
                             .n = 3 };
    put_wanted(place, &wanted);
    assert_true(wanted.changed);
    assert_string_equal(items_of(place, FIRST_LIST, 2).notes[0], "spät");
}

static void a_list_may_become_empty(void **state)
{
    struct place *place = *state;
    struct wanted wanted = { .source = "28" };
    put_wanted(place, &wanted);
    assert_items(place, FIRST_LIST, NULL, 0);
    assert_int_equal(lists_of(place, 0), 0);
}

static int delete_list(struct store_txn *txn, void *context, struct error *err)
{
    return list_rows_txn_delete(txn, *(uint32_t *)context, 7, err);
}

static void a_deleted_list_leaves_nothing_but_a_change(void **state)
{
    struct place *place = *state;
    struct list_row row;
    struct change change;
    uint32_t id = FIRST_LIST;
    CLEANUP(text_done) struct text about = TEXT_INIT(1000);
    assert_int_equal(store_write(place->store, delete_list, &id, NULL), 0);
    assert_int_equal(list_rows_get(place->store, id, &row, &about, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(list_sources_find(place->store, "tmdb", "28", &id, NULL), PROVIDER_ENOTFOUND);
    assert_items(place, FIRST_LIST, NULL, 0);
    assert_int_equal(lists_of(place, 0), 0);
    assert_int_equal(changes_get(place->store, store_revision(place->store), &change, NULL), 0);
    assert_int_equal(change.what, CHANGE_DELETED);
    assert_int_equal(store_write(place->store, delete_list, &id, NULL), PROVIDER_ENOTFOUND);
}

/* --- Merging */

struct merging {
    uint32_t survivor, loser;
};

static int merge(struct store_txn *txn, void *context, struct error *err)
{
    const struct merging *merging = context;
    return list_items_txn_merge(txn, merging->survivor, merging->loser, 8, err);
}

static void a_merged_item_is_replaced_by_its_survivor(void **state)
{
    struct place *place = *state;
    struct merging merging = { .survivor = 5, .loser = 1 };
    uint64_t revision = store_revision(place->store);
    assert_int_equal(store_write(place->store, merge, &merging, NULL), 0);
    assert_items(place, FIRST_LIST, (uint32_t[]){ 3, 5, 2 }, 3);
    assert_string_equal(items_of(place, FIRST_LIST, 2).notes[0], "früh");
    assert_int_equal(lists_of(place, 1), 0);
    assert_int_equal(lists_of(place, 5), 1);
    assert_int_equal(head_of(place, FIRST_LIST).revision, revision + 1);
}

static void a_survivor_that_is_on_the_list_already_stays_there_once(void **state)
{
    struct place *place = *state;
    struct merging merging = { .survivor = 2, .loser = 3 };
    assert_int_equal(store_write(place->store, merge, &merging, NULL), 0);
    assert_items(place, FIRST_LIST, (uint32_t[]){ 2, 1 }, 2);
    assert_int_equal(head_of(place, FIRST_LIST).n_items, 2);
}

static void merging_what_is_on_no_list_changes_none(void **state)
{
    struct place *place = *state;
    struct merging merging = { .survivor = 1, .loser = 6 };
    uint64_t revision = store_revision(place->store);
    assert_int_equal(store_write(place->store, merge, &merging, NULL), 0);
    assert_int_equal(store_revision(place->store), revision);
}

static const struct CMUnitTest tests[] = {
    FILLED(a_list_comes_back_field_by_field),
    FILLED(a_page_of_a_list_begins_anywhere_and_keeps_the_order),
    FILLED(a_walk_over_a_list_gives_what_stopped_it),
    FILLED(an_unknown_list_and_an_unknown_source_are_not_found),
    FILLED(a_list_and_an_item_never_have_the_same_number),
    FILLED(what_is_no_list_is_not_written),
    FILLED(rows_that_are_cut_off_or_newer_are_refused),
    FILLED(the_same_again_writes_nothing),
    FILLED(another_order_new_ones_and_leavers_are_taken_over),
    FILLED(who_stays_keeps_the_time_it_was_added),
    FILLED(another_note_is_a_change),
    FILLED(a_list_may_become_empty),
    FILLED(a_deleted_list_leaves_nothing_but_a_change),
    FILLED(a_merged_item_is_replaced_by_its_survivor),
    FILLED(a_survivor_that_is_on_the_list_already_stays_there_once),
    FILLED(merging_what_is_on_no_list_changes_none),
};

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct test_part parts[] = { TEST_PART(tests), store_lists_care_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
