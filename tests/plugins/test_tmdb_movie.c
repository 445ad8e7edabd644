/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#define MOVIE "{base}/movie/4808?*"
#define FIXTURE "tests/data/tmdb/movie_4808.json"

/* Charade through the real module. */
static struct fake_host *charade(const char *language)
{
    struct fake_host *host = tmdb_host();

    fake_host_set_option(host, "language", language);
    fake_host_answer(host, MOVIE, &(struct fake_answer){ .body_file = FIXTURE });
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "4808"), 0);
    return host;
}

static const json_t *only_movie(const struct fake_host *host)
{
    assert_int_equal(fake_host_n_documents(host), 1);
    return tmdb_document(host, 0, PROVIDER_MOVIE, 0);
}

/* A movie whose members are these; the rest is as short as it gets. */
static int fetch_with(struct fake_host *host, const char *members)
{
    CLEANUP(mem_free) char *body = mem_format("{\"id\":5,%s}", members);

    fake_host_clear(host);
    fake_host_answer_json(host, "{base}/movie/5?*", body);
    return fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "5");
}

static void one_call_brings_the_whole_movie(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");
    const json_t *movie = only_movie(host);

    (void)state;
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_int(movie, "ids.tmdb", 4808);
    assert_text(movie, "ids.imdb", "tt0056923");
    assert_text(movie, "ids.wikidata", "Q750403");
    assert_text(movie, "title", "Charade");
    assert_text(movie, "original_language", "en");
    assert_text(movie, "release_date", "1963-12-01");
    assert_text(movie, "status", "released");
    assert_text(movie, "status_raw", "Released");
    assert_text(movie, "tagline", "You can expect the unexpected.");
    assert_text(movie, "homepage", "https://example.org/charade");
    assert_text(movie, "poster", "/charade-poster.jpg");
    assert_int(movie, "runtime", 113);
    assert_int(movie, "votes", 1270);
    assert_true(json_number_value(tmdb_at(movie, "rating")) > 6.99);
    assert_text(movie, "genres.0", "comedy");
    assert_int_equal(json_array_size(tmdb_at(movie, "genres")), 3);
}

static void a_revenue_beyond_32_bits_stays_whole(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");

    (void)state;
    assert_int(only_movie(host), "revenue", INT64_C(13474588000));
}

static void people_and_companies_keep_their_order(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");
    const json_t *movie = only_movie(host);

    (void)state;
    assert_text(movie, "cast.0.name", "Cary Grant");
    assert_text(movie, "cast.1.character", "Regina Lampert");
    assert_int(movie, "cast.1.ids.tmdb", 1932);
    assert_false(tmdb_has(movie, "cast.1.profile"));
    assert_int_equal(json_array_size(tmdb_at(movie, "cast")), 2); /* one has no name */
    assert_text(movie, "crew.0.job", "Director");
    assert_text(movie, "companies.0.logo", "/universal.png");
    assert_false(tmdb_has(movie, "companies.1.country"));
    assert_text(movie, "collection.name", "Charade Collection");
    assert_false(tmdb_has(movie, "collection.poster"));
    assert_text(movie, "spoken_languages.2", "yue");
}

static void pictures_that_lead_elsewhere_are_left_out(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");
    const json_t *movie = only_movie(host);

    (void)state;
    assert_int_equal(json_array_size(tmdb_at(movie, "images.posters")), 1);
    assert_text(movie, "images.posters.0.path", "/charade-poster.jpg");
    assert_false(tmdb_has(movie, "images.backdrops.0.language"));
    /* Drawings are left out. */
    assert_int_equal(json_array_size(tmdb_at(movie, "images.logos")), 1);
    assert_text(movie, "images.logos.0.path", "/charade-logo.png");
}

static void the_certification_of_the_cinema_release_wins(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");
    const json_t *movie = only_movie(host);

    (void)state;
    assert_text(movie, "certification.US", "Approved");
    assert_text(movie, "certification.DE", "12"); /* the first of two rows for one country */
    assert_false(tmdb_has(movie, "certification.FR"));
}

static void videos_without_a_key_are_left_out(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");
    const json_t *movie = only_movie(host);

    (void)state;
    assert_int_equal(json_array_size(tmdb_at(movie, "videos")), 2);
    assert_text(movie, "videos.0.published_at", "2011-05-04T10:11:12Z");
    assert_text(movie, "videos.1.language", "zxx");
    assert_false(tmdb_has(movie, "videos.1.published_at"));
}

static void a_translation_with_an_empty_title_has_no_title(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");
    const json_t *movie = only_movie(host);

    (void)state;
    assert_false(tmdb_has(movie, "translations.de-DE.title"));
    assert_text(movie, "translations.de-DE.overview",
                "Eine Frau in Paris wird von mehreren Männern verfolgt.");
    assert_text(movie, "translations.pt-BR.title", "Charada");
    assert_text(movie, "translations.zh-CN.title", "谜中谜"); /* named twice */
    assert_false(tmdb_has(movie, "translations.fi-FI"));      /* says nothing at all */
}

static void keywords_alternatives_and_recommendations_come_along(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");
    const json_t *movie = only_movie(host);

    (void)state;
    assert_text(movie, "keywords.1", "stamp collector");
    assert_text(movie, "alternative_titles.0.title", "Шарада");
    assert_text(movie, "alternative_titles.0.country", "RU");
    assert_int_equal(json_array_size(tmdb_at(movie, "recommendations")), 1); /* one is a show */
    assert_int(movie, "recommendations.0.ids.tmdb", 213);
}

static void the_asked_language_is_that_of_translated_texts(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");

    (void)state;
    assert_text(only_movie(host), "title_language", "en-US");
}

static void without_a_translation_the_title_is_not_in_the_asked_language(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "language", "de-DE");
    assert_int_equal(fetch_with(host, "\"title\":\"군체\",\"original_title\":\"군체\","
                                      "\"original_language\":\"ko\",\"overview\":\"\","
                                      "\"tagline\":\"\",\"translations\":{\"translations\":[]}"),
                     0);
    assert_false(tmdb_has(only_movie(host), "title_language"));
    assert_false(tmdb_has(only_movie(host), "overview"));
}

static void an_empty_translated_title_says_that_it_equals_the_original(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "language", "de-DE");
    assert_int_equal(
        fetch_with(host, "\"title\":\"Sintel\",\"original_title\":\"Sintel\","
                         "\"original_language\":\"en\",\"overview\":\"\","
                         "\"translations\":{\"translations\":[{\"iso_639_1\":\"de\","
                         "\"iso_3166_1\":\"DE\",\"data\":{\"title\":\"\",\"overview\":\"\"}}]}"),
        0);
    assert_text(only_movie(host), "title_language", "de-DE");
}

static void another_region_is_not_the_asked_language(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "language", "pt-BR");
    assert_int_equal(fetch_with(host, "\"title\":\"Sintel\",\"original_title\":\"Sintel\","
                                      "\"original_language\":\"en\",\"overview\":null,"
                                      "\"translations\":{\"translations\":[{\"iso_639_1\":\"pt\","
                                      "\"iso_3166_1\":\"PT\",\"data\":{\"title\":\"\"}}]}"),
                     0);
    assert_false(tmdb_has(only_movie(host), "title_language"));
}

static void empty_and_null_and_zero_mean_unknown(void **state)
{
    static const char *const absent[] = {
        "release_date", "runtime",  "budget",     "revenue",  "homepage",
        "poster",       "backdrop", "votes",      "ids.imdb", "rating",
        "overview",     "tagline",  "collection", "genres",   "countries",
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_int_equal(fetch_with(host,
                                "\"title\":\"A\",\"original_title\":\"A\",\"release_date\":\"\","
                                "\"runtime\":0,\"budget\":0,\"revenue\":null,\"homepage\":\"\","
                                "\"poster_path\":null,\"backdrop_path\":\"\",\"imdb_id\":\"\","
                                "\"vote_average\":0.0,\"vote_count\":0,\"overview\":null,"
                                "\"tagline\":\"\",\"belongs_to_collection\":null,\"genres\":[],"
                                "\"adult\":null,\"production_countries\":[]"),
                     0);
    for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
        assert_false(tmdb_has(only_movie(host), absent[i]));
    assert_false(tmdb_has(only_movie(host), "adult"));
}

/* Each would be refused if it were handed on; none may cost the movie. */
static void what_the_schema_refuses_is_left_out_alone(void **state)
{
    static const struct {
        const char *members, *path;
    } cases[] = {
        { "\"release_date\":\"1963-02-30\"", "release_date" },
        { "\"release_date\":\"0001-01-01\"", "release_date" },
        { "\"release_date\":19631201", "release_date" },
        { "\"imdb_id\":\"tt0000000\"", "ids.imdb" },
        { "\"imdb_id\":\"nm0000001\"", "ids.imdb" },
        { "\"external_ids\":{\"wikidata_id\":\"wikidata\"}", "ids.wikidata" },
        { "\"homepage\":\"javascript:alert(1)\"", "homepage" },
        { "\"homepage\":\"http://\"", "homepage" },
        { "\"homepage\":\"http://a b\"", "homepage" },
        { "\"runtime\":-4", "runtime" },
        { "\"runtime\":\"113\"", "runtime" },
        { "\"revenue\":9000000000000000000", "revenue" },
        { "\"popularity\":-1", "popularity" },
        { "\"vote_average\":11,\"vote_count\":3", "rating" },
        { "\"poster_path\":\"//evil/x.jpg\"", "poster" },
        { "\"poster_path\":\"/a?b.jpg\"", "poster" },
        { "\"original_language\":\"english\"", "original_language" },
        { "\"genres\":[{\"id\":-1},{\"id\":\"x\"},null,7.5]", "genres" },
        { "\"status\":\"Abandoned\"", "status" },
        { "\"production_countries\":[{\"iso_3166_1\":\"usa\"},null]", "countries" },
        { "\"credits\":{\"cast\":\"nobody\",\"crew\":{}}", "cast" },
        { "\"credits\":[]", "crew" },
        { "\"images\":{\"posters\":[{\"file_path\":null}]}", "images" },
        { "\"videos\":{\"results\":[{\"site\":\"\",\"key\":\"a\"}]}", "videos" },
        { "\"translations\":{\"translations\":[{\"iso_639_1\":1,\"data\":3}]}", "translations" },
        { "\"release_dates\":{\"results\":[{\"iso_3166_1\":\"\"}]}", "certification" },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(mem_free) char *members = mem_format("\"title\":\"A\",%s", cases[i].members);

        if (fetch_with(host, members) != 0)
            fail_msg("%s: %s%s", members, fake_host_error(host), fake_host_refusal(host));
        if (tmdb_has(only_movie(host), cases[i].path))
            fail_msg("%s: '%s' is still there", members, cases[i].path);
    }
}

static char *repeat(const char *text, size_t n)
{
    char *all = mem_alloc(strlen(text) * n + 1);

    for (size_t i = 0; i < n; i++)
        memcpy(all + i * strlen(text), text, strlen(text));
    return all;
}

static void long_texts_are_cut_between_characters(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    CLEANUP(mem_free) char *title = repeat("가", 200);
    CLEANUP(mem_free) char *overview = repeat("ü", 10500);
    CLEANUP(mem_free)
    char *members = mem_format("\"title\":\"%s\",\"overview\":\"%s\"", title, overview);

    (void)state;
    assert_int_equal(fetch_with(host, members), 0);
    assert_int_equal(json_string_length(tmdb_at(only_movie(host), "title")), 510);
    assert_int_equal(json_string_length(tmdb_at(only_movie(host), "overview")), 20000);
}

static void long_lists_are_cut_at_the_schemas_limit(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    CLEANUP(mem_free) char *cast = repeat("{\"id\":1,\"name\":\"X\"},", 1100);
    CLEANUP(mem_free) char *posters = repeat("{\"file_path\":\"/x.jpg\"},", 235);
    CLEANUP(mem_free)
    char *members =
        mem_format("\"title\":\"A\",\"credits\":{\"cast\":[%s{}]},\"images\":{\"posters\":[%s{}]}",
                   cast, posters);

    (void)state;
    assert_int_equal(fetch_with(host, members), 0);
    assert_int_equal(json_array_size(tmdb_at(only_movie(host), "cast")), 1000);
    assert_int_equal(json_array_size(tmdb_at(only_movie(host), "images.posters")), 200);
}

static void control_characters_and_quotes_survive(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_int_equal(fetch_with(host, "\"title\":\"A \\\"B\\\" \\\\ \\u0001\","
                                      "\"overview\":\"one\\ntwo\\u0000three\""),
                     0);
    assert_text(only_movie(host), "title", "A \"B\" \\ \001");
    assert_text(only_movie(host), "overview", "one\ntwo");
}

static void new_members_are_kept_out(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = charade("en-US");

    (void)state;
    assert_false(tmdb_has(only_movie(host), "softcore"));
}

static void a_movie_without_any_title_is_refused(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_int_equal(fetch_with(host, "\"title\":\"\",\"original_title\":null"), PROVIDER_EPARSE);
    assert_int_equal(fetch_with(host, "\"title\":\"  \""), PROVIDER_EPARSE);
    assert_int_equal(fetch_with(host, "\"title\":\"\",\"original_title\":\"Metropolis\""), 0);
    assert_text(only_movie(host), "title", "Metropolis");
}

static void an_answer_about_another_movie_is_refused(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/movie/6?*", "{\"id\":7,\"title\":\"Seven\"}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "6"), PROVIDER_EPARSE);
    assert_int_equal(fake_host_n_documents(host), 0);
    assert_non_null(strstr(fake_host_error(host), "about movie 7"));
}

static void what_nobody_reads_of_a_movie_changes_no_document(void **state)
{
    (void)state;
    assert_nothing_unread_is_missing(PROVIDER_MOVIE, "4808", FIXTURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_call_brings_the_whole_movie),
        cmocka_unit_test(a_revenue_beyond_32_bits_stays_whole),
        cmocka_unit_test(people_and_companies_keep_their_order),
        cmocka_unit_test(pictures_that_lead_elsewhere_are_left_out),
        cmocka_unit_test(the_certification_of_the_cinema_release_wins),
        cmocka_unit_test(videos_without_a_key_are_left_out),
        cmocka_unit_test(a_translation_with_an_empty_title_has_no_title),
        cmocka_unit_test(keywords_alternatives_and_recommendations_come_along),
        cmocka_unit_test(the_asked_language_is_that_of_translated_texts),
        cmocka_unit_test(without_a_translation_the_title_is_not_in_the_asked_language),
        cmocka_unit_test(an_empty_translated_title_says_that_it_equals_the_original),
        cmocka_unit_test(another_region_is_not_the_asked_language),
        cmocka_unit_test(empty_and_null_and_zero_mean_unknown),
        cmocka_unit_test(what_the_schema_refuses_is_left_out_alone),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(long_lists_are_cut_at_the_schemas_limit),
        cmocka_unit_test(control_characters_and_quotes_survive),
        cmocka_unit_test(new_members_are_kept_out),
        cmocka_unit_test(a_movie_without_any_title_is_refused),
        cmocka_unit_test(an_answer_about_another_movie_is_refused),
        cmocka_unit_test(what_nobody_reads_of_a_movie_changes_no_document),
    };

    return cmocka_run_group_tests_name("tmdb movie", tests, NULL, NULL);
}
