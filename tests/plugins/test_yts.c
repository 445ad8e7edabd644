/* SPDX-License-Identifier: MIT
 *
 * The YTS provider's real module: every oddity of the service, and the answers others recorded. */
#include "../test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "fake_host.h"
#include "miauflix/provider.h"

#define MODULE "plugins/yts/yts.la"
#define LIST "{base}/api/v2/list_movies.json*"
#define DETAILS "{base}/api/v2/movie_details.json*"
#define HASH_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define HASH_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define OK(data) "{\"status\":\"ok\",\"status_message\":\"Query was successful\",\"data\":" data "}"
#define MOVIE(more)                                                                                \
    "{\"id\":7,\"imdb_code\":\"tt0133093\",\"title\":\"The Matrix\",\"year\":1999,"                \
    "\"rating\":8.7,\"runtime\":136,\"genres\":[\"Action\",\"Sci-Fi\"],\"language\":\"en\"" more   \
    "}"
#define TORRENT(hash, more) "{\"hash\":\"" hash "\",\"quality\":\"1080p\"" more "}"
#define ONE(movie) OK("{\"movie_count\":1,\"limit\":20,\"page_number\":1,\"movies\":[" movie "]}")

static int search(struct fake_host *host, const char *text, uint32_t kind)
{
    const struct provider_query query = { .size = sizeof query,
                                          .kind = kind,
                                          .text = text,
                                          .season = -1,
                                          .episode = -1,
                                          .page = 1,
                                          .limit = 20 };
    return fake_host_search(host, &query);
}

static int search_imdb(struct fake_host *host, const char *imdb)
{
    const struct provider_id id = { "imdb", imdb };
    const struct provider_query query = {
        .size = sizeof query,
        .kind = PROVIDER_RELEASE,
        .text = "ignored",
        .ids = &id,
        .n_ids = 1,
        .season = -1,
        .episode = -1,
        .page = 1,
        .limit = 20,
    };
    return fake_host_search(host, &query);
}

static const json_t *document(struct fake_host *host, size_t i, uint32_t kind)
{
    if (i >= fake_host_n_documents(host))
        fail_msg("there are %zu documents; %s", fake_host_n_documents(host),
                 fake_host_refusal(host));
    assert_int_equal(fake_host_document(host, i)->kind, kind);
    return fake_host_document(host, i)->json;
}

/* One answer to a search, and how many documents come of it. */
static void expect(const char *json, size_t n)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, LIST, json);
    assert_int_equal(search(host, "matrix", PROVIDER_MOVIE), 0);
    assert_int_equal(fake_host_n_documents(host), n);
    assert_int_equal(fake_host_n_refused(host), 0);
}

static void a_movie_comes_with_its_releases(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(
        host, LIST,
        ONE(MOVIE(",\"torrents\":[" TORRENT(
            HASH_A, ",\"type\":\"bluray\",\"is_repack\":\"1\",\"video_codec\":\"x265\","
                    "\"bit_depth\":\"10\",\"audio_channels\":\"5.1\",\"seeds\":100,\"peers\":7,"
                    "\"size\":\"6 GB\",\"size_bytes\":6442450944,"
                    "\"date_uploaded_unix\":1577836800") "]")));
    assert_int_equal(search(host, "matrix", PROVIDER_MOVIE), 0);
    const json_t *movie = document(host, 0, PROVIDER_MOVIE);
    assert_string_equal(js_string(js_object(movie, "ids"), "imdb"), "tt0133093");
    assert_string_equal(js_string(js_object(movie, "ids"), "yts"), "7");
    assert_int_equal(fake_host_document(host, 0)->flags, PROVIDER_PARTIAL);
    const json_t *release = document(host, 1, PROVIDER_RELEASE);
    assert_string_equal(js_string(release, "quality"), "1080p");
    assert_string_equal(js_string(release, "source"), "bluray");
    assert_string_equal(js_string(release, "codec"), "x265");
    assert_string_equal(js_string(release, "uploaded_at"), "2020-01-01T00:00:00Z");
    assert_true(js_bool(release, "repack", false));
    assert_int_equal(js_int(release, "size", 0), 6442450944);
    assert_int_equal(js_int(release, "bit_depth", 0), 10);
    assert_int_equal(json_array_size(js_array(release, "trackers")), 5);
    assert_string_equal(js_string(release, "name"),
                        "The Matrix (1999) [1080p] [bluray] [x265] [REPACK] [YTS]");
}

static void answers_that_break_naive_clients_break_nothing(void **state UNUSED)
{
    static const struct {
        const char *json;
        size_t n;
    } rows[] = {
        { OK("{\"movie_count\":0,\"limit\":20,\"page_number\":1}"), 0 },
        { OK("{\"movie_count\":49,\"limit\":20,\"page_number\":1}"), 0 },
        { OK("{\"movie_count\":1,\"movies\":null}"), 0 },
        { OK("[]"), 0 },
        { "{\"status\":\"ok\"}", 0 },
        { "\xef\xbb\xbf" ONE(MOVIE("")), 1 },
        { ONE(MOVIE(",\"torrents\":null")), 1 },
        { ONE(MOVIE(",\"torrents\":[]")), 1 },
        /* Two of one quality are two, one infohash is one. */
        { ONE(MOVIE(",\"torrents\":[" TORRENT(HASH_A, "") "," TORRENT(HASH_B, "") "]")), 3 },
        { ONE(MOVIE(",\"torrents\":[" TORRENT(HASH_A, "") "," TORRENT(
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "") "]")),
          2 },
        /* Hashes that are none. */
        { ONE(MOVIE(",\"torrents\":[" TORRENT("", "") "," TORRENT("12", "") ",7,null]")), 1 },
        { ONE(MOVIE(",\"torrents\":[" TORRENT(HASH_A, ",\"is_repack\":\"\",\"seeds\":-1,"
                                                      "\"size_bytes\":\"x\",\"bit_depth\":8,"
                                                      "\"video_codec\":5") "]")),
          2 },
        { ONE("{\"id\":0,\"imdb_code\":\"\",\"title\":\"Nothing\"}"), 0 },
        { ONE("{\"id\":7,\"imdb_code\":\"\",\"title\":\"By number\"}"), 1 },
        { ONE("{\"id\":7,\"imdb_code\":\"nonsense\",\"title\":\"By number\",\"rating\":0,"
              "\"runtime\":0,\"genres\":null,\"language\":\"\"}"),
          1 },
        { ONE("7,null,[]"), 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        expect(rows[i].json, rows[i].n);
}

static void what_is_no_answer_of_yts_is_an_upstream_that_failed(void **state UNUSED)
{
    static const struct fake_answer rows[] = {
        { .body = "<html><title>Just a moment...</title></html>" },
        { .body = "{\"message\":\"Cannot read property 'moviesPerPage' of undefined\"}" },
        { .body = "{\"status\":\"error\",\"status_message\":\"movie_id is required\"}" },
        { .body = "{\"status\":\"ok\",\"data\":{\"movie_count\":1" },
        { .body = "{\"MovieCount\":4,\"MovieList\":[]}" },
        { .body = "" },
        { .status = 403, .body = "<html>Attention Required</html>" },
        { .status = 503, .body = "<html></html>" },
        { .status = 404, .body = OK("{}") },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
        fake_host_answer(host, LIST, &rows[i]);
        /* The host refuses it before the plugin sees it. */
        assert_int_equal(search(host, "matrix", PROVIDER_MOVIE), PROVIDER_EPARSE);
        assert_int_equal(fake_host_n_documents(host), 0);
        assert_true(fake_host_request(host, 0)->judged);
    }
}

static void too_many_requests_are_no_failure_of_the_service(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer(host, LIST, &(struct fake_answer){ .status = 429, .body = "" });
    assert_int_equal(search(host, "matrix", PROVIDER_MOVIE), PROVIDER_EBUSY);
}

static void punctuation_stays_out_of_the_term_and_the_limit_in(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, LIST, OK("{}"));
    assert_int_equal(search(host, "  Schindler's: \"List\" (1993)! ", PROVIDER_MOVIE), 0);
    assert_string_equal(fake_host_request(host, 0)->url,
                        "{base}/api/v2/list_movies.json?limit=20&page=1"
                        "&query_term=Schindler%20s%20List%201993");
    assert_int_equal(search(host, "'!?", PROVIDER_MOVIE), PROVIDER_EINVAL);
    assert_int_equal(search(host, "x", PROVIDER_TVSHOW), PROVIDER_ENOTSUP);
}

static void an_id_finds_that_film_and_no_other(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, "{base}/api/v2/list_movies.json*query_term=tt0133093*",
                          ONE(MOVIE(",\"torrents\":[" TORRENT(HASH_A, "") "]")));
    fake_host_answer_json(host, "{base}/api/v2/list_movies.json*query_term=tt0000001*",
                          ONE(MOVIE(",\"torrents\":[" TORRENT(HASH_A, "") "]")));
    assert_int_equal(search_imdb(host, "tt0133093"), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    document(host, 0, PROVIDER_RELEASE);
    fake_host_clear(host);
    assert_int_equal(search_imdb(host, "tt0000001"), 0);
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void releases_of_an_item_without_an_id_need_its_title_and_year(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    struct provider_query query = { .size = sizeof query,
                                    .kind = PROVIDER_RELEASE,
                                    .text = "the matrix!",
                                    .year = 1999,
                                    .season = -1,
                                    .episode = -1,
                                    .page = 1,
                                    .limit = 20 };
    fake_host_answer_json(host, LIST, ONE(MOVIE(",\"torrents\":[" TORRENT(HASH_A, "") "]")));
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    query.year = 2003;
    assert_int_equal(fake_host_search(host, &query), 0);
    query.year = 1999;
    query.text = "Matrix Reloaded";
    assert_int_equal(fake_host_search(host, &query), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
}

static void three_dimensions_are_a_flag(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, LIST,
                          ONE(MOVIE(",\"torrents\":[{\"hash\":\"" HASH_A
                                    "\",\"quality\":\"3D\",\"size\":\"852.02 MB\"}]")));
    assert_int_equal(search(host, "matrix", 0), 0);
    const json_t *release = document(host, 1, PROVIDER_RELEASE);
    assert_true(js_bool(release, "3d", false));
    assert_string_equal(js_string(release, "quality"), "1080p");
    assert_int_equal(js_int(release, "size", 0), 893407723);
}

static void languages_are_words_or_two_letters(void **state UNUSED)
{
    static const struct {
        const char *said, *language;
    } rows[] = { { "ja", "ja" }, { "cn", "zh" }, { "English", "en" }, { "en", "en" },
                 { "", NULL },   { "JA", NULL }, { "French", NULL },  { "x", NULL } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
        CLEANUP(mem_free)
        char *json = mem_format(ONE("{\"id\":7,\"title\":\"A\",\"language\":\"%s\","
                                    "\"torrents\":[" TORRENT(HASH_A, "") "]}"),
                                rows[i].said);
        fake_host_answer_json(host, LIST, json);
        assert_int_equal(search(host, "a", PROVIDER_MOVIE), 0);
        const json_t *movie = document(host, 0, PROVIDER_MOVIE);
        const json_t *spoken = js_array(document(host, 1, PROVIDER_RELEASE), "languages");
        const char *original = js_string(movie, "original_language");
        assert_true(rows[i].language ? original && strcmp(original, rows[i].language) == 0
                                     : !original);
        assert_int_equal(json_array_size(spoken), rows[i].language ? 1 : 0);
    }
}

static void ratings_are_numbers_of_any_kind_and_zero_is_none(void **state UNUSED)
{
    static const struct {
        const char *said;
        double rating; /* 0: none */
    } rows[] = { { "8.2", 8.2 }, { "9", 9 },  { "0", 0 }, { "\"7.5\"", 0 },
                 { "null", 0 },  { "11", 0 }, { "-1", 0 } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
        CLEANUP(mem_free)
        char *json = mem_format(ONE("{\"id\":7,\"title\":\"A\",\"rating\":%s}"), rows[i].said);
        fake_host_answer_json(host, LIST, json);
        assert_int_equal(search(host, "a", PROVIDER_MOVIE), 0);
        double rating = js_double(document(host, 0, PROVIDER_MOVIE), "rating", 0);
        assert_true(rating > rows[i].rating - 0.001 && rating < rows[i].rating + 0.001);
    }
}

static void its_pace_is_what_the_service_stands(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    assert_int_equal(fake_host_open(host), 0);
    assert_in_range(fake_host_info(host)->rate_per_1000s, 1, 400);
    assert_int_equal(fake_host_info(host)->max_parallel, 1);
}

static void the_settings_of_searches_are_sent(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_set_option(host, "quality", "1080p.x265");
    fake_host_set_option(host, "minimum_rating", "6");
    fake_host_set_option(host, "genre", "sci-fi");
    fake_host_set_option(host, "sort_by", "year");
    fake_host_set_option(host, "cache_ttl", "60");
    fake_host_set_option(host, "base_url", "https://a.example/api/v2/ https://b.example/api/v2");
    fake_host_answer_json(host, "{base}/list_movies.json*", OK("{}"));
    assert_int_equal(search(host, "x", PROVIDER_MOVIE), 0);
    assert_non_null(strstr(fake_host_request(host, 0)->url,
                           "&quality=1080p.x265&minimum_rating=6&genre=sci-fi&sort_by=year"));
    assert_int_equal(fake_host_request(host, 0)->max_age_s, 60);
}

static void a_setting_that_cannot_be_keeps_it_from_opening(void **state UNUSED)
{
    static const struct {
        const char *name, *value, *said;
    } rows[] = {
        { "minimum_rating", "12", "9" },
        { "quality", "4k", "480p, 720p, 1080p, 1080p.x265, 2160p, 3D" },
        { "quality", "1080", "1080p.x265" },
        { "quality", "480p, 720p", "2160p" },
        { "quality", ",", "2160p" },
        { "sort_by", "frobnicate", "download_count" },
        { "sort_by", "titles", "date_added" },
        { "genre", "Scifi", "Sci-Fi" },
        { "base_url", "http://127.0.0.1:9 http://127.0.0.1:8/api/v2",
          "'http://127.0.0.1:8/api/v2'" },
        { "base_url", "http://127.0.0.1:9/api/v2/ http://127.0.0.1:8", "'http://127.0.0.1:8'" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
        fake_host_set_option(host, rows[i].name, rows[i].value);
        assert_int_equal(fake_host_open(host), PROVIDER_EINVAL);
        assert_non_null(strstr(fake_host_error(host), rows[i].name));
        assert_non_null(strstr(fake_host_error(host), rows[i].said));
    }
}

static void every_word_of_a_setting_will_do_in_any_case(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "quality", "480p" },       { "quality", "3d" },      { "quality", "1080P.x265" },
        { "sort_by", "title" },      { "sort_by", "SEEDS" },   { "genre", "Action" },
        { "sort_by", "date_added" }, { "genre", "film-noir" }, { "genre", "western" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
        fake_host_set_option(host, rows[i][0], rows[i][1]);
        assert_int_equal(fake_host_open(host), 0);
    }
}

static void details_have_the_cast(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(
        host, "{base}/api/v2/movie_details.json?imdb_id=tt0133093&with_cast=true*",
        OK("{\"movie\":" MOVIE(",\"cast\":[{\"name\":\"A\",\"character_name\":\"B\","
                               "\"imdb_code\":\"0248254\"},{\"name\":\"C\","
                               "\"imdb_code\":\"17935224\"},{\"name\":\"D\",\"imdb_code\":\"12\"},"
                               "{}],\"torrents\":[" TORRENT(HASH_A, "") "]") "}"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "imdb", "tt0133093"), 0);
    const json_t *cast = js_array(document(host, 0, PROVIDER_MOVIE), "cast");
    assert_int_equal(fake_host_document(host, 0)->flags, 0);
    assert_int_equal(json_array_size(cast), 3);
    assert_string_equal(js_string(js_object(json_array_get(cast, 1), "ids"), "imdb"), "nm17935224");
    assert_null(js_object(json_array_get(cast, 2), "ids"));
    document(host, 1, PROVIDER_RELEASE);
}

static void an_unknown_id_is_not_found(void **state UNUSED)
{
    static const char *const bodies[] = {
        OK("{\"movie\":{\"id\":0,\"imdb_code\":null,\"title\":null}}"),
        OK("{\"movie\":" MOVIE("") "}"), /* another film */
        OK("{}"),
        OK("[]"),
    };
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
        fake_host_answer_json(host, DETAILS, bodies[i]);
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "imdb", "tt7777777"),
                         PROVIDER_ENOTFOUND);
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "yts", "99"), PROVIDER_ENOTFOUND);
        assert_int_equal(fake_host_fetch(host, PROVIDER_MOVIE, "tmdb", "7"), PROVIDER_ENOTSUP);
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "imdb", "tt7777777"),
                         PROVIDER_ENOTSUP);
        assert_int_equal(fake_host_n_documents(host), 0);
    }
}

/* --- Sync */

#define AT(id, seconds, hash)                                                                      \
    "{\"id\":" #id ",\"imdb_code\":\"tt000000" #id                                                 \
    "\",\"title\":\"F\",\"date_uploaded_unix\":" #seconds ",\"torrents\":[" TORRENT(hash, "") "]}"
#define PAGE(n) "{base}/api/v2/list_movies.json?limit=50&page=" #n "&sort_by=date_added*"

static void the_first_sync_reads_to_the_end_and_can_be_cut_off(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, PAGE(1), ONE(AT(3, 300, HASH_A)));
    fake_host_answer_json(host, PAGE(2), ONE(AT(2, 200, HASH_B)));
    fake_host_answer_json(host, PAGE(3), OK("{\"movie_count\":99}"));
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 4);
    assert_string_equal(fake_host_checkpoint(host, 0), "crawl 2 300");
    assert_string_equal(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1), "since 300");
    fake_host_clear(host);
    assert_int_equal(fake_host_sync(host, "movies", "crawl 2 300"), 0);
    assert_int_equal(fake_host_count_requests(host, PAGE(1)), 0);
    assert_int_equal(fake_host_n_documents(host), 2);
    assert_string_equal(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1), "since 300");
}

static void one_sync_lists_so_many_pages_and_no_more(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_set_option(host, "sync_pages", "1");
    fake_host_answer_json(host, PAGE(1), ONE(AT(3, 300, HASH_A)));
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_int_equal(fake_host_n_checkpoints(host), 1);
    assert_string_equal(fake_host_checkpoint(host, 0), "crawl 2 300");
}

static void later_only_the_new_are_whole_and_the_known_are_refreshed(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_set_option(host, "refresh_pages", "2");
    fake_host_answer_json(host, PAGE(1), ONE(AT(4, 400, HASH_A)));
    fake_host_answer_json(host, PAGE(2), ONE(AT(3, 300, HASH_B)));
    fake_host_answer_json(host, PAGE(3), OK("{}"));
    assert_int_equal(fake_host_sync(host, "movies", "since 300"), 0);
    assert_string_equal(fake_host_checkpoint(host, 0), "since 400");
    document(host, 0, PROVIDER_MOVIE);
    document(host, 1, PROVIDER_RELEASE);
    for (size_t i = 2; i < fake_host_n_documents(host); i++)
        document(host, i, PROVIDER_RELEASE);
    assert_string_equal(fake_host_state(host, "refresh_page"), "3");
    fake_host_clear(host);
    assert_int_equal(fake_host_sync(host, "movies", "since 400"), 0);
    assert_string_equal(fake_host_state(host, "refresh_page"), "1");
}

static void a_sync_that_fails_keeps_its_place(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, PAGE(1), ONE(AT(3, 300, HASH_A)));
    fake_host_answer(host, PAGE(2), &(struct fake_answer){ .failure = PROVIDER_ETIME });
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_ETIME);
    assert_int_equal(fake_host_n_checkpoints(host), 1);
    assert_string_equal(fake_host_checkpoint(host, 0), "crawl 2 300");
    assert_int_equal(fake_host_sync(host, "tvshows", NULL), PROVIDER_ENOTSUP);
}

static void a_date_to_come_says_nothing(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_set_option(host, "refresh_pages", "0");
    fake_host_answer_json(
        host, PAGE(1),
        ONE("{\"id\":9,\"imdb_code\":\"tt0000009\",\"title\":\"F\",\"date_uploaded_unix\":"
            "30000000000,\"torrents\":[" TORRENT(
                HASH_B, ",\"date_uploaded_unix\":30000000000") "]}," AT(3, 300, HASH_A)));
    fake_host_answer_json(host, PAGE(2), OK("{}"));
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_null(js_string(document(host, 1, PROVIDER_RELEASE), "uploaded_at"));
    assert_string_equal(fake_host_checkpoint(host, 0), "crawl 2 300");
    assert_string_equal(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1), "since 300");
    fake_host_clear(host);
    /* Nor does it hide what comes behind it. */
    assert_int_equal(fake_host_sync(host, "movies", "since 200"), 0);
    assert_int_equal(fake_host_n_documents(host), 4);
    assert_string_equal(fake_host_checkpoint(host, 0), "since 300");
}

static void a_cursor_is_never_ahead_of_the_clock(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    const long long now_s = time(NULL);
    CLEANUP(mem_free)
    char *page = mem_format(
        ONE("{\"id\":9,\"imdb_code\":\"tt0000009\",\"title\":\"F\",\"date_uploaded_unix\":%lld}"),
        now_s + 20 * 3600); /* their clock is ahead */
    long long newest_s = 0;
    fake_host_answer_json(host, PAGE(1), page);
    fake_host_answer_json(host, PAGE(2), OK("{}"));
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(sscanf(fake_host_checkpoint(host, 0), "crawl 2 %lld", &newest_s), 1);
    assert_in_range(newest_s, now_s, time(NULL));
}

static void a_cursor_from_the_future_heals(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, PAGE(1), ONE(AT(3, 300, HASH_A)));
    fake_host_answer_json(host, PAGE(2), ONE(AT(2, 200, HASH_B)));
    fake_host_answer_json(host, PAGE(3), OK("{}"));
    assert_int_equal(fake_host_sync(host, "movies", "since 30000000000"), 0);
    assert_int_equal(fake_host_n_documents(host), 4);
    assert_string_equal(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1), "since 300");
    fake_host_clear(host);
    assert_int_equal(fake_host_sync(host, "movies", "crawl 2 30000000000"), 0);
    assert_int_equal(fake_host_count_requests(host, PAGE(1)), 0);
    assert_string_equal(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1), "since 0");
}

static void a_cursor_that_makes_no_sense_begins_afresh(void **state UNUSED)
{
    CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
    fake_host_answer_json(host, LIST, OK("{}"));
    assert_int_equal(fake_host_sync(host, "movies", "nonsense"), 0);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "makes no sense"));
    assert_int_equal(fake_host_count_requests(host, PAGE(1)), 1);
}

/* --- What others recorded */

static void recorded_answers_are_understood(void **state UNUSED)
{
    static const struct {
        const char *name, *space, *id; /* no space: a search */
        int code;
        size_t n_movies, n_releases;
    } rows[] = {
        { "d26_list_one.json", NULL, "Sayonara CP", 0, 1, 2 },
        { "m25_list_limit1.json", NULL, "x", 0, 1, 1 },
        { "m25_list_newest5.json", NULL, "x", 0, 5, 9 },
        { "m25_list_tt29623480.json", NULL, "x", 0, 1, 5 },
        { "m25_list_tt9603208.json", NULL, "tt9603208", 0, 0, 0 },
        { "m25_list_invalid.json", NULL, "invalid-id", 0, 0, 0 },
        { "err_count_without_movies.json", NULL, "Land 2020", 0, 0, 0 },
        { "v14_listimdb.json", NULL, "x", PROVIDER_EPARSE, 0, 0 },
        { "d26_movie_details.json", "yts", "78137", 0, 1, 2 },
        { "m25_movie_details_by_imdb.json", "imdb", "tt34802706", 0, 1, 5 },
        { "m25_movie_details_by_imdb.json", "imdb", "tt29623480", PROVIDER_ENOTFOUND, 0, 0 },
        { "fraja_test.json", "imdb", "tt1130884", 0, 1, 3 },
    };
    CLEANUP(mem_free) char *there = fake_host_recorded("yts/d26_list_one.json");
    if (!there) {
        print_message("# SKIP: the recorded answers of YTS are not there\n");
        skip();
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = fake_host_new(MODULE);
        CLEANUP(mem_free) char *name = mem_format("yts/%s", rows[i].name);
        CLEANUP(mem_free) char *path = fake_host_recorded(name);
        size_t n_movies = 0;
        fake_host_answer(host, "*", &(struct fake_answer){ .body_file = path });
        int code = rows[i].space ? fake_host_fetch(host, PROVIDER_MOVIE, rows[i].space, rows[i].id)
                                 : search(host, rows[i].id, PROVIDER_MOVIE);
        if (code != rows[i].code || fake_host_n_refused(host))
            fail_msg("%s: %d, %s %s", rows[i].name, code, fake_host_error(host),
                     fake_host_refusal(host));
        for (size_t k = 0; k < fake_host_n_documents(host); k++)
            n_movies += fake_host_document(host, k)->kind == PROVIDER_MOVIE;
        if (n_movies != rows[i].n_movies ||
            fake_host_n_documents(host) - n_movies != rows[i].n_releases)
            fail_msg("%s: %zu movies, %zu releases", rows[i].name, n_movies,
                     fake_host_n_documents(host) - n_movies);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_movie_comes_with_its_releases),
        cmocka_unit_test(answers_that_break_naive_clients_break_nothing),
        cmocka_unit_test(what_is_no_answer_of_yts_is_an_upstream_that_failed),
        cmocka_unit_test(too_many_requests_are_no_failure_of_the_service),
        cmocka_unit_test(punctuation_stays_out_of_the_term_and_the_limit_in),
        cmocka_unit_test(an_id_finds_that_film_and_no_other),
        cmocka_unit_test(releases_of_an_item_without_an_id_need_its_title_and_year),
        cmocka_unit_test(three_dimensions_are_a_flag),
        cmocka_unit_test(languages_are_words_or_two_letters),
        cmocka_unit_test(ratings_are_numbers_of_any_kind_and_zero_is_none),
        cmocka_unit_test(its_pace_is_what_the_service_stands),
        cmocka_unit_test(the_settings_of_searches_are_sent),
        cmocka_unit_test(a_setting_that_cannot_be_keeps_it_from_opening),
        cmocka_unit_test(every_word_of_a_setting_will_do_in_any_case),
        cmocka_unit_test(details_have_the_cast),
        cmocka_unit_test(an_unknown_id_is_not_found),
        cmocka_unit_test(the_first_sync_reads_to_the_end_and_can_be_cut_off),
        cmocka_unit_test(one_sync_lists_so_many_pages_and_no_more),
        cmocka_unit_test(later_only_the_new_are_whole_and_the_known_are_refreshed),
        cmocka_unit_test(a_sync_that_fails_keeps_its_place),
        cmocka_unit_test(a_date_to_come_says_nothing),
        cmocka_unit_test(a_cursor_is_never_ahead_of_the_clock),
        cmocka_unit_test(a_cursor_from_the_future_heals),
        cmocka_unit_test(a_cursor_that_makes_no_sense_begins_afresh),
        cmocka_unit_test(recorded_answers_are_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
