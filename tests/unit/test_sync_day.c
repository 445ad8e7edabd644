/* SPDX-License-Identifier: MIT
 *
 * A day of scheduled work, on a clock that jumps from one thing that is due to the next: films and
 * shows change, vanish and are merged meanwhile; the requests stay within the budget, nothing is
 * fetched twice needlessly, and everything that was due has been refreshed. */
#include "../test.h"

#include "sync_world.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/ids.h"

enum { BUDGET_HOUR = 700, BUDGET_DAY = 1500, QUARTER_MS = 15 * 60 * 1000 };

/* Something changes every three hours; which, its hour says. */
enum { FIRST_CHANGED = 500000020, FIRST_CHANGE_H = 2, CHANGE_EVERY_H = 3 };

static void assert_within_budget(struct world *world)
{
    for (size_t i = 0; i < world->n_requests; i++) {
        int64_t hour = world->requests[i].at_ms / WORLD_HOUR_MS;
        size_t n = 0;
        for (size_t k = i;
             k < world->n_requests && world->requests[k].at_ms / WORLD_HOUR_MS == hour; k++)
            n++;
        assert_in_range(n, 1, BUDGET_HOUR);
    }
    assert_int_equal(world->n_refused, 0);
}

struct lateness {
    int64_t now_ms;
    unsigned n;
};

static int note_late(const struct due *due, void *context)
{
    struct lateness *late = context;
    late->n += due->at_ms < late->now_ms - 2 * QUARTER_MS;
    return 0;
}

static void assert_nothing_is_late(struct world *world)
{
    struct lateness late = { .now_ms = clock_wall_ms() };
    uint64_t waiting = 0;
    assert_int_equal(due_walk(world->store, note_late, &late, NULL), 0);
    assert_int_equal(late.n, 0);
    assert_int_equal(fetches_count(world->store, &waiting, NULL), 0);
    assert_int_equal(waiting, 0);
}

static bool is_item(const char *path)
{
    static const char movie[] = "/3/movie/", tv[] = "/3/tv/";
    bool is_movie = text_starts_with(path, movie);
    const char *id = path + (is_movie ? sizeof movie : sizeof tv) - 1;
    return (is_movie || text_starts_with(path, tv)) && isdigit((unsigned char)*id);
}

/* The same again so soon; several requests at once are the seasons of one show. */
static bool is_hasty(const struct world_request *first, const struct world_request *second,
                     int64_t least_ms)
{
    int64_t ms = second->at_ms - first->at_ms;
    return ms > 0 && ms < least_ms && strcmp(first->path, second->path) == 0;
}

static bool has_changed(const struct world_request *request)
{
    int64_t id = 0;
    const char *digits = strrchr(request->path, '/');
    return digits && text_to_int(digits + 1, FIRST_CHANGED, FIRST_CHANGED + 23, &id) &&
           (id - FIRST_CHANGED) % CHANGE_EVERY_H == FIRST_CHANGE_H;
}

/* The same thing again within `least_ms`, on that day.  What changed is announced for a day and not
 * for an hour, so it may come so soon when that is heard and once more when the day is over. */
static unsigned count_hasty(struct world *world, size_t from, int64_t least_ms)
{
    enum { ANNOUNCED = 2 * (24 / CHANGE_EVERY_H) };
    unsigned n = 0, n_announced = 0;
    for (size_t i = from; i < world->n_requests; i++) {
        const struct world_request *request = &world->requests[i];
        for (size_t k = from; k < i && is_item(request->path); k++) {
            if (!is_hasty(&world->requests[k], request, least_ms))
                continue;
            if (has_changed(request) && ++n_announced <= ANNOUNCED)
                continue;
            print_message("# %s after %lld min\n", request->path,
                          (long long)(request->at_ms - world->requests[k].at_ms) / 60000);
            n++;
        }
    }
    return n;
}

/* Pages of the standing lists, which feeds and lists read: five of each and none twice in an hour.
 */
static void assert_lists_are_read_once(struct world *world)
{
    enum { FEED_PAGES = 5 };
    static const char *const paths[] = { "/3/movie/popular",  "/3/movie/top_rated",
                                         "/3/movie/upcoming", "/3/movie/now_playing",
                                         "/3/tv/popular",     "/3/tv/top_rated",
                                         "/3/tv/on_the_air",  "/3/tv/airing_today" };
    for (size_t p = 0; p < ARRAY_LEN(paths); p++) {
        size_t n_all = 0;
        for (size_t i = 0; i < world->n_requests; i++) {
            if (strcmp(world->requests[i].path, paths[p]) != 0)
                continue;
            int64_t until_ms = world->requests[i].at_ms + WORLD_HOUR_MS;
            size_t n = 0;
            for (size_t k = i; k < world->n_requests && world->requests[k].at_ms < until_ms; k++)
                n += strcmp(world->requests[k].path, paths[p]) == 0;
            if (n > FEED_PAGES)
                fail_msg("%s: %zu requests within an hour", paths[p], n);
            n_all++;
        }
        assert_true(n_all > 0);
    }
}

static int64_t change_some(struct world *world, const char *kind, int64_t hour)
{
    world_run_until(world, WORLD_START_MS + hour * WORLD_HOUR_MS);
    CLEANUP(mem_free)
    char *body =
        mem_format("{\"kind\":\"%s\",\"id\":%lld}", kind, (long long)(FIRST_CHANGED + hour));
    json_decref(world_direct(world, "change", body));
    return clock_wall_ms();
}

static int64_t fetched_at(struct world *world, uint32_t kind, int64_t tmdb)
{
    uint32_t id = 0;
    struct record_header head = { 0 };
    CLEANUP(mem_free) char *text = mem_format("tmdb:%lld", (long long)tmdb);
    assert_int_equal(external_ids_find(world->store, kind, text, &id, NULL), 0);
    assert_int_equal(heads_get(world->store, id, "tmdb", &head, NULL), 0);
    return head.fetched_at_ms;
}

static void a_day_passes(void **state UNUSED)
{
    const struct world_options options = { .n_films = 300,
                                           .n_shows = 60,
                                           .feeds = true,
                                           .keeps = true,
                                           .budget_hour = BUDGET_HOUR,
                                           .budget_day = BUDGET_DAY,
                                           .changes = "every 6 h",
                                           .lists = "every 12 h",
                                           .export = "at 09:30",
                                           .refresh = "every 15 min" };
    CLEANUP(world_free) struct world *world = world_new(&options);
    world_run_until(world, WORLD_START_MS + WORLD_HOUR_MS);
    assert_nothing_is_late(world);
    size_t from = world->n_requests;
    int64_t changed_ms[24] = { 0 };
    for (int64_t hour = FIRST_CHANGE_H; hour < 24; hour += CHANGE_EVERY_H)
        changed_ms[hour] = change_some(world, hour % 2 ? "tv" : "movie", hour);
    world_run_until(world, WORLD_START_MS + 31 * WORLD_HOUR_MS);
    print_message("# %zu requests for the first hour, %zu for the day behind it\n", from,
                  world->n_requests - from);
    assert_within_budget(world);
    assert_nothing_is_late(world);
    assert_lists_are_read_once(world);
    for (int64_t hour = FIRST_CHANGE_H; hour < 24; hour += CHANGE_EVERY_H)
        assert_true(fetched_at(world, hour % 2 ? PROVIDER_TVSHOW : PROVIDER_MOVIE,
                               FIRST_CHANGED + hour) >= changed_ms[hour]);
    /* A show that is watched closely comes round every five hours or so; nothing comes sooner. */
    assert_int_equal(count_hasty(world, from, 3 * WORLD_HOUR_MS), 0);
    /* Lists of everything: one of each kind on either morning. */
    assert_int_equal(world_asked(world, from, "/p/exports/"), 4);
}

static void a_small_budget_is_not_exceeded_and_the_rest_comes_later(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, 0, 0, 100, 0);
    for (int i = 0; i < 90; i++) {
        assert_int_equal(pace_budget_ready_ms(&pace, WORLD_START_MS, true), 0);
        pace_take(&pace, 0, WORLD_START_MS);
    }
    /* The last tenth is for who is waited for. */
    assert_true(pace_budget_ready_ms(&pace, WORLD_START_MS, true) ==
                WORLD_START_MS + WORLD_HOUR_MS);
    for (int i = 90; i < 100; i++) {
        assert_int_equal(pace_budget_ready_ms(&pace, WORLD_START_MS, false), 0);
        pace_take(&pace, 0, WORLD_START_MS);
    }
    assert_true(pace_budget_ready_ms(&pace, WORLD_START_MS, false) != 0);
}

static void without_a_schedule_nothing_happens(void **state UNUSED)
{
    const struct world_options options = {
        .n_films = 5, .changes = "never", .export = "never", .refresh = "never"
    };
    CLEANUP(world_free) struct world *world = world_new(&options);
    assert_true(sync_tick(world->sync) == INT64_MAX);
    world_wait(world);
    assert_int_equal(world->n_requests, 0);
}

static void a_restart_does_not_begin_the_day_anew(void **state UNUSED)
{
    const struct world_options options = { .n_films = 5, .changes = "every 6 h" };
    CLEANUP(world_free) struct world *world = world_new(&options);
    world_run_until(world, WORLD_START_MS + WORLD_HOUR_MS);
    size_t from = world->n_requests;
    assert_true(from > 0);
    sync_free(world->sync);
    world->sync =
        sync_new(world->catalog, world->jobs, world->registry, world->store, &world->conf);
    world_run_until(world, WORLD_START_MS + 5 * WORLD_HOUR_MS);
    assert_int_equal(world->n_requests, from);
    world_run_until(world, WORLD_START_MS + 7 * WORLD_HOUR_MS);
    assert_true(world->n_requests > from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_passes),
        cmocka_unit_test(a_small_budget_is_not_exceeded_and_the_rest_comes_later),
        cmocka_unit_test(without_a_schedule_nothing_happens),
        cmocka_unit_test(a_restart_does_not_begin_the_day_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
