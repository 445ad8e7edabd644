/* SPDX-License-Identifier: MIT
 *
 * A second synchronisation costs what has changed, of 200 shows with all their seasons; what
 * vanished upstream is noticed, and what was merged there is merged here.  With MIAUFLIX_SHOWS=2000
 * in the environment it tells how long that many take. */
#include "../test.h"

#include "sync_world.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/items.h"

static const enum store_table everything[] = {
    STORE_RECORDS,   STORE_ITEMS,   STORE_CARDS,   STORE_IDS,
    STORE_REDIRECTS, STORE_CHANGES, STORE_SEASONS, STORE_SEASON_RECORDS,
    STORE_AIRINGS,   STORE_FETCHES, STORE_DUE,     STORE_RECORD_HEADS,
};

static unsigned n_wanted(void)
{
    const char *text = getenv("MIAUFLIX_SHOWS");
    return text ? (unsigned)strtoul(text, NULL, 10) : 200;
}

static uint32_t find(struct world *world, uint32_t kind, int64_t tmdb)
{
    uint32_t id = 0;
    CLEANUP(mem_free) char *text = mem_format("tmdb:%lld", (long long)tmdb);
    return external_ids_find(world->store, kind, text, &id, NULL) ? 0 : id;
}

static struct record_header head_of(struct world *world, uint32_t id)
{
    struct record_header head = { 0 };
    assert_int_equal(heads_get(world->store, id, "tmdb", &head, NULL), 0);
    return head;
}

static struct item_header item_of(struct world *world, uint32_t id)
{
    struct item_header header = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(4 << 20);
    assert_int_equal(items_get(world->store, id, &header, &body, NULL), 0);
    return header;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void tell(struct world *world, const char *what, size_t from, uint64_t revision,
                 double begun)
{
    print_message("# %s: %zu requests, %llu changes, %.1f s\n", what, world->n_requests - from,
                  (unsigned long long)(store_revision(world->store) - revision), seconds() - begun);
}

static void what_changed_costs_and_the_rest_does_not(void **state UNUSED)
{
    unsigned n = n_wanted(), n_changed = n / 100;
    const struct world_options options = { .n_shows = n, .quiet = true };
    CLEANUP(world_free) struct world *world = world_new(&options);
    double begun = seconds();
    world_sync(world, "tvshows");
    tell(world, "the first time", 0, 0, begun);
    size_t n_first = world_asked(world, 0, "/3/tv/");
    assert_true(n_first >= n);

    uint64_t revision = store_revision(world->store);
    uint64_t sum = world_sum(world, everything, ARRAY_LEN(everything));
    size_t from = world->n_requests;
    world_set_clock(clock_wall_ms() + WORLD_HOUR_MS);
    begun = seconds();
    world_sync(world, "tvshows");
    tell(world, "again", from, revision, begun);
    assert_int_equal(world_asked(world, from, "/3/tv/changes"), world->n_requests - from);
    assert_true(store_revision(world->store) == revision);
    assert_true(world_sum(world, everything, ARRAY_LEN(everything)) == sum);

    CLEANUP(mem_free) char *some = mem_format("{\"kind\":\"tv\",\"random\":%u}", n_changed);
    json_decref(world_direct(world, "change", some));
    from = world->n_requests;
    world_set_clock(clock_wall_ms() + WORLD_HOUR_MS);
    begun = seconds();
    world_sync(world, "tvshows");
    tell(world, "a hundredth changed", from, revision, begun);
    size_t n_lists = world_asked(world, from, "/3/tv/changes");
    assert_true(world->n_requests - from > n_lists);
    assert_true(world->n_requests - from - n_lists <= 3 * n_changed + n_first / n * n_changed);
    assert_true(store_revision(world->store) > revision);
}

/* What was announced and says the same as before writes the heads of its records, nothing else. */
static void who_says_the_same_again_changes_nothing(void **state UNUSED)
{
    static const enum store_table contents[] = {
        STORE_ITEMS, STORE_CARDS, STORE_CHANGES, STORE_SEASONS, STORE_SEASON_RECORDS, STORE_AIRINGS
    };
    const struct world_options options = { .n_shows = 400 };
    CLEANUP(world_free) struct world *world = world_new(&options);
    world_sync(world, "tvshows");
    uint64_t revision = store_revision(world->store);
    uint64_t sum = world_sum(world, contents, ARRAY_LEN(contents));
    size_t from = world->n_requests;
    world_set_clock(WORLD_START_MS + 12 * WORLD_HOUR_MS); /* behind noon, when the noise comes */
    world_sync(world, "tvshows");
    assert_true(world_asked(world, from, "/3/tv/") > world_asked(world, from, "/3/tv/changes"));
    assert_true(store_revision(world->store) == revision);
    assert_true(world_sum(world, contents, ARRAY_LEN(contents)) == sum);
}

static void a_day_s_changes_are_fetched_once_and_once_more_when_it_is_over(void **state UNUSED)
{
    const struct world_options options = { .n_films = 30, .quiet = true };
    CLEANUP(world_free) struct world *world = world_new(&options);
    world_sync(world, "movies");
    world_set_clock(WORLD_START_MS + WORLD_HOUR_MS);
    json_decref(world_direct(world, "change", "{\"id\":500000003}"));
    size_t from = world->n_requests;
    static const unsigned expected[] = { 1, 1, 1, 1, 2, 2, 2 };
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        world_set_clock(WORLD_START_MS + (2 + 5 * (int64_t)i) * WORLD_HOUR_MS);
        world_sync(world, "movies");
        assert_int_equal(world_asked(world, from, "/3/movie/500000003"), expected[i]);
    }
}

static void what_two_lists_lack_is_looked_at_and_gone_a_day_later(void **state UNUSED)
{
    const struct world_options options = { .n_films = 200, .quiet = true };
    CLEANUP(world_free) struct world *world = world_new(&options);
    world_sync(world, "movies");
    uint32_t id = find(world, PROVIDER_MOVIE, 500000007);
    assert_int_not_equal(id, 0);
    world_set_clock(WORLD_START_MS + 4 * WORLD_HOUR_MS);
    world_sync(world, "export:movies");
    assert_true(head_of(world, id).missing_since_ms == 0);

    json_decref(world_direct(world, "remove", "{\"id\":500000007}"));
    size_t from = world->n_requests;
    world_sync(world, "export:movies"); /* the same list */
    assert_int_equal(world->n_requests, from);
    world_set_clock(clock_wall_ms() + WORLD_DAY_MS);
    world_sync(world, "export:movies");
    assert_true(head_of(world, id).missing_since_ms != 0);
    assert_int_equal(world_asked(world, from, "/3/movie/"), 0);

    world_set_clock(clock_wall_ms() + WORLD_DAY_MS);
    world_sync(world, "export:movies");
    assert_true(world_asked(world, from, "/3/movie/500000007") == 1);
    assert_true(head_of(world, id).gone_since_ms != 0);
    assert_int_equal(item_of(world, id).flags & ITEM_GONE, 0);

    world_set_clock(clock_wall_ms() + WORLD_DAY_MS + WORLD_HOUR_MS);
    world_sync(world, "refresh");
    assert_int_equal(item_of(world, id).flags & ITEM_GONE, ITEM_GONE);
    from = world->n_requests;
    world_set_clock(clock_wall_ms() + WORLD_DAY_MS);
    world_sync(world, "export:movies");
    assert_int_equal(world_asked(world, from, "/3/movie/500000007"), 0);
}

static void a_list_that_lacks_too_much_is_not_believed(void **state UNUSED)
{
    const struct world_options options = { .n_films = 400, .quiet = true };
    CLEANUP(world_free) struct world *world = world_new(&options);
    uint32_t job;
    bool joined;
    world_sync(world, "movies");
    for (int64_t id = 500000000; id < 500000150; id++) {
        CLEANUP(mem_free) char *body = mem_format("{\"id\":%lld}", (long long)id);
        json_decref(world_direct(world, "remove", body));
    }
    world_set_clock(WORLD_START_MS + WORLD_DAY_MS);
    assert_int_equal(sync_start(world->sync, "export:movies", false, NULL, &job, &joined, NULL), 0);
    CLEANUP(text_done) struct text shown = TEXT_INIT(1 << 16);
    do
        assert_int_equal(jobs_show(world->jobs, job, &shown, NULL), 0);
    while (strstr(text_string(&shown), "\"running\""));
    assert_non_null(strstr(text_string(&shown), "not believed"));
    uint32_t id = find(world, PROVIDER_MOVIE, 500000007);
    assert_true(head_of(world, id).missing_since_ms == 0);
}

/* An invented one that IMDb knows: not all do. */
static int64_t find_with_imdb(struct world *world, uint32_t kind)
{
    for (int64_t id = 500000000; id < 500000020; id++) {
        CLEANUP(text_done) struct text json = TEXT_INIT(4 << 20);
        struct record_header head;
        if (!records_get(world->store, find(world, kind, id), "tmdb", &head, &json, NULL) &&
            strstr(text_string(&json), "\"imdb\""))
            return id;
    }
    fail_msg("IMDb knows none of them");
    return 0;
}

static void who_was_merged_upstream_is_merged_here(void **state UNUSED)
{
    const struct world_options options = { .n_films = 30, .n_shows = 30, .quiet = true };
    static const struct {
        const char *scope, *word;
        uint32_t kind;
    } rows[] = { { "movies", "movie", PROVIDER_MOVIE }, { "tvshows", "tv", PROVIDER_TVSHOW } };
    CLEANUP(world_free) struct world *world = world_new(&options);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        world_sync(world, rows[i].scope);
        int64_t gone = find_with_imdb(world, rows[i].kind);
        uint32_t old = find(world, rows[i].kind, gone), to = find(world, rows[i].kind, 500000025);
        assert_true(old && to && old != to);
        CLEANUP(mem_free)
        char *body = mem_format("{\"kind\":\"%s\",\"id\":%lld,\"into\":500000025}", rows[i].word,
                                (long long)gone);
        json_decref(world_direct(world, "merge", body));
        world_set_clock(clock_wall_ms() + 130 * WORLD_DAY_MS);
        world_sync(world, "refresh");
        uint32_t now = find(world, rows[i].kind, gone);
        assert_int_equal(now, find(world, rows[i].kind, 500000025));
        assert_true(now == old || now == to);
        uint32_t other = now == old ? to : old, survivor = 0;
        assert_int_equal(redirects_find(world->store, other, &survivor, NULL), 0);
        assert_int_equal(survivor, now);
        assert_int_equal(item_of(world, now).flags & ITEM_GONE, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changed_costs_and_the_rest_does_not),
        cmocka_unit_test(who_says_the_same_again_changes_nothing),
        cmocka_unit_test(a_day_s_changes_are_fetched_once_and_once_more_when_it_is_over),
        cmocka_unit_test(what_two_lists_lack_is_looked_at_and_gone_a_day_later),
        cmocka_unit_test(a_list_that_lacks_too_much_is_not_believed),
        cmocka_unit_test(who_was_merged_upstream_is_merged_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
