/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/card.h"
#include "service/availability.h"
#include "service/lists.h"
#include "service/release_intake.h"
#include "service/releases.h"
#include "store/lists.h"
#include "store/maintenance.h"
#include "store/releases.h"
#include "store/swarms.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define FILM "{\"ids\":{\"imdb\":\"tt0133093\"},\"title\":\"The Matrix\",\"runtime\":136}"
#define OF_FILM "\"kind\":\"movie\",\"item\":{\"imdb\":\"tt0133093\"}"
#define GOOD                                                                                       \
    "{\"infohash\":\"" HASH_A "\",\"name\":\"The.Matrix.1999.1080p.BluRay.x264\"," OF_FILM         \
    ",\"size\":2000000000,\"seeds\":40,\"peers\":3}"
#define POOR                                                                                       \
    "{\"infohash\":\"" HASH_B "\",\"name\":\"The.Matrix.1999.720p.CAM\"," OF_FILM                  \
    ",\"size\":1000000000,\"seeds\":90,\"peers\":3}"

static uint32_t release(struct service *service, const char *provider, uint32_t flags,
                        const char *json)
{
    return service_take(service, provider, PROVIDER_RELEASE, flags, json);
}

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

static struct card_facts facts_of(struct service *service, uint32_t id)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 20);
    struct card_facts facts = { 0 };
    assert_int_equal(cards_get(service->store, id, &card, NULL), 0);
    assert_true(card_facts_read(card.bytes, card.len, &facts));
    return facts;
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

/* --- Availability */

static void hash_of(const char *hex, uint8_t out[RELEASE_HASH_LEN])
{
    assert_true(release_hash_of_text(hex, out));
}

static int look(struct service *service, const char *hex, const struct release_sighting *sighting)
{
    uint8_t hash[RELEASE_HASH_LEN];
    struct error err = { 0 };
    hash_of(hex, hash);
    return release_intake_verify(service->store, &service->policy, hash, sighting, &err);
}

static json_t *show_one(struct service *service, const char *hex)
{
    CLEANUP(releases_free)
    struct releases *releases = releases_new(service->catalog, service->registry, &service->conf);
    CLEANUP(text_done) struct text json = TEXT_INIT(RELEASE_MAX_PACKED);
    struct error err = { 0 };
    return releases_one(releases, hex, false, &json, &err)
               ? NULL
               : json_loads(text_string(&json), 0, NULL);
}

/* Makes a list of the one item, or of none. */
static int write_list(struct store_txn *txn, uint32_t item, size_t n, struct error *err)
{
    struct list_row row = { .kind = LIST_SYNCED,
                            .visibility = LIST_PUBLIC,
                            .provider = "script_a",
                            .source = "popular",
                            .created_at_ms = 1 };
    const struct list_item items[] = { { item, PROVIDER_MOVIE, 1, NULL } };
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN);
    bool changed;
    int result = list_sources_txn_find(txn, row.provider, row.source, &row.id, err);
    result = result == PROVIDER_ENOTFOUND ? list_rows_txn_new_id(txn, &row.id, err)
                                          : list_rows_txn_get(txn, row.id, &row, &about, err);
    if (!result)
        result = list_items_txn_replace(txn, row.id, items, n, 1, &changed, err);
    if (!result)
        result = list_rows_txn_change(txn, &row, 1, err);
    row.n_items = (uint32_t)n;
    return result ? result : list_rows_txn_put(txn, &row, "{}", 2, err);
}

static int put_on_list(struct store_txn *txn, void *context, struct error *err)
{
    return write_list(txn, *(uint32_t *)context, 1, err);
}

static int take_off_list(struct store_txn *txn, void *context, struct error *err)
{
    return write_list(txn, *(uint32_t *)context, 0, err);
}

static void what_a_list_has_stays_when_nobody_offers_it_any_more(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(store_write(service->store, put_on_list, &id, NULL), 0);
    release(service, "script_a", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    release(service, "script_a", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    json_auto_t *shown = show_one(service, HASH_A);
    assert_true(json_is_true(json_object_get(shown, "gone")));
    assert_int_equal(json_array_size(js_array(shown, "provider")), 0);
    const json_t *availability = js_object(shown, "availability");
    assert_true(json_is_null(json_object_get(availability, "claimed")));
    assert_string_equal(js_string(availability, "state"), "unknown");
    assert_false(facts_of(service, id).flags & CARD_AVAILABLE);
    release(service, "script_a", 0, GOOD); /* it is back */
    json_auto_t *again = show_one(service, HASH_A);
    assert_null(json_object_get(again, "gone"));
    assert_true(facts_of(service, id).flags & CARD_AVAILABLE);
}

static void take_list(struct service *service, const char *json)
{
    json_auto_t *document = json_loads(json, 0, NULL);
    struct lists_source source;
    struct error err = { 0 };
    assert_true(lists_source_parse("script_a:popular", &source));
    if (lists_take(service->catalog, &source, document, &err))
        fail_msg("%s", err.text);
}

static int64_t due_of(struct service *service, const char *hex)
{
    uint8_t hash[RELEASE_HASH_LEN];
    struct swarm swarm;
    hash_of(hex, hash);
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), 0);
    return swarm.due_at_ms;
}

/* An old upload waits for its first look for days. */
#define OLD(hash, more)                                                                            \
    "{\"infohash\":\"" hash "\",\"name\":\"Film.1080p.BluRay.x264\",\"seeds\":40,"                 \
    "\"uploaded_at\":\"1960-01-01T00:00:00Z\"," more "}"
#define LIST_OF(items)                                                                             \
    "{\"id\":\"popular\",\"name\":\"Popular\",\"kind\":\"movie\",\"items\":[" items "]}"
#define DAY_MS INT64_C(86400000)

static void what_comes_on_a_list_is_looked_at_soon(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"imdb\":\"tt0000002\"},\"title\":\"Another\"}");
    release(service, "script_a", 0, OLD(HASH_A, OF_FILM));
    release(service, "script_a", 0,
            OLD(HASH_B, "\"kind\":\"movie\",\"item\":{\"imdb\":\"tt0000002\"}"));
    int64_t now_ms = clock_wall_ms(), before_ms = due_of(service, HASH_A),
            other_ms = due_of(service, HASH_B);
    assert_true(before_ms - now_ms > DAY_MS);
    take_list(service, LIST_OF(""));
    assert_int_equal(due_of(service, HASH_A), before_ms);
    take_list(service, LIST_OF("{\"kind\":\"movie\",\"ids\":{\"imdb\":\"tt0133093\"}}"));
    int64_t soon_ms = due_of(service, HASH_A);
    assert_in_range(soon_ms - now_ms, 0, DAY_MS / 2);
    assert_int_equal(due_of(service, HASH_B), other_ms);
    take_list(service, LIST_OF("{\"kind\":\"movie\",\"ids\":{\"imdb\":\"tt0133093\"}}"));
    assert_int_equal(due_of(service, HASH_A), soon_ms); /* it was there already */
}

static void what_is_due_earlier_anyway_stays_so(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, OLD(HASH_A, OF_FILM));
    int64_t now_ms = clock_wall_ms();
    const struct release_sighting silence = { .at_ms = now_ms };
    assert_int_equal(look(service, HASH_A, &silence), 0);
    int64_t before_ms = due_of(service, HASH_A); /* nobody answered: again within two hours */
    assert_true(before_ms - now_ms < DAY_MS / 8);
    const struct release_sighting longer = { .at_ms = now_ms - DAY_MS };
    assert_int_equal(look(service, HASH_A, &longer), 0);
    int64_t overdue_ms = due_of(service, HASH_A);
    assert_true(overdue_ms < now_ms);
    take_list(service, LIST_OF("{\"kind\":\"movie\",\"ids\":{\"imdb\":\"tt0133093\"}}"));
    assert_int_equal(due_of(service, HASH_A), overdue_ms);
}

static void a_dead_release_nobody_offers_goes_when_no_list_has_it(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    struct release_sighting dead = { .at_ms = 1000, .answered = true };
    release(service, "script_a", 0, GOOD);
    assert_int_equal(store_write(service->store, put_on_list, &id, NULL), 0);
    release(service, "script_a", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    assert_int_equal(look(service, HASH_A, &dead), 0);
    json_auto_t *listed = show_one(service, HASH_A);
    assert_string_equal(js_string(js_object(listed, "availability"), "state"), "dead");
    assert_int_equal(store_write(service->store, take_off_list, &id, NULL), 0);
    dead.at_ms += 60000;
    dead.seeds = 1; /* it lives */
    assert_int_equal(look(service, HASH_A, &dead), 0);
    json_auto_t *alive = show_one(service, HASH_A);
    assert_non_null(alive);
    dead.at_ms += 60000;
    dead.seeds = 0;
    assert_int_equal(look(service, HASH_A, &dead), 0);
    assert_null(show_one(service, HASH_A));
    assert_int_equal(look(service, HASH_A, &dead), PROVIDER_ENOTFOUND);
}

static void a_dead_release_somebody_offers_is_marked_and_stays(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    const struct release_sighting dead = { .at_ms = 1000, .answered = true };
    assert_int_equal(look(service, HASH_A, &dead), 0);
    json_auto_t *shown = show_one(service, HASH_A);
    assert_string_equal(js_string(js_object(shown, "availability"), "state"), "dead");
}

static void claims_and_checks_make_a_history(void **state)
{
    struct service *service = *state;
    int64_t now_ms = clock_wall_ms();
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    struct release_sighting sighting = { .at_ms = now_ms + 120000,
                                         .answered = true,
                                         .seeds = 12,
                                         .peers = 4,
                                         .trackers = 5,
                                         .answers = 2,
                                         .dht_peers = 30,
                                         .met = 9,
                                         .seeds_met = 8 };
    assert_int_equal(look(service, HASH_A, &sighting), 0);
    json_auto_t *shown = show_one(service, HASH_A);
    const json_t *availability = js_object(shown, "availability");
    const json_t *history = js_array(availability, "history");
    const json_t *check = js_object(availability, "check");
    assert_int_equal(json_array_size(history), 2);
    assert_int_equal(js_int(json_array_get(history, 0), "seeds", -1), 40);
    assert_true(json_is_false(json_object_get(json_array_get(history, 0), "verified")));
    assert_int_equal(js_int(json_array_get(history, 1), "seeds", -1), 12);
    assert_int_equal(js_int(check, "seeds_met", -1), 8);
    assert_int_equal(js_int(check, "answers", -1), 2);
    assert_non_null(js_string(check, "next_at"));
    assert_true(json_is_null(json_object_get(availability, "trend_7d")));
}

static void a_check_nobody_answered_says_nothing_of_the_swarm(void **state)
{
    struct service *service = *state;
    int64_t now_ms = clock_wall_ms();
    struct swarm swarm;
    uint8_t hash[RELEASE_HASH_LEN];
    hash_of(HASH_A, hash);
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    const struct release_sighting silence = { .at_ms = now_ms, .seeds = 7 };
    uint64_t before = store_revision(service->store);
    assert_int_equal(look(service, HASH_A, &silence), 0);
    assert_int_equal(look(service, HASH_A, &silence), 0);
    assert_int_equal(store_revision(service->store), before);
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), 0);
    assert_int_equal(swarm.unanswered, 2);
    assert_int_equal(swarm.series.n, 1);
    assert_true(swarm.due_at_ms > now_ms);
    json_auto_t *shown = show_one(service, HASH_A);
    const json_t *availability = js_object(shown, "availability");
    assert_true(json_is_null(json_object_get(availability, "verified")));
    assert_string_equal(js_string(availability, "state"), "alive");
}

static void figures_no_swarm_has_are_clamped(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0,
            "{\"infohash\":\"" HASH_A "\",\"name\":\"The.Matrix.1080p\"," OF_FILM
            ",\"seeds\":9999999,\"peers\":9999999}");
    const struct release_sighting sighting = {
        .at_ms = 60000, .answered = true, .seeds = UINT32_MAX, .peers = UINT32_MAX
    };
    assert_int_equal(look(service, HASH_A, &sighting), 0);
    json_auto_t *shown = show_one(service, HASH_A);
    const json_t *availability = js_object(shown, "availability");
    assert_int_equal(js_int(js_object(availability, "claimed"), "seeds", -1), SWARM_MOST);
    assert_int_equal(js_int(js_object(availability, "verified"), "peers", -1), SWARM_MOST);
}

static void a_release_that_goes_takes_its_swarm_along(void **state)
{
    struct service *service = *state;
    struct swarm swarm;
    uint8_t hash[RELEASE_HASH_LEN];
    hash_of(HASH_A, hash);
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), 0);
    release(service, "script_a", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), PROVIDER_ENOTFOUND);
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

/* --- Looking at swarms */

static int check(struct service *service, const char *hex, struct error *err)
{
    const struct availability availability = { service->catalog, service->registry };
    *err = (struct error){ 0 };
    return availability_check(&availability, hex, clock_steady_ms() + 10000, err);
}

static int64_t seen(struct service *service, const char *hex, const char *field)
{
    json_auto_t *shown = show_one(service, hex);
    const json_t *verified = js_object(js_object(shown, "availability"), "verified");
    return js_int(verified, field, -1);
}

static void a_check_writes_what_it_found(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    service_answer(service, "script_a", "/check/" HASH_A, "S 120 14 30 5 3 9 7");
    assert_int_equal(check(service, HASH_A, &err), 0);
    assert_int_equal(seen(service, HASH_A, "seeds"), 120);
    assert_int_equal(seen(service, HASH_A, "peers"), 14);
    assert_int_equal(service_asked(service, "script_b", "/check/" HASH_A), 0);
}

static void a_claim_nobody_bears_out_counts_as_one(void **state UNUSED)
{
    static const struct {
        int32_t seeds, peers;
        uint32_t met, seeds_met, want_seeds, want_peers;
    } rows[] = {
        { 120, 14, 9, 7, 120, 14 },
        { 0, 0, 9, 7, 7, 2 },
        { -1, -1, 9, 7, 7, 2 },
        { 120, 14, 0, 0, 1, 1 },
        { 1, 0, 0, 0, 1, 0 },
        { -1, -1, 0, 0, 0, 0 },
        { INT32_MAX, INT32_MAX, 1, 1, SWARM_MOST, SWARM_MOST },
        { INT32_MIN, INT32_MIN, 0, 0, 0, 0 },
        { 5, 5, 1, 9, 9, 5 }, /* more seeds than peers: nonsense, and no wrap */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct provider_swarm swarm = { .size = sizeof swarm,
                                              .seeds = rows[i].seeds,
                                              .peers = rows[i].peers,
                                              .dht_peers = -1,
                                              .met = rows[i].met,
                                              .seeds_met = rows[i].seeds_met };
        struct release_sighting sighting;
        availability_judge(&swarm, &sighting);
        assert_int_equal(sighting.seeds, rows[i].want_seeds);
        assert_int_equal(sighting.peers, rows[i].want_peers);
        assert_int_equal(sighting.dht_peers, 0);
    }
}

static void who_is_not_answered_leaves_it_to_the_next(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    service_fail(service, "script_a", "/check/" HASH_A, PROVIDER_ETIME);
    service_answer(service, "script_b", "/check/" HASH_A, "S 3 0 0 1 1 2 2");
    assert_int_equal(check(service, HASH_A, &err), 0);
    assert_int_equal(seen(service, HASH_A, "seeds"), 3);
}

static void what_cannot_be_checked_says_why(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(check(service, "rubbish", &err), PROVIDER_EINVAL);
    assert_int_equal(check(service, HASH_B, &err), PROVIDER_ENOTFOUND);
    service_fail(service, "script_a", "/check/" HASH_A, PROVIDER_ETIME);
    service_fail(service, "script_b", "/check/" HASH_A, PROVIDER_ETIME);
    assert_int_equal(check(service, HASH_A, &err), PROVIDER_ETIME);
    assert_int_equal(seen(service, HASH_A, "seeds"), -1);
}

/* Silent three times, while another is heard. */
static void who_stays_silent_while_others_answer_is_dead(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    release(service, "script_a", 0, POOR);
    service_fail(service, "script_a", "/check/" HASH_A, PROVIDER_ETIME);
    service_fail(service, "script_b", "/check/" HASH_A, PROVIDER_ETIME);
    service_answer(service, "script_a", "/check/" HASH_B, "S 3 0 0 1 1 2 2");
    for (int i = 0; i < 5; i++) /* the net may be down: that says nothing */
        assert_int_equal(check(service, HASH_A, &err), PROVIDER_ETIME);
    assert_int_equal(seen(service, HASH_A, "seeds"), -1);
    assert_int_equal(check(service, HASH_B, &err), 0);
    assert_int_equal(check(service, HASH_A, &err), PROVIDER_ETIME);
    assert_int_equal(seen(service, HASH_A, "seeds"), 0);
}

static int run_availability(struct job *job, void *context, struct error *err)
{
    return availability_run(context, job, err);
}

static json_t *run_job(struct service *service, struct availability *availability)
{
    uint32_t job;
    bool joined;
    struct error err = { 0 };
    assert_int_equal(jobs_start(service->jobs, "test", "availability", run_availability,
                                availability, NULL, &job, &joined, &err),
                     0);
    return service_wait_job(service, job);
}

static void what_is_due_is_looked_at_and_then_it_is_not(void **state)
{
    struct service *service = *state;
    struct availability availability = { service->catalog, service->registry };
    enum { RELEASES = 20 }; /* more than one batch */
    char json[400], path[80];
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    assert_false(availability_is_due(&availability, INT64_MAX - 1));
    for (int i = 0; i < RELEASES; i++) {
        snprintf(json, sizeof json,
                 "{\"infohash\":\"%040x\",\"name\":\"The.Matrix.1999.1080p.%d\"," OF_FILM
                 ",\"uploaded_at\":\"2001-01-01T00:00:00Z\",\"seeds\":%d}",
                 0xabc000 + i, i, i);
        release(service, "script_a", 0, json);
    }
    int64_t now_ms = clock_wall_ms();
    assert_false(availability_is_due(&availability, now_ms));
    assert_true(availability_is_due(&availability, now_ms + INT64_C(20) * 86400000));
    service_answer(service, "script_a", "/check/0000000000000000000000000000000000abc000",
                   "S 3 0 0 1 1 2 2");
    json_auto_t *early = run_job(service, &availability);
    assert_string_equal(js_string(early, "state"), "done");
    assert_int_equal(
        service_asked(service, "script_a", "/check/0000000000000000000000000000000000abc000"), 0);
    service_pass_time(INT64_C(20) * 86400000);
    assert_true(availability_is_due(&availability, clock_wall_ms()));
    json_auto_t *late = run_job(service, &availability);
    assert_string_equal(js_string(late, "state"), "done");
    assert_int_equal(js_int(late, "done", -1), RELEASES);
    assert_int_equal(seen(service, "0000000000000000000000000000000000abc000", "seeds"), 3);
    assert_false(availability_is_due(&availability, clock_wall_ms()));
    snprintf(path, sizeof path, "/check/%040x", 0xabc000 + RELEASES - 1);
    assert_true(service_asked(service, "script_a", path) <= 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(a_release_tells_its_item_what_there_is),
        SERVED(a_recording_from_a_cinema_is_no_quality),
        SERVED(the_better_one_comes_first_whatever_its_seeds),
        SERVED(filters_leave_out_what_does_not_fit),
        SERVED(two_trackers_of_one_infohash_make_one_release),
        SERVED(a_release_of_a_film_nobody_knows_makes_it_known),
        SERVED(a_release_of_nothing_is_passed_over),
        SERVED(what_did_not_change_has_no_change_number),
        SERVED(what_its_only_provider_takes_back_is_gone),
        SERVED(what_a_list_has_stays_when_nobody_offers_it_any_more),
        SERVED(what_comes_on_a_list_is_looked_at_soon),
        SERVED(what_is_due_earlier_anyway_stays_so),
        SERVED(a_dead_release_nobody_offers_goes_when_no_list_has_it),
        SERVED(a_dead_release_somebody_offers_is_marked_and_stays),
        SERVED(claims_and_checks_make_a_history),
        SERVED(a_check_nobody_answered_says_nothing_of_the_swarm),
        SERVED(figures_no_swarm_has_are_clamped),
        SERVED(a_release_that_goes_takes_its_swarm_along),
        SERVED(a_film_only_a_tracker_knows_becomes_the_catalogues_when_that_knows_it),
        SERVED(a_check_writes_what_it_found),
        cmocka_unit_test(a_claim_nobody_bears_out_counts_as_one),
        SERVED(who_is_not_answered_leaves_it_to_the_next),
        SERVED(what_cannot_be_checked_says_why),
        SERVED(who_stays_silent_while_others_answer_is_dead),
        SERVED(what_is_due_is_looked_at_and_then_it_is_not),
        SERVED(releases_follow_two_items_that_become_one),
        SERVED(who_alone_claims_a_release_may_correct_its_item),
        SERVED(what_somebody_saw_counts_more_than_any_claim),
        SERVED(one_list_follows_what_changes),
        SERVED(one_is_found_by_its_infohash),
        SERVED(an_export_has_the_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
