/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "base/mem.h"
#include "base/schedule.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static void each_form_is_read(void **state UNUSED)
{
    struct schedule schedule;
    assert_true(schedule_parse("never", &schedule));
    assert_int_equal(schedule.every_ms, 0);
    assert_int_equal(schedule.at_ms, -1);
    assert_true(schedule_parse("every 6 h", &schedule));
    assert_int_equal(schedule.every_ms, 6 * HOUR_MS);
    assert_true(schedule_parse("every 15min", &schedule));
    assert_int_equal(schedule.every_ms, HOUR_MS / 4);
    assert_true(schedule_parse("every 366 d", &schedule));
    assert_true(schedule_parse("every 1 s", &schedule));
    assert_true(schedule_parse("at 00:00", &schedule));
    assert_int_equal(schedule.at_ms, 0);
    assert_true(schedule_parse("at 23:59", &schedule));
    assert_int_equal(schedule.at_ms, DAY_MS - 60000);
}

static void anything_else_is_refused_and_changes_nothing(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",           "always",
        "Never",      "every",
        "every h",    "every 0 h",
        "every -1 h", "every 1",
        "every 1 w",  "every 367 d",
        "every 1 h ", "every  1 h",
        "at",         "at 24:00",
        "at 9:30",    "at 09:60",
        "at 09:3",    "at 09:30 UTC",
        "at 0930",    "every 1.5 h",
        "never ",     "every 999999999 s",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct schedule schedule = { 7, 7 };
        if (schedule_parse(wrong[i], &schedule))
            fail_msg("'%s' was taken", wrong[i]);
        assert_int_equal(schedule.every_ms, 7);
        assert_int_equal(schedule.at_ms, 7);
    }
}

static void an_interval_is_late_by_a_tenth_at_most(void **state UNUSED)
{
    const struct schedule schedule = { .every_ms = 6 * HOUR_MS, .at_ms = -1 };
    int64_t least = INT64_MAX, most = 0;
    for (uint32_t salt = 0; salt < 1000; salt++) {
        int64_t next_ms = schedule_next_ms(&schedule, DAY_MS, salt) - DAY_MS;
        least = MIN(least, next_ms);
        most = MAX(most, next_ms);
    }
    assert_in_range(least, 6 * HOUR_MS, 6 * HOUR_MS + HOUR_MS / 20);
    assert_in_range(most, 6 * HOUR_MS + HOUR_MS / 2, 6 * HOUR_MS + HOUR_MS * 6 / 10);
    assert_int_equal(schedule_next_ms(&schedule, DAY_MS, 5),
                     schedule_next_ms(&schedule, DAY_MS, 5));
}

static void a_time_of_the_day_comes_once_a_day(void **state UNUSED)
{
    const struct schedule schedule = { .at_ms = 9 * HOUR_MS };
    assert_in_range(schedule_next_ms(&schedule, 100 * DAY_MS, 3), 100 * DAY_MS + 9 * HOUR_MS,
                    100 * DAY_MS + 9 * HOUR_MS + HOUR_MS / 6);
    for (uint32_t salt = 0; salt < 100; salt++) {
        int64_t first = schedule_next_ms(&schedule, 100 * DAY_MS + 10 * HOUR_MS, salt);
        assert_int_equal(first / DAY_MS, 101);
        assert_int_equal(schedule_next_ms(&schedule, first, salt) - first, DAY_MS);
    }
}

static void never_does_not_come(void **state UNUSED)
{
    const struct schedule schedule = { .at_ms = -1 };
    assert_true(schedule_next_ms(&schedule, DAY_MS, 1) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_read),
        cmocka_unit_test(anything_else_is_refused_and_changes_nothing),
        cmocka_unit_test(an_interval_is_late_by_a_tenth_at_most),
        cmocka_unit_test(a_time_of_the_day_comes_once_a_day),
        cmocka_unit_test(never_does_not_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
