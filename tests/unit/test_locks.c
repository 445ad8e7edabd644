/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/locks.h"
#include "store/changes.h"
#include "store/maintenance.h"

#define FILM                                                                                       \
    "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},\"title\":\"The Matrix\","                     \
    "\"original_language\":\"en\",\"overview\":\"A hacker.\",\"runtime\":136,\"rating\":8.2,"      \
    "\"votes\":100,\"genres\":[\"action\"],\"poster\":\"/m.jpg\","                                 \
    "\"translations\":{\"de\":{\"title\":\"Matrix\",\"overview\":\"Ein Hacker.\"}}}"
#define SHOW                                                                                       \
    "{\"ids\":{\"tmdb\":7},\"title\":\"A Show\",\"first_air_date\":\"2001-02-03\","                \
    "\"original_language\":\"en\"}"

enum { DAY_MS = 24 * 3600 * 1000 };

static uint32_t take(struct service *service, const char *json)
{
    return service_take(service, "script_a", PROVIDER_MOVIE, 0, json);
}

static int put(struct service *service, uint32_t kind, const char *id, const char *json,
               struct locks_item *out, struct error *err)
{
    json_auto_t *body = json_loads(json, 0, NULL);
    assert_non_null(body);
    struct locks_wish wish = { json_object_get(body, "locks"), json_object_get(body, "keep") };
    return locks_put(service->catalog, kind, id, &wish, NULL, out, err);
}

static void lock_it(struct service *service, uint32_t kind, const char *id, const char *json)
{
    struct error err = { 0 };
    CLEANUP(locks_item_done) struct locks_item item = { 0 };
    if (put(service, kind, id, json, &item, &err))
        fail_msg("%s", err.text);
}

static void expect_locks(struct service *service, uint32_t kind, const char *id, const char *json)
{
    CLEANUP(locks_item_done) struct locks_item item = { 0 };
    assert_int_equal(locks_get(service->catalog, kind, id, &item, NULL), 0);
    assert_string_equal(text_string(&item.json), json);
}

/* The item as a reader of a language gets it (new reference). */
static json_t *shown(struct service *service, uint32_t kind, const char *id, const char *language)
{
    struct language_wish wish = { .n_tags = 1 };
    snprintf(wish.tags[0], sizeof wish.tags[0], "%s", language);
    struct catalog_ask ask = { .kind = kind,
                               .id_text = id,
                               .wish = &wish,
                               .provenance = true,
                               .deadline_ms = clock_steady_ms() + 10000 };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    struct error err = { 0 };
    if (catalog_item(service->catalog, &ask, &item, &err))
        fail_msg("%s", err.text);
    return json_loadb(item.json.bytes, item.json.len, 0, NULL);
}

static void expect_text(struct service *service, const char *language, const char *field,
                        const char *text)
{
    json_auto_t *item = shown(service, PROVIDER_MOVIE, "tmdb:603", language);
    assert_string_equal(js_string(item, field), text);
}

static void a_lock_holds_against_what_the_provider_says_later(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603",
            "{\"locks\":{\"title\":\"Mine\",\"overview\":{\"de\":\"Meins.\"},\"runtime\":1}}");
    take(service, "{\"ids\":{\"tmdb\":603},\"title\":\"Other\",\"overview\":\"Changed.\","
                  "\"original_language\":\"en\",\"runtime\":140,"
                  "\"translations\":{\"de\":{\"overview\":\"Anders.\"}}}");
    expect_text(service, "en", "title", "Mine");
    expect_text(service, "de", "title", "Mine");
    expect_text(service, "de", "overview", "Meins.");
    expect_text(service, "en", "overview", "Changed.");
    json_auto_t *item = shown(service, PROVIDER_MOVIE, "tmdb:603", "en");
    assert_int_equal(js_int(item, "runtime", 0), 1);
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603",
                 "{\"locks\":{\"title\":\"Mine\",\"overview\":{\"de\":\"Meins.\"},\"runtime\":1}}");
}

static void what_was_seen_must_still_be_so(void **state)
{
    struct service *service = *state;
    struct error err = { 0 };
    json_auto_t *locks = json_pack("{s:i}", "runtime", 2);
    const struct locks_wish wish = { .locks = locks };
    CLEANUP(locks_item_done) struct locks_item seen = { 0 };
    CLEANUP(locks_item_done) struct locks_item late = { 0 };
    CLEANUP(locks_item_done) struct locks_item now = { 0 };
    take(service, FILM);
    assert_int_equal(locks_get(service->catalog, PROVIDER_MOVIE, "tmdb:603", &seen, NULL), 0);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"runtime\":1}}");
    assert_int_equal(
        locks_put(service->catalog, PROVIDER_MOVIE, "tmdb:603", &wish, &seen.json, &late, &err),
        PROVIDER_ECONFLICT);
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"runtime\":1}}");
    assert_int_equal(locks_get(service->catalog, PROVIDER_MOVIE, "tmdb:603", &now, NULL), 0);
    locks_item_done(&late);
    assert_int_equal(
        locks_put(service->catalog, PROVIDER_MOVIE, "tmdb:603", &wish, &now.json, &late, &err), 0);
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"runtime\":2}}");
}

static void null_gives_a_field_back(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603",
            "{\"locks\":{\"title\":{\"de\":\"A\",\"en\":\"B\"},\"runtime\":1,\"tagline\":\"T\"}}");
    lock_it(service, PROVIDER_MOVIE, "tmdb:603",
            "{\"locks\":{\"title\":{\"de\":null},\"runtime\":null}}");
    expect_text(service, "de", "title", "Matrix");
    expect_text(service, "en", "title", "B");
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603",
                 "{\"locks\":{\"title\":{\"en\":\"B\"},\"tagline\":\"T\"}}");
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"title\":null,\"tagline\":null}}");
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{}}");
    json_auto_t *item = shown(service, PROVIDER_MOVIE, "tmdb:603", "en");
    assert_null(js_object(js_object(item, "provenance"), "local"));
}

static void what_is_may_be_kept(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603",
            "{\"keep\":[\"title\",\"poster\",\"genres\",\"rating\"]}");
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603",
                 "{\"locks\":{\"title\":{\"en\":\"The Matrix\",\"de\":\"Matrix\"},"
                 "\"poster\":{\"en\":\"/api/images/posters/script_a/m.jpg\"},"
                 "\"rating\":8.2,\"genres\":[\"action\"]}}");
    take(service, "{\"ids\":{\"tmdb\":603},\"title\":\"Other\",\"original_language\":\"en\","
                  "\"genres\":[\"drama\"],\"poster\":\"/n.jpg\"}");
    expect_text(service, "de", "title", "Matrix");
    expect_text(service, "en", "poster", "/api/images/posters/script_a/m.jpg");
}

static void a_lock_that_says_what_is_changes_nothing_but_where_it_comes_from(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"keep\":[\"runtime\"]}");
    uint64_t revision = store_revision(service->store);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"runtime\":136}}");
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{}}");
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"tagline\":null}}");
    assert_int_equal(store_revision(service->store), revision);
    json_auto_t *item = shown(service, PROVIDER_MOVIE, "tmdb:603", "en");
    const json_t *local = js_object(js_object(item, "provenance"), "local");
    assert_string_equal(json_string_value(json_array_get(js_array(local, "fields"), 0)), "runtime");
}

static void a_value_that_will_not_do_is_refused_with_its_path(void **state)
{
    static const struct {
        const char *body, *said;
    } rows[] = {
        { "{\"locks\":{\"runtime\":\"long\"}}", "runtime: a string, an integer is wanted" },
        { "{\"locks\":{\"rating\":11}}", "rating: 11 is out of range 0..10" },
        { "{\"locks\":{\"title\":\"\"}}", "title: an empty value cannot be locked; null unlocks" },
        { "{\"locks\":{\"title\":7}}", "title: an integer, a string is wanted" },
        { "{\"locks\":{\"title\":{\"de\":7}}}", "title.de: an integer, a string is wanted" },
        { "{\"locks\":{\"title\":{\"x!\":\"A\"}}}", "title.x!: no language tag" },
        { "{\"locks\":{\"runtime\":{\"de\":9}}}", "runtime: an object, an integer is wanted" },
        { "{\"locks\":{\"cast\":[{\"character\":\"A\"}]}}", "cast[0].name: missing" },
        { "{\"locks\":{\"genres\":[\"action\",\"nonsense\"]}}",
          "genres: some of the values mean nothing here" },
        { "{\"locks\":{\"release_date\":\"soon\"}}",
          "release_date: 'soon' is no date (YYYY-MM-DD)" },
        { "{\"locks\":{\"poster\":\"/m.jpg\"}}", "poster: '/m.jpg' is no picture of /api/images/" },
        { "{\"locks\":{\"cast\":[{\"name\":\"A\",\"profile\":\"/x.jpg\"}]}}",
          "cast: '/x.jpg' is no picture of /api/images/" },
        { "{\"locks\":{\"ids\":{\"tmdb\":1}}}", "ids: no field of a movie that can be locked" },
        { "{\"locks\":{\"networks\":[]}}", "networks: no field of a movie that can be locked" },
        { "{\"locks\":{\"no\":1}}", "no: no field of a movie that can be locked" },
        { "{\"keep\":[\"title\",\"colour\"]}", "keep[1]: no field of a movie that can be locked" },
        { "{\"keep\":[7]}", "keep[0]: no field of a movie that can be locked" },
        { "{\"keep\":[\"tagline\"]}", "keep[0]: there is no tagline to keep" },
    };
    struct service *service = *state;
    take(service, FILM);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err = { 0 };
        CLEANUP(locks_item_done) struct locks_item item = { 0 };
        int result = put(service, PROVIDER_MOVIE, "tmdb:603", rows[i].body, &item, &err);
        assert_string_equal(err.text, rows[i].said);
        assert_int_equal(result, PROVIDER_EREFUSED);
    }
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{}}");
}

static void one_bad_field_leaves_all_as_they_were(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"runtime\":1}}");
    CLEANUP(locks_item_done) struct locks_item item = { 0 };
    assert_int_equal(put(service, PROVIDER_MOVIE, "tmdb:603",
                         "{\"locks\":{\"runtime\":2,\"rating\":99}}", &item, NULL),
                     PROVIDER_EREFUSED);
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"runtime\":1}}");
}

static void only_what_is_in_the_store_has_locks(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    CLEANUP(locks_item_done) struct locks_item item = { 0 };
    struct catalog *catalog = service->catalog;
    assert_int_equal(locks_get(catalog, PROVIDER_MOVIE, "tmdb:9", &item, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(locks_get(catalog, PROVIDER_MOVIE, "999", &item, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(locks_get(catalog, PROVIDER_TVSHOW, "1", &item, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(locks_get(catalog, PROVIDER_MOVIE, "what?", &item, NULL), PROVIDER_EINVAL);
    assert_int_equal(put(service, PROVIDER_MOVIE, "tmdb:9", "{}", &item, NULL), PROVIDER_ENOTFOUND);
}

static void a_show_is_locked_in_its_own_fields(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_TVSHOW, 0, SHOW);
    lock_it(service, PROVIDER_TVSHOW, "tmdb:7",
            "{\"locks\":{\"first_air_date\":\"2000-01-01\",\"status\":\"ended\"}}");
    json_auto_t *item = shown(service, PROVIDER_TVSHOW, "tmdb:7", "en");
    assert_string_equal(js_string(item, "release_date"), "2000-01-01");
    assert_int_equal(js_int(item, "year", 0), 2000);
    assert_string_equal(js_string(item, "status"), "ended");
    struct error err = { 0 };
    CLEANUP(locks_item_done) struct locks_item out = { 0 };
    assert_int_equal(put(service, PROVIDER_TVSHOW, "tmdb:7",
                         "{\"locks\":{\"release_date\":\"2000-01-01\"}}", &out, &err),
                     PROVIDER_EREFUSED);
}

static void of_two_items_that_become_one_the_survivors_locks_count(void **state)
{
    struct service *service = *state;
    uint32_t survivor = take(service, FILM);
    uint32_t loser = service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"b\":\"1\"},\"title\":\"Copy\"}");
    CLEANUP(mem_free) char *of_loser = mem_format("%u", loser);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603",
            "{\"locks\":{\"title\":{\"en\":\"Mine\"},\"runtime\":1}}");
    lock_it(service, PROVIDER_MOVIE, of_loser,
            "{\"locks\":{\"title\":\"Theirs\",\"runtime\":2,\"tagline\":{\"de\":\"Spruch\"}}}");
    assert_int_equal(service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"b\":\"1\",\"tmdb\":603},\"title\":\"Copy\"}"),
                     survivor);
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603",
                 "{\"locks\":{\"title\":{\"en\":\"Mine\"},\"tagline\":{\"de\":\"Spruch\"},"
                 "\"runtime\":1}}");
    CLEANUP(locks_item_done) struct locks_item moved = { 0 };
    assert_int_equal(locks_get(service->catalog, PROVIDER_MOVIE, of_loser, &moved, NULL), 0);
    assert_int_equal(moved.moved_to, survivor);
}

static void locks_move_to_a_survivor_that_has_none(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    service_take(service, "script_b", PROVIDER_MOVIE, 0, "{\"ids\":{\"b\":\"1\"},\"title\":\"C\"}");
    lock_it(service, PROVIDER_MOVIE, "b:1", "{\"locks\":{\"runtime\":2}}");
    service_take(service, "script_b", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"b\":\"1\",\"tmdb\":603},\"title\":\"Copy\"}");
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"runtime\":2}}");
}

static void what_is_gone_stays_gone_with_its_locks(void **state)
{
    struct service *service = *state;
    uint32_t id = take(service, FILM);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"title\":\"Mine\"}}");
    for (int i = 0; i < 2; i++) {
        service_pass_time(i * (int64_t)DAY_MS);
        assert_int_equal(intake_mark_gone(service->store, &service->policy, "script_a", id, NULL),
                         0);
    }
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    assert_int_equal(items_get(service->store, id, &header, &body, NULL), 0);
    assert_true(header.flags & ITEM_GONE);
    expect_locks(service, PROVIDER_MOVIE, "tmdb:603", "{\"locks\":{\"title\":\"Mine\"}}");
    take(service, FILM);
    expect_text(service, "de", "title", "Mine");
}

static void locks_are_carried_over_as_text(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603",
            "{\"locks\":{\"title\":{\"de\":\"Meins\"},\"runtime\":1}}");
    CLEANUP(mem_free) char *path = mem_format("%s/copy", service->folder);
    struct store_options options = { .path = path, .cache_bytes = 1 << 20 };
    CLEANUP(store_close) struct store *copy = NULL;
    struct error err = { 0 };
    uint64_t lines;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(maintenance_export(service->store, file, &lines, &err), 0);
    rewind(file);
    assert_int_equal(store_open(&options, &copy, &err), 0);
    assert_int_equal(maintenance_import(copy, file, &lines, &err), 0);
    fclose(file);
    struct record_header header;
    CLEANUP(text_done) struct text json = TEXT_INIT(4096);
    assert_int_equal(
        records_get(copy, service_find(service, "tmdb:603"), MERGE_LOCAL, &header, &json, &err), 0);
    assert_string_equal(text_string(&json),
                        "{\"translations\":{\"de\":{\"title\":\"Meins\"}},\"runtime\":1}");
}

static void provenance_of_a_lock_has_a_tag_of_its_own(void **state)
{
    struct service *service = *state;
    take(service, FILM);
    struct catalog_ask ask = { .kind = PROVIDER_MOVIE,
                               .id_text = "tmdb:603",
                               .wish = &(struct language_wish){ .n_tags = 0 },
                               .provenance = true,
                               .deadline_ms = clock_steady_ms() + 10000 };
    CLEANUP(catalog_item_done) struct catalog_item before = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item after = { 0 };
    assert_int_equal(catalog_item(service->catalog, &ask, &before, NULL), 0);
    lock_it(service, PROVIDER_MOVIE, "tmdb:603", "{\"keep\":[\"runtime\"]}");
    ask.if_none_match = before.etag;
    assert_int_equal(catalog_item(service->catalog, &ask, &after, NULL), 0);
    assert_false(after.not_modified);
    assert_string_not_equal(before.etag, after.etag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(a_lock_holds_against_what_the_provider_says_later),
        SERVED(what_was_seen_must_still_be_so),
        SERVED(null_gives_a_field_back),
        SERVED(what_is_may_be_kept),
        SERVED(a_lock_that_says_what_is_changes_nothing_but_where_it_comes_from),
        SERVED(a_value_that_will_not_do_is_refused_with_its_path),
        SERVED(one_bad_field_leaves_all_as_they_were),
        SERVED(only_what_is_in_the_store_has_locks),
        SERVED(a_show_is_locked_in_its_own_fields),
        SERVED(of_two_items_that_become_one_the_survivors_locks_count),
        SERVED(locks_move_to_a_survivor_that_has_none),
        SERVED(what_is_gone_stays_gone_with_its_locks),
        SERVED(locks_are_carried_over_as_text),
        SERVED(provenance_of_a_lock_has_a_tag_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
