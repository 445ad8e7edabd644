/* SPDX-License-Identifier: MIT
 *
 * Counts, orders and pages of what an answer has beside what the index found: hidden twins, and
 * what a provider alone vouches for. */
#include "finder_test.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/finder.h"

#define FILM(ids, title, more)                                                                     \
    "D 1 1 {\"ids\":{" ids "},\"title\":\"" title "\",\"release_date\":\"1999-03-31\"" more "}\n"
#define DRAMA ",\"genres\":[\"Drama\"]"
#define CRIME ",\"genres\":[\"Crime\",\"Drama\"]"

/* --- Facets */

static int64_t count_of(const json_t *facets, const char *facet, const json_t *value)
{
    size_t i;
    json_t *row;
    json_array_foreach (js_array(facets, facet), i, row)
        if (json_equal(json_object_get(row, "value"), value))
            return js_int(row, "count", 0);
    return 0;
}

static int64_t count_in(const json_t *facets, int year)
{
    json_auto_t *value = json_integer(year);
    return count_of(facets, "year", value);
}

static int64_t count_genre(const json_t *facets, const char *slug)
{
    json_auto_t *value = json_string(slug);
    return count_of(facets, "genre", value);
}

static json_t *facets_of(const struct answer *answer)
{
    const struct text *facets = &answer->raw.page.facets;
    json_t *object = facets->len ? json_loadb(facets->bytes, facets->len, 0, NULL) : NULL;
    assert_non_null(object);
    return object;
}

static void search_for_facets(struct finder *finder, const char *text, struct answer *out)
{
    struct finder_ask ask = ask_for(text);
    ask.filter.facets = FILTER_FACET_GENRE | FILTER_FACET_YEAR | FILTER_FACET_QUALITY;
    assert_int_equal(search_with(finder, &ask, out), 0);
}

static void facets_leave_out_what_is_hidden(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FILM("\"tmdb\":603", "Matrix", DRAMA));
    service_answer(service, "script_b", SEARCH, FILM("\"trakt\":481", "Matrix", CRIME));
    search_for_facets(finder, "matrix", &answer);
    json_auto_t *facets = facets_of(&answer);
    assert_int_equal(answer.raw.page.total, 1);
    assert_int_equal(count_in(facets, 1999), 1);
    assert_int_equal(count_genre(facets, "drama"), 1);
    assert_int_equal(json_array_size(js_array(facets, "genre")), 1); /* nothing with a count of 0 */
    assert_int_equal(json_array_size(js_array(facets, "quality")), 0);
}

static void facets_count_what_only_a_provider_vouches_for(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH,
                   FILM("\"tmdb\":603", "Matrix", DRAMA)
                       FILM("\"tmdb\":7", "Quite Another",
                            CRIME) "D 1 1 {\"ids\":{\"tmdb\":8},\"title\":\"Old\","
                                   "\"release_date\":\"1931-01-01\"}\n"
                                   "D 1 1 {\"ids\":{\"tmdb\":9},\"title\":\"Undated\"}\n");
    service_answer(service, "script_b", SEARCH, "");
    search_for_facets(finder, "matrix", &answer);
    json_auto_t *facets = facets_of(&answer);
    assert_int_equal(answer.raw.page.total, 4);
    assert_int_equal(count_in(facets, 1999), 2);
    assert_int_equal(count_in(facets, 1931), 1);
    assert_int_equal(json_array_size(js_array(facets, "year")), 2);
    assert_int_equal(js_int(json_array_get(js_array(facets, "year"), 0), "value", 0), 1931);
    assert_int_equal(count_genre(facets, "drama"), 2);
    assert_int_equal(count_genre(facets, "crime"), 1);
}

static void facets_that_were_not_asked_for_are_not_there(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FILM("\"tmdb\":7", "Quite Another", CRIME));
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    assert_int_equal(answer.raw.page.facets.len, 0);
    struct finder_ask ask = ask_for("matrix");
    ask.filter.facets = FILTER_FACET_YEAR;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    json_auto_t *facets = facets_of(&answer);
    assert_int_equal(json_object_size(facets), 1);
    assert_int_equal(count_in(facets, 1999), 1);
}

static void an_id_has_facets_and_a_reason(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix\",\"release_date\":\"1999-03-31\","
                 "\"genres\":[\"Crime\"]}");
    assert_true(
        index_wait(service->index, store_revision(service->store), clock_steady_ms() + 10000));
    struct finder_ask ask = ask_for("tmdb:603");
    ask.local = ask.filter.explain = true;
    ask.filter.facets = FILTER_FACET_GENRE | FILTER_FACET_YEAR;
    for (ask.page = 1; ask.page <= 2; ask.page++) {
        assert_int_equal(search_with(finder, &ask, &answer), 0);
        json_auto_t *facets = facets_of(&answer);
        assert_int_equal(answer.raw.page.total, 1);
        assert_int_equal(json_object_size(facets), 2);
        assert_int_equal(count_in(facets, 1999), 1);
        assert_int_equal(count_genre(facets, "crime"), 1);
        assert_int_equal(json_array_size(answer.results), ask.page == 1);
        if (ask.page > 1)
            continue;
        const json_t *first = json_array_get(answer.results, 0);
        const json_t *explain = js_object(first, "explain");
        const char *name;
        json_t *addend;
        double sum = 0;
        json_object_foreach ((json_t *)(uintptr_t)explain, name, addend)
            sum += json_number_value(addend);
        assert_true(sum > 0 && sum == json_number_value(json_object_get(first, "score")));
    }
}

/* --- Orders */

#define RATED(id, title, rating)                                                                   \
    "D 1 1 {\"ids\":{\"tmdb\":" #id "},\"title\":\"" title "\",\"release_date\":\"199" #id         \
    "-01-01\",\"popularity\":" #id ",\"rating\":" rating ",\"votes\":100}\n"

static void answer_rated(struct service *service)
{
    service_answer(service, "script_a", SEARCH,
                   RATED(1, "Matrix", "6") RATED(2, "Lower", "5.5") RATED(3, "Matrix Three", "8")
                       RATED(4, "Upper", "7.5") RATED(5, "Matrix Zero", "7.5")
                           RATED(6, "Abacus", "9"));
    service_answer(service, "script_b", SEARCH, "");
}

static void what_only_a_provider_vouches_for_stands_where_the_sort_has_it(void **state)
{
    static const struct {
        enum filter_sort sort;
        int order; /* 0: none given */
        const char *ids;
    } cases[] = {
        { FILTER_SORT_RATING, 0, "635412" },       { FILTER_SORT_RATING, 1, "214536" },
        { FILTER_SORT_TITLE, 0, "621354" },        { FILTER_SORT_TITLE, -1, "453126" },
        { FILTER_SORT_RELEASE_DATE, 0, "654321" }, { FILTER_SORT_RELEASE_DATE, 1, "123456" },
        { FILTER_SORT_POPULARITY, 0, "654321" },   { FILTER_SORT_POPULARITY, 1, "123456" },
        { FILTER_SORT_DEFAULT, 0, "135246" },
    };
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    answer_rated(service);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (uint32_t limit = 1; limit <= 7; limit++) {
            struct finder_ask ask = ask_for("matrix");
            ask.limit = limit;
            ask.filter.sort = cases[i].sort;
            ask.filter.order_given = cases[i].order != 0;
            ask.filter.ascending = cases[i].order > 0;
            char seen[16] = "";
            for (ask.page = 1; ask.page <= 7 / limit + 2; ask.page++) {
                CLEANUP(answer_done) struct answer answer = { 0 };
                assert_int_equal(search_with(finder, &ask, &answer), 0);
                assert_int_equal(answer.raw.page.total, 6);
                for (size_t k = 0; k < json_array_size(answer.results); k++) {
                    const json_t *ids = js_object(json_array_get(answer.results, k), "ids");
                    size_t n = strlen(seen);
                    assert_true(n < 6);
                    snprintf(seen + n, sizeof seen - n, "%d", (int)js_int(ids, "tmdb", 0));
                }
            }
            if (i + 1 == ARRAY_LEN(cases))
                continue;
            if (!text_equal(seen, cases[i].ids))
                fail_msg("sort %d, order %d, %u a page: %s, not %s", cases[i].sort, cases[i].order,
                         limit, seen, cases[i].ids);
        }
}

/* In either direction, among hits and among what only a provider vouches for. */
static void what_has_no_rating_stands_last_either_way(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    service_answer(service, "script_a", SEARCH,
                   RATED(1, "Matrix", "6") RATED(2, "Other", "7")
                       FILM("\"tmdb\":3", "Matrix Two", "") FILM("\"tmdb\":4", "Another", ""));
    service_answer(service, "script_b", SEARCH, "");
    for (int ascending = 0; ascending <= 1; ascending++) {
        CLEANUP(answer_done) struct answer answer = { 0 };
        struct finder_ask ask = ask_for("matrix");
        ask.filter.sort = FILTER_SORT_RATING;
        ask.filter.order_given = true;
        ask.filter.ascending = ascending;
        assert_int_equal(search_with(finder, &ask, &answer), 0);
        assert_int_equal(json_array_size(answer.results), 4);
        static const char *const titles[2][4] = { { "Other", "Matrix", "Another", "Matrix Two" },
                                                  { "Matrix", "Other", "Matrix Two", "Another" } };
        for (size_t i = 0; i < 4; i++)
            assert_string_equal(title(&answer, i), titles[ascending][i]);
    }
}

/* Whatever the page, no hidden twin, and nothing twice. */
static void sorted_pages_close_up_over_what_is_hidden(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    service_answer(service, "script_a", SEARCH,
                   FILM("\"tmdb\":1", "Matrix", ",\"rating\":6,\"votes\":9")
                       FILM("\"tmdb\":2", "Matrix Two", ",\"rating\":7,\"votes\":9")
                           FILM("\"tmdb\":3", "Far Off", ",\"rating\":6.5,\"votes\":9"));
    service_answer(service, "script_b", SEARCH,
                   FILM("\"trakt\":1", "Matrix", ",\"rating\":9,\"votes\":9")
                       FILM("\"trakt\":3", "Far Off", ",\"rating\":9,\"votes\":9"));
    uint32_t wanted[3] = { 0 };
    for (uint32_t page = 1; page <= 4; page++) {
        CLEANUP(answer_done) struct answer answer = { 0 };
        struct finder_ask ask = ask_for("matrix");
        ask.page = page;
        ask.limit = 1;
        ask.filter.sort = FILTER_SORT_RATING;
        assert_int_equal(search_with(finder, &ask, &answer), 0);
        wanted[0] = service_find(service, "tmdb:2");
        wanted[1] = service_find(service, "tmdb:3");
        wanted[2] = service_find(service, "tmdb:1");
        assert_int_equal(answer.raw.page.total, 3);
        assert_int_equal(json_array_size(answer.results), page <= 3);
        if (page <= 3)
            assert_int_equal(js_int(json_array_get(answer.results, 0), "id", 0), wanted[page - 1]);
    }
}

static const struct CMUnitTest tests[] = {
    SERVED(facets_leave_out_what_is_hidden),
    SERVED(facets_count_what_only_a_provider_vouches_for),
    SERVED(facets_that_were_not_asked_for_are_not_there),
    SERVED(an_id_has_facets_and_a_reason),
    SERVED(what_only_a_provider_vouches_for_stands_where_the_sort_has_it),
    SERVED(what_has_no_rating_stands_last_either_way),
    SERVED(sorted_pages_close_up_over_what_is_hidden),
};

const struct test_part finder_pages_part = TEST_PART(tests);
