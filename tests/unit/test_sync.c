/* SPDX-License-Identifier: MIT
 *
 * Synchronising: listing, draining the waiting fetches, and going on after a stop. */
#include "../test.h"

#include "service_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/records.h"
#include "store/state.h"
#include "sync/drain.h"
#include "sync/sync_inside.h"

#define CHANGED(n) "D 1 2 {\"ids\":{\"tmdb\":" #n "}}\n"
#define WHOLE(n) "D 1 0 {\"ids\":{\"tmdb\":" #n "},\"title\":\"Film " #n "\"}\n"
#define TITLE(n, popularity)                                                                       \
    "D 7 0 {\"ids\":{\"tmdb\":" #n "},\"kind\":\"movie\",\"title\":\"T" #n                         \
    "\",\"popularity\":" #popularity "}\n"

static struct sync *open_sync(struct service *service)
{
    return sync_new(service->catalog, service->jobs, service->registry, service->store,
                    &service->conf);
}

static const char *const only_a[] = { "script_a", NULL };

static json_t *run(struct service *service, struct sync *sync, bool full,
                   const char *const *providers)
{
    uint32_t job;
    bool joined;
    struct error err = { 0 };
    if (sync_start(sync, "movies", full, providers, &job, &joined, &err))
        fail_msg("%s", err.text);
    return service_wait_job(service, job);
}

static void assert_cursor(struct service *service, const char *provider, const char *expected)
{
    CLEANUP(text_done) struct text cursor = TEXT_INIT(1000);
    int result = state_get(service->store, "sync/movies", provider, &cursor, NULL);
    assert_int_equal(result, expected ? 0 : PROVIDER_ENOTFOUND);
    if (expected)
        assert_string_equal(cursor.bytes, expected);
}

static uint64_t waiting(struct service *service)
{
    uint64_t n = 0;
    assert_int_equal(fetches_count(service->store, &n, NULL), 0);
    return n;
}

static void assert_state(const json_t *job, const char *state)
{
    if (!text_equal(js_string(job, "state"), state))
        fail_msg("the job is %s (%s), not %s", js_string(job, "state"), js_string(job, "detail"),
                 state);
}

/* --- Syncing */

static void what_changed_is_listed_and_fetched(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-", CHANGED(1) CHANGED(2) "C day 1\n");
    service_answer(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    service_answer(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2));
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "done");
    assert_int_equal(waiting(service), 0);
    assert_int_not_equal(service_find(service, "tmdb:1"), 0);
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:1"), 1);
    assert_cursor(service, "script_a", "day 1");
}

static void the_next_sync_goes_on_at_the_cursor_and_a_full_one_does_not(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-", "C one\n");
    service_answer(service, "script_a", "/sync/movies/one", "C two\n");
    json_decref(run(service, sync, false, only_a));
    json_decref(run(service, sync, false, only_a));
    assert_cursor(service, "script_a", "two");
    json_decref(run(service, sync, true, only_a));
    assert_cursor(service, "script_a", "one");
    assert_int_equal(service_asked(service, "script_a", "/sync/movies/-"), 2);
}

static void a_listing_that_breaks_off_keeps_its_last_checkpoint_and_what_came(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-",
                   CHANGED(1) "C page 1\n" CHANGED(2) "F -6 the line broke\n");
    service_answer(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    service_answer(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2));
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "failed");
    assert_non_null(strstr(js_string(job, "detail"), "the line broke"));
    assert_cursor(service, "script_a", "page 1");
    assert_int_not_equal(service_find(service, "tmdb:2"), 0);
    assert_int_equal(waiting(service), 0);
}

static void one_sick_provider_does_not_keep_the_other_from_syncing(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_fail(service, "script_a", "/sync/movies/-", PROVIDER_EUPSTREAM);
    service_answer(service, "script_b", "/sync/movies/-", WHOLE(7) "C b\n");
    json_auto_t *job = run(service, sync, false, NULL);
    assert_state(job, "failed");
    assert_int_not_equal(service_find(service, "tmdb:7"), 0);
    assert_cursor(service, "script_b", "b");
    assert_cursor(service, "script_a", NULL);
}

static void who_lacks_a_scope_does_not_make_its_sync_fail(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-", "F -3 there is no such scope\n");
    service_answer(service, "script_b", "/sync/movies/-", WHOLE(7) "C b\n");
    json_auto_t *job = run(service, sync, false, NULL);
    assert_state(job, "done");
    assert_int_equal(service_asked(service, "script_a", "/sync/movies/-"), 1);
    assert_int_not_equal(service_find(service, "tmdb:7"), 0);
    assert_cursor(service, "script_b", "b");
    assert_cursor(service, "script_a", NULL);
}

static void a_scope_that_nobody_has_is_skipped_unless_somebody_was_asked_for_it(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-", "F -3 there is no such scope\n");
    service_answer(service, "script_b", "/sync/movies/-", "F -3 there is no such scope\n");
    json_auto_t *job = run(service, sync, false, NULL);
    assert_state(job, "done");
    assert_string_equal(js_string(job, "detail"), "skipped: no provider has 'movies'");
    assert_int_equal(js_int(job, "errors", -1), 0);
    json_auto_t *asked = run(service, sync, false, only_a);
    assert_state(asked, "failed");
    assert_non_null(strstr(js_string(asked, "detail"), "there is no such scope"));
}

static void who_finds_something_unsupported_half_way_does_not_lack_the_scope(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-",
                   WHOLE(1) "C page 1\n"
                            "F -3 page 2 is too new\n");
    service_answer(service, "script_b", "/sync/movies/-", "C b\n");
    json_auto_t *job = run(service, sync, false, NULL);
    assert_state(job, "failed");
    assert_non_null(strstr(js_string(job, "detail"), "page 2 is too new"));
    assert_cursor(service, "script_a", "page 1");
}

static void an_unknown_provider_is_named_and_nothing_starts(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    static const char *const unknown[] = { "script_a", "nobody", NULL };
    uint32_t job;
    bool joined;
    struct error err = { 0 };
    assert_int_equal(sync_start(sync, "movies", false, unknown, &job, &joined, &err),
                     PROVIDER_EINVAL);
    assert_non_null(strstr(err.text, "nobody"));
    assert_false(jobs_is_running(service->jobs, "sync", "movies", &job));
}

static void without_a_provider_in_service_there_is_no_sync(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t job;
    bool joined;
    service->settings[0].enabled = service->settings[1].enabled = false;
    registry_reload(service->registry, service->settings, 2);
    assert_int_equal(sync_start(sync, "movies", false, NULL, &job, &joined, NULL), PROVIDER_EBUSY);
}

static void a_running_sync_is_joined(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t one, other;
    bool joined;
    service_hold(service, "script_a", "/sync/movies/-", "C x\n");
    assert_int_equal(sync_start(sync, "movies", false, only_a, &one, &joined, NULL), 0);
    assert_false(joined);
    assert_true(service_wait_asked(service, "script_a", "/sync/movies/-", 1));
    assert_int_equal(sync_start(sync, "movies", true, NULL, &other, &joined, NULL), 0);
    assert_true(joined);
    assert_int_equal(one, other);
    service_release(service, "script_a", "/sync/movies/-");
    json_auto_t *job = service_wait_job(service, one);
    assert_state(job, "done");
}

static void a_stop_interrupts_and_the_next_start_goes_on(void **state)
{
    struct service *service = *state;
    struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    service_answer(service, "script_a", "/sync/movies/-", CHANGED(1) CHANGED(2) "C here\n");
    service_answer(service, "script_a", "/sync/movies/here", "");
    service_answer(service, "script_b", "/sync/movies/-", "");
    service_hold(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    service_answer(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2));
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/fetch/1/tmdb:1", 1));
    jobs_free(steal(service->jobs));
    sync_free(sync);
    service_close(service);
    service_open(service);
    service_prove(service);
    assert_cursor(service, "script_a", "here");
    assert_int_equal(service_find(service, "tmdb:1") != 0, 1);
    service_release(service, "script_a", "/fetch/1/tmdb:1");

    sync = open_sync(service);
    sync_resume(sync);
    assert_true(jobs_is_running(service->jobs, "sync", "movies", &id) ||
                service_asked(service, "script_a", "/sync/movies/here"));
    assert_true(service_wait_asked(service, "script_a", "/fetch/1/tmdb:1", 2));
    while (jobs_is_running(service->jobs, "sync", "movies", &id))
        json_decref(service_wait_job(service, id));
    assert_int_equal(waiting(service), 0);
    sync_free(sync);
}

static void what_somebody_cancelled_does_not_go_on_by_itself(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    service_hold(service, "script_a", "/sync/movies/-", "C x\n");
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/sync/movies/-", 1));
    assert_int_equal(jobs_cancel(service->jobs, id, NULL), 0);
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "canceled");
    sync_resume(sync);
    assert_false(jobs_is_running(service->jobs, "sync", "movies", &id));
}

/* --- Schedules */

static void other_schedules_hold_at_once(void **state)
{
    struct service *service = *state;
    struct conf other = service->conf;
    uint32_t id;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-", "");
    service_answer(service, "script_b", "/sync/movies/-", "");
    sync_resume(sync); /* nothing is ever due */
    other.sync_changes = "every 6 h";
    sync_set_conf(sync, &other);
    assert_true(service_wait_asked(service, "script_a", "/sync/movies/-", 1));
    while (jobs_is_running(service->jobs, "sync", "movies", &id))
        json_decref(service_wait_job(service, id));
}

static void what_is_no_longer_wanted_is_no_longer_due(void **state)
{
    struct service *service = *state;
    struct conf other = service->conf;
    const char *names[] = { "script_a:top" };
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    assert_true(sync_tick(sync) == INT64_MAX);
    other.sync_changes = other.sync_lists = "at 04:30";
    other.lists = (struct conf_list){ names, 1 };
    sync_set_conf(sync, &other);
    assert_int_equal(sync_plans(sync)->n, 5);
    assert_true(sync_keeps_list(sync, "script_a", "top"));
    assert_false(sync_keeps_list(sync, "script_b", "top"));
    assert_true(sync_tick(sync) < INT64_MAX);
    sync_set_conf(sync, &service->conf);
    assert_int_equal(sync_plans(sync)->n, 4);
    assert_false(sync_keeps_list(sync, "script_a", "top"));
    assert_true(sync_tick(sync) == INT64_MAX);
    assert_int_equal(service_asked(service, "script_a", "/sync/movies/-"), 0);
}

static void who_has_no_list_of_everything_is_passed_over(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    service_answer(service, "script_a", "/sync/export:movies/-", "F -3 there is no such scope\n");
    service_answer(service, "script_b", "/sync/export:movies/-", TITLE(5, 3) "C list 1\n");
    service_answer(service, "script_b", "/fetch/1/tmdb:5", WHOLE(5));
    assert_int_equal(sync_start(sync, "export:movies", false, NULL, &id, &joined, NULL), 0);
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "done");
    assert_int_not_equal(service_find(service, "tmdb:5"), 0);
}

static void a_list_that_breaks_off_says_nothing_about_who_is_missing(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    struct record_header head = { 0 };
    uint32_t id, item = service_take(service, "script_a", PROVIDER_MOVIE, 0,
                                     "{\"ids\":{\"script_a\":\"7\"},\"title\":\"Seven\"}");
    bool joined;
    static const char *const answers[] = { "F -6 the line broke\n", "", "C end\n" };
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        service_answer(service, "script_a", "/sync/export:movies/-", answers[i]);
        assert_int_equal(sync_start(sync, "export:movies", false, only_a, &id, &joined, NULL), 0);
        json_auto_t *job = service_wait_job(service, id);
        assert_state(job, i ? "done" : "failed");
        assert_int_equal(heads_get(service->store, item, "script_a", &head, NULL), 0);
        assert_int_equal(head.missing_since_ms != 0, i == 2);
    }
}

static void what_is_due_is_fetched_and_nothing_less_urgent(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":1},\"title\":\"One\"}");
    service_take(service, "script_a", PROVIDER_TITLE, 0,
                 "{\"ids\":{\"tmdb\":2},\"kind\":\"movie\",\"title\":\"Two\"}");
    assert_false(sync_refresh_is_due(service->store, clock_wall_ms()));
    service_pass_time(INT64_C(130) * 86400000);
    assert_true(sync_refresh_is_due(service->store, clock_wall_ms()));
    service_answer(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    assert_int_equal(sync_start(sync, "refresh", false, NULL, &id, &joined, NULL), 0);
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "done");
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:1"), 1);
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:2"), 0);
    assert_int_equal(waiting(service), 1);
    assert_false(sync_refresh_is_due(service->store, clock_wall_ms()));
}

#define NEW(more) "D 1 0 {\"ids\":{\"script_a\":\"2\"" more "},\"title\":\"New\"}\n"

/* script_a no longer knows its entry 1, which IMDb calls tt0000011. */
static uint32_t lose_entry(struct service *service, struct sync *sync)
{
    uint32_t old =
        service_take(service, "script_a", PROVIDER_MOVIE, 0,
                     "{\"ids\":{\"script_a\":\"1\",\"imdb\":\"tt0000011\"},\"title\":\"Old\"}");
    service_fail(service, "script_a", "/fetch/1/script_a:1", PROVIDER_ENOTFOUND);
    service_answer(service, "script_a", "/sync/movies/-", "D 1 2 {\"ids\":{\"script_a\":\"1\"}}\n");
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "done");
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/imdb:tt0000011"), 1);
    return old;
}

static void who_was_merged_into_an_item_we_have_becomes_one_with_it(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"script_a\":\"2\"},\"title\":\"New\"}");
    service_answer(service, "script_a", "/fetch/1/imdb:tt0000011", NEW(""));
    uint32_t old = lose_entry(service, sync), survivor = 0;
    uint32_t now = service_find(service, "script_a:2");
    assert_int_equal(redirects_find(service->store, old, &survivor, NULL), 0);
    assert_int_equal(survivor, now);
    assert_int_equal(service_find(service, "script_a:1"), now);
}

static void who_was_merged_into_something_new_keeps_both_ids(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/fetch/1/imdb:tt0000011", NEW(",\"imdb\":\"tt0000011\""));
    uint32_t old = lose_entry(service, sync);
    assert_int_equal(service_find(service, "script_a:1"), old);
    assert_int_equal(service_find(service, "script_a:2"), old);
}

static void who_is_nowhere_else_is_gone(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    struct record_header head = { 0 };
    service_fail(service, "script_a", "/fetch/1/imdb:tt0000011", PROVIDER_ENOTFOUND);
    uint32_t old = lose_entry(service, sync);
    assert_int_equal(heads_get(service->store, old, "script_a", &head, NULL), 0);
    assert_int_not_equal(head.gone_since_ms, 0);
    assert_int_not_equal(head.due_at_ms, 0);
}

static void a_sick_upstream_is_no_merge(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_fail(service, "script_a", "/fetch/1/imdb:tt0000011", PROVIDER_EPARSE);
    uint32_t old = lose_entry(service, sync);
    assert_int_equal(service_find(service, "script_a:1"), old);
}

/* --- Draining */

static void two_jobs_that_drain_at_once_fetch_nothing_twice(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t one, other;
    bool joined;
    service_answer(service, "script_a", "/sync/movies/-", CHANGED(1) CHANGED(2) CHANGED(3));
    service_answer(service, "script_a", "/sync/tvshows/-", "");
    service_hold(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    service_hold(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2));
    service_hold(service, "script_a", "/fetch/1/tmdb:3", WHOLE(3));
    assert_int_equal(sync_start(sync, "movies", false, only_a, &one, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/fetch/1/tmdb:3", 1));
    assert_int_equal(sync_start(sync, "tvshows", false, only_a, &other, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/sync/tvshows/-", 1));
    for (int i = 1; i <= 3; i++) {
        CLEANUP(mem_free) char *path = mem_format("/fetch/1/tmdb:%d", i);
        service_release(service, "script_a", path);
    }
    json_auto_t *first = service_wait_job(service, one);
    json_auto_t *second = service_wait_job(service, other);
    assert_state(first, "done");
    assert_state(second, "done");
    for (int i = 1; i <= 3; i++) {
        CLEANUP(mem_free) char *path = mem_format("/fetch/1/tmdb:%d", i);
        assert_int_equal(service_asked(service, "script_a", path), 1);
    }
}

static void the_most_popular_come_first_and_what_changed_before_them(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service->conf.sync_workers = 1;
    service_answer(service, "script_a", "/sync/movies/-",
                   TITLE(1, 5) TITLE(2, 50) TITLE(3, 0.5) CHANGED(4));
    service_hold(service, "script_a", "/fetch/1/tmdb:4", WHOLE(4));
    service_hold(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2));
    service_hold(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    service_answer(service, "script_a", "/fetch/1/tmdb:3", WHOLE(3));
    uint32_t id;
    bool joined;
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    static const char *const order[] = { "/fetch/1/tmdb:4", "/fetch/1/tmdb:2", "/fetch/1/tmdb:1" };
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        assert_true(service_wait_asked(service, "script_a", order[i], 1));
        for (size_t k = i + 1; k < ARRAY_LEN(order); k++)
            assert_int_equal(service_asked(service, "script_a", order[k]), 0);
        assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:3"), 0);
        service_release(service, "script_a", order[i]);
    }
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "done");
    assert_int_equal(js_int(job, "done", 0), 4);
}

static void a_transient_failure_is_tried_again(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    service_answer(service, "script_a", "/sync/movies/-", CHANGED(1));
    service_fail(service, "script_a", "/fetch/1/tmdb:1", PROVIDER_EUPSTREAM);
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/fetch/1/tmdb:1", 1));
    service_answer(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "done");
    assert_int_equal(js_int(job, "errors", 0), 1);
    assert_int_equal(waiting(service), 0);
}

static void after_three_failures_a_fetch_is_parked_and_the_others_go_on(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/sync/movies/-", CHANGED(1) TITLE(2, 5));
    service_fail(service, "script_a", "/fetch/1/tmdb:1", PROVIDER_EUPSTREAM);
    service_answer(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2));
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "done");
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:1"), 3);
    assert_int_equal(js_int(job, "errors", 0), 3);
    assert_int_equal(waiting(service), 0);
}

/* Each of these was once asked for without end. */
static void a_failure_that_will_not_pass_is_not_tried_again(void **state)
{
    static const char *const answers[] = {
        "F -2 no such film\n",
        "F -7 unreadable\n",
        "F -3 cannot\n",
        "F -14 too large\n",
        "F -16 not for you\n",
        "F -15 a conflict\n",
        "",
        "D 1 1 {\"ids\":{\"tmdb\":1},\"title\":\"A part\"}\n",
        "D 1 2 {\"ids\":{\"tmdb\":1}}\n",
        "D 1 0 {\"ids\":{\"tmdb\":1},\"title\":17}\n",
        "D 1 0 {\"ids\":{\"tmdb\":99},\"title\":\"Another film\"}\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        struct service *service = *state;
        struct sync *sync = open_sync(service);
        service_answer(service, "script_a", "/sync/movies/-", CHANGED(1));
        service_answer(service, "script_a", "/fetch/1/tmdb:1", answers[i]);
        json_auto_t *job = run(service, sync, false, only_a);
        assert_state(job, "done");
        assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:1"), 1);
        assert_int_equal(waiting(service), 0);
        jobs_free(steal(service->jobs));
        sync_free(sync);
        service_end(state);
        service_begin(state);
    }
}

static void refused_credentials_end_it_and_everything_waits(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service->conf.sync_workers = 1;
    service_answer(service, "script_a", "/sync/movies/-", CHANGED(1) CHANGED(2));
    service_answer(service, "script_a", "/fetch/1/tmdb:1", "F -4 the key is wrong\n");
    service_answer(service, "script_a", "/fetch/1/tmdb:2", "F -4 the key is wrong\n");
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "failed");
    assert_non_null(strstr(js_string(job, "detail"), "the key is wrong"));
    assert_int_equal(waiting(service), 2);
}

static void a_provider_out_of_service_is_left_out(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service->conf.sync_workers = 1;
    for (int i = 1; i <= 300; i++) {
        CLEANUP(mem_free) char *json = mem_format("{\"ids\":{\"tmdb\":%d}}", i);
        service_take(service, "script_b", PROVIDER_MOVIE, PROVIDER_CHANGED, json);
    }
    service->settings[1].enabled = false;
    registry_reload(service->registry, service->settings, 2);
    service_answer(service, "script_a", "/sync/movies/-", TITLE(1000, 5));
    service_answer(service, "script_a", "/fetch/1/tmdb:1000", WHOLE(1000));
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "failed");
    assert_non_null(strstr(js_string(job, "detail"), "script_b"));
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:1000"), 1);
    assert_int_equal(waiting(service), 300);
}

static void a_cancelled_drain_stops_and_leaves_the_rest_waiting(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    service->conf.sync_workers = 2;
    service_answer(service, "script_a", "/sync/movies/-",
                   CHANGED(1) CHANGED(2) CHANGED(3) CHANGED(4));
    service_hold(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    service_hold(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2));
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/fetch/1/tmdb:1", 1));
    assert_true(service_wait_asked(service, "script_a", "/fetch/1/tmdb:2", 1));
    assert_int_equal(jobs_cancel(service->jobs, id, NULL), 0);
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "canceled");
    assert_int_equal(waiting(service), 4);
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:3"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(what_changed_is_listed_and_fetched),
        SERVED(the_next_sync_goes_on_at_the_cursor_and_a_full_one_does_not),
        SERVED(a_listing_that_breaks_off_keeps_its_last_checkpoint_and_what_came),
        SERVED(one_sick_provider_does_not_keep_the_other_from_syncing),
        SERVED(who_lacks_a_scope_does_not_make_its_sync_fail),
        SERVED(a_scope_that_nobody_has_is_skipped_unless_somebody_was_asked_for_it),
        SERVED(who_finds_something_unsupported_half_way_does_not_lack_the_scope),
        SERVED(an_unknown_provider_is_named_and_nothing_starts),
        SERVED(without_a_provider_in_service_there_is_no_sync),
        SERVED(a_running_sync_is_joined),
        SERVED(a_stop_interrupts_and_the_next_start_goes_on),
        SERVED(what_somebody_cancelled_does_not_go_on_by_itself),
        SERVED(other_schedules_hold_at_once),
        SERVED(what_is_no_longer_wanted_is_no_longer_due),
        SERVED(who_has_no_list_of_everything_is_passed_over),
        SERVED(who_was_merged_into_an_item_we_have_becomes_one_with_it),
        SERVED(who_was_merged_into_something_new_keeps_both_ids),
        SERVED(who_is_nowhere_else_is_gone),
        SERVED(a_sick_upstream_is_no_merge),
        SERVED(a_list_that_breaks_off_says_nothing_about_who_is_missing),
        SERVED(what_is_due_is_fetched_and_nothing_less_urgent),
        SERVED(two_jobs_that_drain_at_once_fetch_nothing_twice),
        SERVED(the_most_popular_come_first_and_what_changed_before_them),
        SERVED(a_transient_failure_is_tried_again),
        SERVED(after_three_failures_a_fetch_is_parked_and_the_others_go_on),
        SERVED(a_failure_that_will_not_pass_is_not_tried_again),
        SERVED(refused_credentials_end_it_and_everything_waits),
        SERVED(a_provider_out_of_service_is_left_out),
        SERVED(a_cancelled_drain_stops_and_leaves_the_rest_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
