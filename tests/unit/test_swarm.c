/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "release/swarm.h"
#include "service/availability_policy.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define NOW_MS (20779 * DAY_MS)

static void claim(struct swarm_series *series, int64_t at_ms, uint32_t seeds)
{
    const struct swarm_sample sample = { .at_ms = at_ms, .seeds = seeds, .peers = 1 };
    swarm_add(series, &sample);
}

static void see(struct swarm_series *series, int64_t at_ms, uint32_t seeds)
{
    const struct swarm_sample sample = { .at_ms = at_ms, .seeds = seeds, .verified = true };
    swarm_add(series, &sample);
}

static void assert_sound(const struct swarm_series *series)
{
    assert_in_range(series->n, 0, SWARM_SAMPLES);
    for (size_t i = 1; i < series->n; i++)
        assert_true(series->samples[i].at_ms >= series->samples[i - 1].at_ms);
}

/* --- The series */

static void claims_and_sightings_are_kept_apart(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    assert_null(swarm_last(&series, true));
    claim(&series, NOW_MS, 100);
    assert_null(swarm_last(&series, true));
    see(&series, NOW_MS + HOUR_MS, 3);
    claim(&series, NOW_MS + 2 * HOUR_MS, 90);
    assert_int_equal(series.n, 3);
    assert_int_equal(swarm_last(&series, true)->seeds, 3);
    assert_int_equal(swarm_last(&series, false)->seeds, 90);
}

static void what_stays_the_same_costs_two_samples(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    for (int i = 0; i < 1000; i++)
        claim(&series, NOW_MS + i * DAY_MS, 100);
    assert_int_equal(series.n, 2);
    assert_int_equal(series.samples[0].at_ms, NOW_MS);
    assert_int_equal(series.samples[1].at_ms, NOW_MS + 999 * DAY_MS);
}

static void a_series_is_bounded_and_dense_near_its_end(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    enum { HOURS = 24 * 400 };
    for (int i = 0; i < HOURS; i++) {
        see(&series, NOW_MS + i * HOUR_MS, (uint32_t)i % 7 + 1);
        assert_sound(&series);
    }
    int64_t end_ms = NOW_MS + (HOURS - 1) * HOUR_MS;
    size_t last_week = 0, first_half = 0;
    for (size_t i = 0; i < series.n; i++) {
        last_week += end_ms - series.samples[i].at_ms <= 7 * DAY_MS;
        first_half += series.samples[i].at_ms - NOW_MS < 200 * DAY_MS;
    }
    assert_int_equal(series.n, SWARM_SAMPLES);
    assert_int_equal(series.samples[series.n - 1].at_ms, end_ms);
    assert_true(last_week >= 20);
    assert_true(first_half >= 3);
}

static void many_claims_do_not_push_out_the_last_sighting(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    see(&series, NOW_MS, 5);
    for (int i = 1; i < 5000; i++)
        claim(&series, NOW_MS + i * HOUR_MS, (uint32_t)i % 90);
    assert_non_null(swarm_last(&series, true));
    assert_int_equal(swarm_last(&series, true)->seeds, 5);
    assert_sound(&series);
}

static void what_is_older_than_the_last_is_left_out(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    claim(&series, NOW_MS, 10);
    claim(&series, NOW_MS - HOUR_MS, 20);
    claim(&series, 0, 20);
    claim(&series, -DAY_MS, 20);
    assert_int_equal(series.n, 1);
    assert_int_equal(series.samples[0].seeds, 10);
    see(&series, NOW_MS - HOUR_MS, 4); /* of another kind */
    assert_int_equal(series.n, 2);
    assert_sound(&series);
}

static void the_later_of_one_minute_counts(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    claim(&series, NOW_MS + 1000, 10);
    claim(&series, NOW_MS + 30000, 20);
    assert_int_equal(series.n, 1);
    assert_int_equal(series.samples[0].seeds, 20);
    assert_int_equal(series.samples[0].at_ms, NOW_MS);
}

static void nonsense_is_clamped(void **state UNUSED)
{
    assert_int_equal(swarm_clamp(-1), 0);
    assert_int_equal(swarm_clamp(INT64_MIN), 0);
    assert_int_equal(swarm_clamp(17), 17);
    assert_int_equal(swarm_clamp(SWARM_MOST), SWARM_MOST);
    assert_int_equal(swarm_clamp(INT64_MAX), SWARM_MOST);
}

/* --- The trend */

static void a_trend_is_the_growth_of_seven_days(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    int32_t trend = 0;
    see(&series, NOW_MS - 14 * DAY_MS, 10);
    see(&series, NOW_MS - 7 * DAY_MS, 20);
    see(&series, NOW_MS, 55);
    assert_true(swarm_trend(&series, NOW_MS, &trend));
    assert_int_equal(trend, 35);
}

static void between_two_samples_it_is_on_the_line(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    int32_t trend = 0;
    see(&series, NOW_MS - 10 * DAY_MS, 100);
    see(&series, NOW_MS - 4 * DAY_MS, 40); /* 7 days ago: 70 */
    see(&series, NOW_MS, 30);
    assert_true(swarm_trend(&series, NOW_MS, &trend));
    assert_int_equal(trend, -40);
}

static void what_was_seen_counts_more_than_what_is_claimed(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    int32_t trend = 0;
    claim(&series, NOW_MS - 7 * DAY_MS, 1);
    claim(&series, NOW_MS, 1000);
    assert_true(swarm_trend(&series, NOW_MS, &trend));
    assert_int_equal(trend, 999);
    see(&series, NOW_MS + HOUR_MS, 7); /* one says nothing */
    assert_true(swarm_trend(&series, NOW_MS + HOUR_MS, &trend));
    assert_int_equal(trend, 999);
    see(&series, NOW_MS + 2 * DAY_MS, 5);
    assert_true(swarm_trend(&series, NOW_MS + 2 * DAY_MS, &trend));
    assert_int_equal(trend, -2);
}

static void too_little_has_no_trend(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    int32_t trend = 77;
    assert_false(swarm_trend(&series, NOW_MS, &trend));
    see(&series, NOW_MS, 10);
    assert_false(swarm_trend(&series, NOW_MS, &trend));
    see(&series, NOW_MS + 23 * HOUR_MS, 90);
    assert_false(swarm_trend(&series, NOW_MS + 23 * HOUR_MS, &trend));
    assert_int_equal(trend, 77);
    see(&series, NOW_MS + 25 * HOUR_MS, 90);
    assert_true(swarm_trend(&series, NOW_MS + 25 * HOUR_MS, &trend));
    assert_int_equal(trend, 80);
}

static void what_is_long_past_has_no_trend(void **state UNUSED)
{
    struct swarm_series series = { 0 };
    int32_t trend = 77;
    see(&series, NOW_MS - 7 * DAY_MS, 10);
    see(&series, NOW_MS, 20);
    assert_true(swarm_trend(&series, NOW_MS + 7 * DAY_MS, &trend));
    assert_false(swarm_trend(&series, NOW_MS + 7 * DAY_MS + 1, &trend));
}

/* --- Stored and shown */

static void what_is_packed_comes_back(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(SWARM_PACKED_MAX);
    struct swarm before = { .due_at_ms = NOW_MS,
                            .checked_at_ms = 2,
                            .dead_since_ms = 3,
                            .unanswered = 4,
                            .trackers = 5,
                            .answers = 6,
                            .dht_peers = 7,
                            .met = 8,
                            .seeds_met = 9 };
    struct swarm after;
    for (int i = 0; i < SWARM_SAMPLES; i++)
        see(&before.series, NOW_MS + i * HOUR_MS, SWARM_MOST - (uint32_t)i);
    swarm_pack(&before, &packed);
    assert_false(packed.overflow);
    assert_int_equal(packed.len, SWARM_PACKED_MAX);
    assert_true(swarm_open(packed.bytes, packed.len, &after));
    assert_int_equal(after.seeds_met, 9);
    assert_int_equal(after.due_at_ms, NOW_MS);
    assert_memory_equal(&after.series.samples, &before.series.samples, sizeof after.series.samples);
}

static void broken_bytes_are_refused(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(2 * SWARM_PACKED_MAX);
    struct swarm swarm = { 0 };
    see(&swarm.series, NOW_MS, 1);
    see(&swarm.series, NOW_MS + HOUR_MS, 2);
    swarm_pack(&swarm, &packed);
    for (size_t len = 0; len < packed.len; len++)
        if (len < SWARM_HEAD || (len - SWARM_HEAD) % 11)
            assert_false(swarm_open(packed.bytes, len, &swarm));
    packed.bytes[SWARM_HEAD + 11 + 3] = 0; /* the second is older than the first */
    assert_false(swarm_open(packed.bytes, packed.len, &swarm));
    text_clear(&packed);
    while (packed.len <= SWARM_PACKED_MAX)
        text_add_char(&packed, '\0');
    assert_false(swarm_open(packed.bytes, SWARM_HEAD + 65 * 11, &swarm));
    assert_false(swarm_open("", 0, &swarm));
}

static void shown_it_is_json(void **state UNUSED)
{
    CLEANUP(text_done) struct text shown = TEXT_INIT(1 << 16);
    struct swarm swarm = { .checked_at_ms = NOW_MS, .met = 3 };
    see(&swarm.series, NOW_MS, 1);
    claim(&swarm.series, NOW_MS + HOUR_MS, 2);
    swarm_render_history(&swarm.series, &shown);
    json_auto_t *history = json_loads(text_string(&shown), 0, NULL);
    assert_int_equal(json_array_size(history), 2);
    assert_true(json_is_true(json_object_get(json_array_get(history, 0), "verified")));
    text_clear(&shown);
    swarm_render_check(&swarm, &shown);
    json_auto_t *check = json_loads(text_string(&shown), 0, NULL);
    assert_int_equal(js_int(check, "met", 0), 3);
    assert_true(json_is_null(json_object_get(check, "next_at")));
    assert_string_equal(js_string(check, "at"), "2026-11-22T00:00:00Z");
}

/* --- When to look again */

static void each_rule_applies_to_its_own(void **state UNUSED)
{
    static const struct {
        const char *rule;
        int64_t every_ms, age_ms, dead_ms;
        double popularity;
        bool listed, opened;
    } rows[] = {
        { "fresh", 3 * HOUR_MS, HOUR_MS, 0, 0, false, false },
        { "fresh", 3 * HOUR_MS, HOUR_MS, 0, 50, true, false },
        { "listed", 6 * HOUR_MS, 900 * DAY_MS, 0, 0, true, false },
        { "listed", 6 * HOUR_MS, 3 * DAY_MS, 0, 50, true, false },
        { "listed", 6 * HOUR_MS, 900 * DAY_MS, 0, 0, true, true },
        { "opened", 6 * HOUR_MS, 900 * DAY_MS, 0, 0, false, true },
        { "opened", 6 * HOUR_MS, 3 * DAY_MS, 0, 50, false, true },
        { "fresh", 3 * HOUR_MS, HOUR_MS, 0, 0, false, true },
        { "new", 12 * HOUR_MS, 3 * DAY_MS, 0, 50, false, false },
        { "popular", DAY_MS, 900 * DAY_MS, 0, 20, false, false },
        { "recent", 3 * DAY_MS, 20 * DAY_MS, 0, 19, false, false },
        { "long ago", 14 * DAY_MS, 900 * DAY_MS, 0, 19, false, false },
        { "died lately", 2 * DAY_MS, 900 * DAY_MS, HOUR_MS, 50, true, false },
        { "died lately", 2 * DAY_MS, HOUR_MS, HOUR_MS, 50, false, false },
        { "dead and listed", 7 * DAY_MS, 900 * DAY_MS, 8 * DAY_MS, 0, true, false },
        { "dead and opened", 7 * DAY_MS, 900 * DAY_MS, 8 * DAY_MS, 0, false, true },
        { "died lately", 2 * DAY_MS, 900 * DAY_MS, HOUR_MS, 0, false, true },
        { "dead for long", 90 * DAY_MS, 900 * DAY_MS, 180 * DAY_MS, 0, false, true },
        { "dead", 30 * DAY_MS, 900 * DAY_MS, 8 * DAY_MS, 50, false, false },
        { "dead for long", 90 * DAY_MS, 900 * DAY_MS, 180 * DAY_MS, 50, true, false },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct availability_facts facts = {
            .since_ms = NOW_MS - rows[i].age_ms,
            .verified_at_ms = NOW_MS,
            .dead_since_ms = rows[i].dead_ms ? NOW_MS - rows[i].dead_ms : 0,
            .popularity = rows[i].popularity,
            .listed = rows[i].listed,
            .opened = rows[i].opened,
        };
        assert_string_equal(availability_rule_name(&facts, NOW_MS), rows[i].rule);
        for (uint32_t salt = 0; salt < 50; salt++)
            assert_in_range(availability_due_ms(&facts, NOW_MS, salt) - NOW_MS,
                            rows[i].every_ms * 7 / 8, rows[i].every_ms * 9 / 8);
    }
}

static void a_whole_catalogue_is_not_looked_at_at_once(void **state UNUSED)
{
    const struct availability_facts facts = { .since_ms = NOW_MS - 900 * DAY_MS };
    unsigned days[16] = { 0 };
    for (uint32_t salt = 0; salt < 16000; salt++) {
        int64_t after_ms = availability_due_ms(&facts, NOW_MS, salt) - NOW_MS;
        assert_in_range(after_ms, 1, 16 * DAY_MS - 1);
        days[after_ms / DAY_MS]++;
    }
    for (size_t day = 2; day < 15; day++)
        assert_in_range(days[day], 900, 1400);
}

static void who_does_not_answer_is_asked_less_and_less(void **state UNUSED)
{
    struct availability_facts facts = { .since_ms = NOW_MS - 900 * DAY_MS,
                                        .verified_at_ms = NOW_MS };
    int64_t before_ms = 0;
    for (facts.unanswered = 1; facts.unanswered <= 8; facts.unanswered++) {
        int64_t after_ms = availability_due_ms(&facts, NOW_MS, 0) - NOW_MS;
        assert_true(after_ms > before_ms);
        before_ms = after_ms;
    }
    facts.unanswered = 4000000000;
    assert_in_range(availability_due_ms(&facts, NOW_MS, 7) - NOW_MS, DAY_MS, 16 * DAY_MS);
    facts.listed = true; /* not less than otherwise */
    assert_in_range(availability_due_ms(&facts, NOW_MS, 7) - NOW_MS, 5 * HOUR_MS, 7 * HOUR_MS);
}

static void a_clock_set_back_does_no_harm(void **state UNUSED)
{
    const struct availability_facts facts = { .since_ms = NOW_MS + 900 * DAY_MS,
                                              .verified_at_ms = NOW_MS + DAY_MS,
                                              .dead_since_ms = NOW_MS + 9 * DAY_MS };
    assert_string_equal(availability_rule_name(&facts, NOW_MS), "died lately");
    assert_true(availability_due_ms(&facts, NOW_MS, 1) > NOW_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_and_sightings_are_kept_apart),
        cmocka_unit_test(what_stays_the_same_costs_two_samples),
        cmocka_unit_test(a_series_is_bounded_and_dense_near_its_end),
        cmocka_unit_test(many_claims_do_not_push_out_the_last_sighting),
        cmocka_unit_test(what_is_older_than_the_last_is_left_out),
        cmocka_unit_test(the_later_of_one_minute_counts),
        cmocka_unit_test(nonsense_is_clamped),
        cmocka_unit_test(a_trend_is_the_growth_of_seven_days),
        cmocka_unit_test(between_two_samples_it_is_on_the_line),
        cmocka_unit_test(what_was_seen_counts_more_than_what_is_claimed),
        cmocka_unit_test(too_little_has_no_trend),
        cmocka_unit_test(what_is_long_past_has_no_trend),
        cmocka_unit_test(what_is_packed_comes_back),
        cmocka_unit_test(broken_bytes_are_refused),
        cmocka_unit_test(shown_it_is_json),
        cmocka_unit_test(each_rule_applies_to_its_own),
        cmocka_unit_test(a_whole_catalogue_is_not_looked_at_at_once),
        cmocka_unit_test(who_does_not_answer_is_asked_less_and_less),
        cmocka_unit_test(a_clock_set_back_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
