/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "store/lists.h"
#include "store/maintenance.h"

#include "../place.h"
#include "../titles.h"

enum { N_TITLES = 6, FIRST_LIST = N_TITLES + 1 };

/* Makes or replaces the list of a source, as a sync does. */
struct wanted {
    const char *source;
    const char *about;
    struct list_item items[N_TITLES];
    size_t n;
    uint32_t id;  /* out */
    bool changed; /* out */
};

static int put_list(struct store_txn *txn, void *context, struct error *err)
{
    struct wanted *w = context;
    const char *about = w->about ? w->about : "{\"name\":\"Best\"}";
    struct list_row row = { .kind = LIST_SYNCED, .visibility = LIST_PUBLIC, .provider = "tmdb" };
    CLEANUP(text_done) struct text former = TEXT_INIT(1000);
    snprintf(row.source, sizeof row.source, "%s", w->source);
    int failed = list_sources_txn_find(txn, "tmdb", w->source, &row.id, err);
    if (!failed)
        failed = list_rows_txn_get(txn, row.id, &row, &former, err);
    else if (failed == PROVIDER_ENOTFOUND)
        failed = list_rows_txn_new_id(txn, &row.id, err);
    w->id = row.id;
    if (!failed)
        failed =
            list_items_txn_replace(txn, row.id, w->items, w->n, 1700000000002, &w->changed, err);
    row.n_items = (uint32_t)w->n;
    if (!failed && w->changed)
        failed = list_rows_txn_change(txn, &row, 1700000000002, err);
    return failed ? failed : list_rows_txn_put(txn, &row, about, strlen(about), err);
}

static void put_wanted(struct place *place, struct wanted *wanted)
{
    struct error err = { 0 };
    if (store_write(place->store, put_list, wanted, &err))
        fail_msg("%s", err.text);
}

/* Titles 1 to 6, and list 7 with 3, 1, 2 in this order. */
static int make_filled_place(void **state)
{
    int failed = make_place(state);
    struct place *place = failed ? NULL : *state;
    for (int i = 1; i <= N_TITLES && place; i++) {
        char external[32];
        snprintf(external, sizeof external, "tmdb:%d", i);
        struct title title = { .external = external };
        assert_int_equal(store_write(place->store, put_title, &title, NULL), 0);
    }
    struct wanted wanted = { .source = "28",
                             .items = { { .item_id = 3, .kind = PROVIDER_MOVIE },
                                        { .item_id = 1, .kind = PROVIDER_MOVIE, .note = "früh" },
                                        { .item_id = 2, .kind = PROVIDER_MOVIE, .note = "" } },
                             .n = 3 };
    if (place)
        put_wanted(place, &wanted);
    return failed;
}
#define FILLED(test) cmocka_unit_test_setup_teardown(test, make_filled_place, remove_place)

struct seen {
    uint32_t lists[40], positions[40], items[40];
    int64_t added[40];
    char notes[40][20];
    size_t n;
};

static int see(uint32_t list, uint32_t position, const struct list_item *item, void *context)
{
    struct seen *seen = context;
    seen->lists[seen->n] = list;
    seen->positions[seen->n] = position;
    seen->items[seen->n] = item->item_id;
    seen->added[seen->n] = item->added_at_ms;
    snprintf(seen->notes[seen->n], 20, "%s", item->note ? item->note : "-");
    seen->n++;
    return 0;
}

static int stop_at_second(uint32_t list UNUSED, uint32_t position,
                          const struct list_item *item UNUSED, void *context UNUSED)
{
    return position == 2 ? 17 : 0;
}

static struct seen items_of(struct place *place, uint32_t list, uint32_t position)
{
    struct seen seen = { .n = 0 };
    assert_int_equal(list_items_walk(place->store, list, position, see, &seen, NULL), 0);
    return seen;
}

static void assert_items(struct place *place, uint32_t list, const uint32_t *items, size_t n)
{
    struct seen seen = items_of(place, list, 1);
    assert_int_equal(seen.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(seen.items[i], items[i]);
        assert_int_equal(seen.positions[i], i + 1);
    }
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

/* --- Verify, export, import, backup, older stores */

static void note(const char *finding, void *context)
{
    char *all = context;
    size_t used = strlen(all);
    snprintf(all + used, 4000 - used, "%s\n", finding);
}

static uint64_t verify(struct store *store, char findings[4000])
{
    uint64_t n = 0;
    findings[0] = '\0';
    struct maintenance_checks checks = { .report = note, .context = findings };
    assert_int_equal(maintenance_verify_tables(store, &checks, &n, NULL), 0);
    return n;
}

static int spoil(struct store_txn *txn, void *context, struct error *err)
{
    static const char item[] = "\1\1\x63\0\0\0\1\0\0\0\0\0\0\0";
    switch (*(int *)context) {
    case 0:
        return store_txn_delete(txn, STORE_ITEM_LISTS, "\0\0\0\1\0\0\0\7", 8, err);
    case 1:
        return store_txn_put(txn, STORE_ITEM_LISTS, "\0\0\0\4\0\0\0\7", 8, "\1", 1, err);
    case 2:
        return store_txn_put(txn, STORE_LIST_ITEMS, "\0\0\0\7\0\0\0\5", 8, item, 14, err);
    case 3:
        return store_txn_put(txn, STORE_LIST_ITEMS, "\0\0\0\x63\0\0\0\1", 8, item, 14, err);
    case 4:
        return store_txn_delete(txn, STORE_IDS,
                                "\4tmdb:\x82"
                                "28",
                                9, err);
    default:
        return store_txn_delete(txn, STORE_CHANGES, "\0\0\0\0\0\0\0\7", 8, err);
    }
}

static void lists_that_do_not_agree_are_found(void **state)
{
    static const char *const expected[] = {
        "item 1 does not know that it is on list 7",
        "item 4 says that it is on list 7, and is not",
        "list 7 has nothing at position 4\nlist 7 has item 99, which does not exist",
        "there are items of list 99, which does not exist",
        "list 7 cannot be found by its source",
        "list 7 was changed by 7, which is not in the change feed",
    };
    struct place *place = *state;
    CLEANUP(mem_free) char *findings = mem_alloc_array(4000, 1);
    if (verify(place->store, findings))
        fail_msg("%s", findings);
    for (int i = 0; i < (int)ARRAY_LEN(expected); i++) {
        assert_int_equal(store_write(place->store, spoil, &i, NULL), 0);
        assert_true(verify(place->store, findings) > 0);
        if (!strstr(findings, expected[i]))
            fail_msg("expected '%s' in: %s", expected[i], findings);
    }
    assert_non_null(strstr(findings, "list 7 says 3 items and has 4"));
}

static void a_source_and_a_change_of_no_list_are_found(void **state)
{
    struct place *place = *state;
    CLEANUP(mem_free) char *findings = mem_alloc_array(4000, 1);
    struct title lost = { .external = "tmdb:1" };
    assert_int_equal(store_write(place->store, put_title, &lost, NULL), 0);
    store_close(place->store);
    CLEANUP(mem_free) char *file = mem_format("%s/lists.db", place->path);
    assert_int_equal(unlink(file), 0);
    open_place(place);
    assert_true(verify(place->store, findings) > 0);
    assert_non_null(strstr(findings, "the source 'tmdb:28' belongs to list 7, which is not its"));
    assert_non_null(strstr(findings, "change 7 belongs to list 7, which does not exist"));
}

static int add_row(const void *key, size_t key_len, const void *value, size_t value_len,
                   void *context)
{
    uint64_t *sum = context;
    *sum += text_hash(key, key_len) * 31 + text_hash(value, value_len);
    return 0;
}

static uint64_t sum_of(struct store *store)
{
    uint64_t sum = 0;
    for (enum store_table table = STORE_LISTS; table <= STORE_ITEM_LISTS; table++)
        assert_int_equal(store_walk(store, table, NULL, 0, add_row, &sum, NULL), 0);
    return sum;
}

static struct place *another_place(void)
{
    void *made = NULL;
    if (make_place(&made))
        abort();
    return made;
}

static void what_is_imported_has_the_lists(void **state)
{
    struct place *place = *state;
    struct place *other = another_place();
    FILE *file = tmpfile();
    uint64_t n;
    struct error err = { 0 };
    CLEANUP(mem_free) char *findings = mem_alloc_array(4000, 1);
    assert_non_null(file);
    assert_int_equal(maintenance_export(place->store, file, &n, NULL), 0);
    rewind(file);
    if (maintenance_import(other->store, file, &n, &err))
        fail_msg("%s", err.text);
    fclose(file);
    if (verify(other->store, findings))
        fail_msg("%s", findings);
    assert_true(sum_of(place->store) == sum_of(other->store));
    assert_int_equal(remove_place((void *[]){ other }), 0);
}

static void an_export_with_a_spoilt_list_is_refused_with_its_line(void **state)
{
    static const char *const lines[] = {
        "{\"type\":\"list\",\"id\":5,\"kind\":1,\"visibility\":3,\"owner\":\"\",\"provider\":\"\"}",
        "{\"type\":\"list\",\"id\":5,\"kind\":9,\"visibility\":3,\"owner\":\"\",\"provider\":\"\","
        "\"source\":\"\",\"about\":{}}",
        "{\"type\":\"list_item\",\"list\":5,\"position\":1,\"item\":3}",
        "{\"type\":\"list_item\",\"list\":5,\"item\":3,\"kind\":1}",
        "{\"type\":\"list_item\",\"list\":5,\"position\":1,\"item\":3,\"kind\":700}",
    };
    struct place *place = *state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        FILE *file = tmpfile();
        uint64_t n;
        struct error err = { 0 };
        assert_non_null(file);
        fprintf(file,
                "{\"format\":\"miauflix-export\",\"version\":3,\"revision\":1,\"next_item\":2,"
                "\"next_job\":1,\"next_token\":1}\n%s\n{\"type\":\"end\",\"lines\":2}\n",
                lines[i]);
        rewind(file);
        assert_true(maintenance_import(place->store, file, &n, &err) < 0);
        assert_non_null(strstr(err.text, "line 2"));
        fclose(file);
    }
}

static void a_restored_backup_has_the_lists(void **state)
{
    struct place *place = *state;
    char backup[80], restored[80];
    struct error err = { 0 };
    snprintf(backup, sizeof backup, "%s/backup", place->path);
    snprintf(restored, sizeof restored, "%s/restored", place->path);
    uint64_t sum = sum_of(place->store);
    if (maintenance_backup(place->store, backup, &err) ||
        maintenance_restore(backup, restored, &err))
        fail_msg("%s", err.text);
    struct store_options options = { .path = restored };
    CLEANUP(store_close) struct store *store = NULL;
    if (store_open(&options, &store, &err))
        fail_msg("%s", err.text);
    assert_true(sum_of(store) == sum);
}

static int make_old(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    return store_txn_put(txn, STORE_META, "schema", 6, "\4\0\0\0", 4, err);
}

/* As a program of schema 4 left it: without the new tables. */
static void make_older(struct place *place)
{
    static const char *const tables[] = { "lists", "list_items", "item_lists" };
    assert_int_equal(store_write(place->store, make_old, NULL, NULL), 0);
    store_close(place->store);
    place->store = NULL;
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        CLEANUP(mem_free) char *file = mem_format("%s/%s.db", place->path, tables[i]);
        assert_int_equal(unlink(file), 0);
    }
}

static void a_store_of_schema_4_gets_the_tables_and_keeps_its_items(void **state)
{
    struct place *place = *state;
    struct item_header item;
    CLEANUP(text_done) struct text row = TEXT_INIT(10000);
    make_older(place);
    open_place(place);
    assert_int_equal(store_get(place->store, STORE_META, "schema", 6, &row, NULL), 0);
    assert_true(row.bytes[0] > 4);
    assert_int_equal(items_get(place->store, 1, &item, &row, NULL), 0);
    struct wanted wanted = { .source = "9",
                             .items = { { .item_id = 1, .kind = PROVIDER_MOVIE } },
                             .n = 1 };
    put_wanted(place, &wanted);
    assert_items(place, wanted.id, (uint32_t[]){ 1 }, 1);
}

static void who_only_reads_makes_no_tables(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    make_older(place);
    struct store_options options = { .path = place->path, .read_only = true };
    assert_int_equal(store_open(&options, &place->store, &err), PROVIDER_ENOTSUP);
    assert_non_null(strstr(err.text, "older program"));
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
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
        FILLED(lists_that_do_not_agree_are_found),
        FILLED(a_source_and_a_change_of_no_list_are_found),
        FILLED(what_is_imported_has_the_lists),
        PLACED(an_export_with_a_spoilt_list_is_refused_with_its_line),
        FILLED(a_restored_backup_has_the_lists),
        FILLED(a_store_of_schema_4_gets_the_tables_and_keeps_its_items),
        FILLED(who_only_reads_makes_no_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
