/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/address.h"
#include "base/clock.h"
#include "net/circuit.h"
#include "net/guard.h"
#include "net/mirrors.h"
#include "net/pace.h"
#include "net/response.h"
#include "net/retry.h"
#include "net/target.h"

enum { S = 1000000 }; /* microseconds */

static unsigned take_all_ready(struct pace *pace, int64_t now_us)
{
    unsigned n = 0;
    while (n < 1000 && pace_ready_us(pace, now_us) <= now_us) {
        pace_take(pace, now_us, now_us / 1000);
        n++;
    }
    return n;
}

static void a_burst_is_as_large_as_configured_and_then_the_rate_holds(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, 10 * 1000, 5, 0, 0);
    assert_int_equal(take_all_ready(&pace, 100 * S), 5);
    assert_int_equal(take_all_ready(&pace, 100 * S + 90000), 0);
    assert_int_equal(take_all_ready(&pace, 100 * S + 100000), 1);
    unsigned n = 0;
    for (int64_t us = 0; us < 60 * S; us += 10000)
        n += take_all_ready(&pace, 101 * S + us);
    assert_in_range(n, 600, 610);
}

static void who_waits_leaves_together_within_a_fifth_of_a_second(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, 25 * 1000, 0, 0, 0);
    assert_int_equal(pace_gather_us(&pace, 0), 0);
    assert_int_equal(pace_gather_us(&pace, 1), 0);
    assert_int_equal(pace_gather_us(&pace, 3), 80000);
    assert_int_equal(pace_gather_us(&pace, 6), 200000);
    assert_int_equal(pace_gather_us(&pace, UINT32_MAX), 200000);
    int64_t now_us = 100 * S;
    assert_int_equal(take_all_ready(&pace, now_us), 25);
    for (unsigned i = 0; i < 20; i++) {
        now_us = pace_ready_us(&pace, now_us) + pace_gather_us(&pace, 4);
        assert_int_equal(take_all_ready(&pace, now_us), 4);
    }
    /* Eighty in as long as eighty take one by one. */
    assert_in_range(now_us, 100 * S + 80 * 40000 - 1000, 100 * S + 80 * 40000 + 1000);
}

static void a_bucket_that_holds_no_two_gathers_nobody(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, 25 * 1000, 1, 0, 0);
    assert_int_equal(pace_gather_us(&pace, 16), 0);
    pace_set(&pace, 25 * 1000, 2, 0, 0);
    assert_int_equal(pace_gather_us(&pace, 16), 40000);
    pace_set(&pace, 2 * 1000, 10, 0, 0); /* the next one is too far away */
    assert_int_equal(pace_gather_us(&pace, 16), 0);
    pace_set(&pace, 0, 0, 0, 0);
    assert_int_equal(pace_gather_us(&pace, 16), 0);
}

static void a_pace_below_one_per_second_lets_one_go_and_then_waits(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, 100, 0, 0, 0);
    assert_int_equal(take_all_ready(&pace, 100 * S), 1);
    assert_int_equal(take_all_ready(&pace, 109 * S), 0);
    assert_int_equal(take_all_ready(&pace, 110 * S), 1);
}

static void no_rate_is_no_limit(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, 0, 0, 0, 0);
    assert_int_equal(take_all_ready(&pace, S), 1000);
}

static void the_largest_burst_and_rate_do_not_overflow(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, UINT32_MAX, UINT32_MAX, 0, 0);
    assert_int_equal(take_all_ready(&pace, S), 1000);
    pace_set(&pace, 1, UINT32_MAX, 0, 0);
    assert_true(pace.tolerance_ns > 0);
    assert_true(pace_ready_us(&pace, S) <= S);
}

static void a_drained_bucket_has_no_burst_left(void **state UNUSED)
{
    struct pace pace = { 0 };
    pace_set(&pace, 10 * 1000, 10, 0, 0);
    pace_drain(&pace, 100 * S);
    assert_int_equal(take_all_ready(&pace, 100 * S), 1);
}

static void budgets_end_with_their_hour_and_day(void **state UNUSED)
{
    struct pace pace = { 0 };
    int64_t hour = 3600 * 1000, start = 1000 * 24 * hour;
    pace_set(&pace, 0, 0, 2, 3);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pace_budget_ready_ms(&pace, start, false), 0);
        pace_take(&pace, 0, start);
    }
    assert_int_equal(pace_budget_ready_ms(&pace, start + 5, false), start + hour);
    assert_int_equal(pace_budget_ready_ms(&pace, start + hour, false), 0);
    pace_take(&pace, 0, start + hour);
    assert_int_equal(pace_budget_ready_ms(&pace, start + 2 * hour, false), start + 24 * hour);
    assert_int_equal(pace_budget_ready_ms(&pace, start + 24 * hour, false), 0);
}

static void after_a_crash_a_budget_is_never_spent_twice(void **state UNUSED)
{
    struct pace pace = { 0 }, after = { 0 };
    CLEANUP(text_done) struct text saved = TEXT_INIT(256);
    pace_set(&pace, 0, 0, 1000, 0);
    unsigned saves = 0;
    for (int i = 0; i < 500; i++) {
        pace_take(&pace, 0, 7200000);
        if (pace_needs_save(&pace)) {
            text_clear(&saved);
            pace_write(&pace, false, &saved);
            saves++;
        }
    }
    assert_in_range(saves, 1, 60);
    pace_set(&after, 0, 0, 1000, 0);
    pace_read(&after, text_string(&saved), 7200000);
    assert_in_range(after.used_hour, 500, 511);
}

static void an_old_or_mangled_memory_of_a_budget_counts_nothing(void **state UNUSED)
{
    static const char *const bad[] = {
        "", "1", "2 2 50 0 50", "1 2 50 0 50 x", "1 a 50 0 50", "1 1 50 9 50"
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct pace pace = { 0 };
        pace_set(&pace, 0, 0, 100, 100);
        pace_read(&pace, bad[i], 7200000);
        assert_int_equal(pace.used_hour, 0);
        assert_int_equal(pace.used_day, 0);
    }
}

static void a_circuit_opens_after_failures_in_a_row_only(void **state UNUSED)
{
    struct circuit circuit = { 0 };
    circuit_set(&circuit, 3, 1000);
    assert_false(circuit_fail(&circuit, false, 10));
    assert_false(circuit_fail(&circuit, false, 20));
    circuit_succeed(&circuit);
    assert_false(circuit_fail(&circuit, false, 30));
    assert_false(circuit_fail(&circuit, false, 40));
    assert_true(circuit_fail(&circuit, false, 50));
    assert_int_equal(circuit.state, UPSTREAM_OPEN);
    assert_int_equal(circuit_ready_ms(&circuit, 60), 1050);
    assert_false(circuit_fail(&circuit, false, 900));
    assert_int_equal(circuit_ready_ms(&circuit, 900), 1050);
}

static void an_open_circuit_tests_itself_with_one_request(void **state UNUSED)
{
    struct circuit circuit = { 0 };
    circuit_set(&circuit, 1, 1000);
    circuit_fail(&circuit, false, 0);
    assert_true(circuit_start(&circuit, 1000));
    assert_int_equal(circuit.state, UPSTREAM_HALF_OPEN);
    assert_int_equal(circuit_ready_ms(&circuit, 1001), CIRCUIT_UNKNOWN);
    circuit_abandon(&circuit, false);
    assert_int_equal(circuit_ready_ms(&circuit, 1001), CIRCUIT_UNKNOWN);
    circuit_abandon(&circuit, true);
    assert_int_equal(circuit_ready_ms(&circuit, 1002), 1002);
    assert_true(circuit_start(&circuit, 1002));
    circuit_succeed(&circuit);
    assert_int_equal(circuit.state, UPSTREAM_CLOSED);
    assert_false(circuit_start(&circuit, 1003));
}

static void a_failed_test_doubles_the_time_up_to_ten_minutes(void **state UNUSED)
{
    struct circuit circuit = { 0 };
    circuit_set(&circuit, 1, 1000);
    circuit_fail(&circuit, false, 0);
    int64_t now = 1000, last = 0;
    for (int i = 0; i < 20; i++) {
        assert_true(circuit_start(&circuit, now));
        assert_false(circuit_fail(&circuit, false, now));
        assert_true(circuit_fail(&circuit, true, now));
        last = circuit.until_ms - now;
        assert_int_equal(last, MIN(2000ll << i, 600000));
        now = circuit.until_ms;
    }
    circuit_close(&circuit);
    circuit_fail(&circuit, false, now);
    assert_int_equal(circuit.until_ms - now, 1000);
}

static void only_what_is_safe_is_repeated(void **state UNUSED)
{
    assert_true(retry_is_safe(&(struct provider_request){ 0 }));
    assert_true(retry_is_safe(&(struct provider_request){ .method = "HEAD" }));
    assert_false(retry_is_safe(&(struct provider_request){ .method = "POST" }));
    assert_false(retry_is_safe(&(struct provider_request){ .method = "DELETE" }));
    assert_true(retry_is_safe(
        &(struct provider_request){ .method = "POST", .flags = PROVIDER_HTTP_REPEAT }));
    assert_true(retry_is_failure(500));
    assert_true(retry_is_failure(504));
    assert_true(retry_is_failure(522));
    assert_false(retry_is_failure(501));
    assert_false(retry_is_failure(404));
    assert_false(retry_is_failure(200));
}

static void retries_back_off_with_jitter(void **state UNUSED)
{
    assert_int_equal(retry_delay_ms(1, 0), 125);
    assert_int_equal(retry_delay_ms(1, 125), 250);
    assert_int_equal(retry_delay_ms(3, 0), 500);
    for (uint32_t n = 1; n < 100; n++)
        assert_in_range(retry_delay_ms(n, n * 7919), 125, 10000);
}

static void retry_after_is_seconds_or_a_date_in_the_future(void **state UNUSED)
{
    int64_t now = 784111777000; /* Sun, 06 Nov 1994 08:49:37 GMT */
    assert_int_equal(retry_after_ms("7", now), 7000);
    assert_int_equal(retry_after_ms("Sun, 06 Nov 1994 08:49:47 GMT", now), 10000);
    assert_int_equal(retry_after_ms("99999999999999", now), 24 * 3600 * 1000);
    assert_int_equal(retry_after_ms("Sun, 06 Nov 1994 08:49:27 GMT", now), -1);
    assert_int_equal(retry_after_ms("0", now), -1);
    assert_int_equal(retry_after_ms("-5", now), -1);
    assert_int_equal(retry_after_ms("soon", now), -1);
    assert_int_equal(retry_after_ms("", now), -1);
    assert_int_equal(retry_after_ms(NULL, now), -1);
}

static void a_pause_grows_with_each_strike_up_to_thirty_seconds(void **state UNUSED)
{
    struct retry_pause pause = { 0 };
    int64_t now = 1000;
    for (int i = 0; i < 40; i++) {
        retry_pause_hit(&pause, now, now + 1, -1, UINT32_MAX - (uint32_t)i);
        int64_t whole = MIN(1000ll << MIN(i, 10), 30000);
        assert_in_range(pause.until_ms - now - 1, whole / 2, whole);
        now = pause.until_ms + 1;
    }
    retry_pause_through(&pause, now);
    retry_pause_hit(&pause, now, now + 1, -1, 0);
    assert_int_equal(pause.until_ms - now - 1, 500);
}

static void answers_to_what_was_under_way_do_not_lengthen_a_pause(void **state UNUSED)
{
    struct retry_pause pause = { 0 };
    retry_pause_hit(&pause, 100, 200, -1, 0);
    int64_t until = pause.until_ms;
    for (int i = 0; i < 10; i++)
        retry_pause_hit(&pause, 150, 210 + i, -1, 0);
    assert_int_equal(pause.until_ms, until);
    assert_int_equal(pause.strikes, 1);
    retry_pause_through(&pause, 150);
    assert_int_equal(pause.strikes, 1);
    retry_pause_hit(&pause, 150, 220, 60000, 0);
    assert_int_equal(pause.until_ms, 60220);
}

static void only_public_addresses_are_public(void **state UNUSED)
{
    static const char *const public[] = { "1.1.1.1",        "93.184.216.34",    "172.15.255.255",
                                          "172.32.0.1",     "100.63.255.255",   "2606:4700::1111",
                                          "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1" };
    static const char *const not_public[] = { "127.0.0.1",
                                              "127.255.0.3",
                                              "0.0.0.0",
                                              "10.0.0.1",
                                              "172.16.0.1",
                                              "172.31.255.255",
                                              "192.168.1.1",
                                              "169.254.169.254",
                                              "100.64.0.1",
                                              "198.18.0.1",
                                              "224.0.0.1",
                                              "240.0.0.1",
                                              "255.255.255.255",
                                              "192.0.2.1",
                                              "198.51.100.7",
                                              "203.0.113.9",
                                              "192.0.0.8",
                                              "::",
                                              "::1",
                                              "fe80::1",
                                              "fc00::1",
                                              "fd12::1",
                                              "ff02::1",
                                              "2001:db8::1",
                                              "2001::1",
                                              "::ffff:127.0.0.1",
                                              "::ffff:10.0.0.1",
                                              "64:ff9b::a00:1",
                                              "2002:7f00:1::1",
                                              "::127.0.0.1",
                                              "3fff::1",
                                              "nonsense",
                                              "" };
    for (size_t i = 0; i < ARRAY_LEN(public); i++)
        assert_true(address_is_public_text(public[i]));
    for (size_t i = 0; i < ARRAY_LEN(not_public); i++)
        assert_false(address_is_public_text(not_public[i]));
}

static void local_names_and_private_literals_are_refused_unresolved(void **state UNUSED)
{
    assert_true(address_refuses_host("localhost"));
    assert_true(address_refuses_host("LOCALHOST."));
    assert_true(address_refuses_host("x.localhost"));
    assert_true(address_refuses_host("[::1]"));
    assert_true(address_refuses_host("10.1.2.3"));
    assert_false(address_refuses_host("notlocalhost"));
    assert_false(address_refuses_host("image.tmdb.org"));
    assert_false(address_refuses_host("[2606:4700::1111]"));
}

static void urls_are_http_with_a_host_and_no_user(void **state UNUSED)
{
    struct target target;
    assert_true(target_parse("https://API.Example.org/3?x=1", &target));
    assert_string_equal(target.host, "api.example.org");
    assert_int_equal(target.port, 443);
    assert_true(target.https);
    static const char *const bad[] = {
        "",        "ftp://x/",        "file:///etc/passwd", "http://u:p@x/",
        "//x/",    "http://x/a b",    "http://x/\n",        "x",
        "http://", "http://x:99999/", "gopher://x/"
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(target_parse(bad[i], &target));
}

static void the_base_is_filled_in_or_missed(void **state UNUSED)
{
    CLEANUP(mem_free) char *url = NULL;
    struct error err = { 0 };
    assert_int_equal(target_expand("{base}/m/1?a=b", "http://x:1/3", &url, &err), 0);
    assert_string_equal(url, "http://x:1/3/m/1?a=b");
    char *none = NULL;
    assert_int_equal(target_expand("{base}/m", NULL, &none, &err), PROVIDER_EINVAL);
    assert_int_equal(target_expand("{base}@evil.org/", "http://good.org", &none, &err),
                     PROVIDER_EINVAL);
    assert_null(none);
}

static void redirects_are_told_apart_by_where_they_lead(void **state UNUSED)
{
    static const struct {
        const char *from, *location;
        enum target_hop hop;
        const char *to;
    } rows[] = {
        { "http://x/a/b", "/c", TARGET_SAME_HOST, "http://x/c" },
        { "http://x/a/b", "c", TARGET_SAME_HOST, "http://x/a/c" },
        { "http://x/a", "https://x/a", TARGET_SAME_HOST, "https://x/a" },
        { "http://x/a", "http://X/b", TARGET_SAME_HOST, "http://X/b" },
        { "http://x/a", "http://y/a", TARGET_OTHER_HOST, "http://y/a" },
        { "http://x/a", "//y/a", TARGET_OTHER_HOST, "http://y/a" },
        { "http://x/a", "http://x:81/a", TARGET_OTHER_HOST, "http://x:81/a" },
        { "https://x/a", "http://x/a", TARGET_NOWHERE, NULL },
        { "http://x/a", "file:///etc/passwd", TARGET_NOWHERE, NULL },
        { "http://x/a", "http://u@x/", TARGET_NOWHERE, NULL },
        { "http://x/a", "", TARGET_NOWHERE, NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free) char *to = NULL;
        assert_int_equal(target_redirect(rows[i].from, rows[i].location, &to), rows[i].hop);
        if (rows[i].to)
            assert_string_equal(to, rows[i].to);
        else
            assert_null(to);
    }
}

static void the_mirror_that_answered_is_asked_first(void **state UNUSED)
{
    static const char *const bases[] = { "http://a/", "http://b", "http://c" };
    static const char *const fewer[] = { "http://c", "http://b" };
    struct mirrors mirrors = { 0 };
    mirrors_set(&mirrors, bases, 3);
    assert_string_equal(mirrors.bases[0], "http://a");
    assert_int_equal(mirrors_next(&mirrors, 0), 0);
    assert_int_equal(mirrors_next(&mirrors, 1), 1);
    mirrors_prefer(&mirrors, 1);
    assert_int_equal(mirrors_next(&mirrors, 0), 1);
    assert_int_equal(mirrors_next(&mirrors, 6), 0);
    assert_int_equal(mirrors_next(&mirrors, 7), -1);
    mirrors_set(&mirrors, fewer, 2);
    assert_string_equal(mirrors.bases[mirrors.current], "http://b");
    mirrors_prefer(&mirrors, 99);
    assert_int_equal(mirrors_next(&mirrors, 0), 1);
    mirrors_done(&mirrors);
}

static void a_head_survives_the_disk_and_a_mangled_one_is_refused(void **state UNUSED)
{
    CLEANUP(response_unref) struct response *response = response_new(100);
    CLEANUP(response_unref) struct response *back = response_new(100);
    CLEANUP(text_done) struct text head = TEXT_INIT(1000);
    static const char *const lines[] = { "HTTP/1.1 200 OK\r\n", "ETag: W/\"a: b\"\r\n",
                                         "nonsense\r\n", ": empty\r\n", "X:\r\n" };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        assert_true(response_add_header(response, lines[i], strlen(lines[i])));
    response->stored_ms = 1234567890123;
    response_finish(response, 200);
    assert_true(response_write_head(response, &head));
    assert_true(response_read_head(back, &head));
    assert_string_equal(response_header(back, "etag"), "W/\"a: b\"");
    assert_string_equal(response_header(back, "x"), "");
    assert_null(response_header(back, "nonsense"));
    assert_int_equal(back->stored_ms, 1234567890123);
    static const char *const bad[] = { "", "1 200\n", "2 200 5\n", "1 20 5\n", "1 200 5" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(text_done) struct text text = TEXT_INIT(100);
        text_add_string(&text, bad[i]);
        assert_false(response_read_head(back, &text));
    }
}

static void endless_headers_are_refused(void **state UNUSED)
{
    CLEANUP(response_unref) struct response *response = response_new(100);
    bool ok = true;
    for (int i = 0; ok && i < 100000; i++)
        ok = response_add_header(response, "Name: value\r\n", 13);
    assert_false(ok);
    assert_true(response->headers.len <= RESPONSE_MAX_HEADERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_as_large_as_configured_and_then_the_rate_holds),
        cmocka_unit_test(who_waits_leaves_together_within_a_fifth_of_a_second),
        cmocka_unit_test(a_bucket_that_holds_no_two_gathers_nobody),
        cmocka_unit_test(a_pace_below_one_per_second_lets_one_go_and_then_waits),
        cmocka_unit_test(no_rate_is_no_limit),
        cmocka_unit_test(the_largest_burst_and_rate_do_not_overflow),
        cmocka_unit_test(a_drained_bucket_has_no_burst_left),
        cmocka_unit_test(budgets_end_with_their_hour_and_day),
        cmocka_unit_test(after_a_crash_a_budget_is_never_spent_twice),
        cmocka_unit_test(an_old_or_mangled_memory_of_a_budget_counts_nothing),
        cmocka_unit_test(a_circuit_opens_after_failures_in_a_row_only),
        cmocka_unit_test(an_open_circuit_tests_itself_with_one_request),
        cmocka_unit_test(a_failed_test_doubles_the_time_up_to_ten_minutes),
        cmocka_unit_test(only_what_is_safe_is_repeated),
        cmocka_unit_test(retries_back_off_with_jitter),
        cmocka_unit_test(retry_after_is_seconds_or_a_date_in_the_future),
        cmocka_unit_test(a_pause_grows_with_each_strike_up_to_thirty_seconds),
        cmocka_unit_test(answers_to_what_was_under_way_do_not_lengthen_a_pause),
        cmocka_unit_test(only_public_addresses_are_public),
        cmocka_unit_test(local_names_and_private_literals_are_refused_unresolved),
        cmocka_unit_test(urls_are_http_with_a_host_and_no_user),
        cmocka_unit_test(the_base_is_filled_in_or_missed),
        cmocka_unit_test(redirects_are_told_apart_by_where_they_lead),
        cmocka_unit_test(the_mirror_that_answered_is_asked_first),
        cmocka_unit_test(a_head_survives_the_disk_and_a_mangled_one_is_refused),
        cmocka_unit_test(endless_headers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
