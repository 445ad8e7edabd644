/* SPDX-License-Identifier: MIT
 *
 * Releases: taken in, listed, filtered, and which item they are of. */
#include "releases_stage.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/card.h"
#include "service/availability.h"
#include "service/release_intake.h"
#include "service/releases.h"
#include "store/maintenance.h"
#include "store/releases.h"

#define SEARCH "/search/5/The Matrix"

/* A page of releases, of one item or of all. */
static json_t *list(struct service *service, const struct releases_filter *filter)
{
    CLEANUP(releases_free)
    struct releases *releases = releases_new(service->catalog, service->registry, &service->conf);
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    struct error err = { 0 };
    if (releases_list(releases, filter, 1, 20, false, &page, &err))
        fail_msg("%s", err.text);
    json_t *results = json_loads(text_string(&page.results), 0, NULL);
    assert_non_null(results);
    assert_int_equal(page.total, json_array_size(results));
    return results;
}

static const struct releases_filter by_score = { .quality_min = QUALITY_NONE,
                                                 .sort = RELEASES_SCORE };

static const char *first_hash(const json_t *results)
{
    return js_string(json_array_get(results, 0), "infohash");
}

static void a_release_tells_its_item_what_there_is(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    assert_int_equal(facts_of(service, id).qualities, 0);
    assert_int_equal(release(service, "script_a", 0, GOOD), id);
    struct card_facts facts = facts_of(service, id);
    assert_int_equal(facts.qualities, QUALITY_1080P);
    assert_true(facts.flags & CARD_AVAILABLE);
}

static void a_recording_from_a_cinema_is_no_quality(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, POOR);
    assert_int_equal(facts_of(service, id).qualities, 0);
}

static void the_better_one_comes_first_whatever_its_seeds(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, POOR);
    release(service, "script_a", 0, GOOD);
    json_auto_t *results = list(service, &by_score);
    assert_int_equal(json_array_size(results), 2);
    assert_string_equal(first_hash(results), HASH_A);
    struct releases_filter seeds = by_score;
    seeds.sort = RELEASES_SEEDS;
    json_auto_t *other = list(service, &seeds);
    assert_string_equal(first_hash(other), HASH_B);
    seeds.ascending = true;
    json_auto_t *turned = list(service, &seeds);
    assert_string_equal(first_hash(turned), HASH_A);
}

static void filters_leave_out_what_does_not_fit(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, POOR);
    release(service, "script_b", 0, GOOD);
    const struct releases_filter wishes[] = {
        { .quality_min = 2 },
        { .quality_min = QUALITY_NONE, .qualities = QUALITY_1080P },
        { .quality_min = QUALITY_NONE, .sources = 1u << QUALITY_BLURAY },
        { .quality_min = QUALITY_NONE, .codecs = 1u << QUALITY_H264 },
        { .quality_min = QUALITY_NONE, .min_size = 1500000000 },
        { .quality_min = QUALITY_NONE, .provider = "script_b" },
    };
    for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
        json_auto_t *results = list(service, &wishes[i]);
        assert_int_equal(json_array_size(results), 1);
        assert_string_equal(first_hash(results), HASH_A);
    }
    struct releases_filter none = { .quality_min = QUALITY_NONE, .min_seeds = 91 };
    json_auto_t *nothing = list(service, &none);
    assert_int_equal(json_array_size(nothing), 0);
    none = (struct releases_filter){ .quality_min = QUALITY_NONE, .item = id + 1 };
    json_auto_t *of_nobody = list(service, &none);
    assert_int_equal(json_array_size(of_nobody), 0);
    none = (struct releases_filter){ .quality_min = QUALITY_NONE, .provider = "nobody" };
    json_auto_t *by_nobody = list(service, &none);
    assert_int_equal(json_array_size(by_nobody), 0);
}

static void two_trackers_of_one_infohash_make_one_release(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    release(service, "script_b", 0,
            "{\"infohash\":\"" HASH_A "\",\"name\":\"other\"," OF_FILM
            ",\"seeds\":7,\"trackers\":[\"udp://t.example:80/announce\"]}");
    json_auto_t *results = list(service, &by_score);
    assert_int_equal(json_array_size(results), 1);
    const json_t *one = json_array_get(results, 0);
    assert_int_equal(json_array_size(js_array(one, "provider")), 2);
    assert_int_equal(json_array_size(js_array(one, "trackers")), 1);
    assert_int_equal(js_int(js_object(js_object(one, "availability"), "claimed"), "seeds", 0), 40);
}

static void a_release_of_a_film_nobody_knows_makes_it_known(void **state)
{
    struct service *service = *state;
    uint32_t id = release(service, "script_a", 0,
                          "{\"infohash\":\"" HASH_A "\",\"name\":\"x.1080p\",\"title\":\"New\","
                          "\"year\":2020,\"kind\":\"movie\",\"item\":{\"imdb\":\"tt7654321\"}}");
    assert_int_not_equal(id, 0);
    assert_int_equal(service_find(service, "imdb:tt7654321"), id);
    assert_int_equal(facts_of(service, id).qualities, QUALITY_1080P);
    /* What another provider knows it by joins it. */
    assert_int_equal(service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"tmdb\":5,\"imdb\":\"tt7654321\"},"
                                  "\"title\":\"New\"}"),
                     id);
    assert_int_equal(facts_of(service, id).qualities, QUALITY_1080P);
}

static void a_release_of_nothing_is_passed_over(void **state)
{
    struct service *service = *state;
    assert_int_equal(
        release(service, "script_a", 0, "{\"infohash\":\"" HASH_A "\",\"name\":\"x.1080p\"}"), 0);
    assert_int_equal(release(service, "script_a", 0,
                             "{\"infohash\":\"" HASH_A "\",\"name\":\"x.1080p\","
                             "\"kind\":\"movie\",\"item\":{\"imdb\":\"tt7654321\"}}"),
                     0);
    json_auto_t *results = list(service, &by_score);
    assert_int_equal(json_array_size(results), 0);
}

static void what_did_not_change_has_no_change_number(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    uint64_t before = store_revision(service->store);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(store_revision(service->store), before);
    release(service, "script_a", PROVIDER_PARTIAL,
            "{\"infohash\":\"" HASH_A "\",\"name\":\"The.Matrix.1999.1080p.BluRay.x264\","
            "\"seeds\":39}");
    assert_int_equal(store_revision(service->store), before + 1);
    json_auto_t *results = list(service, &by_score);
    const json_t *one = json_array_get(results, 0);
    assert_int_equal(js_int(js_object(js_object(one, "availability"), "claimed"), "seeds", 0), 39);
    assert_int_equal(js_int(one, "size", 0), 2000000000);
}

/* Uploaded so much after now. */
static json_t *show_uploaded(struct service *service, uint32_t flags, int64_t ahead_ms)
{
    char json[400], when[CLOCK_TEXT_LEN];
    snprintf(json, sizeof json,
             "{\"infohash\":\"" HASH_A "\",\"name\":\"The.Matrix.1999.1080p\"," OF_FILM
             ",\"uploaded_at\":\"%s\"}",
             clock_format(clock_wall_ms() + ahead_ms, when));
    release(service, "script_a", flags, json);
    return show_one(service, HASH_A);
}

static void an_upload_that_is_to_come_is_not_believed(void **state)
{
    struct service *service = *state;
    const int64_t hour_ms = 3600 * 1000;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    json_auto_t *far = show_uploaded(service, 0, 100000 * hour_ms);
    assert_non_null(js_string(far, "infohash"));
    assert_null(js_string(far, "uploaded_at"));
    json_auto_t *past = show_uploaded(service, PROVIDER_PARTIAL, -hour_ms);
    assert_non_null(js_string(past, "uploaded_at"));
    json_auto_t *partial = show_uploaded(service, PROVIDER_PARTIAL, 25 * hour_ms);
    assert_null(js_string(partial, "uploaded_at"));
    json_auto_t *near = show_uploaded(service, 0, 23 * hour_ms); /* clocks differ */
    assert_non_null(js_string(near, "uploaded_at"));
}

static void what_its_only_provider_takes_back_is_gone(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    release(service, "script_b", 0, GOOD);
    release(service, "script_a", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    assert_int_equal(facts_of(service, id).qualities, QUALITY_1080P);
    release(service, "script_b", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    assert_int_equal(facts_of(service, id).qualities, 0);
    assert_false(facts_of(service, id).flags & CARD_AVAILABLE);
    release(service, "script_b", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
}

/* --- What only a tracker knows */

static void a_film_only_a_tracker_knows_becomes_the_catalogues_when_that_knows_it(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0,
                               "{\"ids\":{\"imdb\":\"tt0133093\",\"yts\":\"7\"},"
                               "\"title\":\"Matrix, The\",\"runtime\":136}");
    assert_int_equal(release(service, "script_a", 0, GOOD), id);
    assert_int_equal(service_find(service, "imdb:tt0133093"), id);
    assert_int_equal(service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},"
                                  "\"title\":\"The Matrix\",\"runtime\":136}"),
                     id);
    assert_int_equal(service_find(service, "tmdb:603"), id);
    assert_int_equal(service_find(service, "yts:7"), id);
    json_auto_t *shown = show_one(service, HASH_A);
    assert_int_equal(js_int(shown, "item", 0), id);
    assert_int_equal(facts_of(service, id).qualities, QUALITY_1080P);
}

static void releases_follow_two_items_that_become_one(void **state)
{
    struct service *service = *state;
    uint32_t first = service_take(service, "script_a", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}");
    uint32_t second = service_take(service, "script_b", PROVIDER_MOVIE, 0, FILM);
    assert_int_not_equal(first, second);
    release(service, "script_b", 0, GOOD);
    assert_int_equal(service_take(service, "script_a", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},"
                                  "\"title\":\"The Matrix\"}"),
                     first);
    assert_int_equal(facts_of(service, first).qualities, QUALITY_1080P);
    struct releases_filter of = by_score;
    of.item = first;
    json_auto_t *results = list(service, &of);
    assert_int_equal(json_array_size(results), 1);
    assert_int_equal(js_int(json_array_get(results, 0), "item", 0), first);
}

static void who_alone_claims_a_release_may_correct_its_item(void **state)
{
    struct service *service = *state;
    uint32_t film = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    uint32_t other = service_take(service, "script_a", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"imdb\":\"tt0000010\"},\"title\":\"Other\"}");
    const char *moved = "{\"infohash\":\"" HASH_A "\",\"name\":\"x.1080p\",\"kind\":\"movie\","
                        "\"item\":{\"imdb\":\"tt0000010\"}}";
    release(service, "script_a", 0, GOOD);
    release(service, "script_b", 0, moved); /* another's word does not move it */
    assert_int_equal(facts_of(service, film).qualities, QUALITY_1080P);
    release(service, "script_b", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    release(service, "script_a", 0, moved);
    assert_int_equal(facts_of(service, film).qualities, 0);
    assert_int_equal(facts_of(service, other).qualities, QUALITY_1080P);
}

static void what_somebody_saw_counts_more_than_any_claim(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    struct release_sighting sighting = { .at_ms = 1000, .answered = true };
    struct error err = { 0 };
    uint8_t hash[RELEASE_HASH_LEN];
    release_hash_of_text(HASH_A, hash);
    assert_int_equal(release_intake_verify(service->store, &service->policy, hash, &sighting, &err),
                     PROVIDER_ENOTFOUND);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(release_intake_verify(service->store, &service->policy, hash, &sighting, &err),
                     0);
    assert_false(facts_of(service, id).flags & CARD_AVAILABLE);
    sighting.seeds = 2;
    assert_int_equal(release_intake_verify(service->store, &service->policy, hash, &sighting, &err),
                     0);
    assert_true(facts_of(service, id).flags & CARD_AVAILABLE);
    json_auto_t *results = list(service, &by_score);
    const json_t *availability = js_object(json_array_get(results, 0), "availability");
    assert_int_equal(js_int(js_object(availability, "verified"), "seeds", 0), 2);
    assert_string_equal(js_string(availability, "state"), "alive");
}

static void one_list_follows_what_changes(void **state)
{
    struct service *service = *state;
    CLEANUP(releases_free)
    struct releases *releases = releases_new(service->catalog, service->registry, &service->conf);
    const char *steps[] = { GOOD, POOR };
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    for (size_t i = 0; i <= ARRAY_LEN(steps); i++) {
        CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
        assert_int_equal(releases_list(releases, &by_score, 1, 20, false, &page, NULL), 0);
        assert_int_equal(page.total, i);
        if (i < ARRAY_LEN(steps))
            release(service, "script_a", 0, steps[i]);
    }
    CLEANUP(catalog_page_done) struct catalog_page deep = { 0 };
    assert_int_equal(releases_list(releases, &by_score, 50, 20, false, &deep, NULL), 0);
    assert_int_equal(deep.total, 2);
    assert_string_equal(text_string(&deep.results), "[]");
}

static void one_is_found_by_its_infohash(void **state)
{
    struct service *service = *state;
    CLEANUP(releases_free)
    struct releases *releases = releases_new(service->catalog, service->registry, &service->conf);
    struct error err = { 0 };
    struct text json = TEXT_INIT(1 << 20);
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(releases_one(releases, HASH_A, true, &json, &err), 0);
    assert_non_null(strstr(text_string(&json), "\"explain\":{"));
    assert_int_equal(releases_one(releases, HASH_B, true, &json, &err), PROVIDER_ENOTFOUND);
    assert_int_equal(releases_one(releases, "nonsense", true, &json, &err), PROVIDER_EINVAL);
    text_done(&json);
}

static void an_export_has_the_releases(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    CLEANUP(mem_free) char *path = mem_format("%s/imported", service->folder);
    struct store_options options = { .path = path, .cache_bytes = 8 << 20 };
    FILE *file = tmpfile();
    struct store *copy = NULL;
    uint64_t n = 0;
    struct error err = { 0 };
    struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + 1);
    struct release_packed found;
    uint8_t hash[RELEASE_HASH_LEN];
    assert_non_null(file);
    assert_int_equal(maintenance_export(service->store, file, &n, &err), 0);
    rewind(file);
    if (store_open(&options, &copy, &err) || maintenance_import(copy, file, &n, &err))
        fail_msg("%s", err.text);
    release_hash_of_text(HASH_A, hash);
    assert_int_equal(releases_get(copy, hash, &packed, &err), 0);
    assert_true(release_open(packed.bytes, packed.len, &found));
    assert_int_equal(found.facts.item, id);
    text_done(&packed);
    store_close(copy);
    fclose(file);
}

static void expect_answer(const struct source_answer *answers, size_t n, const char *provider,
                          const char *status, size_t n_found)
{
    for (size_t i = 0; i < n; i++)
        if (text_equal(answers[i].provider, provider)) {
            assert_string_equal(answers[i].status, status);
            assert_int_equal(answers[i].n_found, n_found);
            return;
        }
    fail_msg("'%s' was not asked", provider);
}

static void a_search_tells_how_many_releases_each_provider_has(void **state)
{
    struct service *service = *state;
    CLEANUP(releases_free)
    struct releases *releases = releases_new(service->catalog, service->registry, &service->conf);
    CLEANUP(mem_free)
    struct source_answer *answers = mem_alloc_array(SOURCES_MAX, sizeof *answers);
    struct releases_ask ask = { .kind = PROVIDER_MOVIE, .season = -1, .episode = -1 };
    size_t n;
    ask.item = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    ask.deadline_ms = clock_steady_ms() + 20000;
    service_answer(service, "script_a", SEARCH, "D 1 0 " FILM "\nD 5 0 " GOOD "\nD 5 0 " POOR "\n");
    service_answer(service, "script_b", SEARCH, "");
    releases_search(releases, &ask, answers, &n);
    expect_answer(answers, n, "script_a", "ok", 2);
    expect_answer(answers, n, "script_b", "ok", 0);
    releases_search(releases, &ask, answers, &n);
    expect_answer(answers, n, "script_a", "cached", 2);
    expect_answer(answers, n, "script_b", "cached", 0);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 1);
}

static const struct CMUnitTest tests[] = {
    SERVED(a_release_tells_its_item_what_there_is),
    SERVED(a_recording_from_a_cinema_is_no_quality),
    SERVED(the_better_one_comes_first_whatever_its_seeds),
    SERVED(filters_leave_out_what_does_not_fit),
    SERVED(two_trackers_of_one_infohash_make_one_release),
    SERVED(a_release_of_a_film_nobody_knows_makes_it_known),
    SERVED(a_release_of_nothing_is_passed_over),
    SERVED(what_did_not_change_has_no_change_number),
    SERVED(an_upload_that_is_to_come_is_not_believed),
    SERVED(what_its_only_provider_takes_back_is_gone),
    SERVED(a_film_only_a_tracker_knows_becomes_the_catalogues_when_that_knows_it),
    SERVED(releases_follow_two_items_that_become_one),
    SERVED(who_alone_claims_a_release_may_correct_its_item),
    SERVED(what_somebody_saw_counts_more_than_any_claim),
    SERVED(one_list_follows_what_changes),
    SERVED(one_is_found_by_its_infohash),
    SERVED(an_export_has_the_releases),
    SERVED(a_search_tells_how_many_releases_each_provider_has),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), releases_listed_part,
                                       releases_swarm_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
