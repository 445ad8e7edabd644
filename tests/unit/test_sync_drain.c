/* SPDX-License-Identifier: MIT
 *
 * Draining the fetches that wait. */
#include "sync_test.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "sync/sync_inside.h"

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
    assert_int_equal(js_int(first, "done", 0), js_int(first, "total", 0));
    assert_int_equal(js_int(second, "done", 0), js_int(second, "total", 0));
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

static void after_three_failures_a_fetch_is_left_for_the_next_sync_and_the_others_go_on(
    void **state)
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
    assert_int_equal(js_int(job, "done", 0), 1);
    assert_int_equal(js_int(job, "total", 0), 2);
    assert_int_equal(waiting(service), 1);
    service_answer(service, "script_a", "/sync/movies/-", "");
    service_answer(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1));
    json_auto_t *next = run(service, sync, false, only_a);
    assert_state(next, "done");
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

static const struct CMUnitTest tests[] = {
    SERVED(what_is_due_is_fetched_and_nothing_less_urgent),
    SERVED(two_jobs_that_drain_at_once_fetch_nothing_twice),
    SERVED(the_most_popular_come_first_and_what_changed_before_them),
    SERVED(a_transient_failure_is_tried_again),
    SERVED(after_three_failures_a_fetch_is_left_for_the_next_sync_and_the_others_go_on),
    SERVED(a_failure_that_will_not_pass_is_not_tried_again),
    SERVED(refused_credentials_end_it_and_everything_waits),
    SERVED(a_provider_out_of_service_is_left_out),
    SERVED(a_cancelled_drain_stops_and_leaves_the_rest_waiting),
};

const struct test_part sync_drain_part = TEST_PART(tests);
