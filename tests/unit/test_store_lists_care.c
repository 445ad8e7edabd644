/* SPDX-License-Identifier: MIT
 *
 * Lists outside daily life: verified, exported, imported, in a backup, and from an older store. */
#include "lists_place.h"

#include <string.h>
#include <unistd.h>

#include "store/maintenance.h"

#include "../copies.h"
#include "../findings.h"
#include "../older_store.h"
#include "../titles.h"

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
    struct findings findings;
    if (verify(place->store, &findings))
        fail_msg("%s", findings.text);
    for (int i = 0; i < (int)ARRAY_LEN(expected); i++) {
        assert_int_equal(store_write(place->store, spoil, &i, NULL), 0);
        assert_true(verify(place->store, &findings) > 0);
        if (!strstr(findings.text, expected[i]))
            fail_msg("expected '%s' in: %s", expected[i], findings.text);
    }
    assert_non_null(strstr(findings.text, "list 7 says 3 items and has 4"));
}

static void a_source_and_a_change_of_no_list_are_found(void **state)
{
    struct place *place = *state;
    struct findings findings;
    struct title lost = { .external = "tmdb:1" };
    assert_int_equal(store_write(place->store, put_title, &lost, NULL), 0);
    store_close(place->store);
    CLEANUP(mem_free) char *file = mem_format("%s/lists.db", place->path);
    assert_int_equal(unlink(file), 0);
    open_place(place);
    assert_true(verify(place->store, &findings) > 0);
    assert_non_null(
        strstr(findings.text, "the source 'tmdb:28' belongs to list 7, which is not its"));
    assert_non_null(strstr(findings.text, "change 7 belongs to list 7, which does not exist"));
}

static uint64_t sum_of(struct store *store)
{
    return sum_of_tables(store, STORE_LISTS, STORE_ITEM_LISTS);
}

static void what_is_imported_has_the_lists(void **state)
{
    struct place *place = *state;
    struct place *other = import_elsewhere(place);
    struct findings findings;
    if (verify(other->store, &findings))
        fail_msg("%s", findings.text);
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

/* Without the new tables. */
static void make_schema_4(struct place *place)
{
    static const char *const tables[] = { "lists", "list_items", "item_lists" };
    make_older(place, 4, tables, ARRAY_LEN(tables));
}

static void a_store_of_schema_4_gets_the_tables_and_keeps_its_items(void **state)
{
    struct place *place = *state;
    struct item_header item;
    CLEANUP(text_done) struct text row = TEXT_INIT(10000);
    make_schema_4(place);
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
    make_schema_4(*state);
    expect_too_old_to_read_only(*state);
}

static const struct CMUnitTest tests[] = {
    FILLED(lists_that_do_not_agree_are_found),
    FILLED(a_source_and_a_change_of_no_list_are_found),
    FILLED(what_is_imported_has_the_lists),
    PLACED(an_export_with_a_spoilt_list_is_refused_with_its_line),
    FILLED(a_restored_backup_has_the_lists),
    FILLED(a_store_of_schema_4_gets_the_tables_and_keeps_its_items),
    FILLED(who_only_reads_makes_no_tables),
};

const struct test_part store_lists_care_part = TEST_PART(tests);
