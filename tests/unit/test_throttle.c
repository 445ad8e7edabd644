/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <pthread.h>

#include "base/clock.h"
#include "throttle.h"

static int64_t now_ms;

static int64_t read_now(void)
{
    return now_ms;
}

static int freeze(void **state UNUSED)
{
    now_ms = 1000000;
    clock_set_source(read_now);
    return 0;
}

static int thaw(void **state UNUSED)
{
    clock_set_source(NULL);
    return 0;
}

static void a_burst_passes_and_then_the_rate_holds(void **state UNUSED)
{
    CLEANUP(throttle_free) struct throttle *throttle = throttle_new(60, 5);
    struct throttle_state said;
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(throttle_take(throttle, "a", &said));
        assert_int_equal(said.left, 4 - i);
    }
    assert_false(throttle_take(throttle, "a", &said));
    assert_int_equal(said.retry_s, 1);
    assert_int_equal(said.reset_s, 5);
    now_ms += 999;
    assert_false(throttle_take(throttle, "a", &said));
    now_ms += 1;
    assert_true(throttle_take(throttle, "a", &said));
    assert_false(throttle_take(throttle, "a", &said));
}

static void each_has_a_bucket_of_their_own(void **state UNUSED)
{
    CLEANUP(throttle_free) struct throttle *throttle = throttle_new(60, 1);
    struct throttle_state said;
    assert_true(throttle_take(throttle, "a", &said));
    assert_false(throttle_take(throttle, "a", &said));
    assert_true(throttle_take(throttle, "b", &said));
    assert_int_equal(throttle_count(throttle), 2);
}

/* A slow rate must not be rounded away by looking often. */
static void asking_often_does_not_stop_the_refill(void **state UNUSED)
{
    CLEANUP(throttle_free) struct throttle *throttle = throttle_new(1, 1);
    struct throttle_state said;
    assert_true(throttle_take(throttle, "a", &said));
    int refused = 0;
    for (int i = 0; i < 59999; i++) {
        now_ms += 1;
        refused += !throttle_take(throttle, "a", &said);
    }
    assert_int_equal(refused, 59999);
    now_ms += 1;
    assert_true(throttle_take(throttle, "a", &said));
}

static void a_long_pause_gives_no_more_than_the_burst(void **state UNUSED)
{
    CLEANUP(throttle_free) struct throttle *throttle = throttle_new(600, 10);
    struct throttle_state said;
    throttle_take(throttle, "a", &said);
    now_ms += INT64_C(400) * 24 * 3600 * 1000;
    int allowed = 0;
    while (throttle_take(throttle, "a", &said))
        allowed++;
    assert_int_equal(allowed, 10);
}

static void without_a_rate_everything_passes(void **state UNUSED)
{
    CLEANUP(throttle_free) struct throttle *throttle = throttle_new(0, 1);
    struct throttle_state said;
    for (int i = 0; i < 1000; i++)
        assert_true(throttle_take(throttle, "a", &said));
    assert_false(said.limited);
}

/* However many come, those who are out of tokens stay known. */
static void a_crowd_does_not_free_the_greedy(void **state UNUSED)
{
    CLEANUP(throttle_free) struct throttle *throttle = throttle_new(1, 2);
    struct throttle_state said;
    while (throttle_take(throttle, "greedy", &said))
        continue;
    for (int i = 0; i < 100000; i++) {
        char who[24];
        snprintf(who, sizeof who, "passer-by %d", i);
        assert_true(throttle_take(throttle, who, &said));
    }
    assert_false(throttle_take(throttle, "greedy", &said));
    assert_true(throttle_count(throttle) <= 4096);
}

static void *take_many(void *argument)
{
    intptr_t allowed = 0;
    struct throttle_state said;
    for (int i = 0; i < 2000; i++)
        allowed += throttle_take(argument, "shared", &said);
    return (void *)allowed;
}

static void threads_share_one_bucket(void **state UNUSED)
{
    CLEANUP(throttle_free) struct throttle *throttle = throttle_new(60, 100);
    pthread_t threads[4];
    intptr_t allowed = 0;
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_many, throttle), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        void *more;
        pthread_join(threads[i], &more);
        allowed += (intptr_t)more;
    }
    assert_int_equal(allowed, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_then_the_rate_holds),
        cmocka_unit_test(each_has_a_bucket_of_their_own),
        cmocka_unit_test(asking_often_does_not_stop_the_refill),
        cmocka_unit_test(a_long_pause_gives_no_more_than_the_burst),
        cmocka_unit_test(without_a_rate_everything_passes),
        cmocka_unit_test(a_crowd_does_not_free_the_greedy),
        cmocka_unit_test(threads_share_one_bucket),
    };
    return cmocka_run_group_tests(tests, freeze, thaw);
}
