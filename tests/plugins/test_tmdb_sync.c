/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#include <time.h>

#include "base/text.h"

enum { NOON_22_NOVEMBER = 1795348800 }; /* 2026-11-22 12:00 UTC */

/* The plugin's clock: this symbol comes before the C library's. */
static time_t now = NOON_22_NOVEMBER;

time_t time(time_t *out)
{
    if (out)
        *out = now;
    return now;
}

static struct fake_host *host_without_feeds(void)
{
    struct fake_host *host = tmdb_host();

    now = NOON_22_NOVEMBER;
    fake_host_set_option(host, "feeds", NULL);
    fake_host_set_state(host, "feeds_day", "2026-11-22");
    return host;
}

static void answer_changes(struct fake_host *host, const char *day, int page, const char *json)
{
    CLEANUP(mem_free)
    char *pattern =
        mem_format("{base}/movie/changes?*start_date=%s&end_date=%s&page=%d", day, day, page);

    fake_host_answer_json(host, pattern, json);
}

static void answer_quiet_days(struct fake_host *host)
{
    fake_host_answer_json(host, "{base}/movie/changes?*",
                          "{\"results\":[{\"id\":1,\"adult\":false}],\"page\":1,"
                          "\"total_pages\":1,\"total_results\":1}");
}

static void assert_last_checkpoint(const struct fake_host *host, const char *cursor)
{
    const size_t n = fake_host_n_checkpoints(host);

    assert_true(n > 0);
    assert_string_equal(fake_host_checkpoint(host, n - 1), cursor);
}

static void changes_are_read_day_by_day_from_the_cursor(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_changes(host, "2026-11-20", 1, "{\"results\":[{\"id\":1}],\"total_pages\":1}");
    answer_changes(host, "2026-11-21", 1, "{\"results\":[{\"id\":2}],\"total_pages\":2}");
    answer_changes(host, "2026-11-21", 2, "{\"results\":[{\"id\":3}],\"total_pages\":2}");
    answer_changes(host, "2026-11-22", 1, "{\"results\":[{\"id\":4}],\"total_pages\":1}");
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-20"), 0);
    assert_int_equal(fake_host_n_requests(host), 4);
    assert_int_equal(fake_host_n_documents(host), 4);
    for (size_t i = 0; i < 4; i++) {
        (void)tmdb_document(host, i, PROVIDER_MOVIE, PROVIDER_CHANGED);
        assert_int_equal(tmdb_id(host, i), (int64_t)i + 1);
    }
    assert_int_equal(fake_host_n_checkpoints(host), 3);
    assert_string_equal(fake_host_checkpoint(host, 1), "1:changes:2026-11-21");
    assert_last_checkpoint(host, "1:changes:2026-11-22");
    assert_int_equal(fake_host_progress_done(host), 3);
    assert_int_equal(fake_host_progress_total(host), 3);
}

static void yesterday_is_read_again_and_the_cursor_never_goes_back(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_quiet_days(host);
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_count_requests(host, "*start_date=2026-11-21&*"), 1);
    assert_int_equal(fake_host_count_requests(host, "*start_date=2026-11-22&*"), 1);
    assert_int_equal(fake_host_n_requests(host), 2);
    for (size_t i = 0; i < fake_host_n_checkpoints(host); i++)
        assert_string_equal(fake_host_checkpoint(host, i), "1:changes:2026-11-22");
}

static void windows_stay_one_day_however_old_the_cursor(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_quiet_days(host);
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-10-20"), 0);
    assert_int_equal(fake_host_n_requests(host), 34);
    assert_int_equal(fake_host_count_requests(host, "*start_date=2026-10-31&end_date=2026-10-31*"),
                     1);
    assert_last_checkpoint(host, "1:changes:2026-11-22");
}

static void an_id_that_changed_on_many_days_is_announced_for_each(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_quiet_days(host);
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-10"), 0);
    assert_int_equal(fake_host_n_documents(host), 13);
    assert_text(tmdb_document(host, 0, PROVIDER_MOVIE, PROVIDER_CHANGED), "changed_on",
                "2026-11-10");
    assert_text(tmdb_document(host, 12, PROVIDER_MOVIE, PROVIDER_CHANGED), "changed_on",
                "2026-11-22");
}

static void adult_may_be_null_in_changes(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_quiet_days(host);
    answer_changes(host, "2026-11-22", 1,
                   "{\"results\":[{\"id\":5,\"adult\":null,\"softcore\":null},"
                   "{\"id\":6,\"adult\":true},{\"id\":7}],\"total_pages\":1}");
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_n_documents(host), 3);
    assert_int_equal(tmdb_id(host, 1), 5);
    assert_int_equal(tmdb_id(host, 2), 7);
}

/* In 2022 all ids of a day came on one page that called itself one of one with one result. */
static void the_array_counts_not_the_totals(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);

    (void)state;
    answer_quiet_days(host);
    text_add_string(&body, "{\"results\":[");
    for (int i = 0; i < 2687; i++)
        text_add_format(&body, "%s{\"id\":%d,\"adult\":false}", i ? "," : "", 100 + i);
    text_add_string(&body, "],\"page\":1,\"total_pages\":1,\"total_results\":1}");
    answer_changes(host, "2026-11-22", 1, text_string(&body));
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_n_documents(host), 2688);
}

static void pages_that_are_promised_but_empty_end_the_day(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_quiet_days(host);
    answer_changes(host, "2026-11-22", 1, "{\"results\":[{\"id\":5}],\"total_pages\":72}");
    answer_changes(host, "2026-11-22", 2, "{\"results\":[],\"total_pages\":72}");
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_count_requests(host, "*start_date=2026-11-22&*"), 2);
}

static void page_501_of_changes_is_never_asked_for(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    fake_host_answer_json(host, "{base}/movie/changes?*",
                          "{\"results\":[{\"id\":5}],\"total_pages\":900}");
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_n_requests(host), 1000);
    assert_int_equal(fake_host_count_requests(host, "*page=501"), 0);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "900 pages"));
}

static void a_day_without_any_change_is_asked_again_with_a_later_end(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_quiet_days(host);
    answer_changes(host, "2026-11-21", 1, "{\"results\":[],\"total_pages\":1}");
    fake_host_answer_json(host, "*start_date=2026-11-21&end_date=2026-11-22&page=1",
                          "{\"results\":[{\"id\":9}],\"total_pages\":1}");
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(tmdb_id(host, 0), 9);
}

static void a_failure_on_the_second_day_keeps_the_first(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    answer_quiet_days(host);
    fake_host_answer(host, "*start_date=2026-11-21*",
                     &(struct fake_answer){ .status = 503,
                                            .body = "{\"status_code\":9,\"status_message\":"
                                                    "\"Service offline.\"}" });
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-20"), PROVIDER_EUPSTREAM);
    assert_non_null(strstr(fake_host_error(host), "changes of 2026-11-21, page 1"));
    assert_last_checkpoint(host, "1:changes:2026-11-20");
}

static void a_deadline_between_pages_ends_the_sync(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    fake_host_answer_json(host, "{base}/movie/changes?*",
                          "{\"results\":[{\"id\":5}],\"total_pages\":3}");
    fake_host_expire_after_requests(host, 2);
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-20"), PROVIDER_ETIME);
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void an_answer_without_results_is_no_list_of_changes(void **state)
{
    static const char *const bodies[] = { "{}", "{\"results\":null}", "{\"results\":{}}", "[]" };
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        fake_host_answer_json(host, "{base}/movie/changes?*", bodies[i]);
        assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), PROVIDER_EPARSE);
    }
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void other_scopes_are_not_supported(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    static const char *const scopes[] = {
        "",          "movie",           "people",           "list", "list:", "list:0", "list:-1",
        "list:../x", "list:1234567890", "list:bottom_rated"
    };

    for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
        assert_int_equal(fake_host_sync(host, scopes[i], NULL), PROVIDER_ENOTSUP);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void answer_feed(struct fake_host *host, const char *path, int id)
{
    CLEANUP(mem_free) char *pattern = mem_format("{base}%s?*", path);
    CLEANUP(mem_free)
    char *body = mem_format(
        "{\"results\":[{\"id\":%d,\"title\":\"T\",\"popularity\":9.5,\"media_type\":\"movie\"},"
        "{\"id\":77,\"title\":\"In all\",\"popularity\":3}],\"total_pages\":58324}",
        id);

    fake_host_answer_json(host, pattern, body);
}

static struct fake_host *host_with_feeds(void)
{
    struct fake_host *host = tmdb_host();

    now = NOON_22_NOVEMBER;
    fake_host_set_option(host, "export", "false");
    fake_host_set_option(host, "feed_pages", "2");
    answer_feed(host, "/movie/popular", 1);
    answer_feed(host, "/movie/top_rated", 2);
    answer_feed(host, "/movie/upcoming", 3);
    answer_feed(host, "/movie/now_playing", 4);
    answer_feed(host, "/trending/movie/day", 5);
    answer_feed(host, "/trending/movie/week", 6);
    return host;
}

static void feeds_announce_what_is_popular_with_its_popularity(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 12); /* six feeds, two pages */
    assert_int_equal(fake_host_n_documents(host), 7); /* 77 is in all */
    const json_t *changed = tmdb_document(host, 0, PROVIDER_MOVIE, PROVIDER_CHANGED);

    assert_true(json_number_value(tmdb_at(changed, "popularity")) > 9.4);
    assert_last_checkpoint(host, "1:changes:2026-11-22");
    assert_string_equal(fake_host_state(host, "feeds_day"), "2026-11-22");
}

static void feeds_are_read_once_a_day(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    answer_quiet_days(host);
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_count_requests(host, "{base}/movie/popular?*"), 2);
    fake_host_clear(host);
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_count_requests(host, "{base}/movie/popular?*"), 0);
    now += 86400;
    assert_int_equal(fake_host_sync(host, "movies", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_count_requests(host, "{base}/movie/popular?*"), 2);
}

static void one_feed_that_is_gone_does_not_keep_the_others_back(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    fake_host_set_option(host, "feeds", "popular no_such_feed upcoming");
    fake_host_answer(host, "{base}/movie/popular?*",
                     &(struct fake_answer){ .status = 404,
                                            .body = "{\"status_code\":34,\"status_message\":"
                                                    "\"Not here.\"}" });
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 2);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "popular"));
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "no_such_feed"));
}

static void a_bad_key_ends_the_feeds_at_once(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    fake_host_answer(host, "{base}/movie/popular?*",
                     &(struct fake_answer){ .status = 401,
                                            .body = "{\"status_code\":7,\"status_message\":"
                                                    "\"Invalid API key.\"}" });
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EAUTH);
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_last_checkpoint(host, "1:feeds:2026-11-22");
}

static void a_sync_goes_on_with_the_feeds_where_it_was(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", "1:feeds:2026-11-21"), 0);
    assert_int_equal(fake_host_n_requests(host), 12);
    /* Changes are read from the day of the export on. */
    assert_last_checkpoint(host, "1:changes:2026-11-21");
}

static void a_cursor_that_makes_no_sense_starts_afresh_with_a_warning(void **state)
{
    static const char *const cursors[] = {
        "",
        "garbage",
        "2:changes:2026-11-20",
        "1:changes:2026-02-30",
        "1:changes:2026-11-20 ",
        "1:changes",
        "1:export:2026-11-20",
        "1:export:2026-11-20:-1",
        "1:export:2026-11-20:9999999999999",
        "1::2026-11-20",
        "1:changes:2020-01-01", /* too old */
        "1:changes:2036-01-01", /* of the future */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cursors) / sizeof(*cursors); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

        assert_int_equal(fake_host_sync(host, "movies", cursors[i]), 0);
        assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "starting afresh"));
        assert_int_equal(fake_host_count_requests(host, "{base}/movie/changes*"), 0);
        assert_last_checkpoint(host, "1:changes:2026-11-22");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_read_day_by_day_from_the_cursor),
        cmocka_unit_test(yesterday_is_read_again_and_the_cursor_never_goes_back),
        cmocka_unit_test(windows_stay_one_day_however_old_the_cursor),
        cmocka_unit_test(an_id_that_changed_on_many_days_is_announced_for_each),
        cmocka_unit_test(adult_may_be_null_in_changes),
        cmocka_unit_test(the_array_counts_not_the_totals),
        cmocka_unit_test(pages_that_are_promised_but_empty_end_the_day),
        cmocka_unit_test(page_501_of_changes_is_never_asked_for),
        cmocka_unit_test(a_day_without_any_change_is_asked_again_with_a_later_end),
        cmocka_unit_test(a_failure_on_the_second_day_keeps_the_first),
        cmocka_unit_test(a_deadline_between_pages_ends_the_sync),
        cmocka_unit_test(an_answer_without_results_is_no_list_of_changes),
        cmocka_unit_test(other_scopes_are_not_supported),
        cmocka_unit_test(feeds_announce_what_is_popular_with_its_popularity),
        cmocka_unit_test(feeds_are_read_once_a_day),
        cmocka_unit_test(one_feed_that_is_gone_does_not_keep_the_others_back),
        cmocka_unit_test(a_bad_key_ends_the_feeds_at_once),
        cmocka_unit_test(a_sync_goes_on_with_the_feeds_where_it_was),
        cmocka_unit_test(a_cursor_that_makes_no_sense_starts_afresh_with_a_warning),
    };

    return cmocka_run_group_tests_name("tmdb sync", tests, NULL, NULL);
}
