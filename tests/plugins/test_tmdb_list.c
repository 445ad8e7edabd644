/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#define ROWS_3                                                                                     \
    "\"items\":[{\"media_type\":\"tv\",\"id\":9500,\"name\":\"The Lantern Keepers\","              \
    "\"first_air_date\":\"2019-03-04\"},{\"media_type\":\"movie\",\"id\":9500,\"title\":"          \
    "\"Charade\",\"release_date\":\"1963-12-01\"},{\"media_type\":\"person\",\"id\":2,\"name\":"   \
    "\"P\"},{\"media_type\":\"movie\",\"id\":7,\"title\":\"\",\"original_title\":\"Ohne\","        \
    "\"release_date\":\"\"}]"

static const json_t *only_list(const struct fake_host *host)
{
    assert_int_equal(fake_host_n_documents(host), 1);
    return tmdb_document(host, 0, PROVIDER_LIST, 0);
}

static void a_list_of_version_3_becomes_one_document_in_order(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/list/28?*",
                          "{\"id\":28,\"name\":\"Harbours\",\"description\":\"By the sea.\","
                          "\"created_by\":\"ada\",\"iso_639_1\":\"en\",\"item_count\":4,"
                          "\"poster_path\":\"/p.jpg\"," ROWS_3 "}");
    assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
    const json_t *list = only_list(host);

    assert_int(list, "ids.tmdb", 28);
    assert_text(list, "name", "Harbours");
    assert_text(list, "description", "By the sea.");
    assert_text(list, "owner", "ada");
    assert_text(list, "language", "en");
    assert_text(list, "visibility", "public");
    assert_text(list, "poster", "/p.jpg");
    assert_int(list, "item_count", 4);
    assert_int_equal(json_array_size(tmdb_at(list, "items")), 3);
    assert_text(list, "items.0.kind", "tvshow");
    assert_int(list, "items.0.year", 2019);
    assert_int(list, "items.0.rank", 1);
    assert_text(list, "items.1.kind", "movie"); /* the same number, another kind */
    assert_int(list, "items.1.ids.tmdb", 9500);
    assert_text(list, "items.2.title", "Ohne");
    assert_false(tmdb_has(list, "items.2.year"));
    assert_int(list, "items.2.rank", 3);
    assert_int_equal(fake_host_n_requests(host), 1); /* it has no paging keys */
    assert_int_equal(fake_host_n_checkpoints(host), 1);
}

/* With a key of both versions, where bases are as TMDB's own. */
static struct fake_host *host_with_token(void)
{
    struct fake_host *host = tmdb_host();

    fake_host_set_option(host, "api_key", "eyJh.eyJz.c2ln");
    fake_host_set_option(host, "base_url", "https://a.test/3 https://b.test/tmdb/3/");
    return host;
}

static void a_list_of_version_4_has_results_and_comments(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_token();

    (void)state;
    fake_host_answer_json(
        host, "{base}/../4/list/28?*",
        "{\"id\":28,\"name\":\"Four\",\"public\":true,\"created_by\":{\"username\":\"ada\","
        "\"name\":\"Ada Q\"},\"comments\":{\"movie:7\":\"See it twice.\",\"tv:7\":null},"
        "\"page\":1,\"total_pages\":1,\"results\":[{\"media_type\":\"movie\",\"id\":7,\"title\":"
        "\"A\"},{\"media_type\":\"tv\",\"id\":7,\"name\":\"B\"}]}");
    assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
    const json_t *list = only_list(host);

    assert_text(list, "owner", "ada");
    assert_text(list, "visibility", "public");
    assert_text(list, "items.0.note", "See it twice.");
    assert_false(tmdb_has(list, "items.1.note"));
    assert_int_equal(fake_host_n_requests(host), 1);
}

static void where_version_4_is_not_version_3_is_asked(void **state)
{
    static const struct fake_answer without[] = {
        { .status = 404, .body = "{\"status_code\":34}" },
        { .status = 401, .body = "{\"status_code\":7}" },
        { .status = 200, .body = "{}" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = host_with_token();

        fake_host_answer(host, "{base}/../4/list/28?*", &without[i]);
        fake_host_answer_json(host, "{base}/list/28?*",
                              "{\"name\":\"Harbours\",\"total_pages\":2," ROWS_3 "}");
        assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
        assert_text(only_list(host), "name", "Harbours");
        assert_int_equal(fake_host_count_requests(host, "{base}/../4/*"), 1);
        assert_int_equal(fake_host_count_requests(host, "{base}/list/28?*"), 2);
    }
}

static void version_4_is_asked_only_beside_version_3_and_with_its_token(void **state)
{
    static const char *const bases[] = { "https://a.test/tmdb", "https://a.test/3 https://b.test" };

    (void)state;
    for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = host_with_token();

        fake_host_set_option(host, "base_url", bases[i]);
        fake_host_answer_json(host, "{base}/list/28?*", "{" ROWS_3 "}");
        assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
        assert_int_equal(fake_host_n_requests(host), 1);
    }
    CLEANUP(fake_host_free) struct fake_host *host = host_with_token();

    fake_host_set_option(host, "api_key", TMDB_KEY);
    fake_host_answer_json(host, "{base}/list/28?*", "{" ROWS_3 "}");
    assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
}

static void what_is_private_in_version_4_is_not_asked_for_in_version_3(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with_token();

    (void)state;
    fake_host_answer(host, "{base}/../4/list/28?*",
                     &(struct fake_answer){ .status = 401, .body = "{\"status_code\":39}" });
    assert_int_equal(fake_host_sync(host, "list:28", NULL), PROVIDER_ENOTFOUND);
    assert_non_null(strstr(fake_host_error(host), "/list/28 is private"));
    assert_int_equal(fake_host_n_requests(host), 1);
}

static void a_list_that_says_it_is_private_is_called_so(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/list/28?*", "{\"public\":false,\"results\":[]}");
    assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
    assert_text(only_list(host), "visibility", "private");
    assert_text(only_list(host), "name", "List 28");
    assert_false(tmdb_has(only_list(host), "items"));
}

static void pages_follow_each_other_and_rows_that_drift_come_once(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/list/28?*&page=1",
                          "{\"name\":\"N\",\"total_pages\":3,\"items\":[{\"id\":1,\"title\":\"A\"},"
                          "{\"id\":2,\"title\":\"B\"}]}");
    fake_host_answer_json(host, "{base}/list/28?*&page=2",
                          "{\"name\":\"M\",\"total_pages\":3,\"items\":[{\"id\":2,\"title\":\"B\"},"
                          "{\"id\":3,\"title\":\"C\"}]}");
    fake_host_answer_json(host, "{base}/list/28?*&page=3", "{\"total_pages\":9,\"items\":[]}");
    assert_int_equal(fake_host_sync(host, "list:28", "1:list"), 0);
    assert_int_equal(fake_host_n_requests(host), 3);
    const json_t *list = only_list(host);

    assert_text(list, "name", "N");
    assert_int_equal(json_array_size(tmdb_at(list, "items")), 3);
    assert_int(list, "items.2.ids.tmdb", 3);
    assert_int(list, "items.2.rank", 3);
}

static void adult_rows_stay_out_unless_wanted(void **state)
{
    static const char body[] =
        "{\"name\":\"N\",\"items\":[{\"id\":1,\"title\":\"A\",\"adult\":true},"
        "{\"id\":2,\"title\":\"B\",\"adult\":null}]}";

    (void)state;
    for (int wanted = 0; wanted < 2; wanted++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_set_option(host, "include_adult", wanted ? "true" : "false");
        fake_host_answer_json(host, "{base}/list/28?*", body);
        assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
        assert_int_equal(json_array_size(tmdb_at(only_list(host), "items")), wanted + 1);
    }
}

static void a_private_list_is_not_found_and_harms_nothing_else(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer(host, "{base}/list/28?*",
                     &(struct fake_answer){ .status = 401,
                                            .body = "{\"success\":false,\"status_code\":39,"
                                                    "\"status_message\":\"This resource is "
                                                    "private.\"}" });
    assert_int_equal(fake_host_sync(host, "list:28", NULL), PROVIDER_ENOTFOUND);
    assert_non_null(strstr(fake_host_error(host), "/list/28 is private"));
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void a_bad_key_is_not_a_private_list(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer(host, "{base}/list/28?*",
                     &(struct fake_answer){ .status = 401,
                                            .body = "{\"status_code\":7,\"status_message\":"
                                                    "\"Invalid API key.\"}" });
    assert_int_equal(fake_host_sync(host, "list:28", NULL), PROVIDER_EAUTH);
}

static void a_failure_on_a_later_page_emits_nothing(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(
        host, "{base}/list/28?*&page=1",
        "{\"name\":\"N\",\"total_pages\":2,\"items\":[{\"id\":1,\"title\":\"A\"}]}");
    fake_host_answer(host, "{base}/list/28?*&page=2",
                     &(struct fake_answer){ .status = 502, .body = "{\"status_code\":43}" });
    assert_int_equal(fake_host_sync(host, "list:28", NULL), PROVIDER_EUPSTREAM);
    assert_int_equal(fake_host_n_documents(host), 0);
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void an_answer_without_rows_is_no_list(void **state)
{
    static const char *const bodies[] = { "{}", "[]", "{\"items\":null}", "{\"results\":{}}" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        fake_host_answer_json(host, "{base}/list/28?*", bodies[i]);
        assert_int_equal(fake_host_sync(host, "list:28", NULL), PROVIDER_EPARSE);
    }
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void rows_of_the_wrong_type_are_left_out(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/list/28?*",
                          "{\"name\":7,\"created_by\":[],\"item_count\":-1,\"poster_path\":\"x\","
                          "\"comments\":[],\"items\":[null,7,[],{},{\"id\":\"5\"},{\"id\":0},"
                          "{\"id\":5,\"media_type\":\"movie\",\"release_date\":\"2013-02-31\"}]}");
    assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
    const json_t *list = only_list(host);

    assert_int_equal(json_array_size(tmdb_at(list, "items")), 1);
    assert_false(tmdb_has(list, "items.0.title"));
    assert_false(tmdb_has(list, "items.0.year"));
    assert_false(tmdb_has(list, "item_count"));
    assert_int_equal(fake_host_n_refused(host), 0);
}

static void standing_lists_keep_their_order(void **state)
{
    static const struct {
        const char *scope, *pattern, *name;
    } cases[] = {
        { "list:popular", "{base}/movie/popular?*", "popular" },
        { "list:top_rated", "{base}/movie/top_rated?*", "top_rated" },
        { "list:upcoming", "{base}/movie/upcoming?*", "upcoming" },
        { "list:now_playing", "{base}/movie/now_playing?*", "now_playing" },
        { "list:trending_day", "{base}/trending/all/day?*", "trending_day" },
        { "list:trending_week", "{base}/trending/all/week?*", "trending_week" },
        { "list:on_the_air", "{base}/tv/on_the_air?*", "on_the_air" },
        { "list:airing_today", "{base}/tv/airing_today?*", "airing_today" },
        { "list:popular_tvshows", "{base}/tv/popular?*", "popular_tvshows" },
        { "list:top_rated_tvshows", "{base}/tv/top_rated?*", "top_rated_tvshows" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_answer_json(host, cases[i].pattern,
                              "{\"total_pages\":1,\"dates\":{},\"results\":[{\"id\":30,\"title\":"
                              "\"Least\",\"popularity\":1},{\"id\":20,\"title\":\"Most\","
                              "\"popularity\":99}]}");
        assert_int_equal(fake_host_sync(host, cases[i].scope, NULL), 0);
        const json_t *list = only_list(host);

        assert_text(list, "ids.tmdb_list", cases[i].name);
        assert_int(list, "items.0.ids.tmdb", 30);
        assert_int(list, "items.1.ids.tmdb", 20);
        /* Feeds read the same pages. */
        assert_int_equal(fake_host_request(host, 0)->max_age_s, 3600);
    }
}

static void a_standing_list_of_shows_holds_shows(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/tv/on_the_air?*",
                          "{\"results\":[{\"id\":30,\"name\":\"A\",\"first_air_date\":\"\"}]}");
    assert_int_equal(fake_host_sync(host, "list:on_the_air", NULL), 0);
    assert_text(only_list(host), "items.0.kind", "tvshow");
    assert_text(only_list(host), "name", "On the air");
}

static void standing_lists_end_after_the_configured_pages(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "feed_pages", "3");
    fake_host_answer_json(host, "{base}/movie/top_rated?*",
                          "{\"total_pages\":58324,\"results\":[{\"id\":30,\"title\":\"A\"}]}");
    assert_int_equal(fake_host_sync(host, "list:top_rated", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 3);
    assert_int_equal(json_array_size(tmdb_at(only_list(host), "items")), 1);
}

static void page_501_of_a_list_is_never_asked_for(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/list/28?*",
                          "{\"total_pages\":900,\"items\":[{\"id\":30,\"title\":\"A\"}]}");
    assert_int_equal(fake_host_sync(host, "list:28", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_version_3_becomes_one_document_in_order),
        cmocka_unit_test(a_list_of_version_4_has_results_and_comments),
        cmocka_unit_test(where_version_4_is_not_version_3_is_asked),
        cmocka_unit_test(version_4_is_asked_only_beside_version_3_and_with_its_token),
        cmocka_unit_test(what_is_private_in_version_4_is_not_asked_for_in_version_3),
        cmocka_unit_test(a_list_that_says_it_is_private_is_called_so),
        cmocka_unit_test(pages_follow_each_other_and_rows_that_drift_come_once),
        cmocka_unit_test(adult_rows_stay_out_unless_wanted),
        cmocka_unit_test(a_private_list_is_not_found_and_harms_nothing_else),
        cmocka_unit_test(a_bad_key_is_not_a_private_list),
        cmocka_unit_test(a_failure_on_a_later_page_emits_nothing),
        cmocka_unit_test(an_answer_without_rows_is_no_list),
        cmocka_unit_test(rows_of_the_wrong_type_are_left_out),
        cmocka_unit_test(standing_lists_keep_their_order),
        cmocka_unit_test(a_standing_list_of_shows_holds_shows),
        cmocka_unit_test(standing_lists_end_after_the_configured_pages),
        cmocka_unit_test(page_501_of_a_list_is_never_asked_for),
    };

    return cmocka_run_group_tests_name("tmdb list", tests, NULL, NULL);
}
