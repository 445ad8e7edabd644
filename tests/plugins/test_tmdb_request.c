/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#define MINIMAL "{\"id\":603,\"title\":\"M\"}"
#define TOKEN "eyJhbGciOi.eyJhdWQiOi.sIgnAtuRe_-"

static const struct fake_request *fetch_once(struct fake_host *host, const char *space,
                                             const char *id)
{
    fake_host_answer_json(host, "{base}/movie/*", MINIMAL);
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, space, id), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
    return fake_host_request(host, 0);
}

static void a_v3_key_travels_in_the_query_as_a_secret(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct fake_request *request = fetch_once(host, "tmdb", "603");

    (void)state;
    assert_non_null(strstr(request->url, "{base}/movie/603?api_key=" TMDB_KEY "&"));
    assert_int_equal(request->flags & PROVIDER_HTTP_SECRET, PROVIDER_HTTP_SECRET);
    assert_null(strstr(request->headers, "Authorization"));
    assert_true(request->judged);
}

static void a_v4_token_travels_in_a_header(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(TMDB_MODULE);

    (void)state;
    fake_host_set_option(host, "api_key", TOKEN);
    const struct fake_request *request = fetch_once(host, "tmdb", "603");

    assert_non_null(strstr(request->headers, "Authorization: Bearer " TOKEN "\n"));
    assert_null(strstr(request->url, "api_key"));
    assert_null(strstr(request->url, TOKEN));
    assert_int_equal(request->flags, 0);
}

static void one_call_asks_for_every_part_in_the_wanted_languages(void **state)
{
    static const char *const parts[] = { "credits",      "images",          "translations",
                                         "external_ids", "videos",          "release_dates",
                                         "keywords",     "recommendations", "alternative_titles" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "language", "de-DE");
    const struct fake_request *request = fetch_once(host, "tmdb", "603");

    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        assert_non_null(strstr(request->url, parts[i]));
    assert_non_null(strstr(request->url, "&language=de-DE&"));
    assert_non_null(strstr(request->url, "include_image_language=de%2Cen%2Cnull"));
}

static bool forbids_a_copy(const struct fake_host *host, size_t i)
{
    return strstr(fake_host_request(host, i)->headers, "Cache-Control: no-store\n") != NULL;
}

/* They end up in the store; a copy of each answer would double the disk. */
static void of_details_the_host_keeps_no_copy(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fetch_once(host, "tmdb", "603");
    fake_host_answer_json(host, "{base}/tv/*", "{\"id\":5,\"name\":\"A\"}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    fake_host_fetch(host, PROVIDER_SEASON, "tmdb", "5/1");
    assert_true(fake_host_n_requests(host) >= 3);
    for (size_t i = 0; i < fake_host_n_requests(host); i++)
        assert_true(forbids_a_copy(host, i));
}

static void of_what_is_asked_again_the_host_may_keep_a_copy(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_query query = {
        .size = sizeof(query), .kind = PROVIDER_MOVIE, .text = "x", .limit = 1
    };

    (void)state;
    fake_host_answer_json(host, "{base}/search/*", "{\"page\":1,\"results\":[]}");
    fake_host_answer_json(host, "{base}/find/*", "{\"tv_results\":[]}");
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tvdb", "7"), PROVIDER_ENOTFOUND);
    assert_int_equal(fake_host_n_requests(host), 2);
    assert_false(forbids_a_copy(host, 0));
    assert_false(forbids_a_copy(host, 1));
}

static void english_is_not_asked_for_twice(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_non_null(
        strstr(fetch_once(host, "tmdb", "603")->url, "include_image_language=en%2Cnull"));
}

static void an_imdb_id_works_in_the_path(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_non_null(strstr(fetch_once(host, "imdb", "tt0133093")->url, "/movie/tt0133093?"));
    assert_int_equal(tmdb_id(host, 0), 603);
}

static void what_is_no_id_is_not_asked(void **state)
{
    static const char *const ids[][2] = {
        { "tmdb", "" },      { "tmdb", "6x3" },        { "tmdb", "../configuration" },
        { "tmdb", "-1" },    { "tmdb", "6 3" },        { "tmdb", "1234567890123" },
        { "imdb", "603" },   { "imdb", "tt" },         { "imdb", "tt12/../x" },
        { "imdb", "nm001" }, { "imdb", "tt0133093?" },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, ids[i][0], ids[i][1]),
                         PROVIDER_EINVAL);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void other_kinds_and_spaces_are_not_supported(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_int_equal(fake_host_fetch(host, PROVIDER_LIST, "tmdb", "1"), PROVIDER_ENOTSUP);
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "trakt", "1"), PROVIDER_ENOTSUP);
    assert_int_equal(fake_host_resolve_magnet(host, "magnet:?xt=urn:btih:00"), PROVIDER_ENOTSUP);
}

/* Section 2 of TMDB's status codes, each with the HTTP status it comes with. */
static void each_status_code_has_its_meaning(void **state)
{
    static const struct {
        int code, status, meaning;
    } cases[] = {
        { 2, 501, PROVIDER_ENOTSUP },
        { 3, 401, PROVIDER_EDENIED },
        { 4, 405, PROVIDER_EINVAL },
        { 5, 422, PROVIDER_EINVAL },
        { 6, 404, PROVIDER_ENOTFOUND },
        { 7, 401, PROVIDER_EAUTH },
        { 8, 403, PROVIDER_ECONFLICT },
        { 9, 503, PROVIDER_EUPSTREAM },
        { 10, 401, PROVIDER_EAUTH },
        { 11, 500, PROVIDER_EUPSTREAM },
        { 14, 401, PROVIDER_EAUTH },
        { 15, 500, PROVIDER_EUPSTREAM },
        { 17, 401, PROVIDER_EAUTH },
        { 18, 400, PROVIDER_EINVAL },
        { 19, 406, PROVIDER_EINVAL },
        { 20, 422, PROVIDER_EINVAL },
        { 22, 400, PROVIDER_EINVAL },
        { 23, 400, PROVIDER_EINVAL },
        { 24, 504, PROVIDER_EUPSTREAM },
        { 25, 429, PROVIDER_EBUSY },
        { 26, 400, PROVIDER_EINVAL },
        { 27, 400, PROVIDER_EINVAL },
        { 30, 401, PROVIDER_EAUTH },
        { 32, 401, PROVIDER_EAUTH },
        { 34, 404, PROVIDER_ENOTFOUND },
        { 37, 404, PROVIDER_ENOTFOUND },
        { 39, 401, PROVIDER_EDENIED },
        { 42, 405, PROVIDER_EINVAL },
        { 43, 502, PROVIDER_EUPSTREAM },
        { 44, 500, PROVIDER_EUPSTREAM },
        { 45, 403, PROVIDER_EAUTH },
        { 46, 503, PROVIDER_EUPSTREAM },
        { 47, 400, PROVIDER_EINVAL },
        /* Codes nobody knows go by the status. */
        { 99, 401, PROVIDER_EAUTH },
        { 99, 403, PROVIDER_EDENIED },
        { 99, 404, PROVIDER_ENOTFOUND },
        { 99, 418, PROVIDER_EINVAL },
        { 99, 429, PROVIDER_EBUSY },
        { 99, 500, PROVIDER_EUPSTREAM },
        /* An error under a good status is one all the same. */
        { 34, 200, PROVIDER_ENOTFOUND },
        { 7, 200, PROVIDER_EAUTH },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(mem_free)
        char *body = mem_format("{\"status_code\":%d,\"status_message\":\"Said %d.\"}",
                                cases[i].code, cases[i].code);
        CLEANUP(mem_free) char *said = mem_format("Said %d.", cases[i].code);

        fake_host_answer(host, "{base}/movie/*",
                         &(struct fake_answer){ .status = cases[i].status, .body = body });
        if (fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "1") != cases[i].meaning)
            fail_msg("code %d: %s", cases[i].code, fake_host_error(host));
        assert_non_null(strstr(fake_host_error(host), said));
    }
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void the_other_shape_of_errors_is_read_as_well(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer(
        host, "{base}/movie/*",
        &(struct fake_answer){ .status = 422, .body = "{\"errors\":[\"id must be provided\"]}" });
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "1"), PROVIDER_EINVAL);
    assert_non_null(strstr(fake_host_error(host), "id must be provided"));
}

/* Parked domains, captive portals, gateways, and answers that were cut off. */
static void what_is_not_tmdbs_own_answer_is_not_genuine(void **state)
{
    static const struct {
        int status;
        const char *body;
    } cases[] = {
        { 200, "<html><body>This domain is for sale</body></html>" },
        { 200, "" },
        { 200, "{\"id\":603,\"title\":\"M" },
        { 200, "OK" },
        { 200, "null" },
        { 404, "<h1>404 Not Found</h1>" },
        { 401, "Authorization required" },
        { 502, "<html>Bad Gateway</html>" },
        { 503, "" },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        fake_host_answer(host, "{base}/movie/*",
                         &(struct fake_answer){ .status = cases[i].status, .body = cases[i].body });
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "603"), PROVIDER_EPARSE);
        assert_non_null(strstr(fake_host_error(host), "not the service's own answer"));
    }
}

static void too_many_requests_counts_in_any_wording(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer(host, "{base}/movie/*",
                     &(struct fake_answer){ .status = 429, .body = "<html>slow down</html>" });
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "603"), PROVIDER_EBUSY);
}

static void broken_json_inside_its_brackets_is_told_apart(void **state)
{
    static const char *const bodies[] = { "{\"id\":603,}",
                                          "{\"id\":603,\"title\":\"\xff\"}",
                                          "[1,2,}",
                                          "{}",
                                          "[]",
                                          "{\"id\":0,\"title\":\"M\"}",
                                          "{\"id\":\"603\",\"title\":\"M\"}" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        fake_host_answer_json(host, "{base}/movie/*", bodies[i]);
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "603"), PROVIDER_EPARSE);
    }
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void what_the_host_answers_is_passed_on(void **state)
{
    static const int codes[] = { PROVIDER_ETIME, PROVIDER_ECANCEL, PROVIDER_EUPSTREAM,
                                 PROVIDER_EBUSY, PROVIDER_ELIMIT };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        fake_host_answer(host, "{base}/movie/*", &(struct fake_answer){ .failure = codes[i] });
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "603"), codes[i]);
    }
}

static void a_failing_emit_ends_the_fetch_with_its_code(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/movie/*", MINIMAL);
    fake_host_stop_after_documents(host, 0, PROVIDER_EFULL);
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "603"), PROVIDER_EFULL);
}

static void options_that_make_no_sense_keep_it_closed(void **state)
{
    static const struct {
        const char *name, *value;
        int code;
    } cases[] = {
        { "api_key", NULL, PROVIDER_EAUTH },
        { "api_key", "", PROVIDER_EAUTH },
        { "api_key", "abc def", PROVIDER_EAUTH },
        { "api_key", "abc\r\nX-Evil: 1", PROVIDER_EAUTH },
        { "language", "english", PROVIDER_EINVAL },
        { "language", "e", PROVIDER_EINVAL },
        { "language", "en-USA", PROVIDER_EINVAL },
        { "include_adult", "perhaps", PROVIDER_EINVAL },
        { "feed_pages", "0", PROVIDER_EINVAL },
        { "feed_pages", "501", PROVIDER_EINVAL },
        { "feed_pages", "many", PROVIDER_EINVAL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_set_option(host, cases[i].name, cases[i].value);
        assert_int_equal(fake_host_open(host), cases[i].code);
        assert_non_null(strstr(fake_host_error(host), cases[i].name));
        assert_null(strstr(fake_host_error(host), "X-Evil"));
    }
}

static void an_odd_key_is_tried_with_a_warning(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(TMDB_MODULE);

    (void)state;
    fake_host_set_option(host, "api_key", "sand&box=1");
    assert_non_null(strstr(fetch_once(host, "tmdb", "603")->url, "?api_key=sand%26box%3D1&"));
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "neither a v3 key nor a v4 token"));
    assert_false(fake_host_logged(host, PROVIDER_LOG_DEBUG, "sand&box"));
}

static void the_description_is_what_the_host_expects(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_info *info = fake_host_info(host);

    (void)state;
    assert_string_equal(info->name, "tmdb");
    assert_int_equal(info->abi, PROVIDER_ABI);
    assert_int_equal(info->size, sizeof(*info));
    assert_int_equal(info->rate_per_1000s, 25000);
    assert_string_equal(info->options[0].name, "api_key");
    assert_string_equal(info->options[0].env, "TMDB_API_KEY");
    assert_int_equal(info->options[0].flags, PROVIDER_REQUIRED | PROVIDER_SECRET);
    assert_null(info->api->extension("miauflix.images/2"));
    assert_non_null(info->api->extension(PROVIDER_IMAGES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_v3_key_travels_in_the_query_as_a_secret),
        cmocka_unit_test(a_v4_token_travels_in_a_header),
        cmocka_unit_test(one_call_asks_for_every_part_in_the_wanted_languages),
        cmocka_unit_test(of_details_the_host_keeps_no_copy),
        cmocka_unit_test(of_what_is_asked_again_the_host_may_keep_a_copy),
        cmocka_unit_test(english_is_not_asked_for_twice),
        cmocka_unit_test(an_imdb_id_works_in_the_path),
        cmocka_unit_test(what_is_no_id_is_not_asked),
        cmocka_unit_test(other_kinds_and_spaces_are_not_supported),
        cmocka_unit_test(each_status_code_has_its_meaning),
        cmocka_unit_test(the_other_shape_of_errors_is_read_as_well),
        cmocka_unit_test(what_is_not_tmdbs_own_answer_is_not_genuine),
        cmocka_unit_test(too_many_requests_counts_in_any_wording),
        cmocka_unit_test(broken_json_inside_its_brackets_is_told_apart),
        cmocka_unit_test(what_the_host_answers_is_passed_on),
        cmocka_unit_test(a_failing_emit_ends_the_fetch_with_its_code),
        cmocka_unit_test(options_that_make_no_sense_keep_it_closed),
        cmocka_unit_test(an_odd_key_is_tried_with_a_warning),
        cmocka_unit_test(the_description_is_what_the_host_expects),
    };

    return cmocka_run_group_tests_name("tmdb request", tests, NULL, NULL);
}
