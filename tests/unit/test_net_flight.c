/* SPDX-License-Identifier: MIT */
#include "../net_world.h"

#include <string.h>

#include "base/lock.h"
#include "base/text.h"

#define SCRIPT(world, target, ...)                                                                 \
    do {                                                                                           \
        static const struct fake_answer script_[] = { __VA_ARGS__ };                               \
        fake_upstream_script((world)->fake, target, script_, ARRAY_LEN(script_));                  \
    } while (0)

enum { CALLERS = 24 };

struct caller {
    struct net_world *world;
    struct provider_request request;
    int64_t wait_ms;
    int rounds;
    int canceled;
    bool background;
    int code;
    struct upstream_answer *answer;
    pthread_t thread;
};

static void *call(void *context)
{
    struct caller *caller = context;
    for (int i = 0; i < MAX(caller->rounds, 1); i++) {
        const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + caller->wait_ms,
                                            .canceled = &caller->canceled,
                                            .background = caller->background };
        upstream_answer_free(steal(caller->answer));
        caller->code =
            upstream_fetch(caller->world->upstream, &caller->request, &wait, &caller->answer, NULL);
    }
    return NULL;
}

static void start(struct caller *caller, struct net_world *world, const char *url, int64_t wait_ms)
{
    caller->world = world;
    caller->request = (struct provider_request){ .size = sizeof caller->request, .url = url };
    caller->wait_ms = wait_ms;
    caller->thread = lock_thread_start("caller", call, caller);
}

static int finish(struct caller *caller)
{
    pthread_join(caller->thread, NULL);
    int code = caller->code ? caller->code : caller->answer->response.status;
    upstream_answer_free(steal(caller->answer));
    return code;
}

static bool all_joined(const struct upstream_status *status)
{
    return status->coalesced == CALLERS - 1;
}

static bool one_joined(const struct upstream_status *status)
{
    return status->coalesced == 1;
}

static bool one_joined_and_one_waits(const struct upstream_status *status)
{
    return status->coalesced == 1 && status->waiting == 1;
}

static bool four_wait(const struct upstream_status *status)
{
    return status->waiting == 4;
}

static void one_question_of_many_callers_is_asked_once(void **state UNUSED)
{
    struct caller callers[CALLERS] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, "shared", 0, FAKE_HOLD });
    for (int i = 0; i < CALLERS; i++)
        start(&callers[i], &world, "{base}/a", 5000);
    assert_true(net_world_await(&world, all_joined));
    fake_upstream_release(world.fake);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(finish(&callers[i]), 200);
    assert_int_equal(fake_upstream_seen(world.fake, "/a"), 1);
}

static void different_questions_are_not_confused(void **state UNUSED)
{
    static const char *const urls[] = { "{base}/a", "{base}/b", "{base}/a?x=1" };
    struct caller callers[4] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HOLD });
    SCRIPT(&world, "/b", { 201, NULL, NULL, 0, FAKE_HOLD });
    SCRIPT(&world, "/a?x=1", { 202, NULL, NULL, 0, FAKE_HOLD });
    for (int i = 0; i < 3; i++)
        start(&callers[i], &world, urls[i], 5000);
    fake_upstream_await(world.fake, NULL, 3);
    fake_upstream_release(world.fake);
    for (int i = 0; i < 3; i++)
        assert_int_equal(finish(&callers[i]), 200 + i);
    assert_int_equal(net_world_status(&world).coalesced, 0);
}

static bool one_waits(const struct upstream_status *status)
{
    return status->waiting == 1;
}

static bool two_wait(const struct upstream_status *status)
{
    return status->waiting == 2;
}

static bool three_wait(const struct upstream_status *status)
{
    return status->waiting == 3;
}

/* The only slot is taken, and two in the background wait for it. */
static void take_the_slot_and_queue(struct net_world *world, struct caller callers[4])
{
    start(&callers[0], world, "{base}/busy", 5000);
    fake_upstream_await(world->fake, "/busy", 1);
    callers[1].background = callers[2].background = true;
    start(&callers[1], world, "{base}/later", 60000);
    assert_true(net_world_await(world, one_waits));
    start(&callers[2], world, "{base}/latest", 60000);
    assert_true(net_world_await(world, two_wait));
}

static void end_queue(struct caller callers[4])
{
    for (int i = 1; i < 4; i++)
        __atomic_store_n(&callers[i].canceled, 1, __ATOMIC_RELEASE);
    assert_int_equal(finish(&callers[0]), 200);
    for (int i = 1; i < 4; i++)
        finish(&callers[i]);
}

/* One slot, which is taken; who comes last and is waited for gets it next. */
static void who_is_waited_for_goes_before_the_background(void **state UNUSED)
{
    struct caller callers[4] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .max_parallel = 1 }, NULL);
    SCRIPT(&world, "/busy", { 200, NULL, NULL, 0, FAKE_HOLD });
    SCRIPT(&world, "/urgent", { 201, NULL, NULL, 0, FAKE_HANG });
    take_the_slot_and_queue(&world, callers);
    start(&callers[3], &world, "{base}/urgent", 60000);
    assert_true(net_world_await(&world, three_wait));
    fake_upstream_release(world.fake);
    assert_true(fake_upstream_await(world.fake, "/urgent", 1));
    assert_int_equal(fake_upstream_seen(world.fake, "/later"), 0);
    assert_int_equal(fake_upstream_seen(world.fake, "/latest"), 0);
    end_queue(callers);
}

/* As before, but who is waited for joins what the background asked for last. */
static void who_joins_the_background_takes_it_along(void **state UNUSED)
{
    struct caller callers[4] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .max_parallel = 1 }, NULL);
    SCRIPT(&world, "/busy", { 200, NULL, NULL, 0, FAKE_HOLD });
    SCRIPT(&world, "/latest", { 201, NULL, NULL, 0, FAKE_HANG });
    take_the_slot_and_queue(&world, callers);
    start(&callers[3], &world, "{base}/latest", 60000);
    assert_true(net_world_await(&world, one_joined));
    assert_int_equal(net_world_status(&world).waiting, 2);
    fake_upstream_release(world.fake);
    assert_true(fake_upstream_await(world.fake, "/latest", 1));
    assert_int_equal(fake_upstream_seen(world.fake, "/later"), 0);
    end_queue(callers);
}

/* The background leaves the last tenth of a budget to who is waited for. */
static void who_joins_the_background_brings_its_share_of_the_budget(void **state UNUSED)
{
    struct caller callers[3] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .budget_day = 10 }, NULL);
    SCRIPT(&world, "/spent", { 200, NULL, NULL, 0, 0 });
    SCRIPT(&world, "/wanted", { 200, NULL, NULL, 0, 0 });
    callers[0].rounds = 9;
    start(&callers[0], &world, "{base}/spent", 5000);
    assert_int_equal(finish(&callers[0]), 200);
    callers[1].background = true;
    start(&callers[1], &world, "{base}/wanted", 26 * 3600 * 1000);
    assert_true(net_world_await(&world, one_waits));
    start(&callers[2], &world, "{base}/wanted", 26 * 3600 * 1000);
    assert_int_equal(finish(&callers[1]), 200);
    assert_int_equal(finish(&callers[2]), 200);
    assert_int_equal(fake_upstream_seen(world.fake, "/wanted"), 1);
}

/* However they gather, the bucket gives no more than it has. */
static void many_that_wait_are_not_faster_than_the_pace(void **state UNUSED)
{
    static const char *const urls[] = { "{base}/a", "{base}/b", "{base}/c", "{base}/d",
                                        "{base}/e", "{base}/f", "{base}/g", "{base}/h" };
    enum { N = ARRAY_LEN(urls), ROUNDS = 5, RATE = 100, BURST = 10 };
    struct caller callers[N] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world,
                   &(struct upstream_options){
                       .rate_per_1000s = RATE * 1000, .burst = BURST, .max_parallel = N },
                   NULL);
    int64_t began_ms = clock_steady_ms();
    for (size_t i = 0; i < N; i++) {
        callers[i].rounds = ROUNDS;
        start(&callers[i], &world, urls[i], 60000);
    }
    for (size_t i = 0; i < N; i++)
        assert_true(finish(&callers[i]) > 0);
    assert_int_equal(net_world_status(&world).requests, N * ROUNDS);
    /* Two milliseconds of slack belong to the pace. */
    assert_true(clock_steady_ms() - began_ms >= (N * ROUNDS - BURST) * 1000 / RATE - 2);
}

static void posts_are_never_one(void **state UNUSED)
{
    struct caller callers[2] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HOLD });
    for (int i = 0; i < 2; i++) {
        callers[i].world = &world;
        callers[i].request = (struct provider_request){ .size = sizeof callers[i].request,
                                                        .method = "POST",
                                                        .url = "{base}/a" };
        callers[i].wait_ms = 5000;
        callers[i].thread = lock_thread_start("caller", call, &callers[i]);
    }
    assert_true(fake_upstream_await(world.fake, "/a", 2));
    fake_upstream_release(world.fake);
    for (int i = 0; i < 2; i++)
        assert_int_equal(finish(&callers[i]), 200);
}

static void another_takes_over_when_the_first_gives_up(void **state UNUSED)
{
    struct caller first = { 0 }, second = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HOLD });
    start(&first, &world, "{base}/a", 60000);
    assert_true(fake_upstream_await(world.fake, "/a", 1));
    start(&second, &world, "{base}/a", 60000);
    assert_true(net_world_await(&world, one_joined));
    __atomic_store_n(&first.canceled, 1, __ATOMIC_RELEASE);
    assert_int_equal(finish(&first), PROVIDER_ECANCEL);
    fake_upstream_release(world.fake);
    assert_int_equal(finish(&second), 200);
    assert_int_equal(fake_upstream_seen(world.fake, "/a"), 1);
}

static void one_who_waits_along_keeps_its_own_deadline(void **state UNUSED)
{
    struct caller first = { 0 }, second = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HOLD });
    start(&first, &world, "{base}/a", 60000);
    assert_true(fake_upstream_await(world.fake, "/a", 1));
    start(&second, &world, "{base}/a", 50);
    assert_int_equal(finish(&second), PROVIDER_ETIME);
    fake_upstream_release(world.fake);
    assert_int_equal(finish(&first), 200);
}

static void a_hanging_upstream_holds_its_slots_and_no_others(void **state UNUSED)
{
    struct caller callers[6] = { 0 };
    char urls[6][32];
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .max_parallel = 2 }, NULL);
    for (int i = 0; i < 6; i++) {
        static const struct fake_answer hold = { 200, NULL, NULL, 0, FAKE_HOLD };
        snprintf(urls[i], sizeof urls[i], "{base}/%d", i);
        fake_upstream_script(world.fake, urls[i] + 6, &hold, 1);
        start(&callers[i], &world, urls[i], 60000);
    }
    assert_true(net_world_await(&world, four_wait));
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.in_flight, 2);

    const char *mirrors[] = { world.mirrors[0] };
    struct upstream *other = net_upstream(
        world.net,
        &(struct upstream_options){ .name = "other", .mirrors = mirrors, .n_mirrors = 1 });
    const struct provider_request request = { .size = sizeof request, .url = "{base}/free" };
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + 5000 };
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    assert_int_equal(upstream_fetch(other, &request, &wait, &answer, NULL), 0);

    fake_upstream_release(world.fake);
    for (int i = 0; i < 6; i++)
        assert_int_equal(finish(&callers[i]), 200);
    /* The two that were held, and the free one when they had arrived before it. */
    assert_in_range(fake_upstream_peak(world.fake), 2, 3);
    status = net_world_status(&world);
    assert_int_equal(status.in_flight, 0);
    assert_int_equal(status.waiting, 0);
    assert_int_equal(status.requests, 6);
}

static void *close_net(void *context)
{
    struct net_world *world = context;
    fake_upstream_await(world->fake, "/a", 1);
    net_close(steal(world->net));
    return NULL;
}

static void closing_cancels_whoever_waits(void **state UNUSED)
{
    struct caller callers[4] = { 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .max_parallel = 1 }, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    start(&callers[0], &world, "{base}/a", 60000);
    assert_true(fake_upstream_await(world.fake, "/a", 1));
    start(&callers[1], &world, "{base}/b", 60000);
    start(&callers[2], &world, "{base}/a", 60000);
    assert_true(net_world_await(&world, one_joined_and_one_waits));
    int64_t begin = clock_steady_ms();
    pthread_t closer = lock_thread_start("closer", close_net, &world);
    for (int i = 0; i < 3; i++)
        assert_int_equal(finish(&callers[i]), PROVIDER_ECANCEL);
    pthread_join(closer, NULL);
    assert_true(clock_steady_ms() - begin < 2000);
}

struct memory {
    struct lock lock;
    char saved[256];
    unsigned saves;
};

static bool load(void *context, const char *upstream UNUSED, struct text *out)
{
    struct memory *memory = context;
    LOCK_SCOPE(&memory->lock);
    return memory->saved[0] && text_add_string(out, memory->saved);
}

static void save(void *context, const char *upstream, const char *value)
{
    struct memory *memory = context;
    assert_string_equal(upstream, "fake");
    LOCK_SCOPE(&memory->lock);
    snprintf(memory->saved, sizeof memory->saved, "%s", value);
    memory->saves++;
}

static void a_budget_survives_a_restart(void **state UNUSED)
{
    struct memory memory = { .lock = LOCK_INIT };
    const struct net_options options = { .memory = { &memory, load, save } };
    const struct upstream_options limits = { .budget_day = 1000 };
    for (unsigned run = 0; run < 3; run++) {
        CLEANUP(net_world_close) struct net_world world;
        net_world_open(&world, &limits, &options);
        assert_int_equal(net_world_status(&world).used_day, run * 30);
        for (int i = 0; i < 30; i++) {
            CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
            net_world_get(&world, "/x", 0, &answer);
        }
    }
    assert_in_range(memory.saves, 3, 20);
}

static void many_callers_drive_thousands_of_requests_a_second(void **state UNUSED)
{
    enum { THREADS = 16, ROUNDS = 500 };
    struct caller callers[THREADS] = { 0 };
    char urls[THREADS][32];
    static const struct fake_answer fine = { 200, NULL, "0123456789", 0, 0 };
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .max_parallel = THREADS }, NULL);
    fake_upstream_script_rest(world.fake, &fine);
    int64_t begin = clock_steady_ms();
    for (int i = 0; i < THREADS; i++) {
        snprintf(urls[i], sizeof urls[i], "{base}/%d", i);
        callers[i].rounds = ROUNDS;
        start(&callers[i], &world, urls[i], 60000);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(finish(&callers[i]), 200);
    int64_t took_ms = MAX(clock_steady_ms() - begin, 1);
    print_message("# %d requests in %lld ms\n", THREADS * ROUNDS, (long long)took_ms);
    assert_int_equal(net_world_status(&world).requests, THREADS * ROUNDS);
    assert_int_equal(net_world_status(&world).bytes_in, THREADS * ROUNDS * 10);
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
    assert_true(THREADS * ROUNDS * 1000ll / took_ms > 1000);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_question_of_many_callers_is_asked_once),
        cmocka_unit_test(different_questions_are_not_confused),
        cmocka_unit_test(who_is_waited_for_goes_before_the_background),
        cmocka_unit_test(who_joins_the_background_takes_it_along),
        cmocka_unit_test(who_joins_the_background_brings_its_share_of_the_budget),
        cmocka_unit_test(many_that_wait_are_not_faster_than_the_pace),
        cmocka_unit_test(posts_are_never_one),
        cmocka_unit_test(another_takes_over_when_the_first_gives_up),
        cmocka_unit_test(one_who_waits_along_keeps_its_own_deadline),
        cmocka_unit_test(a_hanging_upstream_holds_its_slots_and_no_others),
        cmocka_unit_test(closing_cancels_whoever_waits),
        cmocka_unit_test(a_budget_survives_a_restart),
        cmocka_unit_test(many_callers_drive_thousands_of_requests_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
