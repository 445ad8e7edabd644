/* SPDX-License-Identifier: MIT
 *
 * The scope of shows: where it differs from that of movies, and that neither disturbs the other.
 * What both do stands in test_tmdb_sync.c and test_tmdb_export.c. */
#include "tmdb_test.h"

#include <time.h>

enum { NOON_22_NOVEMBER = 1795348800 }; /* 2026-11-22 12:00 UTC */
#define TODAY "https://files.tmdb.org/p/exports/tv_series_ids_11_22_2026.json.gz"

/* The plugin's clock: this symbol comes before the C library's. */
static time_t now = NOON_22_NOVEMBER;

time_t time(time_t *out)
{
    if (out)
        *out = now;
    return now;
}

static void assert_last_checkpoint(const struct fake_host *host, const char *cursor)
{
    const size_t n = fake_host_n_checkpoints(host);

    assert_true(n > 0);
    assert_string_equal(fake_host_checkpoint(host, n - 1), cursor);
}

static struct fake_host *host_without_feeds(void)
{
    struct fake_host *host = tmdb_host();

    now = NOON_22_NOVEMBER;
    fake_host_set_state(host, "tv_feeds_day", "2026-11-22");
    return host;
}

static void the_export_of_shows_becomes_titles(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    fake_host_answer_json(host, TODAY,
                          "{\"id\":1,\"original_name\":\"プライド\",\"popularity\":3.8242}\n"
                          "{\"popularity\": 1, \"original_name\": \"A \\\"B\\\"\", \"id\": 2}\n"
                          "{\"id\":3,\"original_title\":\"A movie's line\",\"popularity\":1}\n"
                          "{\"id\":4,\"original_name\":7}\n"
                          "{\"id\":5,\"original_name\":\"C\",\"softcore\":false}\n");
    assert_int_equal(fake_host_sync(host, "tvshows", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 3);
    const json_t *title = tmdb_document(host, 0, PROVIDER_TITLE, 0);

    assert_text(title, "kind", "tvshow");
    assert_text(title, "title", "プライド");
    assert_int(title, "ids.tmdb", 1);
    assert_false(tmdb_has(title, "adult"));
    assert_text(tmdb_document(host, 1, PROVIDER_TITLE, 0), "title", "A \"B\"");
    assert_text(tmdb_document(host, 1, PROVIDER_TITLE, 0), "kind", "tvshow");
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "2 broken lines"));
    assert_last_checkpoint(host, "1:changes:2026-11-22");
}

static void an_older_export_of_shows_stands_in(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    fake_host_answer(host, "*/tv_series_ids_*", &(struct fake_answer){ .status = 404 });
    fake_host_answer_json(host, "*/tv_series_ids_11_20_2026.json.gz",
                          "{\"id\":1,\"original_name\":\"A\",\"popularity\":3.8242}\n");
    assert_int_equal(fake_host_sync(host, "tvshows", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int_equal(fake_host_count_requests(host, "*movie_ids*"), 0);
    assert_last_checkpoint(host, "1:changes:2026-11-20");
}

static void changes_of_shows_are_read_day_by_day(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    fake_host_answer_json(host, "{base}/tv/changes?*",
                          "{\"results\":[{\"id\":9500,\"adult\":null,\"softcore\":false},"
                          "{\"id\":9501,\"adult\":true}],\"total_pages\":1,\"total_results\":1}");
    assert_int_equal(fake_host_sync(host, "tvshows", "1:changes:2026-11-20"), 0);
    assert_int_equal(fake_host_n_requests(host), 3);
    assert_int_equal(fake_host_count_requests(host, "*start_date=2026-11-21&end_date=2026-11-21*"),
                     1);
    assert_int_equal(fake_host_n_documents(host), 3);
    assert_int(tmdb_document(host, 0, PROVIDER_TVSHOW, PROVIDER_CHANGED), "ids.tmdb", 9500);
    assert_text(tmdb_document(host, 2, PROVIDER_TVSHOW, PROVIDER_CHANGED), "changed_on",
                "2026-11-22");
    assert_last_checkpoint(host, "1:changes:2026-11-22");
}

static struct fake_host *host_with_feeds(void)
{
    static const char *const paths[] = {
        "/tv/popular",      "/tv/top_rated",    "/tv/on_the_air",
        "/tv/airing_today", "/trending/tv/day", "/trending/tv/week"
    };
    struct fake_host *host = tmdb_host();

    now = NOON_22_NOVEMBER;
    fake_host_set_option(host, "export", "false");
    fake_host_set_option(host, "feed_pages", "1");
    for (int i = 0; i < 6; i++) {
        CLEANUP(mem_free) char *pattern = mem_format("{base}%s?*", paths[i]);
        CLEANUP(mem_free)
        char *body = mem_format("{\"results\":[{\"id\":%d,\"name\":\"T\",\"popularity\":9.5},"
                                "{\"id\":77,\"name\":\"In all\",\"media_type\":\"tv\"},"
                                "{\"id\":78,\"title\":\"M\",\"media_type\":\"movie\"}]}",
                                i + 1);

        fake_host_answer_json(host, pattern, body);
    }
    return host;
}

static void the_feeds_of_shows_are_their_own(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    assert_int_equal(fake_host_sync(host, "tvshows", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 6);
    assert_int_equal(fake_host_n_documents(host), 7);
    for (size_t i = 0; i < 7; i++)
        (void)tmdb_document(host, i, PROVIDER_TVSHOW, PROVIDER_CHANGED);
    assert_string_equal(fake_host_state(host, "tv_feeds_day"), "2026-11-22");
    assert_null(fake_host_state(host, "feeds_day"));
}

static void the_option_of_one_scope_says_nothing_about_the_other(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    fake_host_set_option(host, "feeds", "none");
    fake_host_set_option(host, "tv_feeds", "on_the_air upcoming");
    assert_int_equal(fake_host_sync(host, "tvshows", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "no feed 'upcoming'"));
    fake_host_clear(host);
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void feeds_that_were_read_today_are_not_read_again(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_feeds();

    (void)state;
    fake_host_answer_json(host, "{base}/tv/changes?*", "{\"results\":[{\"id\":1}]}");
    assert_int_equal(fake_host_sync(host, "tvshows", "1:changes:2026-11-22"), 0);
    fake_host_clear(host);
    assert_int_equal(fake_host_sync(host, "tvshows", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_n_requests(host), 2); /* yesterday and today */
    now += 86400;
    fake_host_clear(host);
    assert_int_equal(fake_host_sync(host, "tvshows", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_count_requests(host, "{base}/tv/popular?*"), 1);
}

static void a_second_run_without_changes_emits_nothing(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_without_feeds();

    (void)state;
    fake_host_answer_json(host, "{base}/tv/changes?*", "{\"results\":[],\"total_pages\":1}");
    assert_int_equal(fake_host_sync(host, "tvshows", "1:changes:2026-11-22"), 0);
    assert_int_equal(fake_host_n_documents(host), 0);
    assert_last_checkpoint(host, "1:changes:2026-11-22");
}

/* --- Search */

static struct provider_query query_for(uint32_t kind, const char *text)
{
    return (struct provider_query){ .size = sizeof(struct provider_query),
                                    .kind = kind,
                                    .text = text,
                                    .season = -1,
                                    .episode = -1,
                                    .page = 1,
                                    .limit = 20 };
}

static void shows_are_searched_by_name_and_first_year(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for(PROVIDER_TVSHOW, "lantern");

    (void)state;
    query.year = 2019;
    fake_host_answer_json(host, "{base}/search/tv?*query=lantern*first_air_date_year=2019*",
                          "{\"results\":[{\"id\":9500,\"name\":\"The Lantern Keepers\","
                          "\"original_name\":\"The Lantern Keepers\",\"first_air_date\":"
                          "\"2019-03-04\",\"overview\":\"\",\"genre_ids\":[18],"
                          "\"origin_country\":[\"GB\"]},{\"id\":9500,\"name\":\"Again\"}],"
                          "\"total_pages\":1}");
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, PROVIDER_PARTIAL);

    assert_text(show, "first_air_date", "2019-03-04");
    assert_text(show, "genres.0", "drama");
    assert_false(tmdb_has(show, "title_language")); /* nothing proves a translation */
}

#define MIXED                                                                                      \
    "{\"results\":[{\"media_type\":\"person\",\"id\":1,\"name\":\"P\"},{\"media_type\":\"tv\","    \
    "\"id\":2,\"name\":\"S\",\"first_air_date\":\"1970-01-02\"},{\"media_type\":\"movie\","        \
    "\"id\":2,\"title\":\"M\",\"release_date\":\"1971-01-02\"},{\"media_type\":\"collection\","    \
    "\"id\":3,\"name\":\"C\"},{\"media_type\":\"movie\",\"id\":4,\"title\":\"N\","                 \
    "\"release_date\":\"\"}],\"total_pages\":1}"

static void a_search_for_any_kind_brings_movies_and_shows_but_no_people(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for(0, "x");

    (void)state;
    fake_host_answer_json(host, "{base}/search/multi?*", MIXED);
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 3);
    (void)tmdb_document(host, 0, PROVIDER_TVSHOW, PROVIDER_PARTIAL);
    (void)tmdb_document(host, 1, PROVIDER_MOVIE, PROVIDER_PARTIAL);
    assert_int(tmdb_document(host, 2, PROVIDER_MOVIE, PROVIDER_PARTIAL), "ids.tmdb", 4);
}

static void a_mixed_search_looks_at_the_year_itself(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for(0, "x");

    (void)state;
    query.year = 1971;
    fake_host_answer_json(host, "{base}/search/multi?*", MIXED);
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_count_requests(host, "*year=*"), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_text(tmdb_document(host, 0, PROVIDER_MOVIE, PROVIDER_PARTIAL), "title", "M");
}

static void pages_of_a_mixed_search_neither_overlap_nor_skip(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for(0, "x");

    (void)state;
    query.limit = 2;
    query.page = 2;
    fake_host_answer_json(host, "{base}/search/multi?*", MIXED);
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int(tmdb_document(host, 0, PROVIDER_MOVIE, PROVIDER_PARTIAL), "ids.tmdb", 4);
}

static void a_mixed_search_of_people_only_ends(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for(0, "x");

    (void)state;
    fake_host_answer_json(host, "{base}/search/multi?*",
                          "{\"results\":[{\"media_type\":\"person\",\"id\":1,\"name\":\"P\"}],"
                          "\"total_pages\":400}");
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 0);
    assert_int_equal(fake_host_n_requests(host), 20);
}

static void a_search_by_id_brings_the_show_without_its_seasons(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_id id = { .space = "tmdb", .value = "9500" };
    struct provider_query query = query_for(PROVIDER_TVSHOW, NULL);

    (void)state;
    query.ids = &id;
    query.n_ids = 1;
    fake_host_answer(host, "{base}/tv/9500?*",
                     &(struct fake_answer){ .body_file = "tests/data/tmdb/tv_9500.json" });
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int_equal(fake_host_count_requests(host, "*season*"), 0);
    (void)tmdb_document(host, 0, PROVIDER_TVSHOW, 0);
}

static void an_ambiguous_tvdb_number_brings_neither_season_nor_episode(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_id id = { .space = "tvdb", .value = "30272" };
    struct provider_query query = query_for(0, NULL);

    (void)state;
    query.ids = &id;
    query.n_ids = 1;
    fake_host_answer_json(host, "{base}/find/30272?*external_source=tvdb_id*",
                          "{\"movie_results\":[],\"tv_results\":[],\"tv_episode_results\":"
                          "[{\"id\":202650,\"name\":\"E\",\"show_id\":2635}],"
                          "\"tv_season_results\":[{\"id\":3572,\"name\":\"S\",\"show_id\":1}]}");
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_export_of_shows_becomes_titles),
        cmocka_unit_test(an_older_export_of_shows_stands_in),
        cmocka_unit_test(changes_of_shows_are_read_day_by_day),
        cmocka_unit_test(the_feeds_of_shows_are_their_own),
        cmocka_unit_test(the_option_of_one_scope_says_nothing_about_the_other),
        cmocka_unit_test(feeds_that_were_read_today_are_not_read_again),
        cmocka_unit_test(a_second_run_without_changes_emits_nothing),
        cmocka_unit_test(shows_are_searched_by_name_and_first_year),
        cmocka_unit_test(a_search_for_any_kind_brings_movies_and_shows_but_no_people),
        cmocka_unit_test(a_mixed_search_looks_at_the_year_itself),
        cmocka_unit_test(pages_of_a_mixed_search_neither_overlap_nor_skip),
        cmocka_unit_test(a_mixed_search_of_people_only_ends),
        cmocka_unit_test(a_search_by_id_brings_the_show_without_its_seasons),
        cmocka_unit_test(an_ambiguous_tvdb_number_brings_neither_season_nor_episode),
    };

    return cmocka_run_group_tests_name("tmdb shows: sync and search", tests, NULL, NULL);
}
