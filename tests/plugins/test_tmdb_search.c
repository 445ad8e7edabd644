/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#define FIXTURE "tests/data/tmdb/search_nosferatu.json"

static struct provider_query query_for(const char *text)
{
    return (struct provider_query){ .size = sizeof(struct provider_query),
                                    .kind = PROVIDER_MOVIE,
                                    .text = text,
                                    .season = -1,
                                    .episode = -1,
                                    .page = 1,
                                    .limit = 20 };
}

static struct fake_host *nosferatu(void)
{
    struct fake_host *host = tmdb_host();

    fake_host_answer(host, "{base}/search/movie?*", &(struct fake_answer){ .body_file = FIXTURE });
    return host;
}

/* A page of `n` rows with ids from `first`. */
static char *page_of(int64_t page, int64_t first, int n, int64_t total_pages)
{
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 16);

    text_add_format(&body, "{\"page\":%lld,\"results\":[", (long long)page);
    for (int i = 0; i < n; i++)
        text_add_format(&body, "%s{\"id\":%lld,\"title\":\"T\",\"adult\":null}", i ? "," : "",
                        (long long)first + i);
    text_add_format(&body, "],\"total_pages\":%lld,\"total_results\":1166466}",
                    (long long)total_pages);
    return text_take(&body);
}

static void answer_page(struct fake_host *host, int64_t page, int64_t first, int n,
                        int64_t total_pages)
{
    CLEANUP(mem_free)
    char *pattern = mem_format("{base}/search/movie?*&page=%lld", (long long)page);
    CLEANUP(mem_free) char *body = page_of(page, first, n, total_pages);

    fake_host_answer_json(host, pattern, body);
}

static void rows_become_partial_movies_once_each(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = nosferatu();
    struct provider_query query = query_for("nosferatu & co");

    (void)state;
    query.year = 1922;
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 3); /* one twice, one adult */
    const json_t *movie = tmdb_document(host, 0, PROVIDER_MOVIE, PROVIDER_PARTIAL);

    assert_text(movie, "title", "Nosferatu");
    assert_text(movie, "title_language", "en-US");
    assert_text(movie, "original_title", "Nosferatu, eine Symphonie des Grauens");
    assert_text(movie, "release_date", "1922-03-05");
    assert_text(movie, "poster", "/nosferatu.jpg");
    assert_int_equal(json_array_size(tmdb_at(movie, "genres")), 2);
    const struct fake_request *request = fake_host_request(host, 0);

    assert_non_null(strstr(request->url, "query=nosferatu%20%26%20co&"));
    assert_non_null(strstr(request->url, "&year=1922"));
    assert_non_null(strstr(request->url, "&include_adult=false&"));
}

static void a_row_with_an_empty_date_and_no_text_is_fine(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = nosferatu();
    const struct provider_query query = query_for("nosferatu");

    (void)state;
    assert_int_equal(fake_host_search(host, &query), 0);
    const json_t *movie = tmdb_document(host, 1, PROVIDER_MOVIE, PROVIDER_PARTIAL);

    assert_int(movie, "ids.tmdb", 70001);
    assert_false(tmdb_has(movie, "release_date"));
    assert_false(tmdb_has(movie, "title_language"));
    assert_text(movie, "original_language", "zxx");
}

static void adult_rows_come_when_asked_for(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = nosferatu();
    const struct provider_query query = query_for("nosferatu");

    (void)state;
    fake_host_set_option(host, "include_adult", "yes");
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 4);
    assert_non_null(strstr(fake_host_request(host, 0)->url, "include_adult=true"));
}

static void the_limit_ends_the_search(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for("a");

    (void)state;
    answer_page(host, 1, 1, 20, 58324);
    answer_page(host, 2, 21, 20, 58324);
    query.limit = 25;
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 25);
    assert_int_equal(fake_host_n_requests(host), 2);
}

static void a_page_of_another_size_begins_at_its_row(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for("a");

    (void)state;
    answer_page(host, 2, 21, 20, 9);
    query.limit = 10;
    query.page = 4;
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 10);
    assert_int_equal(tmdb_id(host, 0), 31);
}

static void a_row_that_drifted_onto_the_next_page_comes_once(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for("a");

    (void)state;
    answer_page(host, 1, 1, 20, 2);
    answer_page(host, 2, 20, 5, 2);
    query.limit = 40;
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 24);
}

static void page_501_is_never_asked_for(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for("a");

    (void)state;
    answer_page(host, 500, 9981, 20, 58324);
    query.page = 500;
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 20);
    fake_host_clear(host);
    query.page = 501;
    assert_int_equal(fake_host_search(host, &query), 0);
    query.page = UINT32_MAX;
    query.limit = UINT32_MAX;
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void an_empty_page_ends_it_whatever_the_total_says(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for("a");

    (void)state;
    answer_page(host, 1, 1, 20, 400);
    answer_page(host, 2, 21, 0, 400);
    query.limit = 100;
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 20);
    assert_int_equal(fake_host_n_requests(host), 2);
}

static void nothing_found_is_no_error(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_query query = query_for("zasdlkjfasdlkjf");

    (void)state;
    answer_page(host, 1, 1, 0, 0);
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void an_imdb_id_is_found_without_text(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_id id = { .space = "imdb", .value = "tt0013442" };
    struct provider_query query = query_for(NULL);

    (void)state;
    query.ids = &id;
    query.n_ids = 1;
    fake_host_answer_json(host, "{base}/find/tt0013442?*external_source=imdb_id*",
                          "{\"movie_results\":[{\"id\":653,\"title\":\"Nosferatu\"}],"
                          "\"tv_results\":[{\"id\":1,\"name\":\"A show\"}]}");
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int_equal(tmdb_id(host, 0), 653);
}

static void an_answer_without_rows_is_no_search_that_found_nothing(void **state)
{
    static const char *const answers[] = { "{}", "{\"page\":1}", "{\"results\":null}",
                                           "{\"results\":{}}", "{\"genres\":[]}" };
    const struct provider_id id = { .space = "imdb", .value = "tt0013442" };
    struct provider_query by_id = query_for(NULL);
    const struct provider_query by_text = query_for("a");

    (void)state;
    by_id.ids = &id;
    by_id.n_ids = 1;
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_answer_json(host, "{base}/*", answers[i]);
        assert_int_equal(fake_host_search(host, &by_text), PROVIDER_EPARSE);
        assert_int_equal(fake_host_search(host, &by_id), PROVIDER_EPARSE);
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "imdb", "tt0013442"),
                         PROVIDER_EPARSE);
        assert_int_equal(fake_host_n_documents(host), 0);
    }
}

static void a_tmdb_id_brings_the_whole_movie(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_id ids[] = { { .space = "imdb", .value = "tt0013442" },
                                       { .space = "tmdb", .value = "653" } };
    struct provider_query query = query_for("something else");

    (void)state;
    query.ids = ids;
    query.n_ids = 2;
    fake_host_answer_json(host, "{base}/movie/653?*", "{\"id\":653,\"title\":\"Nosferatu\"}");
    assert_int_equal(fake_host_search(host, &query), 0);
    (void)tmdb_document(host, 0, PROVIDER_MOVIE, 0);
}

static void a_language_of_the_query_wins(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = nosferatu();
    struct provider_query query = query_for("nosferatu");

    (void)state;
    query.language = "de_de";
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_non_null(strstr(fake_host_request(host, 0)->url, "language=de-DE"));
    query.language = "no language at all";
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_non_null(strstr(fake_host_request(host, 1)->url, "language=en-US"));
}

static void queries_that_make_no_sense_are_not_asked(void **state)
{
    static const struct provider_id bad = { .space = "imdb", .value = "tt1/../../list" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    char text[600];
    struct provider_query query = query_for("  ");

    (void)state;
    assert_int_equal(fake_host_search(host, &query), PROVIDER_EINVAL);
    query.text = NULL;
    assert_int_equal(fake_host_search(host, &query), PROVIDER_EINVAL);
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    query.text = text;
    assert_int_equal(fake_host_search(host, &query), PROVIDER_ELIMIT);
    query.ids = &bad;
    query.n_ids = 1;
    assert_int_equal(fake_host_search(host, &query), PROVIDER_EINVAL);
    query = query_for("a");
    query.kind = PROVIDER_RELEASE;
    assert_int_equal(fake_host_search(host, &query), PROVIDER_ENOTSUP);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void rows_of_the_wrong_type_are_left_out(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct provider_query query = query_for("a");

    (void)state;
    fake_host_answer_json(host, "{base}/search/*",
                          "{\"results\":[null,7,\"x\",[],{},{\"id\":\"5\",\"title\":\"T\"},"
                          "{\"id\":-5,\"title\":\"T\"},{\"id\":99999999999,\"title\":\"T\"},"
                          "{\"id\":6,\"title\":null},{\"id\":7,\"title\":\"Good\"}],"
                          "\"total_pages\":\"many\"}");
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int_equal(tmdb_id(host, 0), 7);
}

static void a_deadline_on_the_second_page_ends_the_search(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    struct provider_query query = query_for("a");

    (void)state;
    answer_page(host, 1, 1, 20, 9);
    answer_page(host, 2, 21, 20, 9);
    query.limit = 100;
    fake_host_expire_after_requests(host, 1);
    assert_int_equal(fake_host_search(host, &query), PROVIDER_ETIME);
    assert_int_equal(fake_host_n_documents(host), 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_partial_movies_once_each),
        cmocka_unit_test(a_row_with_an_empty_date_and_no_text_is_fine),
        cmocka_unit_test(adult_rows_come_when_asked_for),
        cmocka_unit_test(the_limit_ends_the_search),
        cmocka_unit_test(a_page_of_another_size_begins_at_its_row),
        cmocka_unit_test(a_row_that_drifted_onto_the_next_page_comes_once),
        cmocka_unit_test(page_501_is_never_asked_for),
        cmocka_unit_test(an_empty_page_ends_it_whatever_the_total_says),
        cmocka_unit_test(nothing_found_is_no_error),
        cmocka_unit_test(an_imdb_id_is_found_without_text),
        cmocka_unit_test(an_answer_without_rows_is_no_search_that_found_nothing),
        cmocka_unit_test(a_tmdb_id_brings_the_whole_movie),
        cmocka_unit_test(a_language_of_the_query_wins),
        cmocka_unit_test(queries_that_make_no_sense_are_not_asked),
        cmocka_unit_test(rows_of_the_wrong_type_are_left_out),
        cmocka_unit_test(a_deadline_on_the_second_page_ends_the_search),
    };

    return cmocka_run_group_tests_name("tmdb search", tests, NULL, NULL);
}
