/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "house.h"
#include "media/document.h"
#include "raw.h"
#include "service/catalog.h"
#include "service/intake.h"

enum { DAILY_EPISODES = 250 };

static uint32_t show_id, daily_id;

static const char first_season[] =
    "{\"ids\":{\"tmdb\":11},\"show\":{\"ids\":{\"tmdb\":1}},\"season_number\":1,\"name\":\"One\","
    "\"title_language\":\"en\",\"translations\":{\"de\":{\"title\":\"Eins\"}},\"episodes\":["
    "{\"episode_number\":2,\"name\":\"Two\",\"air_date\":\"2020-01-09\"},"
    "{\"episode_number\":1,\"name\":\"Begin\",\"air_date\":\"2020-01-02\",\"runtime\":50,"
    "\"still\":\"/s.jpg\",\"crew\":[{\"name\":\"Ann\",\"job\":\"Director\"}],"
    "\"translations\":{\"de\":{\"title\":\"Folge 1\",\"overview\":\"Es beginnt.\"}}}]}";

/* A daily show: one season per year, an episode a day. */
static void add_daily(struct house *house)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    daily_id = house_add(house, PROVIDER_TVSHOW, "{\"ids\":{\"tmdb\":2},\"title\":\"Daily\"}");
    text_add_string(&json, "{\"ids\":{\"tmdb\":22},\"show\":{\"ids\":{\"tmdb\":2}},"
                           "\"season_number\":2019,\"episodes\":[");
    for (int i = 1; i <= DAILY_EPISODES; i++) {
        char date[CLOCK_TEXT_LEN];
        int64_t day = 17897 + i; /* from 2019-01-02 */
        text_add_format(&json, "%s{\"episode_number\":%d,\"name\":\"News %d\",\"air_date\":\"%s\"}",
                        i > 1 ? "," : "", i, i, clock_format_date(day * 24 * 3600 * 1000, date));
    }
    text_add_string(&json, "]}");
    house_add(house, PROVIDER_SEASON, json.bytes);
}

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    show_id = house_add(house, PROVIDER_TVSHOW,
                        "{\"ids\":{\"tmdb\":1,\"imdb\":\"tt0000001\"},\"title\":\"The Show\","
                        "\"original_language\":\"en\"}");
    house_add(house, PROVIDER_SEASON,
              "{\"ids\":{\"tmdb\":10},\"show\":{\"ids\":{\"tmdb\":1}},\"season_number\":0,"
              "\"name\":\"Specials\"}");
    house_add(house, PROVIDER_SEASON, first_season);
    add_daily(house);
    house_settle(house);
    *state = house;
    return 0;
}

static int ask(struct house *house, const char *target, const char *more, struct text *answer)
{
    CLEANUP(mem_free)
    char *request = mem_format("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n",
                               target, house->reader, more);
    text_clear(answer);
    return raw_ask(house->port, request, answer);
}

static json_t *get(struct house *house, const char *target, int status)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(4 << 20);
    assert_int_equal(ask(house, target, "", &answer), status);
    json_t *body = json_loads(raw_body(text_string(&answer)), 0, NULL);
    if (!body)
        fail_msg("no JSON: %s", text_string(&answer));
    return body;
}

static void the_seasons_of_a_show_are_listed_without_episodes(void **state)
{
    json_auto_t *page = get(*state, "/api/tvshows/tmdb:1/seasons", 200);
    const json_t *seasons = js_array(page, "results");
    assert_int_equal(js_int(page, "total", 0), 2);
    assert_string_equal(js_string(json_array_get(seasons, 0), "name"), "Specials");
    assert_int_equal(js_int(json_array_get(seasons, 1), "season_number", 0), 1);
    assert_int_equal(js_int(json_array_get(seasons, 1), "show", 0), show_id);
    assert_null(json_object_get(json_array_get(seasons, 1), "episodes"));
    json_auto_t *second = get(*state, "/api/tvshows/tmdb:1/seasons?limit=1&page=2", 200);
    assert_int_equal(json_array_size(js_array(second, "results")), 1);
    assert_int_equal(js_int(second, "total_pages", 0), 2);
}

static void a_season_is_shown_in_a_language(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(*state, "/api/tvshows/tt0000001/seasons/1?language=de", "", &answer), 200);
    assert_string_equal(raw_header(answer.bytes, "Content-Language"), "de");
    json_auto_t *season = json_loads(raw_body(answer.bytes), 0, NULL);
    assert_string_equal(js_string(season, "name"), "Eins");
    const json_t *first = json_array_get(js_array(season, "episodes"), 0);
    assert_string_equal(js_string(first, "name"), "Begin");
    assert_string_equal(js_string(first, "overview"), "Es beginnt.");
}

static void episodes_come_in_pages(void **state)
{
    json_auto_t *page =
        get(*state, "/api/tvshows/tmdb:2/seasons/2019/episodes?page=3&limit=100", 200);
    assert_int_equal(js_int(page, "total", 0), DAILY_EPISODES);
    assert_int_equal(js_int(page, "total_pages", 0), 3);
    const json_t *episodes = js_array(page, "results");
    assert_int_equal(json_array_size(episodes), 50);
    assert_string_equal(js_string(json_array_get(episodes, 0), "name"), "News 201");
    json_auto_t *beyond = get(*state, "/api/tvshows/tmdb:2/seasons/2019/episodes?page=14", 200);
    assert_int_equal(json_array_size(js_array(beyond, "results")), 0);
}

static void one_episode_is_whole(void **state)
{
    json_auto_t *episode = get(*state, "/api/tvshows/tmdb:1/seasons/1/episodes/1", 200);
    assert_string_equal(js_string(episode, "still"), "/api/images/stills/tmdb/s.jpg");
    assert_int_equal(json_array_size(js_array(episode, "crew")), 1);
}

static void what_is_not_there_is_not_found(void **state)
{
    static const struct {
        const char *target;
        int status;
    } cases[] = {
        { "/api/tvshows/tmdb:1/seasons/2", 404 },
        { "/api/tvshows/tmdb:1/seasons/2/episodes", 404 },
        { "/api/tvshows/tmdb:1/seasons/1/episodes/3", 404 },
        { "/api/tvshows/tmdb:1/seasons/one", 404 },
        { "/api/tvshows/tmdb:1/seasons/-1", 404 },
        { "/api/tvshows/tmdb:1/seasons/99999999999999999999", 404 },
        { "/api/tvshows/tmdb:1/seasons/1/episodes/last", 404 },
        { "/api/tvshows/999999/seasons", 404 },
        { "/api/tvshows/tmdb:404404/seasons/1", 404 },
        { "/api/tvshows/no%20id/seasons/1", 400 },
        { "/api/tvshows/tmdb:1/seasons?limit=0", 400 },
        { "/api/tvshows/tmdb:1/seasons/1?page=2", 400 },
        { "/api/tvshows/tmdb:1/seasons/1/episodes?language=!", 400 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        json_auto_t *problem = get(*state, cases[i].target, cases[i].status);
        assert_int_equal(js_int(problem, "status", 0), cases[i].status);
    }
}

static void an_etag_saves_the_second_answer(void **state)
{
    static const char target[] = "/api/tvshows/tmdb:1/seasons/1/episodes";
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(*state, target, "", &answer), 200);
    CLEANUP(mem_free)
    char *match = mem_format("If-None-Match: %s\r\n", raw_header(answer.bytes, "ETag"));
    assert_int_equal(ask(*state, target, match, &answer), 304);
    assert_int_equal(ask(*state, target, "If-None-Match: \"other\"\r\n", &answer), 200);
}

static void a_changed_season_replaces_the_ready_answer(void **state)
{
    static const char target[] = "/api/tvshows/tmdb:2/seasons/7";
    struct house *house = *state;
    static const char *const names[] = { "Before", "After" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLEANUP(text_done) struct text json = TEXT_INIT(1000);
        text_add_string(&json, "{\"ids\":{\"tmdb\":27},\"show\":{\"ids\":{\"tmdb\":2}},"
                               "\"season_number\":7,\"name\":\"");
        text_add_string(&json, names[i]);
        text_add_string(&json, "\"}");
        house_add(house, PROVIDER_SEASON, json.bytes);
        house_settle(house);
        for (int k = 0; k < 3; k++) {
            json_auto_t *answer = get(house, target, 200);
            assert_string_equal(js_string(answer, "name"), names[i]);
        }
    }
}

static void a_merged_show_redirects_to_the_same_place(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    uint32_t survivor =
        house_add(house, PROVIDER_TVSHOW, "{\"ids\":{\"tmdb\":31},\"title\":\"Kept\"}");
    uint32_t loser =
        house_add(house, PROVIDER_TVSHOW, "{\"ids\":{\"tvdb\":32},\"title\":\"Merged\"}");
    house_add(house, PROVIDER_TVSHOW, "{\"ids\":{\"tmdb\":31,\"tvdb\":32},\"title\":\"Kept\"}");
    house_settle(house);
    CLEANUP(mem_free)
    char *target = mem_format("/api/tvshows/%u/seasons/1/episodes?limit=3", loser);
    CLEANUP(mem_free)
    char *there = mem_format("/api/tvshows/%u/seasons/1/episodes?limit=3", survivor);
    assert_int_equal(ask(house, target, "", &answer), 308);
    assert_string_equal(raw_header(answer.bytes, "Location"), there);
}

static void the_calendar_shows_episodes_by_day_with_their_shows(void **state)
{
    json_auto_t *page = get(*state, "/api/calendar?from=2020-01-01&to=2020-01-31", 200);
    assert_int_equal(js_int(page, "total", 0), 2);
    const json_t *first = json_array_get(js_array(page, "results"), 0);
    assert_string_equal(js_string(first, "name"), "Begin");
    assert_string_equal(js_string(first, "air_date"), "2020-01-02");
    assert_null(json_object_get(first, "crew"));
    assert_string_equal(js_string(js_object(first, "show"), "title"), "The Show");
    json_auto_t *day = get(*state, "/api/calendar?from=2019-02-01&to=2019-02-01", 200);
    assert_int_equal(js_int(day, "total", 0), 1);
    json_auto_t *part =
        get(*state, "/api/calendar?from=2019-02-01&to=2019-02-28&limit=10&page=3", 200);
    assert_int_equal(js_int(part, "total", 0), 28);
    assert_int_equal(json_array_size(js_array(part, "results")), 8);
    json_auto_t *none = get(*state, "/api/calendar?from=1950-01-01&to=1950-03-03", 200);
    assert_int_equal(js_int(none, "total", -1), 0);
    json_auto_t *today = get(*state, "/api/calendar", 200);
    assert_non_null(json_object_get(today, "results"));
}

static void a_calendar_of_no_range_is_refused(void **state)
{
    static const char *const targets[] = {
        "/api/calendar?from=2020-02-30",
        "/api/calendar?from=2020-1-1aa",
        "/api/calendar?from=yesterday.",
        "/api/calendar?from=2020-01-02&to=2020-01-01",
        "/api/calendar?from=2020-01-01&to=2020-03-03",
        "/api/calendar?to=2999-01-01",
        "/api/calendar?day=2020-01-01",
    };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        json_auto_t *problem = get(*state, targets[i], 400);
        assert_int_equal(js_int(problem, "status", 0), 400);
    }
    json_auto_t *longest = get(*state, "/api/calendar?from=2020-01-01&to=2020-03-02", 200);
    assert_non_null(longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seasons_of_a_show_are_listed_without_episodes),
        cmocka_unit_test(a_season_is_shown_in_a_language),
        cmocka_unit_test(episodes_come_in_pages),
        cmocka_unit_test(one_episode_is_whole),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(an_etag_saves_the_second_answer),
        cmocka_unit_test(a_changed_season_replaces_the_ready_answer),
        cmocka_unit_test(a_merged_show_redirects_to_the_same_place),
        cmocka_unit_test(the_calendar_shows_episodes_by_day_with_their_shows),
        cmocka_unit_test(a_calendar_of_no_range_is_refused),
    };
    return cmocka_run_group_tests(tests, open_house, house_leave);
}
