/* SPDX-License-Identifier: MIT
 *
 * What providers are asked for what somebody typed, and what their receipts say. */
#include "finder_test.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/errands.h"
#include "service/finder.h"
#include "service/query.h"

#define FILM(ids, title, year)                                                                     \
    "D 1 1 {\"ids\":{" ids "},\"title\":\"" title "\",\"release_date\":\"" year "-06-01\"}\n"

/* --- What was typed */

static void a_query_is_taken_apart(void **state UNUSED)
{
    static const struct {
        const char *typed, *text, *id, *words;
        int year;
    } cases[] = {
        { "charade", "charade", "", NULL, 0 },
        { " \tcharade\n", "charade", "", NULL, 0 },
        { "charade 1963", "charade 1963", "", "charade", 1963 },
        { "charade  (1963) ", "charade  (1963)", "", "charade", 1963 },
        { "1984 dune", "1984 dune", "", "dune", 1984 },
        { "2001 a space odyssey 1968", "2001 a space odyssey 1968", "", "2001 a space odyssey",
          1968 },
        { "2012 2009", "2012 2009", "", "2012", 2009 },
        { "blade runner 2049", "blade runner 2049", "", "blade runner", 2049 },
        { "沙丘 １９８４", "沙丘 １９８４", "", "沙丘", 1984 },
        /* No hint. */
        { "1917", "1917", "", NULL, 0 },
        { "(1917)!", "(1917)!", "", NULL, 0 },
        { "1917 ?", "1917 ?", "", NULL, 0 },
        { "apollo 13", "apollo 13", "", NULL, 0 },
        { "room 1408", "room 1408", "", NULL, 0 },
        { "charade 19633", "charade 19633", "", NULL, 0 },
        { "charade 1963a", "charade 1963a", "", NULL, 0 },
        { "charade 1963-64", "charade 1963-64", "", NULL, 0 },
        /* Ids. */
        { " tt0017136 ", "tt0017136", "imdb:tt0017136", NULL, 0 },
        { "tmdb:19", "tmdb:19", "tmdb:19", NULL, 0 },
        { "tmdb:nineteen", "tmdb:nineteen", "", NULL, 0 },
        { "tt0017136 1927", "tt0017136 1927", "", "tt0017136", 1927 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(query_done) struct query query;
        query_read(cases[i].typed, &query);
        if (!text_equal(query.text, cases[i].text) || !text_equal(query.id, cases[i].id) ||
            !text_equal(query.words, cases[i].words) || query.year != cases[i].year)
            fail_msg("'%s': '%s', id '%s', words '%s', year %d", cases[i].typed, query.text,
                     query.id, query.words ? query.words : "-", query.year);
        assert_true(query.has_words);
    }
}

static void some_queries_have_no_word(void **state UNUSED)
{
    static const char *const typed[] = { "", " ", "?!", " . ", "\xe2\x80\xa6", "&#" };
    for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
        CLEANUP(query_done) struct query query;
        query_read(typed[i], &query);
        bool is_and = text_equal(typed[i], "&#"); /* "&" is a word */
        if (query.has_words != is_and)
            fail_msg("'%s'", typed[i]);
        assert_int_equal(query.year, 0);
    }
}

/* --- Ids */

static void look_for(struct finder *finder, const char *text, uint32_t kind, struct answer *out)
{
    struct finder_ask ask = ask_for(text);
    ask.filter.kind = kind;
    assert_int_equal(search_with(finder, &ask, out), 0);
}

static void an_id_is_handed_to_the_providers(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/1/tt0017136?id=imdb:tt0017136",
                   FILM("\"tmdb\":19,\"imdb\":\"tt0017136\"", "Metropolis", "1927"));
    service_answer(service, "script_b", "/search/1/tt0017136?id=imdb:tt0017136", "");
    look_for(finder, " tt0017136 ", PROVIDER_MOVIE, &answer);
    assert_status(&answer, 0, "ok", 1);
    assert_true(answer.raw.complete);
    assert_int_equal(answer.raw.page.total, 1);
    const json_t *first = json_array_get(answer.results, 0);
    assert_int_equal(json_array_size(js_array(first, "found_by")), 1);
    assert_string_equal(js_string(js_object(first, "match"), "text"), "imdb:tt0017136");
}

static void that_nobody_has_an_id_is_an_answer(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_fail(service, "script_a", "/search/1/tmdb:19?id=tmdb:19", PROVIDER_ENOTFOUND);
    service_fail(service, "script_b", "/search/1/tmdb:19?id=tmdb:19", PROVIDER_EUPSTREAM);
    look_for(finder, "tmdb:19", PROVIDER_MOVIE, &answer);
    assert_status(&answer, 0, "ok", 0);
    assert_status(&answer, 1, "error", 0);
    look_for(finder, "tmdb:19", PROVIDER_MOVIE, &answer);
    assert_status(&answer, 0, "cached", 0);
}

static void what_is_not_found_in_words_is_no_answer_of_its_kind(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_fail(service, "script_a", SEARCH, PROVIDER_ENOTFOUND);
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    assert_status(&answer, 0, "error", 0);
}

/* --- Years */

static void a_year_is_taken_out_of_what_providers_are_asked(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/1/charade?year=1963",
                   FILM("\"tmdb\":4808", "Charade", "1963"));
    service_answer(service, "script_b", "/search/1/charade?year=1963",
                   FILM("\"tmdb\":4808", "Charade", "1963"));
    look_for(finder, "charade 1963", PROVIDER_MOVIE, &answer);
    assert_status(&answer, 0, "ok", 1);
    assert_int_equal(answer.raw.page.total, 1);
    assert_int_equal(json_array_size(js_array(json_array_get(answer.results, 0), "found_by")), 2);
    assert_int_equal(service_asked(service, "script_a", "/search/1/charade?year=1963"), 1);
    assert_int_equal(service_asked(service, "script_a", "/search/1/charade 1963"), 0);
    assert_int_equal(service_asked(service, "script_a", "/search/1/charade"), 0);
}

static void a_year_that_is_part_of_the_title_is_asked_as_it_stands(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    /* One of that year that is called otherwise, and one of that name of another year. */
    service_answer(service, "script_a", "/search/1/wonder woman?year=1984",
                   FILM("\"tmdb\":1", "Making Wonder Woman", "1984"));
    service_answer(service, "script_a", "/search/1/wonder woman 1984",
                   FILM("\"tmdb\":464052", "Wonder Woman 1984", "2020"));
    service_answer(service, "script_b", "/search/1/wonder woman?year=1984", "");
    service_answer(service, "script_b", "/search/1/wonder woman 1984", "");
    service_answer(service, "script_b", "/search/1/wonder woman",
                   FILM("\"tmdb\":297762", "Wonder Woman", "2017"));
    look_for(finder, "wonder woman 1984", PROVIDER_MOVIE, &answer);
    assert_status(&answer, 0, "ok", 2);
    assert_status(&answer, 1, "ok", 1); /* by the words alone, at last */
    assert_int_equal(answer.raw.page.total, 3);
    assert_int_equal(service_asked(service, "script_a", "/search/1/wonder woman"), 0);
}

static void a_title_that_is_a_year_is_asked_once_and_as_it_stands(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/1/1917", FILM("\"tmdb\":530915", "1917", "2019"));
    service_answer(service, "script_b", "/search/1/1917", "");
    look_for(finder, "1917", PROVIDER_MOVIE, &answer);
    assert_int_equal(answer.raw.page.total, 1);
    assert_string_equal(title(&answer, 0), "1917");
    assert_true(answer.raw.complete);
}

static void where_any_kind_is_asked_for_the_year_is_no_filter(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/0/dune",
                   FILM("\"tmdb\":438631", "Dune", "2021") FILM("\"tmdb\":841", "Dune", "1984"));
    service_answer(service, "script_b", "/search/0/dune", FILM("\"tmdb\":438631", "Dune", "2021"));
    service_answer(service, "script_b", "/search/0/dune 1984",
                   FILM("\"tmdb\":2", "Behind Dune 1984", "2015"));
    look_for(finder, "dune 1984", 0, &answer);
    assert_status(&answer, 0, "ok", 2);
    assert_status(&answer, 1, "ok", 2);
    assert_int_equal(js_int(json_array_get(answer.results, 0), "id", 0),
                     service_find(service, "tmdb:841"));
    assert_int_equal(service_asked(service, "script_a", "/search/0/dune 1984"), 0);
}

static void a_filter_by_year_goes_before_a_hint(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    static const char *const others[] = { "script_a", "script_b" };
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        service_answer(service, others[i], "/search/1/wonder woman 1984?year=2020",
                       FILM("\"tmdb\":464052", "Wonder Woman 1984", "2020"));
        service_answer(service, others[i], "/search/1/charade?year=1963",
                       FILM("\"tmdb\":4808", "Charade", "1963"));
    }
    struct finder_ask ask = ask_for("wonder woman 1984");
    ask.filter.year_min = ask.filter.year_max = 2020;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_true(answer.raw.complete);
    assert_int_equal(answer.raw.page.total, 1);
    ask.text = "charade 1963";
    ask.filter.year_min = ask.filter.year_max = 1963;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_true(answer.raw.complete);
    assert_int_equal(answer.raw.page.total, 1);
}

static void what_was_found_before_a_failure_is_there_the_next_time(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/1/charade?year=1964",
                   FILM("\"tmdb\":9", "Charade Parade", "1964"));
    service_fail(service, "script_a", "/search/1/charade 1964", PROVIDER_EUPSTREAM);
    service_fail(service, "script_b", "/search/1/charade?year=1964", PROVIDER_EUPSTREAM);
    look_for(finder, "charade 1964", PROVIDER_MOVIE, &answer);
    assert_status(&answer, 0, "error", 0);
    assert_false(answer.raw.complete);
    assert_int_not_equal(service_find(service, "tmdb:9"), 0);
    look_for(finder, "charade 1964", PROVIDER_MOVIE, &answer);
    assert_int_equal(service_asked(service, "script_a", "/search/1/charade?year=1964"), 2);
    assert_int_equal(service_asked(service, "script_b", "/search/1/charade 1964"), 0);
}

/* --- Nothing to ask */

static void a_query_without_a_word_asks_nobody_and_finds_nothing(void **state)
{
    struct service *service = *state;
    static const char *const queries[] = { " ", "?!", "..." };
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix\"}");
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        look_for(finder, queries[i], PROVIDER_MOVIE, &answer);
        assert_true(answer.raw.complete);
        assert_int_equal(answer.raw.page.total, 0);
        assert_int_equal(json_array_size(answer.sources), 0);
    }
}

/* --- Receipts */

struct search_thread {
    struct finder *finder;
    struct answer answer;
};

static void *search_on_thread(void *argument)
{
    struct search_thread *one = argument;
    search(one->finder, &one->answer);
    return NULL;
}

/* One answers at once, and the one that is collected before it an hour later. */
static void each_source_says_how_long_it_took_itself(void **state)
{
    enum { HOUR_MS = 3600 * 1000 };
    struct service *service = *state;
    struct errands_status status = { 0 };
    service->conf.search_timeout_ms = service->conf.fetch_timeout_ms = 10 * HOUR_MS;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    struct search_thread one = { .finder = finder };
    service_hold(service, "script_a", SEARCH, FILM("\"tmdb\":603", "Matrix", "1999"));
    service_answer(service, "script_b", SEARCH, "");
    pthread_t thread = lock_thread_start("searcher", search_on_thread, &one);
    assert_true(service_wait_asked(service, "script_a", SEARCH, 1));
    while (status.done < 1)
        errands_status(catalog_errands(service->catalog), &status);
    service_pass_time(HOUR_MS);
    service_release(service, "script_a", SEARCH);
    pthread_join(thread, NULL);
    assert_status(&one.answer, 0, "ok", 1);
    assert_status(&one.answer, 1, "ok", 0);
    assert_true(js_int(source(&one.answer, 0), "ms", 0) >= HOUR_MS);
    assert_true(js_int(source(&one.answer, 1), "ms", HOUR_MS) < HOUR_MS);
    answer_done(&one.answer);
}

/* What is remembered names an item that has become another since. */
static void who_found_an_item_still_has_when_it_was_merged(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FILM("\"tmdb\":603", "Matrix", "1999"));
    service_answer(service, "script_b", SEARCH,
                   FILM("\"imdb\":\"tt0133093\"", "Matrix", "1999")
                       FILM("\"tmdb\":603", "Matrix", "1999"));
    search(finder, &answer);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},\"title\":\"Matrix\","
                 "\"release_date\":\"1999-06-01\"}");
    assert_int_equal(service_find(service, "tmdb:603"), service_find(service, "imdb:tt0133093"));
    assert_true(
        index_wait(service->index, store_revision(service->store), clock_steady_ms() + 10000));
    search(finder, &answer);
    assert_status(&answer, 0, "cached", 1);
    assert_status(&answer, 1, "cached", 1); /* two have become one */
    assert_int_equal(answer.raw.page.total, 1);
    assert_int_equal(json_array_size(js_array(json_array_get(answer.results, 0), "found_by")), 2);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_query_is_taken_apart),
    cmocka_unit_test(some_queries_have_no_word),
    SERVED(an_id_is_handed_to_the_providers),
    SERVED(that_nobody_has_an_id_is_an_answer),
    SERVED(what_is_not_found_in_words_is_no_answer_of_its_kind),
    SERVED(a_year_is_taken_out_of_what_providers_are_asked),
    SERVED(a_year_that_is_part_of_the_title_is_asked_as_it_stands),
    SERVED(a_title_that_is_a_year_is_asked_once_and_as_it_stands),
    SERVED(where_any_kind_is_asked_for_the_year_is_no_filter),
    SERVED(a_filter_by_year_goes_before_a_hint),
    SERVED(what_was_found_before_a_failure_is_there_the_next_time),
    SERVED(a_query_without_a_word_asks_nobody_and_finds_nothing),
    SERVED(each_source_says_how_long_it_took_itself),
    SERVED(who_found_an_item_still_has_when_it_was_merged),
};

const struct test_part finder_asks_part = TEST_PART(tests);
