/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/heads.h"
#include "store/maintenance.h"
#include "store/state.h"

#include "../copies.h"
#include "../findings.h"
#include "../place.h"
#include "../titles.h"
#include "full_place.h"

#define FULL(test) cmocka_unit_test_setup_teardown(test, make_full_place, remove_place)

/* --- Verify */

static void a_sound_store_has_no_findings(void **state)
{
    struct findings findings = { "" };
    assert_int_equal(verify(((struct place *)*state)->store, &findings), 0);
    assert_string_equal(findings.text, "");
}

static int spoil(struct store_txn *txn, void *context, struct error *err)
{
    uint64_t revision = 0;
    struct change change = { .item_id = 2, .kind = PROVIDER_MOVIE, .what = CHANGE_UPDATED };
    struct record_header homeless = { .item_id = 10, .provider = "yts" };
    switch (*(int *)context) {
    case 0: /* a record, a card, an id and a change of nobody */
        return items_txn_delete(txn, 5, err);
    case 1:
        return records_txn_delete(txn, 6, "tmdb", err);
    case 2:
        return external_ids_txn_put(txn, PROVIDER_TVSHOW, "tmdb:8", 8, err);
    case 3:
        return changes_txn_add(txn, &change, 0, &revision, err);
    case 4:
        return fetches_txn_put(txn, 77, 4, "tmdb", err);
    case 5:
        return redirects_txn_put(txn, 9, 100000, err);
    case 6:
        return store_txn_delete(txn, STORE_CARDS, "\0\0\0\3", 4, err);
    case 7:
        return store_txn_put(txn, STORE_DUE, "\0\0\0\0\0\0\0\1\0\0\0\3tmdb", 16, "\1", 1, err);
    case 8:
        return heads_txn_put(txn, &homeless, err);
    case 9:
        return store_txn_delete(txn, STORE_RECORD_HEADS, "\0\0\0\13tmdb", 8, err);
    default:
        return fetches_txn_delete(txn, fetch_priority(FETCH_TITLE, 1.5), 7, "tmdb", err);
    }
}

static void disagreements_between_tables_are_found(void **state)
{
    static const char *const expected[] = {
        "belongs to item 5, which does not exist",
        "item 6 has no record of any provider",
        "the external id 'tmdb:8' of kind 2 belongs to item 8 of kind 1",
        "belongs to item 2, which was last changed by",
        "a fetch of item 4 from 'tmdb' waits that its record does not know",
        "item 9 was merged into 100000, which does not exist",
        "item 3 has no card",
        "item 3 is due at 'tmdb' at a time that its record does not know",
        "item 10 has the head of a record of 'yts' and no such record",
        "the record of 'tmdb' of item 11 has no head",
        "the record of 'tmdb' of item 7 says that a fetch waits, but none does",
    };
    struct place *place = *state;
    struct findings findings;
    for (int i = 0; i < (int)ARRAY_LEN(expected); i++) {
        assert_int_equal(store_write(place->store, spoil, &i, NULL), 0);
        assert_true(verify(place->store, &findings) > 0);
        if (!strstr(findings.text, expected[i]))
            fail_msg("expected '%s' in: %s", expected[i], findings.text);
    }
}

static int say_odd(struct store *store UNUSED, uint32_t item_id, maintenance_report *report,
                   void *report_context, void *rederive_context, struct error *err)
{
    if (item_id == 3)
        report("item 3 is odd", report_context);
    ++*(int *)rederive_context;
    return item_id == 10 ? error_set(err, PROVIDER_ECANCEL, "enough") : 0;
}

static void the_hook_is_asked_about_every_item_and_may_end_it(void **state)
{
    struct place *place = *state;
    struct findings findings = { "" };
    struct error err = { 0 };
    int n_asked = 0;
    uint64_t n = 0;
    struct maintenance_checks checks = { .report = note_finding,
                                         .context = &findings,
                                         .rederive = say_odd,
                                         .rederive_context = &n_asked };
    assert_int_equal(maintenance_verify_tables(place->store, &checks, &n, &err), PROVIDER_ECANCEL);
    assert_string_equal(findings.text, "item 3 is odd\n");
    assert_int_equal(n_asked, 10);
}

static void a_damaged_file_is_found(void **state)
{
    struct place *place = *state;
    store_close(place->store);
    place->store = NULL;
    char file[96];
    snprintf(file, sizeof file, "%s/items.db", place->path);
    int fd = open(file, O_RDWR);
    assert_true(fd >= 0);
    char rubbish[3000];
    memset(rubbish, 0x5a, sizeof rubbish);
    assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, 2 * 16384 + 10), sizeof rubbish);
    close(fd);
    struct findings findings = { "" };
    struct maintenance_checks checks = { .report = note_finding, .context = &findings };
    uint64_t n = 0;
    assert_int_equal(maintenance_verify(place->path, &checks, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_non_null(strstr(findings.text, "items.db' is damaged"));
}

static void a_running_store_is_not_verified_from_outside(void **state)
{
    struct place *place = *state;
    struct maintenance_checks checks = { .report = note_finding };
    uint64_t n = 99;
    assert_int_equal(maintenance_verify(place->path, &checks, &n, NULL), PROVIDER_ECONFLICT);
    assert_int_equal(n, 99);
}

/* --- Compact */

static void compacting_gives_pages_back_and_keeps_the_rest(void **state)
{
    struct place *place = *state;
    struct findings findings;
    CLEANUP(mem_free) char *large = mem_alloc(60001);
    memset(large, 'x', 60000);
    for (int i = 0; i < 100; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        assert_int_equal(state_put(place->store, "large", key, large, NULL), 0);
    }
    for (int i = 0; i < 100; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        assert_int_equal(state_put(place->store, "large", key, NULL, NULL), 0);
    }
    uint64_t freed = 0;
    assert_int_equal(maintenance_compact(place->store, &freed, NULL), 0);
    assert_true(freed > 1000000);
    assert_int_equal(verify(place->store, &findings), 0);
}

/* --- Export and import */

static FILE *export_of(struct place *place)
{
    FILE *file = tmpfile();
    uint64_t n = 0;
    assert_non_null(file);
    assert_int_equal(maintenance_export(place->store, file, &n, NULL), 0);
    assert_int_equal(n, 1 + N_TITLES * 4 + 3 + 1);
    rewind(file);
    return file;
}

static void what_is_imported_is_what_was_exported_to_the_byte(void **state)
{
    struct place *place = *state;
    FILE *file = export_of(place);
    struct place *other = another_place();
    struct error err = { 0 };
    uint64_t n = 0;
    if (maintenance_import(other->store, file, &n, &err))
        fail_msg("%s", err.text);
    fclose(file);
    assert_true(sum_of_tables(other->store, 0, STORE_N_TABLES - 1) ==
                sum_of_tables(place->store, 0, STORE_N_TABLES - 1));
    assert_int_equal(store_revision(other->store), store_revision(place->store));
    struct findings findings;
    assert_int_equal(verify(other->store, &findings), 0);
    assert_int_equal(remove_place((void *[]){ other }), 0);
}

/* Imports a text into a fresh store and gives the refusal. */
static int import_text(const char *text, struct error *err)
{
    struct place *place = another_place();
    CLEANUP(mem_free) char *copy = mem_dup_text(text);
    FILE *file = fmemopen(copy, strlen(copy), "r");
    uint64_t n = 0;
    int failed = maintenance_import(place->store, file, &n, err);
    fclose(file);
    assert_int_equal(remove_place((void *[]){ place }), 0);
    return failed;
}

#define HEAD                                                                                       \
    "{\"format\":\"miauflix-export\",\"version\":1,\"revision\":1,\"next_item\":2,\"next_job\":1," \
    "\"next_token\":1}\n"

static void what_is_no_export_is_refused_with_its_line(void **state UNUSED)
{
    static const struct {
        const char *text, *says;
        int code;
    } cases[] = {
        { "{}\n", "no export", PROVIDER_EPARSE },
        { "rubbish\n", "line 1", PROVIDER_EPARSE },
        { "{\"format\":\"miauflix-export\",\"version\":999}\n", "version 999", PROVIDER_ENOTSUP },
        { "{\"format\":\"miauflix-export\",\"version\":1}\n", "next numbers", PROVIDER_EPARSE },
        { HEAD, "cut off after line 1", PROVIDER_EPARSE },
        { HEAD "{\"type\":\"end\",\"lines\":7}\n", "says 7 lines", PROVIDER_EPARSE },
        { HEAD "{\"type\":\"spoon\"}\n{\"type\":\"end\",\"lines\":2}\n", "line 2: the type 'spoon'",
          PROVIDER_EPARSE },
        { HEAD "{\"type\":\"item\",\"id\":1,\"kind\":1,\"packed\":\"???\"}\n"
               "{\"type\":\"end\",\"lines\":2}\n",
          "line 2: the packed bytes", PROVIDER_EPARSE },
        { HEAD "{\"type\":\"record\",\"item\":1}\n{\"type\":\"end\",\"lines\":2}\n",
          "line 2: a record needs", PROVIDER_EPARSE },
        { HEAD "{\"type\":\"token\",\"hash\":\"12\"}\n{\"type\":\"end\",\"lines\":2}\n",
          "line 2: a token needs a hash", PROVIDER_EPARSE },
        { HEAD
          "{\"type\":\"redirect\",\"item\":1,\"survivor\":1}\n{\"type\":\"end\",\"lines\":2}\n",
          "line 2: item 1 cannot be merged", PROVIDER_EINVAL },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error err = { 0 };
        assert_int_equal(import_text(cases[i].text, &err), cases[i].code);
        if (!strstr(err.text, cases[i].says))
            fail_msg("expected '%s' in '%s'", cases[i].says, err.text);
    }
}

static void an_import_needs_an_empty_store(void **state)
{
    struct place *place = *state;
    FILE *file = export_of(place);
    uint64_t n = 0;
    struct error err = { 0 };
    assert_int_equal(maintenance_import(place->store, file, &n, &err), PROVIDER_ECONFLICT);
    fclose(file);
}

static void an_export_to_a_full_disk_fails(void **state)
{
    struct place *place = *state;
    FILE *full = fopen("/dev/full", "w");
    if (!full)
        skip();
    uint64_t n = 99;
    assert_int_equal(maintenance_export(place->store, full, &n, NULL), PROVIDER_EFULL);
    assert_int_equal(n, 99);
    fclose(full);
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        FULL(a_sound_store_has_no_findings),
        FULL(disagreements_between_tables_are_found),
        FULL(the_hook_is_asked_about_every_item_and_may_end_it),
        FULL(a_damaged_file_is_found),
        FULL(a_running_store_is_not_verified_from_outside),
        FULL(compacting_gives_pages_back_and_keeps_the_rest),
        FULL(what_is_imported_is_what_was_exported_to_the_byte),
        cmocka_unit_test(what_is_no_export_is_refused_with_its_line),
        FULL(an_import_needs_an_empty_store),
        FULL(an_export_to_a_full_disk_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
