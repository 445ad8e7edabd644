/* SPDX-License-Identifier: MIT
 *
 * How long a request waits, and what it waits for: time limits, rests, budgets. */
#include "net_fetch_test.h"

#include <string.h>

#include "base/lock.h"
#include "base/text.h"

static void a_hanging_upstream_ends_at_the_try_timeout(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .timeout_ms = 150 }, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EUPSTREAM);
    assert_in_range(clock_steady_ms() - begin, 140, 2000);
}

static void a_trickling_body_ends_at_the_try_timeout(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    static char slow[1000];
    memset(slow, 'x', sizeof slow - 1);
    net_world_open(&world, &(struct upstream_options){ .timeout_ms = 200 }, NULL);
    SCRIPT(&world, "/a", { 200, NULL, slow, 999, FAKE_TRICKLE });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EUPSTREAM);
    assert_in_range(clock_steady_ms() - begin, 190, 2000);
}

static void the_deadline_ends_a_wait(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get_until(&world, "{base}/a", 100, NULL), PROVIDER_ETIME);
    assert_in_range(clock_steady_ms() - begin, 99, 1000);
    assert_int_equal(net_world_status(&world).in_flight, 0);
}

/* One failure opens the circuit here. */
static void open_with_a_thin_circuit(struct net_world *world)
{
    net_world_open(world, &(struct upstream_options){ .circuit_failures = 1 }, NULL);
    SCRIPT(world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    SCRIPT(world, "/b", { 200, NULL, "{}", 0, 0 });
}

static void giving_up_on_a_hanging_upstream_counts_as_a_failure(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    open_with_a_thin_circuit(&world);
    assert_int_equal(get_until(&world, "{base}/a", 3100, NULL), PROVIDER_ETIME);
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.failures, 1);
    assert_int_equal(status.circuit, UPSTREAM_OPEN);
    assert_non_null(strstr(status.last_error, "no answer within 3"));
    assert_int_equal(get_until(&world, "{base}/b", 1000, NULL), PROVIDER_EBUSY);
}

static void giving_up_early_says_nothing_of_the_upstream(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    open_with_a_thin_circuit(&world);
    for (int i = 0; i < 3; i++)
        assert_int_equal(get_until(&world, "{base}/a", 50, NULL), PROVIDER_ETIME);
    assert_int_equal(net_world_status(&world).failures, 0);
    assert_int_equal(get_until(&world, "{base}/b", 10000, NULL), 200);
}

struct canceler {
    struct net_world *world;
    int canceled;
};

static void *cancel_when_seen(void *context)
{
    struct canceler *canceler = context;
    fake_upstream_await(canceler->world->fake, "/a", 1);
    __atomic_store_n(&canceler->canceled, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void a_cancelled_wait_ends_at_once(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    struct canceler canceler = { .world = &world };
    pthread_t thread = lock_thread_start("cancel", cancel_when_seen, &canceler);
    const struct provider_request request = { .size = sizeof request, .url = "{base}/a" };
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + 60000,
                                        .canceled = &canceler.canceled };
    struct upstream_answer *answer = NULL;
    assert_int_equal(upstream_fetch(world.upstream, &request, &wait, &answer, NULL),
                     PROVIDER_ECANCEL);
    assert_null(answer);
    pthread_join(thread, NULL);
    assert_int_equal(net_world_status(&world).in_flight, 0);
}

static void after_429_nothing_leaves_until_retry_after(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 429, "Retry-After: 1\r\n", "{}", 0, 0 }, { 200, NULL, "{}", 0, 0 });
    SCRIPT(&world, "/b", { 200, NULL, "{}", 0, 0 });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get_until(&world, "{base}/a", 300, NULL), PROVIDER_EBUSY);
    assert_true(clock_steady_ms() - begin < 290);
    assert_int_equal(get_until(&world, "{base}/b", 300, NULL), PROVIDER_EBUSY);
    assert_int_equal(fake_upstream_seen(world.fake, "/b"), 0);
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.throttled, 1);
    assert_in_range(status.backoff_until_ms - clock_wall_ms(), 1, 1001);
    assert_int_equal(status.circuit, UPSTREAM_CLOSED);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_in_range(clock_steady_ms() - begin, 1000, 4000);
}

static void an_hour_of_retry_after_is_busy_at_once(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 429, "Retry-After: 3600\r\n", "{}", 0, 0 }, { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/a", &err), PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "slow down"));
    upstream_reset(world.upstream);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
}

static void without_retry_after_the_pause_is_about_a_second(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 429, NULL, "{}", 0, 0 }, { 200, NULL, NULL, 0, 0 });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_in_range(clock_steady_ms() - begin, 500, 3000);
}

static void an_open_circuit_answers_busy_and_recovers(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(
        &world, &(struct upstream_options){ .circuit_failures = 2, .circuit_open_ms = 400 }, NULL);
    SCRIPT(&world, "/bad", { 200, NULL, NULL, 0, FAKE_DROP });
    SCRIPT(&world, "/good", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/bad", NULL), PROVIDER_EUPSTREAM);
    assert_int_equal(get(&world, "{base}/bad", NULL), PROVIDER_EUPSTREAM);
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.circuit, UPSTREAM_OPEN);
    assert_in_range(status.circuit_until_ms - clock_wall_ms(), 1, 401);
    assert_int_equal(get_until(&world, "{base}/good", 50, &err), PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "circuit"));
    assert_int_equal(fake_upstream_seen(world.fake, "/good"), 0);
    assert_int_equal(get(&world, "{base}/good", NULL), 200);
    assert_int_equal(net_world_status(&world).circuit, UPSTREAM_CLOSED);
}

static void a_used_up_budget_is_busy_and_survives_in_memory(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, &(struct upstream_options){ .budget_day = 2 }, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_int_equal(get(&world, "{base}/a", &err), PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "budget"));
    assert_int_equal(net_world_status(&world).used_day, 2);
    upstream_reset(world.upstream);
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EBUSY);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_hanging_upstream_ends_at_the_try_timeout),
    cmocka_unit_test(a_trickling_body_ends_at_the_try_timeout),
    cmocka_unit_test(the_deadline_ends_a_wait),
    cmocka_unit_test(giving_up_on_a_hanging_upstream_counts_as_a_failure),
    cmocka_unit_test(giving_up_early_says_nothing_of_the_upstream),
    cmocka_unit_test(a_cancelled_wait_ends_at_once),
    cmocka_unit_test(after_429_nothing_leaves_until_retry_after),
    cmocka_unit_test(an_hour_of_retry_after_is_busy_at_once),
    cmocka_unit_test(without_retry_after_the_pause_is_about_a_second),
    cmocka_unit_test(an_open_circuit_answers_busy_and_recovers),
    cmocka_unit_test(a_used_up_budget_is_busy_and_survives_in_memory),
};

const struct test_part net_fetch_waits_part = TEST_PART(tests);
