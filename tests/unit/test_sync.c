/* SPDX-License-Identifier: MIT
 *
 * Synchronising: listing, schedules, and going on after a stop. */
#include "sync_test.h"

#include <jansson.h>
#include <string.h>

#include "base/json.h"
#include "store/state.h"
#include "sync/sync_inside.h"

static void assert_cursor(struct service *service, const char *provider, const char *expected)
{
    CLEANUP(text_done) struct text cursor = TEXT_INIT(1000);
    int result = state_get(service->store, "sync/movies", provider, &cursor, NULL);
    assert_int_equal(result, expected ? 0 : PROVIDER_ENOTFOUND);
    if (expected)
        assert_string_equal(cursor.bytes, expected);
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
    assert_int_equal(sync_start(sync, "movies", false, only_a, &other, &joined, NULL), 0);
    assert_true(joined);
    assert_int_equal(one, other);
    service_release(service, "script_a", "/sync/movies/-");
    json_auto_t *job = service_wait_job(service, one);
    assert_state(job, "done");
}

static json_t *show(struct service *service, uint32_t id)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(1 << 16);
    assert_int_equal(jobs_show(service->jobs, id, &text, NULL), 0);
    return json_loadb(text.bytes, text.len, 0, NULL);
}

/* What the job of these does not do is not lost unsaid. */
static void a_wider_sync_is_refused_while_a_narrower_runs(void **state)
{
    static const char *const only_b[] = { "script_b", NULL };
    const struct {
        bool full;
        const char *const *providers;
    } wider[] = { { true, only_a }, { false, only_b }, { false, NULL }, { true, NULL } };
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t one, other;
    bool joined;
    service_hold(service, "script_a", "/sync/movies/-", "C x\n");
    assert_int_equal(sync_start(sync, "movies", false, only_a, &one, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/sync/movies/-", 1));
    for (size_t i = 0; i < ARRAY_LEN(wider); i++) {
        struct error err = { 0 };
        other = 0;
        assert_int_equal(
            sync_start(sync, "movies", wider[i].full, wider[i].providers, &other, &joined, &err),
            PROVIDER_ECONFLICT);
        assert_int_equal(other, one);
        assert_non_null(strstr(err.text, "incremental, from script_a:"));
    }
    service_release(service, "script_a", "/sync/movies/-");
    json_auto_t *job = service_wait_job(service, one);
    assert_state(job, "done");
    assert_string_equal(js_string(job, "mode"), "incremental");
    assert_int_equal(service_asked(service, "script_b", "/sync/movies/-"), 0);
}

static void a_narrower_sync_joins_a_wider(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t one, other;
    bool joined;
    service_answer(service, "script_b", "/sync/movies/-", "");
    service_hold(service, "script_a", "/sync/movies/-", "C x\n");
    assert_int_equal(sync_start(sync, "movies", true, NULL, &one, &joined, NULL), 0);
    assert_false(joined);
    assert_true(service_wait_asked(service, "script_a", "/sync/movies/-", 1));
    json_auto_t *running = show(service, one);
    assert_string_equal(js_string(running, "mode"), "full");
    assert_int_equal(json_array_size(js_array(running, "providers")), 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            sync_start(sync, "movies", i % 2, i / 2 ? only_a : NULL, &other, &joined, NULL), 0);
        assert_true(joined);
        assert_int_equal(other, one);
    }
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

struct looking {
    struct sync *sync;
    bool ended;
};

static void *look_at_the_schedule(void *argument)
{
    struct looking *looking = argument;
    while (!__atomic_load_n(&looking->ended, __ATOMIC_ACQUIRE))
        sync_tick(looking->sync);
    return NULL;
}

/* A job that is just being started by hand is marked and does not run yet. */
static void what_is_being_started_was_not_cut_off(void **state)
{
    enum { N_STARTS = 40 };
    struct service *service = *state;
    CLEANUP(text_done) struct text found = TEXT_INIT(64);
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    struct looking looking = { .sync = sync };
    pthread_t thread;
    service_answer(service, "script_a", "/sync/movies/-", "");
    service_answer(service, "script_b", "/sync/movies/-", "");
    pthread_create(&thread, NULL, look_at_the_schedule, &looking);
    for (int i = 0; i < N_STARTS; i++)
        json_decref(run(service, sync, true, NULL));
    __atomic_store_n(&looking.ended, true, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
    assert_int_equal(state_get(service->store, "sync/movies", "last_start", &found, NULL),
                     PROVIDER_ENOTFOUND);
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

static const struct CMUnitTest tests[] = {
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
    SERVED(a_wider_sync_is_refused_while_a_narrower_runs),
    SERVED(a_narrower_sync_joins_a_wider),
    SERVED(a_stop_interrupts_and_the_next_start_goes_on),
    SERVED(what_somebody_cancelled_does_not_go_on_by_itself),
    SERVED(other_schedules_hold_at_once),
    SERVED(what_is_being_started_was_not_cut_off),
    SERVED(what_is_no_longer_wanted_is_no_longer_due),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), sync_missing_part, sync_drain_part,
                                       sync_whole_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
