/* SPDX-License-Identifier: MIT
 *
 * What lists do for releases: when they are looked at, and whether they stay. */
#include "releases_stage.h"

#include "base/clock.h"
#include "base/json.h"
#include "media/card.h"
#include "service/availability.h"
#include "service/lists.h"
#include "store/lists.h"
#include "store/swarms.h"

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

static const struct CMUnitTest tests[] = {
    SERVED(what_a_list_has_stays_when_nobody_offers_it_any_more),
    SERVED(what_comes_on_a_list_is_looked_at_soon),
    SERVED(what_is_due_earlier_anyway_stays_so),
    SERVED(a_dead_release_nobody_offers_goes_when_no_list_has_it),
    SERVED(a_dead_release_somebody_offers_is_marked_and_stays),
};

const struct test_part releases_listed_part = TEST_PART(tests);
