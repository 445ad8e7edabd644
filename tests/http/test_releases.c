/* SPDX-License-Identifier: MIT
 *
 * The routes of releases: each filter and order, of all, of a film, a show, a season, an episode.
 */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "house.h"
#include "raw.h"

#define OF_FILM "\"kind\":\"movie\",\"item\":{\"imdb\":\"tt0133093\"}"
#define OF_SHOW "\"kind\":\"tvshow\",\"item\":{\"imdb\":\"tt0000001\"}"

/* The infohash is the letter forty times. */
#define RELEASE(letter, rest) "{\"infohash\":\"" letter "\"," rest "}"
#define TEN(digit) digit digit digit digit digit digit digit digit digit digit
#define HASH(digit) TEN(digit) TEN(digit) TEN(digit) TEN(digit)

static uint32_t film_id, show_id;

/* Best first, by their digits: */
static const char best_first[] = "4132657";

static const char *const of_film[] = {
    RELEASE(HASH("1"),
            "\"name\":\"The.Matrix.1999.1080p.BluRay.x264\"," OF_FILM
            ",\"size\":9000000000,\"seeds\":80,\"peers\":9,"
            "\"uploaded_at\":\"2020-01-01T00:00:00Z\",\"trackers\":[\"udp://a.test:1\"]"),
    RELEASE(HASH("2"), "\"name\":\"The.Matrix.1999.German.720p.WEB.x265\"," OF_FILM
                       ",\"size\":2000000000,\"seeds\":90,\"peers\":1,"
                       "\"uploaded_at\":\"2021-01-01T00:00:00Z\""),
    RELEASE(HASH("3"),
            "\"name\":\"The.Matrix.1999.Extended.2160p.UHD.BluRay.HDR.x265.PROPER\"," OF_FILM
            ",\"size\":30000000000,\"seeds\":20,"
            "\"uploaded_at\":\"2022-01-01T00:00:00Z\""),
    RELEASE(HASH("4"), "\"name\":\"The.Matrix.1999.REPACK.1080p.BluRay.x264\"," OF_FILM
                       ",\"size\":9000000000,\"seeds\":100,"
                       "\"uploaded_at\":\"2019-01-01T00:00:00Z\""),
    RELEASE(HASH("5"), "\"name\":\"The.Matrix.1999.3D.HSBS.1080p.BluRay.x264\"," OF_FILM
                       ",\"size\":9000000000,\"seeds\":30,"
                       "\"uploaded_at\":\"2018-01-01T00:00:00Z\""),
    RELEASE(HASH("6"), "\"name\":\"The.Matrix.1999.DVDRip.XviD\"," OF_FILM
                       ",\"size\":700000000,\"seeds\":50,\"languages\":[\"de\",\"pt-BR\"],"
                       "\"edition\":\"Director's Cut, Somebody's Restoration\","
                       "\"uploaded_at\":\"2005-01-01T00:00:00Z\""),
    RELEASE(HASH("7"), "\"name\":\"The.Matrix.1999.1080p.HDCAM.x264\"," OF_FILM
                       ",\"size\":300000000,\"seeds\":0,"
                       "\"uploaded_at\":\"2004-01-01T00:00:00Z\""),
};

static const char *const of_show[] = {
    RELEASE(HASH("a"), "\"name\":\"The.Show.S01E01.1080p.WEB.x264\"," OF_SHOW
                       ",\"seeds\":10,\"uploaded_at\":\"2020-02-01T00:00:00Z\""),
    RELEASE(HASH("b"), "\"name\":\"The.Show.S01E02-E04.1080p.WEB.x264\"," OF_SHOW
                       ",\"seeds\":10,\"uploaded_at\":\"2020-02-02T00:00:00Z\""),
    RELEASE(HASH("c"), "\"name\":\"The.Show.S01.Uncut.1080p.BluRay.x264\"," OF_SHOW
                       ",\"seeds\":10,\"uploaded_at\":\"2020-02-03T00:00:00Z\""),
    RELEASE(HASH("d"), "\"name\":\"The.Show.S02E01.ITALIAN.720p.HDTV.x264\"," OF_SHOW
                       ",\"seeds\":10,\"uploaded_at\":\"2020-02-04T00:00:00Z\""),
};

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    film_id = house_add_movie(house, "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},"
                                     "\"title\":\"The Matrix\",\"runtime\":136}");
    show_id = house_add(house, PROVIDER_TVSHOW,
                        "{\"ids\":{\"tmdb\":1,\"imdb\":\"tt0000001\"},\"title\":\"The Show\"}");
    for (size_t i = 0; i < ARRAY_LEN(of_film); i++)
        house_add(house, PROVIDER_RELEASE, of_film[i]);
    for (size_t i = 0; i < ARRAY_LEN(of_show); i++)
        house_add(house, PROVIDER_RELEASE, of_show[i]);
    house_settle(house);
    *state = house;
    return 0;
}

static json_t *ask(struct house *house, const char *method, const char *token, const char *target,
                   int status)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(4 << 20);
    CLEANUP(mem_free)
    char *request = mem_format("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                               "Content-Length: 0\r\n\r\n",
                               method, target, token);
    int have = raw_ask(house->port, request, &answer);
    if (have != status)
        fail_msg("%s: %d, not %d: %s", target, have, status, text_string(&answer));
    json_t *body = json_loads(raw_body(text_string(&answer)), 0, NULL);
    assert_non_null(body);
    return body;
}

static json_t *get(struct house *house, const char *target, int status)
{
    return ask(house, "GET", house->reader, target, status);
}

/* The first letters of the infohashes, in the order of the answer. */
static void assert_lists(struct house *house, const char *target, const char *wanted)
{
    json_auto_t *page = get(house, target, 200);
    char have[32] = "";
    size_t i;
    const json_t *release;
    json_array_foreach (js_array(page, "results"), i, release)
        snprintf(have + i, sizeof have - i, "%c", *js_string(release, "infohash"));
    if (strcmp(have, wanted) != 0)
        fail_msg("%s: '%s', not '%s'", target, have, wanted);
    assert_int_equal(js_int(page, "total", -1), strlen(wanted));
}

#define LOCAL "/api/movies/tt0133093/releases?scope=local"

static void each_filter_leaves_what_fits_it(void **state)
{
    static const struct {
        const char *target, *wanted;
    } rows[] = {
        { LOCAL, best_first },
        { LOCAL "&quality=1080p", "4157" },
        { LOCAL "&quality=720p,2160p", "32" },
        { LOCAL "&quality_min=1080p", "41357" },
        { LOCAL "&quality_min=2160p", "3" },
        { LOCAL "&source=bluray", "4135" },
        { LOCAL "&source=cam,dvd", "67" },
        { LOCAL "&source=remux", "" },
        { LOCAL "&codec=x265", "32" },
        { LOCAL "&codec=xvid", "6" },
        { LOCAL "&type=movie", best_first },
        { LOCAL "&type=season,episode", "" },
        { LOCAL "&3d=1", "5" },
        { LOCAL "&3d=0", "413267" },
        { LOCAL "&hdr=1", "3" },
        { LOCAL "&hdr=0&quality_min=1080p", "4157" },
        { LOCAL "&repack=1", "4" },
        { LOCAL "&repack=0", "132657" },
        { LOCAL "&proper=1", "3" },
        { LOCAL "&proper=true&repack=true", "" },
        { LOCAL "&language=de", "26" },
        { LOCAL "&language=DE_at", "26" },
        { LOCAL "&language=pt", "6" },
        { LOCAL "&language=pt-PT", "6" },
        { LOCAL "&language=fr", "" },
        { LOCAL "&edition=extended", "3" },
        { LOCAL "&edition=directors,extended", "36" },
        { LOCAL "&edition=none", "41257" },
        { LOCAL "&edition=other", "" },
        { LOCAL "&edition=imax", "" },
        { LOCAL "&edition=none,extended&language=de", "2" },
        { LOCAL "&min_seeds=80", "412" },
        { LOCAL "&min_seeds=0", best_first },
        { LOCAL "&min_size=9000000000", "4135" },
        { LOCAL "&max_size=2000000000", "267" },
        { LOCAL "&min_size=1&max_size=1", "" },
        { LOCAL "&provider=tmdb", best_first },
        { LOCAL "&provider=nobody", "" },
        { LOCAL "&quality=1080p&codec=x264&source=bluray&3d=0&min_seeds=90", "4" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_lists(*state, rows[i].target, rows[i].wanted);
}

static void each_order_goes_both_ways(void **state)
{
    static const struct {
        const char *target, *wanted;
    } rows[] = {
        { LOCAL "&sort=score", best_first },
        { LOCAL "&sort=score&order=desc", best_first },
        { LOCAL "&sort=score&order=asc", "7562314" },
        { LOCAL "&sort=seeds", "4216537" },
        { LOCAL "&sort=seeds&order=asc", "7356124" },
        { LOCAL "&sort=added", "3214567" },
        { LOCAL "&sort=added&order=asc", "7654123" },
        { LOCAL "&sort=size&quality_min=2160p", "3" },
        { LOCAL "&sort=size&order=asc&codec=x265,xvid", "623" },
        { LOCAL "&sort=size&codec=x265,xvid", "326" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_lists(*state, rows[i].target, rows[i].wanted);
}

static void the_order_is_the_same_everywhere(void **state)
{
    assert_lists(*state, "/api/releases?imdb=tt0133093&sort=score", best_first);
    json_auto_t *item = get(*state, "/api/movies/tt0133093", 200);
    const json_t *shown = js_array(item, "releases");
    assert_int_equal(json_array_size(shown), strlen(best_first));
    for (size_t i = 0; i < strlen(best_first); i++)
        assert_int_equal(*js_string(json_array_get(shown, i), "infohash"), best_first[i]);
}

static void pages_are_parts_of_the_one_order(void **state)
{
    for (size_t i = 0; i < strlen(best_first); i++) {
        char target[120];
        snprintf(target, sizeof target, LOCAL "&limit=1&page=%zu", i + 1);
        json_auto_t *page = get(*state, target, 200);
        const json_t *one = json_array_get(js_array(page, "results"), 0);
        assert_int_equal(*js_string(one, "infohash"), best_first[i]);
        assert_int_equal(js_int(page, "total_pages", -1), strlen(best_first));
    }
    json_auto_t *beyond = get(*state, LOCAL "&page=9", 200);
    assert_int_equal(json_array_size(js_array(beyond, "results")), 0);
}

static void the_newest_come_first_of_all(void **state)
{
    assert_lists(*state, "/api/releases", "32dcba14567");
    assert_lists(*state, "/api/releases?type=episode", "dba");
    assert_lists(*state, "/api/releases?type=season", "c");
    assert_lists(*state, "/api/releases?language=de", "26");
    assert_lists(*state, "/api/releases?edition=uncut,extended", "3c");
    assert_lists(*state, "/api/releases?imdb=tt0000001", "dcba");
    assert_lists(*state, "/api/releases?imdb=tt9999999", "");
}

static void a_show_a_season_and_an_episode_have_theirs(void **state)
{
    static const struct {
        const char *target, *wanted;
    } rows[] = {
        { "/api/tvshows/tt0000001/releases?scope=local&sort=added", "dcba" },
        { "/api/tvshows/tt0000001/releases?scope=local&type=season", "c" },
        { "/api/tvshows/tt0000001/seasons/1/releases?scope=local&sort=added", "cba" },
        { "/api/tvshows/tt0000001/seasons/2/releases?scope=local", "d" },
        { "/api/tvshows/tt0000001/seasons/7/releases?scope=local", "" },
        { "/api/tvshows/tt0000001/releases?scope=local&language=it", "d" },
        { "/api/tvshows/tt0000001/releases?scope=local&language=de", "" },
        { "/api/tvshows/tt0000001/seasons/1/releases?scope=local&edition=uncut", "c" },
        { "/api/tvshows/tt0000001/seasons/2/releases?scope=local&edition=uncut", "" },
        { "/api/tvshows/tt0000001/seasons/1/episodes/1/releases?scope=local&edition=uncut", "c" },
        { "/api/tvshows/tt0000001/seasons/1/episodes/1/releases?scope=local&sort=added", "ca" },
        { "/api/tvshows/tt0000001/seasons/1/episodes/3/releases?scope=local&sort=added", "cb" },
        { "/api/tvshows/tt0000001/seasons/1/episodes/9/releases?scope=local", "c" },
        { "/api/tvshows/tt0000001/seasons/2/episodes/2/releases?scope=local", "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_lists(*state, rows[i].target, rows[i].wanted);
}

static void a_score_is_the_sum_that_it_explains(void **state)
{
    json_auto_t *page = get(*state, LOCAL "&explain=1", 200);
    size_t i;
    const json_t *release, *addend;
    const char *name;
    json_array_foreach (js_array(page, "results"), i, release) {
        double sum = 50; /* what every release has */
        json_object_foreach ((json_t *)js_object(release, "explain"), name, addend)
            sum += json_number_value(addend);
        double score = js_double(release, "score", -1);
        assert_true(score - (sum > 0 ? sum : 0) < 0.06 && (sum > 0 ? sum : 0) - score < 0.06);
    }
    json_auto_t *without = get(*state, LOCAL, 200);
    assert_null(json_object_get(json_array_get(js_array(without, "results"), 0), "explain"));
}

static void what_to_beware_of_is_marked(void **state)
{
    json_auto_t *cam = get(*state, "/api/releases/" HASH("7"), 200);
    const json_t *marks = js_array(cam, "marks");
    assert_int_equal(json_array_size(marks), 2);
    assert_string_equal(json_string_value(json_array_get(marks, 0)), "poor_source");
    assert_string_equal(json_string_value(json_array_get(marks, 1)), "too_small");
    json_auto_t *good = get(*state, "/api/releases/" HASH("1"), 200);
    assert_null(json_object_get(good, "marks"));
}

static void one_release_has_its_history(void **state)
{
    json_auto_t *release = get(*state, "/api/releases/" HASH("1"), 200);
    const json_t *availability = js_object(release, "availability");
    assert_int_equal(js_int(js_object(availability, "claimed"), "seeds", -1), 80);
    assert_true(json_is_null(json_object_get(availability, "verified")));
    assert_int_equal(json_array_size(js_array(availability, "history")), 1);
    assert_true(json_is_null(json_object_get(js_object(availability, "check"), "at")));
    assert_non_null(js_string(js_object(availability, "check"), "next_at"));
    json_auto_t *page = get(*state, LOCAL, 200);
    const json_t *first = json_array_get(js_array(page, "results"), 0);
    assert_null(json_object_get(js_object(first, "availability"), "history"));
    assert_true(json_is_null(json_object_get(js_object(first, "availability"), "trend_7d")));
}

static void what_is_asked_wrongly_is_named(void **state)
{
    static const char *const targets[] = {
        "quality=540p",
        "quality=1080p,x",
        "quality=",
        "quality_min=",
        "quality_min=best",
        "source=bluray,",
        "source=torrent",
        "codec=h264",
        "type=film",
        "3d=maybe",
        "hdr=2",
        "repack=yes",
        "min_seeds=-1",
        "min_seeds=many",
        "min_seeds=1000001",
        "min_size=-1",
        "max_size=1e9",
        "sort=best",
        "sort=",
        "order=up",
        "explain=2",
        "limit=0",
        "limit=101",
        "page=0",
        "seeds=3",
        "language=de,fr",
        "scope=remote",
        "timeout_ms=0",
        "provider=",
        "language=",
        "language=german",
        "edition=",
        "edition=Extended",
        "edition=extended,",
        "edition=long",
    };
    struct house *house = *state;
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        char target[160];
        snprintf(target, sizeof target, "/api/movies/tt0133093/releases?%s", targets[i]);
        json_auto_t *problem = get(house, target, 400);
        const json_t *first = json_array_get(js_array(problem, "errors"), 0);
        const char *field = js_string(first, "field");
        assert_non_null(field);
        assert_int_equal(strncmp(field, targets[i], strcspn(targets[i], "=")), 0);
    }
}

static void what_is_not_there_is_not_found(void **state)
{
    static const char *const targets[] = {
        "/api/releases/" HASH("9"),
        "/api/movies/tt0000009/releases",
        "/api/movies/4000000000/releases",
        "/api/tvshows/tt0133093/releases",
        "/api/tvshows/tt0000001/seasons/x/releases",
        "/api/tvshows/tt0000001/seasons/-1/releases",
        "/api/tvshows/tt0000001/seasons/1/episodes/1x/releases",
        "/api/tvshows/tt0000001/seasons/1/episodes/999999/releases",
    };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        json_decref(get(*state, targets[i], 404));
    static const char *const rubbish[] = {
        "/api/releases/abc",
        "/api/releases/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "/api/releases/" HASH("0"),
        "/api/releases?imdb=x",
    };
    for (size_t i = 0; i < ARRAY_LEN(rubbish); i++)
        json_decref(get(*state, rubbish[i], 400));
}

static void a_check_without_anybody_to_look_says_so(void **state)
{
    struct house *house = *state;
    json_auto_t *none =
        ask(house, "POST", house->streamer, "/api/releases/" HASH("1") "/check", 501);
    assert_non_null(strstr(js_string(none, "detail"), "no provider here looks at swarms"));
    json_decref(ask(house, "POST", house->streamer, "/api/releases/" HASH("9") "/check", 404));
    json_decref(ask(house, "POST", house->streamer, "/api/releases/rubbish/check", 400));
    json_decref(ask(house, "POST", house->reader, "/api/releases/" HASH("1") "/check", 403));
    json_decref(ask(house, "GET", house->streamer, "/api/releases/" HASH("1") "/check", 405));
    json_decref(ask(house, "DELETE", house->admin, "/api/releases/" HASH("1"), 405));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_filter_leaves_what_fits_it),
        cmocka_unit_test(each_order_goes_both_ways),
        cmocka_unit_test(the_order_is_the_same_everywhere),
        cmocka_unit_test(pages_are_parts_of_the_one_order),
        cmocka_unit_test(the_newest_come_first_of_all),
        cmocka_unit_test(a_show_a_season_and_an_episode_have_theirs),
        cmocka_unit_test(a_score_is_the_sum_that_it_explains),
        cmocka_unit_test(what_to_beware_of_is_marked),
        cmocka_unit_test(one_release_has_its_history),
        cmocka_unit_test(what_is_asked_wrongly_is_named),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_check_without_anybody_to_look_says_so),
    };
    return cmocka_run_group_tests(tests, open_house, house_leave);
}
