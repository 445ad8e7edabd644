/* SPDX-License-Identifier: MIT
 *
 * Recorded answers about movies, pictures and exports: for each, what must come out. */
#include "tmdb_recorded.h"

#include "base/text.h"

static const struct {
    const char *name, *space, *id, *language;
    int64_t tmdb;
    const char *title, *title_language, *release_date;
    int64_t runtime, revenue;
    struct size sizes[8];
} details[] = {
    { "movie_47964.json",
      "tmdb",
      "47964",
      "en-US",
      47964,
      "A Good Day to Die Hard",
      "en-US",
      "2013-02-06",
      98,
      304654182,
      { { "genres", 2 }, { "cast", 0 } } },
    { "movie_47964_it.json",
      "tmdb",
      "47964",
      "it",
      47964,
      "Die Hard - Un buon giorno per morire",
      "it",
      "2013-02-06",
      97,
      304654182,
      { { "genres", 2 } } },
    { "movie_168259_de.json",
      "tmdb",
      "168259",
      "de",
      168259,
      "Fast & Furious 7",
      "de",
      "2015-04-01",
      137,
      1515400000,
      { { "genres", 3 } } },
    { "movie_19995_append_images_de.json",
      "tmdb",
      "19995",
      "de-DE",
      19995,
      "Avatar - Aufbruch nach Pandora",
      "de-DE",
      "2009-12-16",
      162,
      2923706026,
      { { "images.posters", 18 }, { "images.backdrops", 4 }, { "images.logos", 1 } } },
    { "movie_tt1345836_append.json",
      "imdb",
      "tt1345836",
      "en-US",
      49026,
      "The Dark Knight Rises",
      "en-US",
      "2012-07-17",
      165,
      1081041287,
      { { "cast", 166 },
        { "crew", 561 },
        { "images.posters", 200 },
        { "images.backdrops", 112 },
        { "images.logos", 51 } } },
    { "movie_latest.json",
      "tmdb",
      "1744731",
      "en-US",
      1744731,
      "Sylvain Émard: Thinker of Movement",
      "en-US",
      NULL,
      4,
      0,
      { { "genres", 0 }, { "ids.imdb", 0 }, { "poster", 0 }, { "homepage", 0 } } },
    { "movie_append_everything.json",
      "tmdb",
      "12313",
      "en-US",
      12313,
      "Rock Crystal",
      "en-US",
      "2004-11-18",
      92,
      2800000000,
      { { "cast", 25 },
        { "crew", 9 },
        { "ids.wikidata", 0 },
        { "videos", 1 },
        { "keywords", 1 },
        { "alternative_titles", 1 },
        { "recommendations", 21 } } },
};

static void recorded_details_become_movies(void **state)
{
    need_recorded();

    (void)state;
    for (size_t i = 0; i < sizeof(details) / sizeof(*details); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_set_option(host, "language", details[i].language);
        answer_recorded(host, "{base}/movie/*", 200, details[i].name);
        if (fake_host_fetch(host, PROVIDER_MOVIE, details[i].space, details[i].id) != 0)
            fail_msg("%s: %s", details[i].name, fake_host_error(host));
        const json_t *movie = tmdb_document(host, 0, PROVIDER_MOVIE, 0);

        assert_int(movie, "ids.tmdb", details[i].tmdb);
        assert_text(movie, "title", details[i].title);
        assert_text(movie, "title_language", details[i].title_language);
        assert_int(movie, "runtime", details[i].runtime);
        if (details[i].release_date)
            assert_text(movie, "release_date", details[i].release_date);
        else
            assert_false(tmdb_has(movie, "release_date"));
        if (details[i].revenue)
            assert_int(movie, "revenue", details[i].revenue);
        assert_sizes(details[i].name, movie, details[i].sizes);
    }
}

static void recorded_parts_land_in_one_movie(void **state)
{
    need_recorded();
    static const char *const parts[][2] = {
        { "credits", "movie_47964_credits.json" },
        { "images", "movie_47964_images.json" },
        { "translations", "movie_47964_translations.json" },
        { "release_dates", "movie_47964_release_dates.json" },
        { "videos", "movie_47964_videos.json" },
        { "keywords", "movie_47964_keywords.json" },
        { "alternative_titles", "movie_47964_alternative_titles_CA.json" },
        { "recommendations", "movie_47964_recommendations_de.json" },
        { "external_ids", "movie_335984_external_ids.json" },
    };
    static const struct size sizes[] = {
        { "cast", 48 },   { "crew", 512 },    { "images.posters", 139 }, { "images.logos", 35 },
        { "videos", 13 }, { "keywords", 20 }, { "recommendations", 20 }, { "images.backdrops", 38 },
        { NULL, 0 },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    CLEANUP(mem_free) char *path = recorded("movie_47964.json");
    json_auto_t *detail = json_load_file(path, 0, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        append_recorded(detail, parts[i][0], parts[i][1]);
    CLEANUP(mem_free) char *body = json_dumps(detail, 0);

    fake_host_answer_json(host, "{base}/movie/47964?*", body);
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "47964"), 0);
    const json_t *movie = tmdb_document(host, 0, PROVIDER_MOVIE, 0);

    assert_sizes("movie_47964", movie, sizes);
    assert_text(movie, "certification.US", "R");
    assert_text(movie, "certification.AU", "M");
    assert_text(movie, "translations.de-DE.title", "Stirb langsam - Ein guter Tag zum Sterben");
    assert_false(tmdb_has(movie, "translations.en-US.title"));
    assert_text(movie, "translations.en-US.tagline", "Yippee ki-yay Mother Russia.");
}

/* Answers of other routes, where a movie is expected. */
static void recorded_answers_that_are_no_movie_are_refused(void **state)
{
    need_recorded();
    static const char *const names[] = {
        "genre_movie_en.json",
        "genre_movie_da.json",
        "configuration.json",
        "configuration_languages.json",
        "movie_19995_changes.json",
        "movie_1701490_changes_empty.json",
        "movie_account_states.json",
        "movie_single_changes.json",
        "movie_47964_credits.json",
        "movie_47964_keywords.json",
        "movie_47964_images_en.json",
        "movie_335984_external_ids.json",
        "movie_popular_p1.json",
        "movie_changes_p1.json",
        "find_imdb_tt0088247.json",
        "auth_ok.json",
        "tv_1396.json",
    };

    (void)state;
    refuse_recorded(PROVIDER_MOVIE, "47964", "{base}/movie/*", names, ARRAY_LEN(names));
}

static void recorded_rows_become_partial_movies(void **state)
{
    need_recorded();
    static const struct {
        const char *name;
        size_t n;
    } cases[] = {
        { "search_movie_007_p1.json", 20 },        { "search_movie_007_1962.json", 1 },
        { "v21_search_nothing.json", 0 },          { "search_collection_p2_beyond.json", 0 },
        { "search_multi_arrow.json", 9 },          { "search_multi_jobs.json", 6 },
        { "search_multi_decoding_error.json", 8 }, { "discover_movie.json", 20 },
        { "discover_movie_p2.json", 20 },          { "discover_movie_empty.json", 0 },
        { "discover_movie_region_BR.json", 20 },   { "movie_popular_p1.json", 20 },
        { "movie_popular_p2.json", 20 },           { "movie_popular_de.json", 20 },
        { "movie_top_rated_de.json", 20 },         { "movie_upcoming_de.json", 20 },
        { "movie_now_playing_p1.json", 20 },       { "movie_now_playing_de.json", 20 },
        { "movie_47964_similar_de.json", 20 },     { "movie_47964_recommendations_de.json", 20 },
        { "account_watchlist_movies.json", 20 },   { "trending_movie_week.json", 20 },
        { "trending_all_week.json", 11 },          { "trending_tv_week.json", 0 },
    };
    const struct provider_query query = { .size = sizeof(query),
                                          .kind = PROVIDER_MOVIE,
                                          .text = "007",
                                          .season = -1,
                                          .episode = -1,
                                          .page = 1,
                                          .limit = 40 };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_answer_json(host, "{base}/search/movie?*", "{\"results\":[]}");
        answer_recorded(host, "{base}/search/movie?*&page=1", 200, cases[i].name);
        assert_int_equal(fake_host_search(host, &query), 0);
        assert_int_equal(fake_host_n_refused(host), 0);
        if (fake_host_n_documents(host) != cases[i].n)
            fail_msg("%s: %zu documents", cases[i].name, fake_host_n_documents(host));
        for (size_t j = 0; j < cases[i].n; j++)
            (void)tmdb_document(host, j, PROVIDER_MOVIE, PROVIDER_PARTIAL);
    }
}

/* Asked for German, TMDB answers the original title where there is no German one. */
static void recorded_untranslated_rows_are_not_called_german(void **state)
{
    need_recorded();
    static const char *const names[] = { "movie_now_playing_de.json", "movie_upcoming_de.json",
                                         "movie_47964_similar_de.json" };
    const struct provider_query query = { .size = sizeof(query),
                                          .kind = PROVIDER_MOVIE,
                                          .text = "x",
                                          .language = "de",
                                          .page = 1,
                                          .limit = 20 };
    size_t n_untranslated = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        answer_recorded(host, "{base}/search/movie?*", 200, names[i]);
        assert_int_equal(fake_host_search(host, &query), 0);
        for (size_t j = 0; j < fake_host_n_documents(host); j++) {
            const json_t *row = fake_host_document(host, j)->json;

            if (tmdb_has(row, "title_language"))
                continue;
            n_untranslated++;
            assert_string_equal(json_string_value(tmdb_at(row, "title")),
                                json_string_value(tmdb_at(row, "original_title")));
            assert_false(tmdb_has(row, "overview"));
        }
    }
    assert_true(n_untranslated > 0);
}

static void recorded_changes_are_announced_once_each(void **state)
{
    need_recorded();
    static const struct {
        const char *name;
        size_t n;
    } cases[] = { { "movie_changes_p1.json", 98 },
                  { "movie_changes_end.json", 94 },
                  { "v22_movie_changes.json", 2501 } };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_set_option(host, "export", "false");
        fake_host_set_option(host, "feeds", "popular");
        fake_host_answer_json(host, "{base}/movie/popular?*", "{\"results\":[]}");
        assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
        CLEANUP(mem_free)
        char *cursor = mem_dup_text(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1));

        fake_host_answer_json(host, "{base}/movie/changes?*", "{\"results\":[]}");
        answer_recorded(host, "{base}/movie/changes?*&page=1", 200, cases[i].name);
        assert_int_equal(fake_host_sync(host, "movies", cursor), 0);
        assert_announced_for_two_days(host, PROVIDER_MOVIE, cases[i].n);
    }
}

static void recorded_finds_bring_movies_only(void **state)
{
    need_recorded();
    static const struct {
        const char *name, *imdb;
        size_t n;
    } cases[] = { { "find_imdb_tt0088247.json", "tt0088247", 1 },
                  { "find_imdb_tt0903747.json", "tt0903747", 0 },
                  { "find_imdb_tt0959621.json", "tt0959621", 0 },
                  { "find_tvdb_30272_ambiguous.json", "tt30272", 0 } };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
        const struct provider_id id = { .space = "imdb", .value = cases[i].imdb };
        const struct provider_query query = {
            .size = sizeof(query), .kind = PROVIDER_MOVIE, .ids = &id, .n_ids = 1
        };

        answer_recorded(host, "{base}/find/*", 200, cases[i].name);
        assert_int_equal(fake_host_search(host, &query), 0);
        assert_int_equal(fake_host_n_documents(host), cases[i].n);
    }
}

static void recorded_errors_have_their_meaning(void **state)
{
    need_recorded();
    static const struct {
        const char *name;
        int status, meaning;
        const char *said;
    } cases[] = {
        { "err_movie_404.json", 404, PROVIDER_ENOTFOUND, "could not be found" },
        { "err_sub_404.json", 404, PROVIDER_ENOTFOUND, "could not be found" },
        { "err_34_without_success.json", 404, PROVIDER_ENOTFOUND, "could not be found" },
        { "v16_err_invalid_key_401.json", 401, PROVIDER_EAUTH, "Invalid API key" },
        { "auth_session_denied_401.json", 401, PROVIDER_EAUTH, "Session denied" },
        { "auth_bad_login_401.json", 401, PROVIDER_EAUTH, "Invalid username" },
        { "err_429.json", 429, PROVIDER_EBUSY, "over the allowed limit of 40" },
        { "err_validation_422.json", 422, PROVIDER_EINVAL, "query must be provided" },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        answer_recorded(host, "{base}/movie/*", cases[i].status, cases[i].name);
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "1"), cases[i].meaning);
        assert_non_null(strstr(fake_host_error(host), cases[i].said));
    }
}

static void recorded_configurations_say_where_pictures_are(void **state)
{
    need_recorded();
    static const char *const names[] = { "configuration.json", "v22_configuration.json" };
    char url[256];

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        answer_recorded(host, "{base}/configuration*", 200, names[i]);
        assert_int_equal(fake_host_locate_image(host, "profiles", "/a.jpg", 300, url, sizeof(url)),
                         0);
        assert_string_equal(url, "https://image.tmdb.org/t/p/h632/a.jpg");
    }
}

static void recorded_export_lines_become_titles(void **state)
{
    need_recorded();
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "feeds", "");
    answer_recorded(host, "*/movie_ids_*.json.gz", 200, "daily_export_sample_ndjson.body");
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 7687); /* of 7770, the others are videos */
    assert_int_equal(fake_host_n_refused(host), 0);
    assert_false(fake_host_logged(host, PROVIDER_LOG_WARNING, "broken"));
    assert_text(tmdb_document(host, 0, PROVIDER_TITLE, 0), "title", "Star Wars");
}

static void what_nobody_reads_changes_no_document(void **state)
{
    static const struct {
        const char *name, *id;
        uint32_t kind;
    } rows[] = { { "movie_tt1345836_append.json", "49026", PROVIDER_MOVIE },
                 { "movie_append_everything.json", "12313", PROVIDER_MOVIE },
                 { "movie_19995_append_images_de.json", "19995", PROVIDER_MOVIE },
                 { "tv_append_everything.json", "1399", PROVIDER_TVSHOW },
                 { "tv_1400_append_episode_groups.json", "1400", PROVIDER_TVSHOW } };

    (void)state;
    need_recorded();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free) char *path = recorded(rows[i].name);

        assert_nothing_unread_is_missing(rows[i].kind, rows[i].id, path);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(recorded_details_become_movies),
    cmocka_unit_test(recorded_parts_land_in_one_movie),
    cmocka_unit_test(recorded_answers_that_are_no_movie_are_refused),
    cmocka_unit_test(recorded_rows_become_partial_movies),
    cmocka_unit_test(recorded_untranslated_rows_are_not_called_german),
    cmocka_unit_test(recorded_changes_are_announced_once_each),
    cmocka_unit_test(recorded_finds_bring_movies_only),
    cmocka_unit_test(recorded_errors_have_their_meaning),
    cmocka_unit_test(recorded_configurations_say_where_pictures_are),
    cmocka_unit_test(recorded_export_lines_become_titles),
    cmocka_unit_test(what_nobody_reads_changes_no_document),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), tmdb_recorded_shows_part,
                                       tmdb_recorded_lists_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
