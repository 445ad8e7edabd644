/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/errands.h"
#include "service/finder.h"

#define SEARCH "/search/1/matrix"
#define FOUND(n, title) "D 1 1 {\"ids\":{\"tmdb\":" #n "},\"title\":\"" title "\"}\n"

static const struct language_wish english = { .tags = { "en" }, .n_tags = 1 };

/* An answer taken apart. */
struct answer {
    struct finder_answer raw;
    json_t *results, *sources;
};

static void answer_done(struct answer *answer)
{
    finder_answer_done(&answer->raw);
    json_decref(answer->results);
    json_decref(answer->sources);
    *answer = (struct answer){ 0 };
}
DEFINE_CLEANUP_VALUE(struct answer, answer_done);

static struct finder *open_finder(struct service *service)
{
    return finder_new(service->catalog, service->registry, &service->conf);
}

static struct finder_ask ask_for(const char *text)
{
    return (struct finder_ask){
        .text = text, .filter = { .kind = PROVIDER_MOVIE }, .wish = &english, .page = 1, .limit = 20
    };
}

static int search_with(struct finder *finder, const struct finder_ask *ask, struct answer *out)
{
    answer_done(out);
    int result = finder_search(finder, ask, &out->raw, NULL);
    if (result)
        return result;
    out->results = json_loadb(out->raw.page.results.bytes, out->raw.page.results.len, 0, NULL);
    out->sources = json_loadb(out->raw.sources.bytes, out->raw.sources.len, 0, NULL);
    assert_non_null(out->results);
    assert_non_null(out->sources);
    return 0;
}

static void search(struct finder *finder, struct answer *out)
{
    struct finder_ask ask = ask_for("matrix");
    assert_int_equal(search_with(finder, &ask, out), 0);
}

static const json_t *source(const struct answer *answer, size_t i)
{
    return json_array_get(answer->sources, i);
}

static void assert_status(const struct answer *answer, size_t i, const char *status, int count)
{
    if (!text_equal(js_string(source(answer, i), "status"), status))
        fail_msg("source %zu is %s, not %s", i, js_string(source(answer, i), "status"), status);
    assert_int_equal(js_int(source(answer, i), "count", -1), count);
}

static const char *title(const struct answer *answer, size_t i)
{
    return js_string(json_array_get(answer->results, i), "title");
}

static void both_providers_and_the_store_are_one_answer(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":1},\"title\":\"Matrix Known\"}");
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix") FOUND(1, "Matrix Known"));
    service_answer(service, "script_b", SEARCH, FOUND(603, "Matrix"));
    search(finder, &answer);
    assert_true(answer.raw.complete);
    assert_status(&answer, 0, "ok", 2);
    assert_status(&answer, 1, "ok", 1);
    assert_int_equal(answer.raw.page.total, 2);
    assert_int_equal(json_array_size(answer.results), 2);
    assert_string_equal(title(&answer, 0), "Matrix");
    const json_t *first = json_array_get(answer.results, 0);
    assert_int_equal(json_array_size(js_array(first, "found_by")), 2);
    assert_string_equal(js_string(js_object(first, "match"), "how"), "exact");
    assert_string_equal(js_string(js_object(first, "match"), "text"), "Matrix");
}

static void the_second_time_the_answer_is_remembered(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    search(finder, &answer);
    assert_status(&answer, 0, "cached", 1);
    assert_status(&answer, 1, "cached", 0);
    assert_true(answer.raw.complete);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 1);
    assert_int_equal(service_asked(service, "script_b", SEARCH), 1);
}

static void memory_ends_sooner_for_nothing_than_for_something(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    service_pass_time(120 * 1000);
    search(finder, &answer);
    assert_status(&answer, 0, "cached", 1);
    assert_int_equal(js_int(source(&answer, 0), "age_s", 0), 120);
    assert_int_equal(service_asked(service, "script_b", SEARCH), 2);
    service_pass_time(600 * 1000);
    search(finder, &answer);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 2);
}

static void a_failed_source_is_not_an_empty_one(void **state)
{
    static const struct {
        int failure;
        const char *status;
    } cases[] = { { PROVIDER_EUPSTREAM, "error" },
                  { PROVIDER_EPARSE, "error" },
                  { PROVIDER_EBUSY, "rate_limited" },
                  { PROVIDER_ETIME, "timeout" },
                  { PROVIDER_EAUTH, "error" } };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct service *service = *state;
        struct finder *finder = open_finder(service);
        CLEANUP(answer_done) struct answer answer = { 0 };
        service_fail(service, "script_a", SEARCH, cases[i].failure);
        service_answer(service, "script_b", SEARCH, FOUND(603, "Matrix"));
        for (int again = 0; again < 2; again++) {
            search(finder, &answer);
            assert_false(answer.raw.complete);
            assert_status(&answer, 0, cases[i].status, 0);
            assert_non_null(js_string(source(&answer, 0), "detail"));
            assert_status(&answer, 1, again ? "cached" : "ok", 1);
            assert_int_equal(answer.raw.page.total, 1);
        }
        assert_int_equal(service_asked(service, "script_a", SEARCH), 2);
        if (cases[i].failure == PROVIDER_EBUSY)
            assert_true(js_int(source(&answer, 0), "retry_after_s", 0) >= 1);
        finder_free(finder);
        service_end(state);
        service_begin(state);
    }
}

static void a_source_that_recovers_is_heard_at_once(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_fail(service, "script_a", SEARCH, PROVIDER_EUPSTREAM);
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    assert_status(&answer, 0, "error", 0);
    assert_int_equal(answer.raw.page.total, 0);
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    search(finder, &answer);
    assert_status(&answer, 0, "ok", 1);
    assert_true(answer.raw.complete);
    assert_int_equal(answer.raw.page.total, 1);
}

static void what_stands_in_for_a_dead_upstream_says_so_and_is_not_remembered(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    service_age(service, "script_a", SEARCH, 5000, true);
    service_answer(service, "script_b", SEARCH, "");
    for (unsigned n = 1; n <= 2; n++) {
        search(finder, &answer);
        assert_status(&answer, 0, "stale", 1);
        assert_int_equal(js_int(source(&answer, 0), "age_s", 0), 5000);
        assert_false(answer.raw.complete);
        assert_int_equal(answer.raw.page.total, 1);
        assert_int_equal(service_asked(service, "script_a", SEARCH), n);
    }
    service_age(service, "script_a", SEARCH, 0, false);
    search(finder, &answer);
    assert_status(&answer, 0, "ok", 1);
    assert_int_equal(js_int(source(&answer, 0), "age_s", -1), -1);
    assert_true(answer.raw.complete);
}

static void an_old_answer_is_as_old_as_the_upstream_said_it(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    service_age(service, "script_a", SEARCH, 500, false);
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    assert_status(&answer, 0, "cached", 1);
    assert_int_equal(js_int(source(&answer, 0), "age_s", 0), 500);
    service_pass_time(90 * 1000);
    search(finder, &answer);
    assert_int_equal(js_int(source(&answer, 0), "age_s", 0), 590);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 1);
    service_pass_time(20 * 1000); /* 610 seconds: longer than the search TTL */
    search(finder, &answer);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 2);
}

static void the_search_ttl_bounds_what_is_remembered(void **state)
{
    struct service *service = *state;
    service->conf.ttl_search_s = 5;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    service_pass_time(4000);
    search(finder, &answer);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 1);
    assert_int_equal(service_asked(service, "script_b", SEARCH), 1);
    service_pass_time(2000);
    search(finder, &answer);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 2);
    assert_int_equal(service_asked(service, "script_b", SEARCH), 2);
}

static void who_is_out_of_service_is_no_answer_and_has_no_date(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(service->registry, "script_a");
    assert_int_equal(provider_entry_set_enabled(entry, false, NULL), 0);
    service_answer(service, "script_b", SEARCH, FOUND(603, "Matrix"));
    search(finder, &answer);
    assert_status(&answer, 0, "error", 0);
    assert_int_equal(js_int(source(&answer, 0), "retry_after_s", -1), -1);
    assert_false(answer.raw.complete);
    assert_status(&answer, 1, "ok", 1);
    assert_int_equal(service_asked(service, "script_a", SEARCH), 0);
}

/* More searches than there are workers and places to wait hang at one provider. */
static void a_provider_that_hangs_leaves_room_for_the_others(void **state)
{
    struct service *service = *state;
    service->conf.fetch_timeout_ms = 600000;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    for (int i = 0; i < 20; i++) {
        char text[16], path[40];
        snprintf(text, sizeof text, "q%d", i);
        snprintf(path, sizeof path, "/search/1/q%d", i);
        service_hold(service, "script_a", path, "");
        service_answer(service, "script_b", path, "");
        struct finder_ask ask = ask_for(text);
        ask.timeout_ms = 1;
        assert_int_equal(search_with(finder, &ask, &answer), 0);
        assert_true(service_wait_asked(service, "script_b", path, 1));
    }
    assert_status(&answer, 0, "rate_limited", 0); /* its places are taken */
    service_answer(service, "script_b", SEARCH, FOUND(603, "Matrix"));
    struct finder_ask ask = ask_for("matrix");
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_status(&answer, 1, "ok", 1);
    assert_false(answer.raw.complete);
    assert_int_equal(answer.raw.page.total, 1);
}

static void a_late_answer_is_there_the_next_time(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_hold(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    service_answer(service, "script_b", SEARCH, "");
    struct finder_ask ask = ask_for("matrix");
    ask.timeout_ms = 30;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_status(&answer, 0, "timeout", 0);
    assert_false(answer.raw.complete);
    assert_int_equal(answer.raw.page.total, 0);
    service_release(service, "script_a", SEARCH);
    struct errands_status status;
    do
        errands_status(catalog_errands(service->catalog), &status);
    while (status.running + status.waiting > 0);
    search(finder, &answer);
    assert_status(&answer, 0, "cached", 1);
    assert_true(answer.raw.complete);
    assert_string_equal(title(&answer, 0), "Matrix");
    assert_int_equal(service_asked(service, "script_a", SEARCH), 1);
}

static void what_only_a_provider_vouches_for_stands_behind(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH,
                   FOUND(7, "Quite Another") FOUND(603, "Matrix") FOUND(8, "And One More"));
    service_answer(service, "script_b", SEARCH, FOUND(7, "Quite Another"));
    search(finder, &answer);
    assert_int_equal(answer.raw.page.total, 3);
    assert_int_equal(json_array_size(answer.results), 3);
    assert_string_equal(title(&answer, 0), "Matrix");
    assert_string_equal(title(&answer, 1), "Quite Another");
    assert_string_equal(title(&answer, 2), "And One More");
    assert_true(json_is_null(json_object_get(json_array_get(answer.results, 1), "match")));
    struct finder_ask ask = ask_for("matrix");
    ask.limit = 2;
    ask.page = 2;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_int_equal(answer.raw.page.total, 3);
    assert_int_equal(json_array_size(answer.results), 1);
    assert_string_equal(title(&answer, 0), "And One More");
}

/* One title says it, another nearly does: the second is nobody's match then, but found. */
static void what_a_provider_found_by_its_own_spelling_is_not_lost(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", SEARCH, FOUND(603, "Matrix") FOUND(7, "Matrlx"));
    service_answer(service, "script_b", SEARCH, "");
    search(finder, &answer);
    assert_int_equal(answer.raw.page.total, 2);
    assert_string_equal(title(&answer, 1), "Matrlx");
}

/* --- One film under two ids */

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

static void an_id_finds_its_item_once(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/1/tmdb:603", FOUND(603, "Matrix"));
    service_answer(service, "script_b", "/search/1/tmdb:603", "");
    struct finder_ask ask = ask_for("tmdb:603");
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_int_equal(answer.raw.page.total, 1);
    assert_int_equal(json_array_size(answer.results), 1);
    const json_t *match = js_object(json_array_get(answer.results, 0), "match");
    assert_string_equal(js_string(match, "how"), "id");
    assert_string_equal(js_string(match, "field"), "id");
}

static void the_filter_holds_for_what_providers_find_too(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(
        service, "script_a", SEARCH,
        "D 1 1 {\"ids\":{\"tmdb\":1},\"title\":\"Matrix\",\"release_date\":\"1999-01-01\"}\n"
        "D 1 1 {\"ids\":{\"tmdb\":2},\"title\":\"Other\",\"release_date\":\"1999-01-01\"}\n"
        "D 1 1 {\"ids\":{\"tmdb\":3},\"title\":\"Other\",\"release_date\":\"2005-01-01\"}\n"
        "D 1 1 {\"ids\":{\"tmdb\":4},\"title\":\"Matrix\",\"release_date\":\"2005-01-01\"}\n");
    service_answer(service, "script_b", SEARCH, "");
    struct finder_ask ask = ask_for("matrix");
    ask.filter.year_min = 2000;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_int_equal(answer.raw.page.total, 2);
}

static void local_asks_nobody(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    struct finder_ask ask = ask_for("matrix");
    ask.local = true;
    ask.filter.explain = true;
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0,
                               "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix\"}");
    assert_true(
        index_wait(service->index, store_revision(service->store), clock_steady_ms() + 10000));
    assert_int_equal(search_with(finder, &ask, &answer), 0);
    assert_true(answer.raw.complete);
    assert_int_equal(json_array_size(answer.sources), 0);
    const json_t *first = json_array_get(answer.results, 0);
    assert_int_equal(js_int(first, "id", 0), id);
    assert_non_null(json_object_get(js_object(first, "explain"), "match"));
    assert_int_equal(service_asked(service, "script_a", SEARCH), 0);
}

static void a_full_queue_is_busy(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    for (int i = 0; i < 10; i++) {
        char text[16], path[40];
        snprintf(text, sizeof text, "q%d", i);
        snprintf(path, sizeof path, "/search/1/q%d", i);
        service_hold(service, "script_a", path, "");
        service_hold(service, "script_b", path, "");
        struct finder_ask ask = ask_for(text);
        ask.timeout_ms = 1;
        assert_int_equal(search_with(finder, &ask, &answer), 0);
        if (i < 2)
            assert_true(service_wait_asked(service, "script_b", path, 1));
    }
    struct finder_ask ask = ask_for("matrix");
    assert_int_equal(search_with(finder, &ask, &answer), PROVIDER_EBUSY);
    ask.local = true;
    assert_int_equal(search_with(finder, &ask, &answer), 0);
}

struct searcher {
    struct finder *finder;
    uint64_t total;
};

static void *search_once(void *argument)
{
    struct searcher *searcher = argument;
    CLEANUP(answer_done) struct answer answer = { 0 };
    struct finder_ask ask = ask_for("matrix");
    if (search_with(searcher->finder, &ask, &answer) == 0)
        searcher->total = answer.raw.page.total;
    return NULL;
}

static void many_who_ask_the_same_cause_one_request(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    struct searcher searchers[10];
    pthread_t threads[10];
    /* However slow the machine: nobody gives up before all have come. */
    service->conf.search_timeout_ms = service->conf.fetch_timeout_ms = 600000;
    service_hold(service, "script_a", SEARCH, FOUND(603, "Matrix"));
    service_hold(service, "script_b", SEARCH, "");
    for (int i = 0; i < 10; i++) {
        searchers[i] = (struct searcher){ .finder = finder };
        threads[i] = lock_thread_start("searcher", search_once, &searchers[i]);
    }
    struct errands_status status = { 0 };
    while (status.joined < 2 * 9)
        errands_status(catalog_errands(service->catalog), &status);
    service_release(service, "script_a", SEARCH);
    service_release(service, "script_b", SEARCH);
    for (int i = 0; i < 10; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(searchers[i].total, 1);
    }
    assert_int_equal(service_asked(service, "script_a", SEARCH), 1);
    assert_int_equal(service_asked(service, "script_b", SEARCH), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(both_providers_and_the_store_are_one_answer),
        SERVED(the_second_time_the_answer_is_remembered),
        SERVED(memory_ends_sooner_for_nothing_than_for_something),
        SERVED(a_failed_source_is_not_an_empty_one),
        SERVED(a_source_that_recovers_is_heard_at_once),
        SERVED(what_stands_in_for_a_dead_upstream_says_so_and_is_not_remembered),
        SERVED(an_old_answer_is_as_old_as_the_upstream_said_it),
        SERVED(the_search_ttl_bounds_what_is_remembered),
        SERVED(who_is_out_of_service_is_no_answer_and_has_no_date),
        SERVED(a_provider_that_hangs_leaves_room_for_the_others),
        SERVED(a_late_answer_is_there_the_next_time),
        SERVED(what_only_a_provider_vouches_for_stands_behind),
        SERVED(what_a_provider_found_by_its_own_spelling_is_not_lost),
        SERVED(a_film_two_providers_name_without_a_common_id_is_shown_once),
        SERVED(what_is_not_surely_the_same_is_shown_twice),
        SERVED(when_two_could_be_meant_all_are_shown),
        SERVED(a_year_off_by_one_and_the_same_length_is_the_same),
        SERVED(a_show_is_no_film_of_that_name),
        SERVED(ids_the_store_knows_count_too),
        SERVED(a_filter_that_drops_the_one_shows_the_other),
        SERVED(pages_close_up_over_what_is_hidden),
        SERVED(an_id_finds_its_item_once),
        SERVED(the_filter_holds_for_what_providers_find_too),
        SERVED(local_asks_nobody),
        SERVED(a_full_queue_is_busy),
        SERVED(many_who_ask_the_same_cause_one_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
