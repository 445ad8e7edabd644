/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <pthread.h>
#include <string.h>

#include "../threads.h"
#include "base/clock.h"
#include "base/mem.h"
#include "provider/pool.h"
#include "provider_stage.h"

/* A stage over `plugin`, its sink and error: what nearly every case here begins with. */
struct scene {
    struct stage stage;
    struct stage_sink sink;
    struct error err;
};

static void begin(struct scene *scene, const char *plugin)
{
    *scene = (struct scene){ 0 };
    stage_begin(&scene->stage, plugin);
    stage_open(&scene->stage);
}

static int fetch(struct scene *scene, const char *id, int64_t ms)
{
    scene->err = (struct error){ 0 };
    return stage_fetch(&scene->stage, id, ms, &scene->sink, &scene->err);
}

static struct provider_status status_of(struct scene *scene)
{
    struct provider_status status;
    stage_status(&scene->stage, &status);
    return status;
}

static void a_document_reaches_the_sink(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    assert_int_equal(fetch(&scene, "603", 1000), 0);
    assert_int_equal(scene.sink.n_documents, 1);
    struct provider_status status = status_of(&scene);
    assert_int_equal(status.calls, 1);
    assert_int_equal(status.documents, 1);
    assert_int_equal(status.failures, 0);
    assert_true(status.last_success_ms > 0);
    stage_end(&scene.stage);
}

static void seasons_reach_only_who_can_take_them(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    assert_int_equal(fetch(&scene, "season", 1000), 0);
    assert_int_equal(scene.sink.n_documents, 1);
    scene.sink = (struct stage_sink){ .extra_kinds = 1u << PROVIDER_LIST };
    assert_int_equal(fetch(&scene, "season", 1000), 0);
    assert_int_equal(scene.sink.n_documents, 1);
    scene.sink = (struct stage_sink){ .extra_kinds = 1u << PROVIDER_SEASON };
    assert_int_equal(fetch(&scene, "season", 1000), 0);
    assert_int_equal(scene.sink.n_documents, 2);
    stage_end(&scene.stage);
}

static void not_found_comes_with_the_plugins_words(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    assert_int_equal(fetch(&scene, "gone", 1000), PROVIDER_ENOTFOUND);
    assert_string_equal(scene.err.text, "fault_good: no movie 'gone'");
    assert_int_equal(status_of(&scene).failures, 0);
    stage_end(&scene.stage);
}

static void what_the_plugin_leaves_unsaid_is_said(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    assert_int_equal(fetch(&scene, "nothing", 1000), PROVIDER_EPARSE);
    assert_string_equal(scene.err.text, "fault_good: fetch() succeeded without emitting anything");
    assert_int_equal(fetch(&scene, "unknown-code", 1000), PROVIDER_EPARSE);
    assert_string_equal(scene.err.text, "fault_good: fetch() answered the unknown code 7");
    assert_int_equal(fetch(&scene, "silent", 1000), PROVIDER_EUPSTREAM);
    assert_string_equal(scene.err.text, "fault_good: fetch() failed and did not say why");
    stage_end(&scene.stage);
}

static void an_upstreams_failure_keeps_its_reason(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    scene.stage.http_failure = PROVIDER_EUPSTREAM;
    assert_int_equal(fetch(&scene, "ask", 1000), PROVIDER_EUPSTREAM);
    assert_string_equal(scene.err.text, "fault_good: no thing: {base}/thing: 503 after 3 tries");
    stage_end(&scene.stage);
}

static void three_failures_in_a_row_degrade_and_one_success_mends(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    scene.stage.http_failure = PROVIDER_EUPSTREAM;
    for (int i = 0; i < 2; i++)
        fetch(&scene, "ask", 1000);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_ACTIVE);
    fetch(&scene, "ask", 1000);
    struct provider_status status = status_of(&scene);
    assert_int_equal(status.state, PROVIDER_STATE_DEGRADED);
    assert_true(text_starts_with(status.reason, "3 calls in a row failed: no thing: {base}"));
    scene.stage.http_failure = 0;
    assert_int_equal(fetch(&scene, "ask", 1000), 0);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_ACTIVE);
    stage_end(&scene.stage);
}

static void refused_credentials_degrade_at_once_until_they_are_taken(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    scene.stage.http_failure = PROVIDER_EAUTH;
    assert_int_equal(fetch(&scene, "ask", 1000), PROVIDER_EAUTH);
    struct provider_status status = status_of(&scene);
    assert_int_equal(status.state, PROVIDER_STATE_DEGRADED);
    assert_true(text_starts_with(status.reason, "its credentials are refused: no thing: {base}"));
    scene.stage.http_failure = PROVIDER_ENOTFOUND;
    assert_int_equal(fetch(&scene, "ask", 1000), PROVIDER_ENOTFOUND);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_DEGRADED);
    scene.stage.http_failure = 0;
    assert_int_equal(fetch(&scene, "ask", 1000), 0);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_ACTIVE);
    stage_end(&scene.stage);
}

static void eight_answers_live_side_by_side_and_all_are_released(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    assert_int_equal(fetch(&scene, "ask-often", 1000), 0);
    assert_int_equal(scene.stage.n_requests, 8);
    assert_int_equal(scene.stage.n_released, 8);
    stage_end(&scene.stage);
}

static void rubbish_is_refused_with_path_and_counted(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_rubbish");
    assert_int_equal(fetch(&scene, "603", 1000), PROVIDER_EREFUSED);
    assert_int_equal(scene.sink.n_documents, 0);
    struct provider_status status = status_of(&scene);
    assert_int_equal(status.refused, 4);
    assert_int_equal(status.documents, 0);
    assert_true(strlen(status.last_refusal) > 0);
    stage_end(&scene.stage);
}

static void upstream_rubbish_names_the_field(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    scene.stage.http_body = "{\"ids\":{\"tmdb\":603},\"title\":17}";
    assert_int_equal(fetch(&scene, "ask", 1000), PROVIDER_EREFUSED);
    assert_non_null(strstr(scene.err.text, "title: "));
    stage_end(&scene.stage);
}

static void what_the_sink_answers_ends_the_call(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_after_error");
    scene.sink.stop_after = 3;
    scene.sink.code = PROVIDER_EFULL;
    assert_int_equal(fetch(&scene, "603", 1000), PROVIDER_EFULL);
    assert_string_equal(scene.err.text, "fault_after_error: the sink has enough");
    assert_int_equal(scene.sink.n_documents, 3);
    struct provider_status status = status_of(&scene);
    assert_int_equal(status.misuses, 5);
    assert_string_equal(status.last_misuse,
                        "it went on to emit after it was told to stop (disk_full)");
    assert_int_equal(status.failures, 0);
    stage_end(&scene.stage);
}

static void ignoring_the_sinks_answer_helps_nobody(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_ignores_refusal");
    scene.sink.stop_after = 1;
    scene.sink.code = PROVIDER_ECANCEL;
    assert_int_equal(fetch(&scene, "603", 1000), PROVIDER_ECANCEL);
    assert_int_equal(scene.sink.n_documents, 1);
    assert_true(status_of(&scene).misuses >= 8);
    stage_end(&scene.stage);
}

static void emitting_from_another_thread_is_refused(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_foreign_thread");
    assert_int_equal(fetch(&scene, "603", 1000), 0);
    assert_int_equal(scene.sink.n_documents, 1);
    struct provider_status status = status_of(&scene);
    assert_int_equal(status.misuses, 1);
    assert_string_equal(status.last_misuse, "it called emit() outside of the call it belongs to");
    stage_end(&scene.stage);
}

static struct provider_entry *entry_of(struct scene *scene)
{
    struct provider_entry *entry = registry_find(scene->stage.registry, scene->stage.settings.name);
    assert_non_null(entry);
    return entry;
}

static void a_search_ends_at_its_limit(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    CLEANUP(provider_entry_unref) struct provider_entry *entry = entry_of(&scene);
    const struct call_sink to = stage_sink_of(&scene.sink);
    const struct provider_query query = { .size = sizeof query, .text = "matrix", .limit = 5 };
    assert_int_equal(call_search(entry, &query, NULL, &to, &scene.err), 0);
    assert_int_equal(scene.sink.n_documents, 5);
    assert_int_equal(status_of(&scene).misuses, 0);
    stage_end(&scene.stage);
}

static void a_sync_resumes_at_its_cursor(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    CLEANUP(provider_entry_unref) struct provider_entry *entry = entry_of(&scene);
    const struct call_sink to = stage_sink_of(&scene.sink);
    assert_int_equal(call_sync(entry, "movies", "3", NULL, &to, &scene.err), 0);
    assert_int_equal(scene.sink.n_documents, 2);
    assert_int_equal(scene.sink.n_checkpoints, 2);
    assert_string_equal(scene.sink.cursor, "5");
    assert_int_equal(scene.sink.done, 5);
    stage_end(&scene.stage);
}

static void what_a_provider_cannot_do_is_said(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    CLEANUP(provider_entry_unref) struct provider_entry *entry = entry_of(&scene);
    const struct call_sink to = stage_sink_of(&scene.sink);
    assert_int_equal(call_resolve_magnet(entry, "magnet:?xt=1", NULL, &to, &scene.err),
                     PROVIDER_ENOTSUP);
    assert_string_equal(scene.err.text, "fault_good: it has no resolve_magnet()");
    stage_end(&scene.stage);
}

static void a_picture_has_an_address(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    CLEANUP(provider_entry_unref) struct provider_entry *entry = entry_of(&scene);
    char url[64];
    assert_int_equal(
        call_locate_image(entry, "posters", "/a.jpg", 342, NULL, url, sizeof url, &scene.err), 0);
    assert_string_equal(url, "https://img.test/posters/w342/a.jpg");
    assert_int_equal(call_locate_image(entry, "posters", "/a.jpg", 342, NULL, url, 10, &scene.err),
                     PROVIDER_ELIMIT);
    assert_int_equal(
        call_locate_image(entry, "logos", "/a.jpg", 342, NULL, url, sizeof url, &scene.err),
        PROVIDER_EPARSE);
    stage_end(&scene.stage);
}

static void state_is_kept_between_calls(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    assert_int_equal(fetch(&scene, "state", 1000), PROVIDER_ENOTFOUND);
    assert_string_equal(scene.err.text, "fault_good: visit 1");
    assert_int_equal(fetch(&scene, "state", 1000), PROVIDER_ENOTFOUND);
    assert_string_equal(scene.err.text, "fault_good: visit 2");
    stage_end(&scene.stage);
}

static void a_polite_plugin_gives_up_at_the_deadline(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    int64_t start_ms = clock_steady_ms();
    assert_int_equal(fetch(&scene, "wait", 100), PROVIDER_ECANCEL);
    assert_in_range(clock_steady_ms() - start_ms, 90, 1500);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_ACTIVE);
    stage_end(&scene.stage);
}

static void an_upstream_that_hangs_ends_with_the_deadline(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    scene.stage.http_hangs = true;
    assert_int_equal(fetch(&scene, "ask", 100), PROVIDER_ETIME);
    assert_int_equal(status_of(&scene).timeouts, 1);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_ACTIVE);
    stage_end(&scene.stage);
}

static void nobody_waits_longer_than_they_want(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    CLEANUP(provider_entry_unref) struct provider_entry *entry = entry_of(&scene);
    const struct call_sink to = stage_sink_of(&scene.sink);
    const struct provider_id id = { .space = "tmdb", .value = "wait" };
    const volatile int canceled = 1;
    const struct call_wait wait = { .deadline_ms = clock_steady_ms() + 60000,
                                    .canceled = &canceled };
    assert_int_equal(call_fetch(entry, PROVIDER_MOVIE, &id, &wait, &to, &scene.err),
                     PROVIDER_ECANCEL);
    stage_end(&scene.stage);
}

static void one_that_never_returns_is_taken_out_of_service(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_hang");
    int64_t start_ms = clock_steady_ms();
    assert_int_equal(fetch(&scene, "603", 50), PROVIDER_ETIME);
    assert_string_equal(scene.err.text, "fault_hang: fetch() did not come back");
    assert_in_range(clock_steady_ms() - start_ms, 2000, 4000);
    struct provider_status status = status_of(&scene);
    assert_int_equal(status.state, PROVIDER_STATE_QUARANTINED);
    assert_non_null(strstr(status.reason, "fetch() did not come back 2 s after its deadline"));
    assert_int_equal(status.timeouts, 1);
    assert_int_equal(fetch(&scene, "603", 50), PROVIDER_EBUSY);

    CLEANUP(provider_entry_unref) struct provider_entry *entry = entry_of(&scene);
    assert_int_equal(provider_entry_reset(entry, &scene.err), 0);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_ACTIVE);
    start_ms = clock_steady_ms();
    stage_end(&scene.stage);
    assert_in_range(clock_steady_ms() - start_ms, 0, 1500);
}

struct caller {
    pthread_t thread;
    struct provider_entry *entry;
    const char *id;
    int64_t ms;
    int code;
    struct stage_sink sink;
};

static void *call_once(void *argument)
{
    struct caller *caller = argument;
    const struct provider_id id = { .space = "tmdb", .value = caller->id };
    const struct call_wait wait = { .deadline_ms = clock_steady_ms() + caller->ms };
    const struct call_sink to = stage_sink_of(&caller->sink);
    struct error err = { 0 };
    caller->code = call_fetch(caller->entry, PROVIDER_MOVIE, &id, &wait, &to, &err);
    return NULL;
}

static void start_caller(struct caller *caller, struct provider_entry *entry, const char *id,
                         int64_t ms)
{
    *caller = (struct caller){ .entry = entry, .id = id, .ms = ms };
    assert_int_equal(pthread_create(&caller->thread, NULL, call_once, caller), 0);
}

static void wait_until_running(struct scene *scene, uint32_t n)
{
    int64_t until_ms = clock_steady_ms() + 5000;
    while (status_of(scene).running < n && clock_steady_ms() < until_ms)
        usleep(1000);
    assert_int_equal(status_of(scene).running, n);
}

static void closing_cancels_calls_under_way(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    struct provider_entry *entry = entry_of(&scene);
    struct caller callers[8];
    for (size_t i = 0; i < ARRAY_LEN(callers); i++)
        start_caller(&callers[i], entry, "wait", 60000);
    wait_until_running(&scene, ARRAY_LEN(callers));
    int64_t start_ms = clock_steady_ms();
    stage_close(&scene.stage);
    assert_in_range(clock_steady_ms() - start_ms, 0, 2500);
    for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].code, PROVIDER_ECANCEL);
    }
    provider_entry_unref(entry);
    stage_end(&scene.stage);
}

static void many_calls_run_side_by_side(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    struct provider_entry *entry = entry_of(&scene);
    struct caller callers[16];
    for (size_t i = 0; i < ARRAY_LEN(callers); i++)
        start_caller(&callers[i], entry, i % 2 ? "ask" : "603", 10000);
    for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].code, 0);
    }
    assert_int_equal(status_of(&scene).documents, ARRAY_LEN(callers));
    assert_int_equal(status_of(&scene).running, 0);
    provider_entry_unref(entry);
    stage_end(&scene.stage);
}

static void a_serial_plugin_is_never_entered_twice(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_serial");
    struct provider_entry *entry = entry_of(&scene);
    struct caller callers[8];
    for (size_t i = 0; i < ARRAY_LEN(callers); i++)
        start_caller(&callers[i], entry, "603", 10000);
    for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].code, 0);
    }
    provider_entry_unref(entry);
    stage_end(&scene.stage);
}

static void waiting_for_a_serial_plugin_ends_at_the_deadline(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_serial");
    struct provider_entry *entry = entry_of(&scene);
    struct caller slow;
    start_caller(&slow, entry, "wait", 1000);
    wait_until_running(&scene, 1);
    assert_int_equal(fetch(&scene, "603", 100), PROVIDER_EBUSY);
    assert_non_null(strstr(scene.err.text, "was busy until the deadline"));
    pthread_join(slow.thread, NULL);
    provider_entry_unref(entry);
    stage_end(&scene.stage);
}

static void switching_off_cancels_what_does_not_end_by_itself(void **state UNUSED)
{
    struct scene scene;
    begin(&scene, "fault_good");
    struct provider_entry *entry = entry_of(&scene);
    struct caller slow;
    start_caller(&slow, entry, "wait", 60000);
    wait_until_running(&scene, 1);
    assert_int_equal(provider_entry_set_enabled(entry, false, &scene.err), 0);
    pthread_join(slow.thread, NULL);
    assert_int_equal(slow.code, PROVIDER_ECANCEL);
    assert_int_equal(status_of(&scene).state, PROVIDER_STATE_DISABLED);
    provider_entry_unref(entry);
    stage_end(&scene.stage);
}

static void note_run(void *argument)
{
    __atomic_store_n((int *)argument, 1, __ATOMIC_RELAXED);
}

static void a_pool_without_threads_says_so(void **state UNUSED)
{
    struct pool *pool = pool_new();
    struct error err = { 0 };
    int ran = 0;
    threads_forbid(true);
    int failed = pool_run(pool, note_run, &ran, &err);
    threads_forbid(false);
    assert_int_equal(failed, PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "thread"));
    assert_int_equal(ran, 0);
    assert_int_equal(pool_run(pool, note_run, &ran, &err), 0);
    pool_close(pool, clock_steady_ms() + 20000);
    assert_int_equal(__atomic_load_n(&ran, __ATOMIC_RELAXED), 1);
}

static void a_provider_that_got_no_thread_is_not_in_service(void **state UNUSED)
{
    struct scene scene = { 0 };
    stage_begin(&scene.stage, "fault_good");
    threads_forbid(true);
    stage_open(&scene.stage);
    threads_forbid(false);
    CLEANUP(provider_entry_unref) struct provider_entry *entry = entry_of(&scene);
    assert_non_null(strstr(status_of(&scene).reason, "thread"));
    assert_int_equal(fetch(&scene, "603", 1000), PROVIDER_EBUSY);
    assert_int_equal(provider_entry_reset(entry, &scene.err), 0);
    assert_int_equal(fetch(&scene, "603", 1000), 0);
    stage_end(&scene.stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pool_without_threads_says_so),
        cmocka_unit_test(a_provider_that_got_no_thread_is_not_in_service),
        cmocka_unit_test(a_document_reaches_the_sink),
        cmocka_unit_test(seasons_reach_only_who_can_take_them),
        cmocka_unit_test(not_found_comes_with_the_plugins_words),
        cmocka_unit_test(what_the_plugin_leaves_unsaid_is_said),
        cmocka_unit_test(an_upstreams_failure_keeps_its_reason),
        cmocka_unit_test(three_failures_in_a_row_degrade_and_one_success_mends),
        cmocka_unit_test(refused_credentials_degrade_at_once_until_they_are_taken),
        cmocka_unit_test(eight_answers_live_side_by_side_and_all_are_released),
        cmocka_unit_test(rubbish_is_refused_with_path_and_counted),
        cmocka_unit_test(upstream_rubbish_names_the_field),
        cmocka_unit_test(what_the_sink_answers_ends_the_call),
        cmocka_unit_test(ignoring_the_sinks_answer_helps_nobody),
        cmocka_unit_test(emitting_from_another_thread_is_refused),
        cmocka_unit_test(a_search_ends_at_its_limit),
        cmocka_unit_test(a_sync_resumes_at_its_cursor),
        cmocka_unit_test(what_a_provider_cannot_do_is_said),
        cmocka_unit_test(a_picture_has_an_address),
        cmocka_unit_test(state_is_kept_between_calls),
        cmocka_unit_test(a_polite_plugin_gives_up_at_the_deadline),
        cmocka_unit_test(an_upstream_that_hangs_ends_with_the_deadline),
        cmocka_unit_test(nobody_waits_longer_than_they_want),
        cmocka_unit_test(one_that_never_returns_is_taken_out_of_service),
        cmocka_unit_test(closing_cancels_calls_under_way),
        cmocka_unit_test(many_calls_run_side_by_side),
        cmocka_unit_test(a_serial_plugin_is_never_entered_twice),
        cmocka_unit_test(waiting_for_a_serial_plugin_ends_at_the_deadline),
        cmocka_unit_test(switching_off_cancels_what_does_not_end_by_itself),
    };
    return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
