/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/errands.h"

#define FETCH "/fetch/1/tmdb:603"
/* Without an id of its own space, a provider is asked by IMDb's. */
#define AGAIN "/fetch/1/imdb:tt0133093"
#define MATRIX "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},\"title\":\"The Matrix\"}"
#define ANSWER "D 1 0 " MATRIX "\n"

static const struct language_wish english = { .tags = { "en" }, .n_tags = 1 };

static int ask_with(struct service *service, const struct catalog_ask *ask,
                    struct catalog_item *out, struct error *err)
{
    struct catalog_ask asked = *ask;
    asked.kind = asked.kind ? asked.kind : PROVIDER_MOVIE;
    asked.wish = asked.wish ? asked.wish : &english;
    asked.deadline_ms = asked.deadline_ms ? asked.deadline_ms : clock_steady_ms() + 10000;
    return catalog_item(service->catalog, &asked, out, err);
}

static int ask(struct service *service, const char *id_text, struct catalog_item *out)
{
    struct error err = { 0 };
    return ask_with(service, &(struct catalog_ask){ .id_text = id_text }, out, &err);
}

static void assert_shows(struct service *service, const char *id_text, const char *title)
{
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    assert_int_equal(ask(service, id_text, &item), 0);
    json_auto_t *shown = json_loadb(item.json.bytes, item.json.len, 0, NULL);
    assert_string_equal(js_string(shown, "title"), title);
}

static uint32_t take(struct service *service, const char *json)
{
    return service_take(service, "script_a", PROVIDER_MOVIE, 0, json);
}

struct reader {
    struct service *service;
    int result;
    uint32_t id;
};

static void *read_one(void *argument)
{
    struct reader *reader = argument;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    reader->result = ask(reader->service, "tmdb:603", &item);
    reader->id = item.id;
    return NULL;
}

static void an_unknown_id_is_fetched_once_for_many_waiters(void **state)
{
    struct service *service = *state;
    struct reader readers[12];
    pthread_t threads[ARRAY_LEN(readers)];
    service_hold(service, "script_a", FETCH, ANSWER);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        readers[i] = (struct reader){ .service = service };
        threads[i] = lock_thread_start("reader", read_one, &readers[i]);
    }
    struct errands_status status = { 0 };
    while (status.joined < ARRAY_LEN(readers) - 1)
        errands_status(catalog_errands(service->catalog), &status);
    service_release(service, "script_a", FETCH);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].result, 0);
        assert_int_equal(readers[i].id, readers[0].id);
    }
    assert_int_equal(service_asked(service, "script_a", FETCH), 1);
}

static void the_next_provider_is_asked_when_the_first_does_not_know(void **state)
{
    struct service *service = *state;
    service_answer(service, "script_a", FETCH, "F -2 no\n");
    service_answer(service, "script_b", FETCH, ANSWER);
    assert_shows(service, "tmdb:603", "The Matrix");
}

static void nobody_knows_it_and_nobody_answers_are_told_apart(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    service_fail(service, "script_a", FETCH, PROVIDER_EUPSTREAM);
    assert_int_equal(ask(service, "tmdb:603", &item), PROVIDER_EUPSTREAM);
    assert_int_equal(service_find(service, "tmdb:603"), 0);
    service_answer(service, "script_a", FETCH, "F -2 no\n");
    assert_int_equal(ask(service, "tmdb:603", &item), PROVIDER_ENOTFOUND);
    service_fail(service, "script_a", "/fetch/1/trakt:5", PROVIDER_ENOTSUP);
    service_fail(service, "script_b", "/fetch/1/trakt:5", PROVIDER_ENOTSUP);
    assert_int_equal(ask(service, "trakt:5", &item), PROVIDER_ENOTFOUND);
}

static void what_nobody_knew_is_not_asked_for_again_at_once(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    const struct catalog_ask show = { .id_text = "tmdb:603", .kind = PROVIDER_TVSHOW };
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(service, "tmdb:603", &item), PROVIDER_ENOTFOUND);
    assert_int_equal(service_asked(service, "script_a", FETCH), 1);
    assert_int_equal(service_asked(service, "script_b", FETCH), 1);
    assert_int_equal(ask_with(service, &show, &item, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(service_asked(service, "script_a", "/fetch/2/tmdb:603"), 1);
    service_pass_time(61000);
    service_answer(service, "script_a", FETCH, ANSWER);
    assert_shows(service, "tmdb:603", "The Matrix");
    assert_int_equal(service_asked(service, "script_a", FETCH), 2);
}

static void what_came_meanwhile_is_shown_whoever_denied_it(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    assert_int_equal(ask(service, "tmdb:603", &item), PROVIDER_ENOTFOUND);
    take(service, MATRIX);
    assert_shows(service, "tmdb:603", "The Matrix");
}

static void a_failure_is_no_denial(void **state)
{
    static const int failures[] = { PROVIDER_EUPSTREAM, PROVIDER_ENOTSUP, PROVIDER_EBUSY };
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
        service_fail(service, "script_a", FETCH, failures[i]);
        service_fail(service, "script_b", FETCH, failures[i]);
        for (int j = 0; j < 2; j++)
            assert_true(ask(service, "tmdb:603", &item) < 0);
    }
    assert_int_equal(service_asked(service, "script_a", FETCH), 6);
}

static void what_is_no_id_and_a_number_nobody_has_are_refused(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    static const char *const wrong[] = { "the matrix", "", "0", "-1", "tmdb:", "imdb:603", ":" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(ask(service, wrong[i], &item), PROVIDER_EINVAL);
    assert_int_equal(ask(service, "4711", &item), PROVIDER_ENOTFOUND);
}

static void an_item_of_another_kind_is_not_found(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    CLEANUP(mem_free) char *id = mem_format("%u", take(service, MATRIX));
    struct catalog_ask as_show = { .id_text = id, .kind = PROVIDER_TVSHOW };
    assert_int_equal(ask_with(service, &as_show, &item, NULL), PROVIDER_ENOTFOUND);
}

static void who_waits_too_long_is_told_and_the_fetch_goes_on(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    service_hold(service, "script_a", FETCH, ANSWER);
    struct catalog_ask hasty = { .id_text = "tmdb:603", .deadline_ms = clock_steady_ms() + 20 };
    assert_int_equal(ask_with(service, &hasty, &item, NULL), PROVIDER_ETIME);
    assert_true(service_wait_asked(service, "script_a", FETCH, 1));
    service_release(service, "script_a", FETCH);
    assert_shows(service, "tmdb:603", "The Matrix");
    assert_int_equal(service_asked(service, "script_a", FETCH), 1);
}

static void a_full_queue_is_busy_while_what_is_known_is_shown(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    uint32_t id = take(service, "{\"ids\":{\"tmdb\":1},\"title\":\"Known\"}");
    CLEANUP(mem_free) char *known = mem_format("%u", id);
    for (unsigned i = 0; i < 10; i++) {
        char path[40], external[24];
        snprintf(path, sizeof path, "/fetch/1/tmdb:%u", 100 + i);
        snprintf(external, sizeof external, "tmdb:%u", 100 + i);
        service_hold(service, "script_a", path, "F -2 no\n");
        struct catalog_ask hasty = { .id_text = external, .deadline_ms = clock_steady_ms() + 1 };
        assert_int_equal(ask_with(service, &hasty, &item, NULL), PROVIDER_ETIME);
        if (i < 2)
            assert_true(service_wait_asked(service, "script_a", path, 1));
    }
    assert_int_equal(ask(service, "tmdb:603", &item), PROVIDER_EBUSY);
    assert_shows(service, known, "Known");
}

static void a_title_is_completed_when_somebody_opens_it(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0,
                               "{\"ids\":{\"tmdb\":603},\"kind\":\"movie\",\"title\":\"M\"}");
    CLEANUP(mem_free) char *text = mem_format("%u", id);
    service_fail(service, "script_a", FETCH, PROVIDER_EUPSTREAM);
    assert_shows(service, text, "M");
    service_answer(service, "script_a", FETCH, ANSWER);
    assert_shows(service, text, "The Matrix");
    assert_shows(service, text, "The Matrix");
    assert_int_equal(service_asked(service, "script_a", FETCH), 2);
}

static void what_was_only_named_so_far_is_fetched(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, PROVIDER_CHANGED, "{\"ids\":{\"tmdb\":603}}");
    service_answer(service, "script_a", FETCH, ANSWER);
    assert_shows(service, "tmdb:603", "The Matrix");
}

static void a_stale_copy_is_shown_when_the_upstream_is_down(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item fresh = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item stale = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item again = { 0 };
    take(service, MATRIX);
    assert_int_equal(ask(service, "tmdb:603", &fresh), 0);
    assert_false(fresh.stale);
    assert_true(fresh.fresh_s > 3500);
    service_pass_time(2 * 3600 * 1000);
    service_fail(service, "script_a", AGAIN, PROVIDER_EUPSTREAM);
    assert_int_equal(ask(service, "tmdb:603", &stale), 0);
    assert_true(stale.stale);
    assert_int_equal(stale.fresh_s, 0);
    assert_string_equal(stale.etag, fresh.etag);
    service_answer(service, "script_a", AGAIN, ANSWER);
    assert_int_equal(ask(service, "tmdb:603", &again), 0);
    assert_false(again.stale);
    assert_string_equal(again.etag, fresh.etag);
}

/* Whoever opens something expired while the upstream hangs does not wait once others have. */
static void behind_a_fetch_that_lags_a_stale_copy_is_shown_at_once(void **state)
{
    struct service *service = *state;
    struct reader first = { .service = service };
    CLEANUP(catalog_item_done) struct catalog_item same = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item other = { 0 };
    take(service, MATRIX);
    take(service, "{\"ids\":{\"tmdb\":604,\"imdb\":\"tt0234215\"},\"title\":\"Reloaded\"}");
    service_pass_time(2 * 3600 * 1000);
    service_hold(service, "script_a", AGAIN, ANSWER);
    service_hold(service, "script_a", "/fetch/1/imdb:tt0234215", "F -2 no\n");
    pthread_t thread = lock_thread_start("reader", read_one, &first);
    assert_true(service_wait_asked(service, "script_a", AGAIN, 1));
    service_pass_time(1500);
    assert_int_equal(ask(service, "tmdb:603", &same), 0);
    assert_true(same.stale);
    assert_int_equal(ask(service, "tmdb:604", &other), 0);
    assert_true(other.stale);
    service_release(service, "script_a", "/fetch/1/imdb:tt0234215");
    service_release(service, "script_a", AGAIN);
    pthread_join(thread, NULL);
    assert_int_equal(first.result, 0);
}

static void a_merged_id_says_where_it_went(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    uint32_t one = take(service, "{\"ids\":{\"tmdb\":603},\"title\":\"A\"}");
    uint32_t other = service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"imdb\":\"tt0133093\"},\"title\":\"B\"}");
    take(service, MATRIX);
    CLEANUP(mem_free) char *loser = mem_format("%u", other);
    assert_int_equal(ask(service, loser, &item), 0);
    assert_int_equal(item.moved_to, one);
    assert_int_equal(item.json.len, 0);
    assert_shows(service, "tt0133093", "The Matrix");
}

/* The fetch that somebody's look causes may be what ties two items. */
static void an_item_may_move_while_it_is_looked_at(void **state)
{
    struct service *service = *state;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    uint32_t one = service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                "{\"ids\":{\"imdb\":\"tt0133093\"},\"title\":\"B\"}");
    uint32_t other = service_take(service, "script_a", PROVIDER_TITLE, 0,
                                  "{\"ids\":{\"tmdb\":603},\"kind\":\"movie\",\"title\":\"M\"}");
    service_answer(service, "script_a", FETCH, ANSWER);
    CLEANUP(mem_free) char *text = mem_format("%u", other);
    assert_int_equal(ask(service, text, &item), 0);
    assert_int_equal(item.moved_to, one);
}

static void the_entity_tag_differs_by_language_and_provenance(void **state)
{
    struct service *service = *state;
    const struct language_wish german = { .tags = { "de" }, .n_tags = 1 };
    take(service, MATRIX);
    CLEANUP(catalog_item_done) struct catalog_item in_english = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item in_german = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item with_provenance = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item unmodified = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item modified = { 0 };
    struct catalog_ask ask = { .id_text = "tmdb:603" };
    assert_int_equal(ask_with(service, &ask, &in_english, NULL), 0);
    ask.wish = &german;
    assert_int_equal(ask_with(service, &ask, &in_german, NULL), 0);
    ask.wish = &english;
    ask.provenance = true;
    assert_int_equal(ask_with(service, &ask, &with_provenance, NULL), 0);
    assert_string_not_equal(in_english.etag, in_german.etag);
    assert_string_not_equal(in_english.etag, with_provenance.etag);
    assert_non_null(strstr(with_provenance.json.bytes, "\"provenance\":{\"script_a\""));
    assert_null(strstr(in_english.json.bytes, "provenance"));
    ask.provenance = false;
    ask.if_none_match = in_english.etag;
    assert_int_equal(ask_with(service, &ask, &unmodified, NULL), 0);
    assert_true(unmodified.not_modified);
    assert_int_equal(unmodified.json.len, 0);
    take(service, "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix\"}");
    assert_int_equal(ask_with(service, &ask, &modified, NULL), 0);
    assert_false(modified.not_modified);
    assert_string_not_equal(modified.etag, in_english.etag);
}

static void wait_for_index(struct service *service)
{
    assert_true(
        index_wait(service->index, store_revision(service->store), clock_steady_ms() + 10000));
}

static void a_list_shows_cards_pages_and_facets(void **state)
{
    struct service *service = *state;
    for (int i = 1; i <= 5; i++) {
        CLEANUP(mem_free)
        char *json = mem_format("{\"ids\":{\"tmdb\":%d},\"title\":\"F%d\",\"popularity\":%d,"
                                "\"genres\":[\"drama\"],\"release_date\":\"19%d0-01-01\"}",
                                i, i, i, 4 + i);
        take(service, json);
    }
    wait_for_index(service);
    struct filter filter = { .kind = PROVIDER_MOVIE,
                             .facets = FILTER_FACET_GENRE | FILTER_FACET_YEAR };
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    assert_int_equal(catalog_list(service->catalog, &filter, &english, 2, 2, &page, NULL), 0);
    assert_int_equal(page.total, 5);
    json_auto_t *results = json_loadb(page.results.bytes, page.results.len, 0, NULL);
    assert_int_equal(json_array_size(results), 2);
    assert_string_equal(js_string(json_array_get(results, 0), "title"), "F3");
    json_auto_t *facets = json_loadb(page.facets.bytes, page.facets.len, 0, NULL);
    const json_t *genre = json_array_get(js_array(facets, "genre"), 0);
    assert_string_equal(js_string(genre, "value"), "drama");
    assert_int_equal(js_int(genre, "count", 0), 5);
    CLEANUP(catalog_page_done) struct catalog_page beyond = { 0 };
    assert_int_equal(catalog_list(service->catalog, &filter, &english, 9999999, 100, &beyond, NULL),
                     0);
    assert_string_equal(beyond.results.bytes, "[]");
    assert_int_equal(beyond.total, 5);
}

static void similar_ones_are_those_recommended_then_those_of_the_same_genres(void **state)
{
    struct service *service = *state;
    uint32_t self = take(service, "{\"ids\":{\"tmdb\":1},\"title\":\"Self\",\"genres\":[\"drama\"],"
                                  "\"recommendations\":[{\"ids\":{\"tmdb\":3},\"title\":\"T\"},"
                                  "{\"ids\":{\"tmdb\":4},\"title\":\"Only named\"},"
                                  "{\"ids\":{\"tmdb\":99},\"title\":\"Unknown\"}]}");
    take(service, "{\"ids\":{\"tmdb\":2},\"title\":\"Genre\",\"genres\":[\"drama\"]}");
    take(service, "{\"ids\":{\"tmdb\":3},\"title\":\"Third\",\"genres\":[\"comedy\"]}");
    service_take(service, "script_a", PROVIDER_MOVIE, PROVIDER_CHANGED, "{\"ids\":{\"tmdb\":4}}");
    take(service, "{\"ids\":{\"tmdb\":5},\"title\":\"Neither\",\"genres\":[\"comedy\"]}");
    wait_for_index(service);
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    assert_int_equal(
        catalog_similar(service->catalog, PROVIDER_MOVIE, self, &english, 1, 20, &page, NULL), 0);
    json_auto_t *results = json_loadb(page.results.bytes, page.results.len, 0, NULL);
    assert_int_equal(page.total, 2);
    assert_int_equal(json_array_size(results), 2);
    assert_string_equal(js_string(json_array_get(results, 0), "title"), "Third");
    assert_string_equal(js_string(json_array_get(results, 1), "title"), "Genre");
    CLEANUP(catalog_page_done) struct catalog_page none = { 0 };
    assert_int_equal(
        catalog_similar(service->catalog, PROVIDER_MOVIE, 4711, &english, 1, 20, &none, NULL),
        PROVIDER_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(an_unknown_id_is_fetched_once_for_many_waiters),
        SERVED(the_next_provider_is_asked_when_the_first_does_not_know),
        SERVED(nobody_knows_it_and_nobody_answers_are_told_apart),
        SERVED(what_nobody_knew_is_not_asked_for_again_at_once),
        SERVED(what_came_meanwhile_is_shown_whoever_denied_it),
        SERVED(a_failure_is_no_denial),
        SERVED(what_is_no_id_and_a_number_nobody_has_are_refused),
        SERVED(an_item_of_another_kind_is_not_found),
        SERVED(who_waits_too_long_is_told_and_the_fetch_goes_on),
        SERVED(a_full_queue_is_busy_while_what_is_known_is_shown),
        SERVED(a_title_is_completed_when_somebody_opens_it),
        SERVED(what_was_only_named_so_far_is_fetched),
        SERVED(a_stale_copy_is_shown_when_the_upstream_is_down),
        SERVED(behind_a_fetch_that_lags_a_stale_copy_is_shown_at_once),
        SERVED(a_merged_id_says_where_it_went),
        SERVED(an_item_may_move_while_it_is_looked_at),
        SERVED(the_entity_tag_differs_by_language_and_provenance),
        SERVED(a_list_shows_cards_pages_and_facets),
        SERVED(similar_ones_are_those_recommended_then_those_of_the_same_genres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
