/* SPDX-License-Identifier: MIT
 *
 * Searching: the store and the providers, what is remembered, who is slow or sick. */
#include "finder_test.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/errands.h"
#include "service/finder.h"

#define FOUND(n, title) "D 1 1 {\"ids\":{\"tmdb\":" #n "},\"title\":\"" title "\"}\n"

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

static void an_id_finds_its_item_once(void **state)
{
    struct service *service = *state;
    CLEANUP(finder_free) struct finder *finder = open_finder(service);
    CLEANUP(answer_done) struct answer answer = { 0 };
    service_answer(service, "script_a", "/search/1/tmdb:603?id=tmdb:603", FOUND(603, "Matrix"));
    service_answer(service, "script_b", "/search/1/tmdb:603?id=tmdb:603", "");
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

static const struct CMUnitTest tests[] = {
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
    SERVED(an_id_finds_its_item_once),
    SERVED(the_filter_holds_for_what_providers_find_too),
    SERVED(local_asks_nobody),
    SERVED(a_full_queue_is_busy),
    SERVED(many_who_ask_the_same_cause_one_request),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), finder_twins_part, finder_asks_part,
                                       finder_pages_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
