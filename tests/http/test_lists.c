/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "house.h"
#include "media/document.h"
#include "raw.h"
#include "service/lists.h"

static uint32_t list_id;

static void take_list(struct house *house, const char *name, const char *json)
{
    struct error err = { 0 };
    struct lists_source source = { .provider = "tmdb" };
    json_auto_t *document = NULL;
    snprintf(source.name, sizeof source.name, "%s", name);
    if (document_read(PROVIDER_LIST, 0, json, strlen(json), &document, &err) != 0 ||
        lists_take(house->services.catalog, &source, document, &err) != 0)
        fail_msg("%s", err.text);
}

#define ITEM(n) "{\"ids\":{\"tmdb\":" #n "},\"kind\":\"movie\",\"title\":\"Film " #n "\"}"

/* "Best" has films 2, 3 and 1, and a show. */
static int open_house(void **state)
{
    static const char *configured[] = { "tmdb:popular" };
    struct house *house = mem_new(struct house);
    house_init(house);
    house->conf.lists = (struct conf_list){ .values = configured, .n = 1 };
    house_open(house);
    house_add_movie(house, "{\"ids\":{\"tmdb\":1},\"title\":\"Nosferatu\",\"release_date\":"
                           "\"1922-03-04\",\"popularity\":5,\"genres\":[\"horror\"]}");
    house_add_movie(house, "{\"ids\":{\"tmdb\":9},\"title\":\"Elsewhere\",\"popularity\":50}");
    take_list(house, "28",
              "{\"ids\":{\"tmdb\":28},\"name\":\"Best\",\"owner\":\"anna\",\"poster\":\"/p.jpg\","
              "\"items\":[" ITEM(2) "," ITEM(
                  3) ",{\"ids\":{\"tmdb\":1},\"kind\":\"movie\","
                     "\"note\":\"silent\"},"
                     "{\"ids\":{\"tmdb\":1},\"kind\":\"tvshow\",\"title\":\"A show\"}]}");
    take_list(house, "popular", "{\"ids\":{\"tmdb_list\":\"popular\"},\"name\":\"Popular\"}");
    house_settle(house);
    struct list_row row = { 0 };
    assert_int_equal(lists_find(house->services.catalog, "tmdb:28", "", &row, NULL), 0);
    list_id = row.id;
    *state = house;
    return 0;
}

static int ask(struct house *house, const char *method, const char *token, const char *target,
               const char *more, struct text *answer)
{
    CLEANUP(mem_free)
    char *request = mem_format("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n",
                               method, target, token, more);
    text_clear(answer);
    return raw_ask(house->port, request, answer);
}

static json_t *body_of(const struct text *answer)
{
    json_t *body = json_loads(raw_body(text_string(answer)), 0, NULL);
    if (!body)
        fail_msg("no JSON: %s", text_string(answer));
    return body;
}

static json_t *get(struct house *house, const char *target, int status)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(4 << 20);
    int got = ask(house, "GET", house->reader, target, "", &answer);
    if (got != status)
        fail_msg("%s: %d, not %d: %s", target, got, status, text_string(&answer));
    return body_of(&answer);
}

/* Its members, and those of the page below it. */
static json_t *get_below(struct house *house, const char *rest, int status)
{
    CLEANUP(mem_free) char *target = mem_format("/api/lists/%u%s", list_id, rest);
    return get(house, target, status);
}

static void assert_titles(const json_t *page, const char *expected)
{
    CLEANUP(text_done) struct text said = TEXT_INIT(1000);
    size_t i;
    json_t *row;
    json_array_foreach (js_array(page, "results"), i, row)
        text_add_format(&said, "%s%s", i ? ", " : "", js_string(row, "title"));
    assert_string_equal(text_string(&said), expected);
}

static void lists_are_shown_page_by_page(void **state)
{
    json_auto_t *page = get(*state, "/api/lists", 200);
    assert_int_equal(js_int(page, "total", 0), 2);
    const json_t *list = json_array_get(js_array(page, "results"), 0);
    assert_string_equal(js_string(list, "name"), "Best");
    assert_string_equal(js_string(list, "author"), "anna");
    assert_string_equal(js_string(list, "kind"), "synced");
    assert_string_equal(js_string(list, "visibility"), "public");
    assert_string_equal(js_string(list, "poster"), "/api/images/posters/tmdb/p.jpg");
    assert_int_equal(js_int(list, "item_count", 0), 4);
    assert_string_equal(js_string(js_object(list, "source"), "id"), "28");
    assert_true(json_is_null(json_object_get(list, "owner")));
    json_auto_t *second = get(*state, "/api/lists?limit=1&page=2&scope=public", 200);
    assert_int_equal(js_int(second, "total_pages", 0), 2);
    assert_int_equal(json_array_size(js_array(second, "results")), 1);
    json_auto_t *mine = get(*state, "/api/lists?scope=mine", 200);
    assert_int_equal(js_int(mine, "total", -1), 0);
    json_auto_t *shared = get(*state, "/api/lists?scope=shared", 200);
    assert_int_equal(js_int(shared, "total", -1), 0);
}

static void a_list_is_found_by_number_and_by_source(void **state)
{
    json_auto_t *by_number = get_below(*state, "", 200);
    json_auto_t *by_source = get(*state, "/api/lists/tmdb:28", 200);
    assert_true(json_equal(by_number, by_source));
    json_auto_t *popular = get(*state, "/api/lists/tmdb:popular", 200);
    assert_string_equal(js_string(popular, "name"), "Popular");
}

static void items_come_in_the_order_of_the_list(void **state)
{
    json_auto_t *page = get_below(*state, "/items", 200);
    assert_int_equal(js_int(page, "total", 0), 4);
    assert_titles(page, "Film 2, Film 3, Nosferatu, A show");
    const json_t *third = json_array_get(js_array(page, "results"), 2);
    assert_int_equal(js_int(third, "position", 0), 3);
    assert_string_equal(js_string(third, "note"), "silent");
    assert_non_null(js_string(third, "added_at"));
    json_auto_t *second = get_below(*state, "/items?page=2&limit=3", 200);
    assert_titles(second, "A show");
    json_auto_t *shows = get_below(*state, "/items?kind=tvshow", 200);
    assert_titles(shows, "A show");
    json_auto_t *sorted = get_below(*state, "/items?sort=popularity&kind=movie&limit=1", 200);
    assert_titles(sorted, "Nosferatu");
    assert_int_equal(js_int(sorted, "total", 0), 3);
    json_auto_t *horror = get_below(*state, "/items?genre=horror&facets=year", 200);
    assert_titles(horror, "Nosferatu");
    assert_non_null(js_object(horror, "facets"));
    json_auto_t *far = get_below(*state, "/items?page=900", 200);
    assert_titles(far, "");
}

static void the_catalogue_and_searches_narrow_to_a_list(void **state)
{
    CLEANUP(mem_free) char *movies = mem_format("/api/movies?list=%u", list_id);
    CLEANUP(mem_free) char *shows = mem_format("/api/tvshows?list=%u", list_id);
    CLEANUP(mem_free) char *rated = mem_format("/api/movies?list=%u&sort=popularity", list_id);
    CLEANUP(mem_free) char *found = mem_format("/api/search?q=film&scope=local&list=%u", list_id);
    CLEANUP(mem_free)
    char *none = mem_format("/api/search?q=elsewhere&scope=local&list=%u", list_id);
    json_auto_t *of_movies = get(*state, movies, 200);
    assert_titles(of_movies, "Film 2, Film 3, Nosferatu");
    json_auto_t *of_shows = get(*state, shows, 200);
    assert_titles(of_shows, "A show");
    json_auto_t *of_rated = get(*state, rated, 200);
    assert_titles(of_rated, "Nosferatu, Film 2, Film 3");
    json_auto_t *of_search = get(*state, found, 200);
    assert_int_equal(js_int(of_search, "total", 0), 2);
    json_auto_t *of_none = get(*state, none, 200);
    assert_int_equal(js_int(of_none, "total", -1), 0);
}

static void a_changed_list_changes_the_answer_and_the_feed(void **state)
{
    struct house *house = *state;
    json_auto_t *before = get_below(house, "/items", 200);
    assert_int_equal(js_int(before, "total", 0), 4);
    uint64_t since = store_revision(house->services.store);
    take_list(house, "28", "{\"ids\":{\"tmdb\":28},\"name\":\"Best\",\"items\":[" ITEM(3) "]}");
    house_settle(house);
    json_auto_t *after = get_below(house, "/items", 200);
    assert_titles(after, "Film 3");
    CLEANUP(mem_free)
    char *target = mem_format("/api/changes?since=%llu", (unsigned long long)since);
    json_auto_t *changes = get(house, target, 200);
    const json_t *row = json_array_get(js_array(changes, "results"), 0);
    assert_int_equal(json_array_size(js_array(changes, "results")), 1);
    assert_string_equal(js_string(row, "kind"), "list");
    assert_string_equal(js_string(row, "what"), "updated");
    assert_int_equal(js_int(row, "id", 0), list_id);
}

static void a_list_that_did_not_change_is_not_sent_again(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    CLEANUP(mem_free) char *target = mem_format("/api/lists/%u/items", list_id);
    assert_int_equal(ask(house, "GET", house->reader, target, "", &answer), 200);
    const char *etag = strstr(text_string(&answer), "ETag: ");
    assert_non_null(etag);
    CLEANUP(mem_free)
    char *more = mem_format("If-None-Match: %.*s\r\n", (int)strcspn(etag + 6, "\r"), etag + 6);
    assert_int_equal(ask(house, "GET", house->reader, target, more, &answer), 304);
}

/* --- What is refused */

static void lists_that_are_not_there_are_not_found(void **state)
{
    static const char *const targets[] = { "/api/lists/999999",       "/api/lists/0",
                                           "/api/lists/nonsense",     "/api/lists/tmdb:29",
                                           "/api/lists/yts:28",       "/api/lists/tmdb:",
                                           "/api/lists/999999/items", "/api/lists/1",
                                           "/api/lists/-1/items",     "/api/lists/tmdb:28/shares" };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        json_decref(get(*state, targets[i], 404));
}

static void wrong_parameters_are_named(void **state)
{
    CLEANUP(mem_free) char *below = mem_format("/api/movies?list=%u&order=desc", list_id);
    const struct {
        const char *target, *field;
    } wrong[] = {
        { "/api/lists?scope=theirs", "scope" },
        { "/api/lists?limit=0", "limit" },
        { "/api/lists?sort=title", "sort" },
        { "/api/lists/tmdb:28?language=en", "language" },
        { "/api/lists/tmdb:28/items?kind=episode", "kind" },
        { "/api/lists/tmdb:28/items?list=3", "list" },
        { "/api/lists/tmdb:28/items?year=nineteen", "year" },
        { "/api/movies?list=999999", "list" },
        { "/api/movies?list=tmdb:28", "list" },
        { "/api/search?q=x&list=0", "list" },
        { "/api/lists/tmdb:28/items?order=asc", "order" },
        { below, "order" },
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        json_auto_t *problem = get(*state, wrong[i].target, 400);
        const json_t *first = json_array_get(js_array(problem, "errors"), 0);
        if (!text_equal(js_string(first, "field"), wrong[i].field))
            fail_msg("%s names %s", wrong[i].target, js_string(first, "field"));
    }
}

static int post(struct house *house, const char *token, const char *target, const char *body)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    CLEANUP(mem_free)
    char *request = mem_format("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                               "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                               target, token, strlen(body), body);
    return raw_ask(house->port, request, &answer);
}

static void a_sync_needs_the_scope_a_list_and_a_provider(void **state)
{
    struct house *house = *state;
    assert_int_equal(post(house, house->reader, "/api/lists/tmdb:28/sync", "{}"), 403);
    assert_int_equal(post(house, house->writer, "/api/lists/999/sync", "{}"), 404);
    assert_int_equal(post(house, house->writer, "/api/lists/tmdb:28/sync", "{\"mode\":1}"), 400);
    assert_int_equal(post(house, house->writer, "/api/lists/tmdb:28/sync", "{"), 400);
    /* The house has no providers. */
    assert_int_equal(post(house, house->writer, "/api/lists/sync", "{}"), 503);
}

static void only_what_the_configuration_does_not_name_is_deleted(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(house, "DELETE", house->writer, "/api/lists/tmdb:28", "", &answer), 403);
    assert_int_equal(ask(house, "DELETE", house->admin, "/api/lists/tmdb:popular", "", &answer),
                     409);
    assert_non_null(strstr(text_string(&answer), "catalogue.lists"));
    assert_int_equal(ask(house, "DELETE", house->admin, "/api/lists/tmdb:28",
                         "If-Match: \"nonsense\"\r\n", &answer),
                     412);
    json_decref(get(house, "/api/lists/tmdb:28", 200));
    assert_int_equal(ask(house, "DELETE", house->admin, "/api/lists/tmdb:28", "", &answer), 204);
    json_decref(get(house, "/api/lists/tmdb:28", 404));
    assert_int_equal(ask(house, "DELETE", house->admin, "/api/lists/tmdb:28", "", &answer), 404);
    json_decref(get(house, "/api/movies/tmdb:1", 200));
}

#define HOUSED(test) cmocka_unit_test_setup_teardown(test, open_house, house_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSED(lists_are_shown_page_by_page),
        HOUSED(a_list_is_found_by_number_and_by_source),
        HOUSED(items_come_in_the_order_of_the_list),
        HOUSED(the_catalogue_and_searches_narrow_to_a_list),
        HOUSED(a_changed_list_changes_the_answer_and_the_feed),
        HOUSED(a_list_that_did_not_change_is_not_sent_again),
        HOUSED(lists_that_are_not_there_are_not_found),
        HOUSED(wrong_parameters_are_named),
        HOUSED(a_sync_needs_the_scope_a_list_and_a_provider),
        HOUSED(only_what_the_configuration_does_not_name_is_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
