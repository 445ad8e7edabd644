/* SPDX-License-Identifier: MIT
 *
 * Every route that shows texts: the region that was asked for, each field for itself, and what
 * `languages` and Content-Language say of it. */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "house.h"
#include "media/document.h"
#include "raw.h"
#include "service/lists.h"

/* pt-BR has no overview, zh-CN no title. */
#define TEXTS                                                                                             \
    "\"title_language\":\"en\",\"overview\":\"In English.\",\"translations\":{"                           \
    "\"pt-PT\":{\"title\":\"Lisboa\",\"overview\":\"De Lisboa.\"},\"pt-BR\":{\"title\":\"Rio\"},"         \
    "\"zh-CN\":{\"overview\":\"北京的\"},\"zh-TW\":{\"title\":\"臺北\",\"overview\":\"臺北的\"}," \
    "\"de\":{\"title\":\"Folge 1\",\"overview\":\"Deutsch.\"}}"
#define ITEM_TEXTS "\"title\":\"London\"," TEXTS

static void take_list(struct house *house)
{
    static const char json[] = "{\"ids\":{\"tmdb\":7},\"name\":\"A list\",\"items\":["
                               "{\"ids\":{\"tmdb\":1},\"kind\":\"movie\"}]}";
    struct error err = { 0 };
    struct lists_source source = { .provider = "tmdb", .name = "7" };
    json_auto_t *document = NULL;
    if (document_read(PROVIDER_LIST, 0, json, strlen(json), &document, &err) != 0 ||
        lists_take(house->services.catalog, &source, document, &err) != 0)
        fail_msg("%s", err.text);
}

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    house_add_movie(house,
                    "{\"ids\":{\"tmdb\":1}," ITEM_TEXTS ",\"genres\":[\"drama\"],\"year\":1999,"
                    "\"original_language\":\"en\"}");
    house_add_movie(house, "{\"ids\":{\"tmdb\":2},\"title\":\"Twin\",\"genres\":[\"drama\"],"
                           "\"recommendations\":[{\"ids\":{\"tmdb\":1}}]}");
    house_add(house, PROVIDER_TVSHOW,
              "{\"ids\":{\"tmdb\":3}," ITEM_TEXTS ",\"original_language\":\"en\"}");
    house_add(house, PROVIDER_SEASON,
              "{\"ids\":{\"tmdb\":4},\"show\":{\"ids\":{\"tmdb\":3}},\"season_number\":1,"
              "\"name\":\"London\"," TEXTS ",\"episodes\":[{\"episode_number\":1,"
              "\"air_date\":\"2020-01-02\",\"name\":\"London\",\"overview\":\"In English.\","
              "\"translations\":{"
              "\"pt-PT\":{\"title\":\"Lisboa\",\"overview\":\"De Lisboa.\"},"
              "\"pt-BR\":{\"title\":\"Rio\"},\"zh-CN\":{\"overview\":\"北京的\"},"
              "\"zh-TW\":{\"title\":\"臺北\",\"overview\":\"臺北的\"},"
              "\"de\":{\"title\":\"Folge 1\",\"overview\":\"Deutsch.\"}}}]}");
    take_list(house);
    house_settle(house);
    *state = house;
    return 0;
}

static const struct route {
    const char *target;
    enum { OBJECT, PAGE, SHOW_OF_PAGE, EPISODE_OF_SEASON } where;
} routes[] = {
    { "/api/movies/tmdb:1?", OBJECT },
    { "/api/movies?year_max=1999&", PAGE },
    { "/api/movies/tmdb:2/similar?limit=1&", PAGE },
    { "/api/search?q=london&", PAGE },
    { "/api/lists/tmdb:7/items?", PAGE },
    { "/api/tvshows/tmdb:3?", OBJECT },
    { "/api/tvshows?", PAGE },
    { "/api/tvshows/tmdb:3/seasons?", PAGE },
    { "/api/tvshows/tmdb:3/seasons/1?", OBJECT },
    { "/api/tvshows/tmdb:3/seasons/1?", EPISODE_OF_SEASON },
    { "/api/tvshows/tmdb:3/seasons/1/episodes?", PAGE },
    { "/api/tvshows/tmdb:3/seasons/1/episodes/1?", OBJECT },
    { "/api/calendar?from=2020-01-01&to=2020-01-31&", PAGE },
    { "/api/calendar?from=2020-01-01&to=2020-01-31&", SHOW_OF_PAGE },
};

/* The answer's part that has the texts; *out_body owns it. */
static const json_t *ask(struct house *house, const struct route *route, const char *language,
                         struct text *answer, json_t **out_body)
{
    CLEANUP(mem_free)
    char *request = mem_format("GET %slanguage=%s HTTP/1.1\r\nHost: x\r\n"
                               "Authorization: Bearer %s\r\n\r\n",
                               route->target, language, house->reader);
    text_clear(answer);
    if (raw_ask(house->port, request, answer) != 200)
        fail_msg("%s: %s", route->target, text_string(answer));
    *out_body = json_loads(raw_body(text_string(answer)), 0, NULL);
    const json_t *part = *out_body;
    if (route->where == EPISODE_OF_SEASON)
        part = json_array_get(js_array(part, "episodes"), 0);
    else if (route->where != OBJECT)
        part = json_array_get(js_array(part, "results"), 0);
    return route->where == SHOW_OF_PAGE ? js_object(part, "show") : part;
}

/* What the name or title, or overview, is and is said to be in. */
static void expect(const struct route *route, const json_t *part, const char *field,
                   const char *text, const char *language)
{
    const char *member = json_object_get(part, field) ? field : "name";
    const char *said = js_string(js_object(part, "languages"), member);
    if (!text_equal(js_string(part, member), text) || !text_equal(said, language))
        fail_msg("%s: %s is '%s' in '%s', not '%s' in '%s'", route->target, member,
                 js_string(part, member), said, text, language);
}

static const struct wanted {
    const char *language, *title, *title_in, *overview, *overview_in;
} wanted[] = {
    { "pt-BR", "Rio", "pt-BR", "De Lisboa.", "pt-PT" },
    { "pt-PT", "Lisboa", "pt-PT", "De Lisboa.", "pt-PT" },
    { "zh-TW", "臺北", "zh-TW", "臺北的", "zh-TW" },
    { "zh-CN", "臺北", "zh-TW", "北京的", "zh-CN" },
    { "de", "London", "en", "Deutsch.", "de" }, /* "Folge 1" is no name */
    { "ja", "London", "en", "In English.", "en" },
};

static void every_route_shows_each_text_in_the_language_that_serves_best(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(routes); i++)
        for (size_t k = 0; k < ARRAY_LEN(wanted); k++) {
            json_auto_t *body = NULL;
            const json_t *part = ask(*state, &routes[i], wanted[k].language, &answer, &body);
            expect(&routes[i], part, "title", wanted[k].title, wanted[k].title_in);
            expect(&routes[i], part, "overview", wanted[k].overview, wanted[k].overview_in);
        }
}

/* That of the title; a page has none, because its elements have their own. */
static void the_header_names_the_language_of_the_title(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(routes); i++)
        for (size_t k = 0; k < ARRAY_LEN(wanted); k++) {
            json_auto_t *body = NULL;
            ask(*state, &routes[i], wanted[k].language, &answer, &body);
            const char *said = raw_header(answer.bytes, "Content-Language");
            bool one = routes[i].where == OBJECT || routes[i].where == EPISODE_OF_SEASON;
            if (!text_equal(said, one ? wanted[k].title_in : NULL))
                fail_msg("%s in %s: Content-Language is '%s'", routes[i].target, wanted[k].language,
                         said ? said : "");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_shows_each_text_in_the_language_that_serves_best),
        cmocka_unit_test(the_header_names_the_language_of_the_title),
    };
    return cmocka_run_group_tests(tests, open_house, house_leave);
}
