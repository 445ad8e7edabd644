/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "media/document.h"
#include "media/season.h"
#include "store/maintenance.h"
#include "store/seasons.h"

#include "../copies.h"
#include "../findings.h"
#include "../older_store.h"
#include "../place.h"
#include "../titles.h"

static void pack(uint32_t number, struct text *out)
{
    CLEANUP(mem_free)
    char *json = mem_format("{\"ids\":{\"tmdb\":1},\"show\":{\"ids\":{\"tmdb\":1}},"
                            "\"season_number\":%u,\"episodes\":["
                            "{\"episode_number\":1,\"air_date\":\"1970-01-0%u\"},"
                            "{\"episode_number\":2,\"air_date\":\"1969-12-31\"},"
                            "{\"episode_number\":3}]}",
                            number, number + 1);
    json_auto_t *document = NULL;
    assert_int_equal(document_read(PROVIDER_SEASON, 0, json, strlen(json), &document, NULL), 0);
    const struct merge_record record = { .provider = "tmdb", .document = document };
    const struct merge_policy policy = { .n_precedence = 0 };
    json_auto_t *merged = season_merge(&record, 1, &policy);
    season_pack(merged, out);
}

/* Shows 1 to 3 with their seasons 0 to 2. */
static int fill(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    int failed = 0;
    for (uint32_t i = 0; i < 9 && !failed; i++) {
        CLEANUP(text_done) struct text packed = TEXT_INIT(10000);
        struct season_record record = { .show = i / 3 + 1, .season = i % 3, .provider = "tmdb" };
        pack(record.season, &packed);
        failed = season_records_txn_put(txn, &record, "{\"n\":1}", 7, err);
        if (!failed)
            failed = seasons_txn_put(txn, record.show, record.season, &packed, err);
    }
    return failed;
}

static int make_filled_place(void **state)
{
    int failed = make_place(state);
    struct place *place = failed ? NULL : *state;
    for (int i = 1; i <= 3 && place; i++) {
        char external[32];
        snprintf(external, sizeof external, "tmdb:%d", i);
        struct title title = { .external = external };
        assert_int_equal(store_write(place->store, put_title, &title, NULL), 0);
    }
    if (place)
        assert_int_equal(store_write(place->store, fill, NULL, NULL), 0);
    return failed;
}
#define FILLED(test) cmocka_unit_test_setup_teardown(test, make_filled_place, remove_place)

struct seen {
    uint32_t shows[20], seasons[20];
    int32_t days[20];
    size_t n;
};

static int see_season(uint32_t show, uint32_t season, const void *packed UNUSED, size_t len UNUSED,
                      void *context)
{
    struct seen *seen = context;
    seen->shows[seen->n] = show;
    seen->seasons[seen->n++] = season;
    return 0;
}

static int see_airing(const struct airing *airing, void *context)
{
    struct seen *seen = context;
    seen->days[seen->n] = airing->day;
    seen->shows[seen->n++] = airing->show;
    return 0;
}

static int stop_at_second(const struct season_record *record, const char *json UNUSED,
                          size_t len UNUSED, void *context)
{
    ++*(int *)context;
    return record->season == 2 ? 17 : 0;
}

static void the_seasons_of_a_show_come_in_order_and_no_others(void **state)
{
    struct place *place = *state;
    struct seen seen = { .n = 0 };
    assert_int_equal(seasons_walk(place->store, 2, see_season, &seen, NULL), 0);
    assert_int_equal(seen.n, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(seen.shows[i], 2);
        assert_int_equal(seen.seasons[i], i);
    }
    seen.n = 0;
    assert_int_equal(seasons_walk(place->store, 9, see_season, &seen, NULL), 0);
    assert_int_equal(seen.n, 0);
}

static void a_walk_over_records_begins_at_a_season_and_gives_what_stopped_it(void **state)
{
    struct place *place = *state;
    int n = 0;
    assert_int_equal(season_records_walk(place->store, 2, 1, stop_at_second, &n, NULL), 17);
    assert_int_equal(n, 2);
}

static void the_calendar_is_in_order_of_days_even_before_1970(void **state)
{
    struct place *place = *state;
    struct seen seen = { .n = 0 };
    assert_int_equal(airings_walk(place->store, -1, 1, see_airing, &seen, NULL), 0);
    assert_int_equal(seen.n, 9 + 3 + 3);
    for (size_t i = 1; i < seen.n; i++)
        assert_true(seen.days[i] >= seen.days[i - 1]);
    assert_int_equal(seen.days[0], -1);
    seen.n = 0;
    assert_int_equal(airings_walk(place->store, 3, 1, see_airing, &seen, NULL), 0);
    assert_int_equal(seen.n, 0);
}

static void an_unknown_season_is_not_found(void **state)
{
    struct place *place = *state;
    CLEANUP(text_done) struct text out = TEXT_INIT(10000);
    assert_int_equal(seasons_get(place->store, 1, 3, &out, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(seasons_get(place->store, 0, 1, &out, NULL), PROVIDER_ENOTFOUND);
}

static int remove_one_season(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    return seasons_txn_delete(txn, 1, 0, err);
}

static void a_deleted_season_leaves_the_calendar(void **state)
{
    struct place *place = *state;
    struct seen seen = { .n = 0 };
    assert_int_equal(store_write(place->store, remove_one_season, NULL, NULL), 0);
    assert_int_equal(airings_walk(place->store, -1, 3, see_airing, &seen, NULL), 0);
    assert_int_equal(seen.n, 16);
}

static int put_bad(struct store_txn *txn, void *context, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(100);
    struct season_record record = { .show = 1, .season = 1 };
    switch (*(int *)context) {
    case 0:
        return season_records_txn_put(txn, &record, "{}", 2, err); /* of nobody */
    case 1:
        text_add_string(&packed, "no season");
        return seasons_txn_put(txn, 1, 1, &packed, err);
    default:
        pack(1, &packed);
        return seasons_txn_put(txn, 0, 1, &packed, err);
    }
}

static void what_is_no_season_is_not_written(void **state)
{
    struct place *place = *state;
    for (int i = 0; i < 3; i++)
        assert_true(store_write(place->store, put_bad, &i, NULL) < 0);
}

/* --- Verify, export, import, older stores */

static int spoil(struct store_txn *txn, void *context, struct error *err)
{
    static const char airing[] = "\x80\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1";
    struct season_record record = { .show = 2, .season = 1, .provider = "tmdb" };
    CLEANUP(text_done) struct text packed = TEXT_INIT(10000);
    pack(1, &packed);
    switch (*(int *)context) {
    case 0:
        return store_txn_delete(txn, STORE_AIRINGS, airing, 16, err);
    case 1:
        return season_records_txn_delete(txn, &record, err);
    case 2:
        return seasons_txn_delete(txn, 3, 0, err);
    case 3:
        return seasons_txn_put(txn, 77, 1, &packed, err);
    default:
        return store_txn_put(txn, STORE_SEASONS, "\0\0\0\3\0\0\0\2", 8, "\1rubbish", 8, err);
    }
}

/* The titles of this place are movies', which is a finding of its own. */
static void seasons_that_do_not_agree_are_found(void **state)
{
    static const char *const expected[] = {
        "the calendar is not what the seasons say",
        "season 1 of show 2 has no record of any provider",
        "show 3 has a record of season 0 and no such season",
        "season 1 belongs to item 77, which does not exist",
        "season 2 of show 3 is unreadable",
    };
    struct place *place = *state;
    struct findings findings;
    verify(place->store, &findings);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_null(strstr(findings.text, expected[i]));
    for (int i = 0; i < (int)ARRAY_LEN(expected); i++) {
        assert_int_equal(store_write(place->store, spoil, &i, NULL), 0);
        assert_true(verify(place->store, &findings) > 0);
        if (!strstr(findings.text, expected[i]))
            fail_msg("expected '%s' in: %s", expected[i], findings.text);
    }
}

static uint64_t sum_of(struct store *store)
{
    return sum_of_tables(store, STORE_SEASON_RECORDS, STORE_AIRINGS);
}

static void what_is_imported_has_the_seasons_and_the_calendar(void **state)
{
    struct place *place = *state;
    struct place *other = import_elsewhere(place);
    assert_true(sum_of(place->store) == sum_of(other->store));
    assert_int_equal(remove_place((void *[]){ other }), 0);
}

static void a_backup_has_the_seasons(void **state)
{
    struct place *place = *state;
    char backup[80], restored[80];
    struct error err = { 0 };
    snprintf(backup, sizeof backup, "%s/backup", place->path);
    snprintf(restored, sizeof restored, "%s/restored", place->path);
    if (maintenance_backup(place->store, backup, &err))
        fail_msg("%s", err.text);
    uint64_t sum = sum_of(place->store);
    maintenance_restore(backup, restored, NULL); /* verifies: movies have no seasons, it says */
    struct store_options options = { .path = restored };
    CLEANUP(store_close) struct store *store = NULL;
    if (store_open(&options, &store, &err))
        fail_msg("%s", err.text);
    assert_true(sum_of(store) == sum);
}

/* Without the new tables. */
static void make_schema_2(struct place *place)
{
    static const char *const tables[] = { "season_records", "seasons", "airings" };
    make_older(place, 2, tables, ARRAY_LEN(tables));
}

static void a_store_without_seasons_gets_the_tables_when_it_is_opened(void **state)
{
    struct place *place = *state;
    struct seen seen = { .n = 0 };
    make_schema_2(place);
    open_place(place);
    assert_int_equal(seasons_walk(place->store, 0, see_season, &seen, NULL), 0);
    assert_int_equal(seen.n, 0);
    assert_int_equal(store_write(place->store, fill, NULL, NULL), 0);
    assert_int_equal(seasons_walk(place->store, 0, see_season, &seen, NULL), 0);
    assert_int_equal(seen.n, 9);
}

static void who_only_reads_makes_no_tables(void **state)
{
    make_schema_2(*state);
    expect_too_old_to_read_only(*state);
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        FILLED(the_seasons_of_a_show_come_in_order_and_no_others),
        FILLED(a_walk_over_records_begins_at_a_season_and_gives_what_stopped_it),
        FILLED(the_calendar_is_in_order_of_days_even_before_1970),
        FILLED(an_unknown_season_is_not_found),
        FILLED(a_deleted_season_leaves_the_calendar),
        FILLED(what_is_no_season_is_not_written),
        FILLED(seasons_that_do_not_agree_are_found),
        FILLED(what_is_imported_has_the_seasons_and_the_calendar),
        FILLED(a_backup_has_the_seasons),
        FILLED(a_store_without_seasons_gets_the_tables_when_it_is_opened),
        FILLED(who_only_reads_makes_no_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
