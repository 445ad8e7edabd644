/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/text.h"
#include "service/errands.h"

enum { ROOM = 1000 }; /* seats for everybody */

/* A gate errands stand at; counted under its lock. */
struct gate {
    struct lock lock;
    struct lock_condition change;
    bool open;
    unsigned n_inside, n_freed;
};

static struct gate gate = { .lock = LOCK_INIT };

static int set_up(void **state UNUSED)
{
    gate.open = false;
    gate.n_inside = gate.n_freed = 0;
    lock_condition_init(&gate.change);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    lock_condition_done(&gate.change);
    return 0;
}

static int stand_at_gate(void *context, const volatile int *canceled, struct error *err)
{
    LOCK_SCOPE(&gate.lock);
    gate.n_inside++;
    lock_broadcast(&gate.change);
    while (!gate.open && !__atomic_load_n(canceled, __ATOMIC_RELAXED))
        lock_wait_until(&gate.change, &gate.lock, clock_steady_ms() + 5);
    if (!gate.open)
        return error_set(err, PROVIDER_ECANCEL, "cancelled at the gate");
    return text_equal(context, "bad") ? error_set(err, PROVIDER_EUPSTREAM, "it was bad") : 0;
}

static void free_context(void *context)
{
    __atomic_add_fetch(&gate.n_freed, 1, __ATOMIC_RELAXED);
    free(context);
}

static unsigned n_freed(void)
{
    return __atomic_load_n(&gate.n_freed, __ATOMIC_RELAXED);
}

static void open_gate(void)
{
    LOCK_SCOPE(&gate.lock);
    gate.open = true;
    lock_broadcast(&gate.change);
}

static void wait_inside(unsigned n)
{
    LOCK_SCOPE(&gate.lock);
    while (gate.n_inside < n)
        assert_true(lock_wait_until(&gate.change, &gate.lock, clock_steady_ms() + 10000));
}

static struct errand *start_on(struct errands *errands, struct errands_seat *seat, const char *key)
{
    struct error err = { 0 };
    struct errand *errand =
        errands_start(errands, seat, key, stand_at_gate, mem_dup_text(key), free_context, &err);
    if (!errand)
        assert_int_equal(err.code, PROVIDER_EBUSY);
    return errand;
}

/* Where seats are of no interest. */
static struct errand *start(struct errands *errands, const char *key)
{
    CLEANUP(errands_seat_done) struct errands_seat seat = { NULL };
    return start_on(errands, &seat, key);
}

static int64_t soon(void)
{
    return clock_steady_ms() + 10000;
}

static void the_result_reaches_who_waits(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(2, 4, ROOM);
    struct error err = { 0 };
    open_gate();
    CLEANUP(errand_unref) struct errand *good = start(errands, "good");
    CLEANUP(errand_unref) struct errand *bad = start(errands, "bad");
    assert_int_equal(errand_wait(good, soon(), &err), 0);
    assert_int_equal(errand_wait(bad, soon(), &err), PROVIDER_EUPSTREAM);
    assert_string_equal(err.text, "it was bad");
    assert_int_equal(errand_wait(bad, 0, NULL), PROVIDER_EUPSTREAM);
}

static void the_same_errand_runs_once_for_all(void **state UNUSED)
{
    struct errands *errands = errands_new(4, 4, ROOM);
    struct errand *waiters[20];
    for (int i = 0; i < 20; i++)
        waiters[i] = start(errands, "one");
    wait_inside(1);
    struct errands_status status;
    errands_status(errands, &status);
    assert_int_equal(status.running, 1);
    assert_int_equal(status.waiting, 0);
    assert_int_equal(status.joined, 19);
    assert_int_equal(n_freed(), 19);
    open_gate();
    for (int i = 0; i < 20; i++) {
        assert_int_equal(errand_wait(waiters[i], soon(), NULL), 0);
        errand_unref(waiters[i]);
    }
    assert_int_equal(gate.n_inside, 1);
    errands_free(errands);
    assert_int_equal(n_freed(), 20);
}

static void an_errand_that_is_done_runs_again_when_asked_for(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 4, ROOM);
    open_gate();
    for (unsigned i = 1; i <= 3; i++) {
        CLEANUP(errand_unref) struct errand *errand = start(errands, "again");
        assert_int_equal(errand_wait(errand, soon(), NULL), 0);
        assert_int_equal(gate.n_inside, i);
    }
}

static void a_full_queue_refuses_others_and_lets_the_same_join(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 2, ROOM);
    CLEANUP(errand_unref) struct errand *runs = start(errands, "runs");
    wait_inside(1);
    CLEANUP(errand_unref) struct errand *first = start(errands, "first");
    CLEANUP(errand_unref) struct errand *second = start(errands, "second");
    assert_null(start(errands, "third"));
    assert_int_equal(n_freed(), 1);
    CLEANUP(errand_unref) struct errand *joins = start(errands, "second");
    assert_ptr_equal(joins, second);
    struct errands_status status;
    errands_status(errands, &status);
    assert_int_equal(status.refused, 1);
    assert_int_equal(status.waiting, 2);
    open_gate();
    assert_int_equal(errand_wait(first, soon(), NULL), 0);
    assert_int_equal(errand_wait(joins, soon(), NULL), 0);
}

static void no_queue_at_all_refuses_everything(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 0, ROOM);
    assert_null(start(errands, "any"));
}

static void who_gives_up_leaves_the_errand_running_for_the_next(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 4, ROOM);
    struct error err = { 0 };
    struct errand *impatient = start(errands, "slow");
    wait_inside(1);
    assert_int_equal(errand_wait(impatient, clock_steady_ms() + 5, &err), PROVIDER_ETIME);
    errand_unref(impatient);
    CLEANUP(errand_unref) struct errand *patient = start(errands, "slow");
    open_gate();
    assert_int_equal(errand_wait(patient, soon(), NULL), 0);
    assert_int_equal(gate.n_inside, 1);
}

static void *wait_and_let_go(void *argument)
{
    struct errand *errand = argument;
    int result = errand_wait(errand, soon(), NULL);
    errand_unref(errand);
    return (void *)(intptr_t)result;
}

static void stopping_cancels_what_runs_and_what_waits(void **state UNUSED)
{
    struct errands *errands = errands_new(1, 4, ROOM);
    pthread_t threads[3];
    threads[0] = lock_thread_start("waiter", wait_and_let_go, start(errands, "runs"));
    wait_inside(1);
    threads[1] = lock_thread_start("waiter", wait_and_let_go, start(errands, "waits"));
    threads[2] = lock_thread_start("waiter", wait_and_let_go, start(errands, "waits too"));
    errands_free(errands);
    for (int i = 0; i < 3; i++) {
        void *result;
        pthread_join(threads[i], &result);
        assert_int_equal((intptr_t)result, PROVIDER_ECANCEL);
    }
    assert_int_equal(gate.n_inside, 1);
    assert_int_equal(n_freed(), 3);
}

static void stopping_with_nothing_to_do_is_quick(void **state UNUSED)
{
    errands_free(errands_new(8, 8, ROOM));
    errands_free(NULL);
    errand_unref(NULL);
}

static void *hurry(void *argument)
{
    struct errands *errands = argument;
    for (int i = 0; i < 300; i++) {
        char key[16];
        snprintf(key, sizeof key, i % 2 ? "%d" : "lane/%d/x", i % 7);
        CLEANUP(errand_unref) struct errand *errand = start(errands, key);
        if (errand)
            errand_wait(errand, i % 3 ? soon() : 0, NULL);
    }
    return NULL;
}

static void a_crowd_leaves_nothing_behind(void **state UNUSED)
{
    struct errands *errands = errands_new(3, 3, ROOM);
    pthread_t threads[6];
    open_gate();
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        threads[i] = lock_thread_start("crowd", hurry, errands);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        pthread_join(threads[i], NULL);
    errands_free(errands);
    assert_int_equal(n_freed(), 6 * 300);
}

static void a_lane_takes_half_of_the_threads_and_of_the_queue(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(4, 4, ROOM);
    struct errand *hang[4], *other;
    hang[0] = start(errands, "search/dead/1");
    hang[1] = start(errands, "search/dead/2");
    wait_inside(2);
    hang[2] = start(errands, "search/dead/3");
    hang[3] = start(errands, "search/dead/4");
    assert_null(start(errands, "search/dead/5"));
    other = start(errands, "search/well/1");
    assert_non_null(other);
    wait_inside(3); /* it overtook those that wait */
    struct errands_status status;
    errands_status(errands, &status);
    assert_int_equal(status.waiting, 2);
    assert_int_equal(status.running, 3);
    open_gate();
    assert_int_equal(errand_wait(other, soon(), NULL), 0);
    errand_unref(other);
    for (size_t i = 0; i < ARRAY_LEN(hang); i++) {
        assert_int_equal(errand_wait(hang[i], soon(), NULL), 0);
        errand_unref(hang[i]);
    }
}

static void a_lane_of_one_thread_still_moves(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 1, ROOM);
    CLEANUP(errand_unref) struct errand *first = start(errands, "search/one/1");
    wait_inside(1);
    CLEANUP(errand_unref) struct errand *second = start(errands, "search/one/2");
    assert_non_null(second);
    assert_null(start(errands, "search/two/1"));
    open_gate();
    assert_int_equal(errand_wait(second, soon(), NULL), 0);
}

static void the_oldest_of_a_lane_is_known_while_it_is_under_way(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(2, 4, ROOM);
    assert_true(errands_oldest_ms(errands, "fetch/item") == INT64_MAX);
    int64_t before_ms = clock_steady_ms();
    CLEANUP(errand_unref) struct errand *first = start(errands, "fetch/item/1");
    int64_t after_ms = clock_steady_ms();
    wait_inside(1);
    while (clock_steady_ms() == after_ms)
        continue;
    CLEANUP(errand_unref) struct errand *second = start(errands, "fetch/item/2");
    CLEANUP(errand_unref) struct errand *joined = start(errands, "fetch/item/1");
    int64_t oldest_ms = errands_oldest_ms(errands, "fetch/item");
    assert_true(oldest_ms >= before_ms && oldest_ms <= after_ms);
    assert_true(errands_oldest_ms(errands, "fetch/items") == INT64_MAX);
    assert_true(errands_oldest_ms(errands, "fetch") == INT64_MAX);
    open_gate();
    assert_int_equal(errand_wait(first, soon(), NULL), 0);
    assert_int_equal(errand_wait(second, soon(), NULL), 0);
    assert_true(errands_oldest_ms(errands, "fetch/item") == INT64_MAX);
}

static void who_joins_reads_what_the_first_was_started_with(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 2, ROOM);
    CLEANUP(errand_unref) struct errand *first = start(errands, "same");
    const char *context = errand_context(first);
    CLEANUP(errand_unref) struct errand *second = start(errands, "same");
    open_gate();
    assert_int_equal(errand_wait(second, soon(), NULL), 0);
    assert_ptr_equal(errand_context(second), context);
    assert_string_equal(context, "same");
}

static struct errands_status status_of(struct errands *errands)
{
    struct errands_status status;
    errands_status(errands, &status);
    return status;
}

static void who_joins_needs_a_seat_as_well(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(2, 8, 2);
    CLEANUP(errands_seat_done) struct errands_seat first = { NULL };
    CLEANUP(errands_seat_done) struct errands_seat second = { NULL };
    CLEANUP(errands_seat_done) struct errands_seat third = { NULL };
    CLEANUP(errand_unref) struct errand *runs = start_on(errands, &first, "one");
    CLEANUP(errand_unref) struct errand *joins = start_on(errands, &second, "one");
    assert_ptr_equal(runs, joins);
    assert_null(start_on(errands, &third, "one"));
    assert_null(start_on(errands, &third, "other"));
    assert_int_equal(n_freed(), 3);
    assert_int_equal(status_of(errands).refused, 2);
    assert_int_equal(status_of(errands).seated, 2);
    errands_seat_done(&second);
    CLEANUP(errand_unref) struct errand *now = start_on(errands, &third, "one");
    assert_ptr_equal(now, runs);
    open_gate();
    assert_int_equal(errand_wait(now, soon(), NULL), 0);
}

static void one_seat_does_for_all_a_request_waits_for(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(2, 8, 1);
    CLEANUP(errands_seat_done) struct errands_seat seat = { NULL };
    CLEANUP(errand_unref) struct errand *a = start_on(errands, &seat, "a");
    CLEANUP(errand_unref) struct errand *b = start_on(errands, &seat, "b");
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal(status_of(errands).seated, 1);
    errands_seat_done(&seat);
    errands_seat_done(&seat);
    assert_int_equal(status_of(errands).seated, 0);
    open_gate();
    assert_int_equal(errand_wait(b, soon(), NULL), 0);
}

static void who_was_refused_by_the_queue_keeps_no_seat(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 0, 1);
    assert_null(start(errands, "any"));
    assert_int_equal(status_of(errands).seated, 0);
}

static void an_errand_knows_when_it_ended(void **state UNUSED)
{
    CLEANUP(errands_free) struct errands *errands = errands_new(1, 2, ROOM);
    CLEANUP(errand_unref) struct errand *errand = start(errands, "one");
    wait_inside(1);
    assert_int_equal(errand_ended_ms(errand), 0);
    int64_t opened_ms = clock_steady_ms();
    open_gate();
    assert_int_equal(errand_wait(errand, soon(), NULL), 0);
    int64_t ended_ms = errand_ended_ms(errand);
    assert_true(ended_ms >= opened_ms && ended_ms <= clock_steady_ms());
}

#define GATED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATED(the_result_reaches_who_waits),
        GATED(the_same_errand_runs_once_for_all),
        GATED(an_errand_that_is_done_runs_again_when_asked_for),
        GATED(a_full_queue_refuses_others_and_lets_the_same_join),
        GATED(no_queue_at_all_refuses_everything),
        GATED(who_gives_up_leaves_the_errand_running_for_the_next),
        GATED(stopping_cancels_what_runs_and_what_waits),
        GATED(stopping_with_nothing_to_do_is_quick),
        GATED(a_lane_takes_half_of_the_threads_and_of_the_queue),
        GATED(a_lane_of_one_thread_still_moves),
        GATED(the_oldest_of_a_lane_is_known_while_it_is_under_way),
        GATED(who_joins_reads_what_the_first_was_started_with),
        GATED(who_joins_needs_a_seat_as_well),
        GATED(one_seat_does_for_all_a_request_waits_for),
        GATED(who_was_refused_by_the_queue_keeps_no_seat),
        GATED(an_errand_knows_when_it_ended),
        GATED(a_crowd_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
