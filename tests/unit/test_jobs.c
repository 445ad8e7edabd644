/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "../threads.h"
#include "service_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "store/jobs.h"

/* What the job of these tests does; atomics. */
static int may_end, n_freed, result_wanted;

static int stand(struct job *job, void *context UNUSED, struct error *err)
{
    job_set_phase(job, "standing");
    job_progress(job, 3, 10);
    job_add_done(job, 2);
    for (int i = 0; i < 7; i++) {
        char text[16];
        snprintf(text, sizeof text, "error %d", i);
        job_note_error(job, text);
    }
    while (!__atomic_load_n(&may_end, __ATOMIC_RELAXED) &&
           !__atomic_load_n(job_canceled(job), __ATOMIC_RELAXED))
        usleep(500);
    if (__atomic_load_n(job_canceled(job), __ATOMIC_RELAXED))
        return error_set(err, PROVIDER_ECANCEL, "told to stop");
    int wanted = __atomic_load_n(&result_wanted, __ATOMIC_RELAXED);
    return wanted ? error_set(err, wanted, "it went wrong") : 0;
}

static void count_freed(void *context)
{
    __atomic_add_fetch(&n_freed, 1, __ATOMIC_RELAXED);
    free(context);
}

static int begin(void **state)
{
    may_end = n_freed = result_wanted = 0;
    return service_begin(state);
}

static void let_end(int result)
{
    __atomic_store_n(&result_wanted, result, __ATOMIC_RELAXED);
    __atomic_store_n(&may_end, 1, __ATOMIC_RELAXED);
}

static uint32_t start(struct service *service, const char *scope, bool *out_joined)
{
    struct error err = { 0 };
    uint32_t id = 0;
    if (jobs_start(service->jobs, "test", scope, NULL, stand, mem_dup_text("x"), count_freed, &id,
                   out_joined, &err))
        fail_msg("%s", err.text);
    return id;
}

static json_t *show(struct service *service, uint32_t id)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(100000);
    assert_int_equal(jobs_show(service->jobs, id, &text, NULL), 0);
    json_t *out = json_loadb(text.bytes, text.len, 0, NULL);
    assert_non_null(out);
    return out;
}

static int overtake(struct job *job, void *context UNUSED, struct error *err UNUSED)
{
    job_progress(job, 0, 10);
    job_add_done(job, 12);
    return 0;
}

static void no_more_is_done_than_there_is(void **state)
{
    struct service *service = *state;
    uint32_t id;
    bool joined;
    assert_int_equal(
        jobs_start(service->jobs, "test", "more", NULL, overtake, NULL, NULL, &id, &joined, NULL),
        0);
    json_auto_t *job = service_wait_job(service, id);
    assert_int_equal(js_int(job, "done", 0), 12);
    assert_int_equal(js_int(job, "total", 0), 12);
}

static void wait_for_phase(struct service *service, uint32_t id)
{
    for (int i = 0; i < 10000; i++) {
        json_auto_t *job = show(service, id);
        if (js_int(job, "errors", 0) == 7)
            return;
        usleep(500);
    }
    fail_msg("the job does not begin");
}

static void a_job_shows_how_far_it_is_and_how_it_ended(void **state)
{
    struct service *service = *state;
    bool joined;
    uint32_t id = start(service, "a", &joined);
    assert_false(joined);
    wait_for_phase(service, id);
    json_auto_t *running = show(service, id);
    assert_string_equal(js_string(running, "state"), "running");
    assert_string_equal(js_string(running, "kind"), "test");
    assert_string_equal(js_string(running, "phase"), "standing");
    assert_int_equal(js_int(running, "done", 0), 5);
    assert_int_equal(js_int(running, "total", 0), 10);
    assert_int_equal(json_array_size(js_array(running, "last_errors")), 5);
    assert_string_equal(json_string_value(json_array_get(js_array(running, "last_errors"), 4)),
                        "error 6");
    let_end(0);
    json_auto_t *ended = service_wait_job(service, id);
    assert_string_equal(js_string(ended, "state"), "done");
    assert_non_null(js_string(ended, "finished_at"));
}

static void a_failed_job_says_why(void **state)
{
    struct service *service = *state;
    bool joined;
    uint32_t id = start(service, "a", &joined);
    let_end(PROVIDER_EUPSTREAM);
    json_auto_t *ended = service_wait_job(service, id);
    assert_string_equal(js_string(ended, "state"), "failed");
    assert_string_equal(js_string(ended, "detail"), "it went wrong");
}

static void the_same_job_is_joined_and_another_scope_is_not(void **state)
{
    struct service *service = *state;
    bool joined;
    uint32_t id = start(service, "a", &joined), other;
    assert_int_equal(start(service, "a", &joined), id);
    assert_true(joined);
    assert_int_equal(__atomic_load_n(&n_freed, __ATOMIC_RELAXED), 1);
    assert_true(jobs_is_running(service->jobs, "test", "a", &other));
    assert_int_equal(other, id);
    assert_false(jobs_is_running(service->jobs, "test", "b", &other));
    assert_int_not_equal(start(service, "b", &joined), id);
    assert_false(joined);
}

static void a_cancelled_job_is_cancelled_and_not_failed(void **state)
{
    struct service *service = *state;
    bool joined;
    uint32_t id = start(service, "a", &joined);
    assert_int_equal(jobs_cancel(service->jobs, id, NULL), 0);
    json_auto_t *ended = service_wait_job(service, id);
    assert_string_equal(js_string(ended, "state"), "canceled");
}

static void what_has_ended_cannot_be_cancelled(void **state)
{
    struct service *service = *state;
    struct error err = { 0 };
    bool joined;
    uint32_t id = start(service, "a", &joined);
    let_end(0);
    json_auto_t *ended = service_wait_job(service, id);
    assert_int_equal(jobs_cancel(service->jobs, id, &err), PROVIDER_ECONFLICT);
    assert_int_not_equal(start(service, "a", &joined), id);
    assert_false(joined);
    assert_int_equal(jobs_cancel(service->jobs, 4711, &err), PROVIDER_ENOTFOUND);
    assert_string_equal(err.text, "there is no job 4711");
}

static void a_stop_interrupts_and_that_is_remembered(void **state)
{
    struct service *service = *state;
    bool joined;
    uint32_t id = start(service, "a", &joined);
    wait_for_phase(service, id);
    service_close(service);
    assert_int_equal(__atomic_load_n(&n_freed, __ATOMIC_RELAXED), 1);
    service_open(service);
    json_auto_t *after = show(service, id);
    assert_string_equal(js_string(after, "state"), "interrupted");
}

static void what_a_crash_cut_off_says_so_at_the_next_start(void **state)
{
    struct service *service = *state;
    uint32_t id;
    assert_int_equal(job_rows_new_id(service->store, &id, NULL), 0);
    CLEANUP(mem_free)
    char *row =
        mem_format("{\"id\":%u,\"kind\":\"sync\",\"scope\":\"m\",\"state\":\"running\"}", id);
    assert_int_equal(job_rows_put(service->store, id, row, NULL), 0);
    service_close(service);
    service_open(service);
    json_auto_t *after = show(service, id);
    assert_string_equal(js_string(after, "state"), "interrupted");
    assert_int_equal(jobs_cancel(service->jobs, id, NULL), PROVIDER_ECONFLICT);
}

static void the_list_is_newest_first_in_pages_and_by_state(void **state)
{
    struct service *service = *state;
    CLEANUP(text_done) struct text text = TEXT_INIT(100000);
    uint64_t total;
    bool joined;
    uint32_t ids[5];
    for (int i = 0; i < 5; i++) {
        char scope[8];
        snprintf(scope, sizeof scope, "s%d", i);
        ids[i] = start(service, scope, &joined);
    }
    assert_int_equal(jobs_cancel(service->jobs, ids[1], NULL), 0);
    json_decref(service_wait_job(service, ids[1]));
    assert_int_equal(jobs_list(service->jobs, "running", 1, 3, &text, &total, NULL), 0);
    assert_int_equal(total, 4);
    json_auto_t *page = json_loadb(text.bytes, text.len, 0, NULL);
    assert_int_equal(json_array_size(page), 3);
    assert_int_equal(js_int(json_array_get(page, 0), "id", 0), ids[4]);
    assert_int_equal(js_int(json_array_get(page, 2), "id", 0), ids[2]);
    assert_int_equal(jobs_list(service->jobs, NULL, 3, 2, &text, &total, NULL), 0);
    assert_int_equal(total, 5);
    assert_int_equal(jobs_list(service->jobs, "failed", 1, 2, &text, &total, NULL), 0);
    assert_int_equal(total, 0);
    assert_string_equal(text.bytes, "[]");
    assert_int_equal(jobs_list(service->jobs, NULL, 99, 20, &text, &total, NULL), 0);
    assert_string_equal(text.bytes, "[]");
}

static void many_jobs_end_while_they_are_looked_at(void **state)
{
    struct service *service = *state;
    bool joined;
    let_end(0);
    for (int i = 0; i < 60; i++) {
        CLEANUP(text_done) struct text text = TEXT_INIT(1000000);
        uint64_t total;
        char scope[8];
        snprintf(scope, sizeof scope, "s%d", i);
        start(service, scope, &joined);
        assert_int_equal(jobs_list(service->jobs, NULL, 1, 100, &text, &total, NULL), 0);
        assert_int_equal(total, i + 1);
    }
}

static int try_start(struct service *service, const char *kind, const char *scope,
                     struct error *err)
{
    uint32_t id;
    bool joined;
    return jobs_start(service->jobs, kind, scope, NULL, stand, mem_dup_text("x"), count_freed, &id,
                      &joined, err);
}

static void of_a_bounded_kind_no_more_run_than_may(void **state)
{
    struct service *service = *state;
    struct error err = { 0 };
    bool joined;
    jobs_limit(service->jobs, "other", 0);
    jobs_limit(service->jobs, "test", 2);
    uint32_t id = start(service, "a", &joined);
    start(service, "b", &joined);
    assert_int_equal(try_start(service, "test", "c", &err), PROVIDER_EBUSY);
    assert_string_equal(err.text, "2 jobs of kind 'test' run at this moment, no more do");
    assert_int_equal(__atomic_load_n(&n_freed, __ATOMIC_RELAXED), 1);
    assert_int_equal(start(service, "a", &joined), id);
    assert_true(joined);
    assert_int_equal(try_start(service, "third", "c", &err), 0);
    assert_int_equal(try_start(service, "other", "c", &err), PROVIDER_EBUSY);
    assert_int_equal(jobs_cancel(service->jobs, id, NULL), 0);
    json_decref(service_wait_job(service, id));
    assert_int_equal(try_start(service, "test", "c", &err), 0);
}

static void without_a_thread_a_job_fails_and_the_daemon_goes_on(void **state)
{
    struct service *service = *state;
    CLEANUP(text_done) struct text text = TEXT_INIT(100000);
    struct error err = { 0 };
    uint64_t total;
    bool joined;
    threads_forbid(true);
    int failed = try_start(service, "test", "a", &err);
    threads_forbid(false);
    assert_int_equal(failed, PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "thread"));
    assert_int_equal(__atomic_load_n(&n_freed, __ATOMIC_RELAXED), 1);
    assert_int_equal(jobs_list(service->jobs, "failed", 1, 20, &text, &total, NULL), 0);
    assert_int_equal(total, 1);
    assert_non_null(strstr(text.bytes, err.text));
    let_end(0);
    uint32_t id = start(service, "a", &joined);
    assert_false(joined);
    json_auto_t *ended = service_wait_job(service, id);
    assert_string_equal(js_string(ended, "state"), "done");
}

#define JOB(test) cmocka_unit_test_setup_teardown(test, begin, service_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB(a_job_shows_how_far_it_is_and_how_it_ended),
        JOB(no_more_is_done_than_there_is),
        JOB(a_failed_job_says_why),
        JOB(the_same_job_is_joined_and_another_scope_is_not),
        JOB(a_cancelled_job_is_cancelled_and_not_failed),
        JOB(what_has_ended_cannot_be_cancelled),
        JOB(a_stop_interrupts_and_that_is_remembered),
        JOB(what_a_crash_cut_off_says_so_at_the_next_start),
        JOB(the_list_is_newest_first_in_pages_and_by_state),
        JOB(of_a_bounded_kind_no_more_run_than_may),
        JOB(without_a_thread_a_job_fails_and_the_daemon_goes_on),
        JOB(many_jobs_end_while_they_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
