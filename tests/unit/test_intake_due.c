/* SPDX-License-Identifier: MIT
 *
 * What is due when, and what was announced for which day. */
#include "intake_stage.h"

#include "base/clock.h"
#include "service/freshness.h"

static bool is_fresh(struct service *service, uint32_t id)
{
    struct item_header header = header_of(service, id);
    return freshness_is_fresh(service->store, &service->policy, &header);
}

static void who_says_the_same_again_keeps_it_fresh(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    assert_true(is_fresh(service, id));
    service_pass_time(DAY_MS);
    assert_false(is_fresh(service, id));
    movie(service, 0, MATRIX);
    assert_true(is_fresh(service, id));
    service_pass_time(DAY_MS);
    assert_false(is_fresh(service, id));
}

static void of_two_records_the_older_says_how_fresh_it_is(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    service_pass_time(DAY_MS);
    movie(service, 0, MATRIX);
    assert_false(is_fresh(service, id));
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    assert_true(is_fresh(service, id));
}

static void a_title_is_never_fresh_and_a_tombstone_always(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_false(is_fresh(service, id));
    movie(service, 0, MATRIX);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    service_pass_time(2 * DAY_MS);
    assert_false(is_fresh(service, id));
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_true(is_fresh(service, id));
}

static void another_ttl_counts_at_once_for_what_is_stored(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    service_pass_time(60000);
    assert_true(is_fresh(service, id));
    service->policy.ttl_movies_ms = 30000;
    assert_false(is_fresh(service, id));
    service->policy.ttl_movies_ms = 2 * DAY_MS;
    service_pass_time(DAY_MS);
    assert_true(is_fresh(service, id));
}

static void announce(struct service *service, const char *date)
{
    CLEANUP(mem_free)
    char *json = date ? mem_format("{\"ids\":{\"tmdb\":603},\"changed_on\":\"%s\"}", date)
                      : mem_dup_text(MATRIX_ID);
    movie(service, PROVIDER_CHANGED, json);
}

/* The clock of these tests counts from the machine's start. */
static const char *day_from_now(int days, char out[CLOCK_TEXT_LEN])
{
    return clock_format_date(clock_wall_ms() + days * (int64_t)DAY_MS, out);
}

static void a_change_of_a_day_that_was_over_when_it_was_fetched_is_known(void **state)
{
    struct service *service = *state;
    char day[CLOCK_TEXT_LEN];
    service_pass_time(INT64_C(20000) * DAY_MS);
    movie(service, 0, MATRIX);
    announce(service, day_from_now(-2, day));
    assert_int_equal(waiting(service), 0);
    announce(service, NULL); /* who names no day is believed */
    assert_int_equal(waiting(service), 1);
}

static void a_change_of_today_is_fetched_once_today(void **state)
{
    struct service *service = *state;
    char day[CLOCK_TEXT_LEN];
    service_pass_time(INT64_C(20000) * DAY_MS);
    movie(service, 0, MATRIX);
    announce(service, day_from_now(0, day));
    assert_int_equal(waiting(service), 1);
    announce(service, day);
    assert_int_equal(waiting(service), 1);
    movie(service, 0, MATRIX);
    announce(service, day);
    assert_int_equal(waiting(service), 0);
    service_pass_time(DAY_MS + DAY_MS / 12);
    announce(service, day);
    assert_int_equal(waiting(service), 1);
}

static void what_was_announced_and_is_not_there_is_not_asked_for_again(void **state)
{
    struct service *service = *state;
    char day[CLOCK_TEXT_LEN];
    service_pass_time(INT64_C(20000) * DAY_MS);
    announce(service, day_from_now(0, day));
    assert_int_equal(waiting(service), 1);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    announce(service, day);
    announce(service, day_from_now(-1, day));
    assert_int_equal(waiting(service), 0);
    announce(service, day_from_now(1, day));
    assert_int_equal(waiting(service), 1);
}

static void a_row_of_a_list_asks_only_for_what_is_stale(void **state)
{
    static const char row[] = "{\"ids\":{\"tmdb\":603},\"popularity\":80.5}";
    struct service *service = *state;
    movie(service, 0, MATRIX);
    movie(service, PROVIDER_CHANGED, row);
    assert_int_equal(waiting(service), 0);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_CHANGED, row);
    assert_int_equal(waiting(service), 1);
}

static void whoever_is_whole_is_due_some_time(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_equal(record_of(service, id, "script_a").due_at_ms, 0);
    movie(service, 0, MATRIX);
    int64_t due_ms = record_of(service, id, "script_a").due_at_ms;
    assert_true(due_ms > clock_wall_ms());
    service_pass_time(1000);
    movie(service, 0, MATRIX);
    assert_true(record_of(service, id, "script_a").due_at_ms > due_ms);
    /* The second sighting is a day later, and a tombstone is left alone. */
    movie(service, PROVIDER_GONE, MATRIX_ID);
    due_ms = record_of(service, id, "script_a").due_at_ms;
    assert_in_range(due_ms - clock_wall_ms(), DAY_MS - 60000, DAY_MS);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_int_equal(record_of(service, id, "script_a").due_at_ms, 0);
}

static const struct CMUnitTest tests[] = {
    SERVED(who_says_the_same_again_keeps_it_fresh),
    SERVED(of_two_records_the_older_says_how_fresh_it_is),
    SERVED(a_title_is_never_fresh_and_a_tombstone_always),
    SERVED(another_ttl_counts_at_once_for_what_is_stored),
    SERVED(a_change_of_a_day_that_was_over_when_it_was_fetched_is_known),
    SERVED(a_change_of_today_is_fetched_once_today),
    SERVED(what_was_announced_and_is_not_there_is_not_asked_for_again),
    SERVED(a_row_of_a_list_asks_only_for_what_is_stale),
    SERVED(whoever_is_whole_is_due_some_time),
};

const struct test_part intake_due_part = TEST_PART(tests);
