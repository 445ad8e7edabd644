/* SPDX-License-Identifier: MIT
 *
 * One film under two ids. */
#include "finder_test.h"

#include <jansson.h>

#include "base/json.h"
#include "service/finder.h"

#define FILM(ids, title, more) "D 1 1 {\"ids\":{" ids "},\"title\":\"" title "\"" more "}\n"
#define IN_1999 ",\"release_date\":\"1999-03-31\""

static uint64_t search_both(struct service *service, const char *a, const char *b,
                            struct answer *out)
{
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    service_answer(service, "script_a", SEARCH, a);
    service_answer(service, "script_b", SEARCH, b);
    search(finder, out);
    assert_int_equal(json_array_size(out->results), out->raw.page.total);
    return out->raw.page.total;
}

static void a_film_two_providers_name_without_a_common_id_is_shown_once(void **state)
{
    struct service *service = *state;
    CLEANUP(answer_done) struct answer answer = { 0 };
    assert_int_equal(search_both(service, FILM("\"tmdb\":603", "The Matrix", IN_1999),
                                 FILM("\"trakt\":481", "the MATRIX!", ",\"year\":1999"), &answer),
                     1);
    const json_t *first = json_array_get(answer.results, 0);
    assert_string_equal(js_string(first, "title"), "The Matrix");
    assert_int_equal(json_array_size(js_array(first, "found_by")), 2);
    assert_status(&answer, 1, "ok", 1);
    assert_int_not_equal(service_find(service, "tmdb:603"), service_find(service, "trakt:481"));
}

static void what_is_not_surely_the_same_is_shown_twice(void **state)
{
    static const struct {
        const char *why, *a, *b;
    } cases[] = {
        { "two numbers of one service", FILM("\"tmdb\":603", "Matrix", IN_1999),
          FILM("\"tmdb\":604", "Matrix", IN_1999) },
        { "no year", FILM("\"tmdb\":603", "Matrix", ""), FILM("\"trakt\":481", "Matrix", "") },
        { "a year on one side", FILM("\"tmdb\":603", "Matrix", IN_1999),
          FILM("\"trakt\":481", "Matrix", "") },
        { "the year before, and no more", FILM("\"tmdb\":603", "Matrix", IN_1999),
          FILM("\"trakt\":481", "Matrix", ",\"year\":1998") },
        { "the year before, longer", FILM("\"tmdb\":603", "Matrix", IN_1999 ",\"runtime\":136"),
          FILM("\"trakt\":481", "Matrix", ",\"year\":1998,\"runtime\":139") },
        { "two years before", FILM("\"tmdb\":603", "Matrix", IN_1999 ",\"runtime\":136"),
          FILM("\"trakt\":481", "Matrix", ",\"year\":1997,\"runtime\":136") },
        { "another title", FILM("\"tmdb\":603", "Matrix", IN_1999),
          FILM("\"trakt\":481", "Matrix One", IN_1999) },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(answer_done) struct answer answer = { 0 };
        if (search_both(*state, cases[i].a, cases[i].b, &answer) != 2)
            fail_msg("%s: shown once", cases[i].why);
        answer_done(&answer);
        service_end(state);
        service_begin(state);
    }
}

static void when_two_could_be_meant_all_are_shown(void **state)
{
    CLEANUP(answer_done) struct answer answer = { 0 };
    assert_int_equal(search_both(*state, FILM("\"tmdb\":603", "Matrix", IN_1999),
                                 FILM("\"trakt\":481", "Matrix", IN_1999)
                                     FILM("\"trakt\":482", "Matrix", IN_1999),
                                 &answer),
                     3);
}

static void a_year_off_by_one_and_the_same_length_is_the_same(void **state)
{
    CLEANUP(answer_done) struct answer answer = { 0 };
    assert_int_equal(search_both(*state, FILM("\"tmdb\":603", "Matrix", IN_1999 ",\"runtime\":136"),
                                 FILM("\"trakt\":481", "Matrix", ",\"year\":2000,\"runtime\":135"),
                                 &answer),
                     1);
}

static void a_show_is_no_film_of_that_name(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/0/matrix",
                   FILM("\"tmdb\":603", "Matrix", IN_1999));
    service_answer(service, "script_b", "/search/0/matrix",
                   "D 2 1 {\"ids\":{\"trakt\":481},\"title\":\"Matrix\","
                   "\"first_air_date\":\"1999-03-31\"}\n");
    struct finder_ask ask = ask_for("matrix");
    ask.filter.kind = 0;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_int_equal(answer.raw.page.total, 2);
}

/* The rows share no space of ids, but the store knows more of one of them. */
static void ids_the_store_knows_count_too(void **state)
{
    struct service *service = *state;
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},\"title\":\"Matrix\"}");
    assert_int_equal(search_both(service, FILM("\"tmdb\":603", "Matrix", IN_1999),
                                 FILM("\"imdb\":\"tt0000001\"", "Matrix", IN_1999), &answer),
                     2);
}

static void a_filter_that_drops_the_one_shows_the_other(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FILM("\"tmdb\":603", "Matrix", IN_1999));
    service_answer(service, "script_b", SEARCH,
                   FILM("\"trakt\":481", "Matrix", IN_1999 ",\"votes\":50,\"rating\":8.5"));
    struct finder_ask ask = ask_for("matrix");
    ask.filter.votes_min = 10;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_int_equal(answer.raw.page.total, 1);
    assert_int_equal(js_int(json_array_get(answer.results, 0), "id", 0),
                     service_find(service, "trakt:481"));
}

/* Every page has its full number, and nothing is on two of them. */
static void pages_close_up_over_what_is_hidden(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH,
                   FILM("\"tmdb\":1", "Matrix", IN_1999) FILM("\"tmdb\":2", "Matrix Two", IN_1999)
                       FILM("\"tmdb\":3", "Matrix Three", IN_1999)
                           FILM("\"tmdb\":4", "Far Off", IN_1999));
    service_answer(service, "script_b", SEARCH,
                   FILM("\"trakt\":1", "Matrix", IN_1999)
                       FILM("\"trakt\":3", "Matrix Three", IN_1999)
                           FILM("\"trakt\":4", "Far Off", IN_1999));
    uint32_t seen[4] = { 0 };
    for (uint32_t page = 1; page <= 5; page++) {
        struct finder_ask ask = ask_for("matrix");
        ask.page = page;
        ask.limit = 1;
        assert_int_equal(search_with(finder, &ask, &answer), 0);
        assert_int_equal(answer.raw.page.total, 4);
        assert_int_equal(json_array_size(answer.results), page <= 4);
        if (page <= 4)
            seen[page - 1] = (uint32_t)js_int(json_array_get(answer.results, 0), "id", 0);
        for (uint32_t i = 0; page <= 4 && i + 1 < page; i++)
            assert_int_not_equal(seen[i], seen[page - 1]);
    }
    assert_int_equal(seen[3], service_find(service, "tmdb:4"));
}

static const struct CMUnitTest tests[] = {
    SERVED(a_film_two_providers_name_without_a_common_id_is_shown_once),
    SERVED(what_is_not_surely_the_same_is_shown_twice),
    SERVED(when_two_could_be_meant_all_are_shown),
    SERVED(a_year_off_by_one_and_the_same_length_is_the_same),
    SERVED(a_show_is_no_film_of_that_name),
    SERVED(ids_the_store_knows_count_too),
    SERVED(a_filter_that_drops_the_one_shows_the_other),
    SERVED(pages_close_up_over_what_is_hidden),
};

const struct test_part finder_twins_part = TEST_PART(tests);
