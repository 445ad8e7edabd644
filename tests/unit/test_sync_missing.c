/* SPDX-License-Identifier: MIT
 *
 * Who is missing at a provider: merged into another, gone, or just not asked. */
#include "sync_test.h"

#include <jansson.h>

#include "store/heads.h"
#include "store/ids.h"
#include "store/records.h"
#include "sync/sync_inside.h"

static void who_has_no_list_of_everything_is_passed_over(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    service_answer(service, "script_a", "/sync/export:movies/-", "F -3 there is no such scope\n");
    service_answer(service, "script_b", "/sync/export:movies/-", TITLE(5, 3) "C list 1\n");
    service_answer(service, "script_b", "/fetch/1/tmdb:5", WHOLE(5));
    assert_int_equal(sync_start(sync, "export:movies", false, NULL, &id, &joined, NULL), 0);
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "done");
    assert_int_not_equal(service_find(service, "tmdb:5"), 0);
}

static void a_list_that_breaks_off_says_nothing_about_who_is_missing(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    struct record_header head = { 0 };
    uint32_t id, item = service_take(service, "script_a", PROVIDER_MOVIE, 0,
                                     "{\"ids\":{\"script_a\":\"7\"},\"title\":\"Seven\"}");
    bool joined;
    static const char *const answers[] = { "F -6 the line broke\n", "", "C end\n" };
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        service_answer(service, "script_a", "/sync/export:movies/-", answers[i]);
        assert_int_equal(sync_start(sync, "export:movies", false, only_a, &id, &joined, NULL), 0);
        json_auto_t *job = service_wait_job(service, id);
        assert_state(job, i ? "done" : "failed");
        assert_int_equal(heads_get(service->store, item, "script_a", &head, NULL), 0);
        assert_int_equal(head.missing_since_ms != 0, i == 2);
    }
}

#define NEW(more) "D 1 0 {\"ids\":{\"script_a\":\"2\"" more "},\"title\":\"New\"}\n"

/* script_a no longer knows its entry 1, which IMDb calls tt0000011. */
static uint32_t lose_entry(struct service *service, struct sync *sync)
{
    uint32_t old =
        service_take(service, "script_a", PROVIDER_MOVIE, 0,
                     "{\"ids\":{\"script_a\":\"1\",\"imdb\":\"tt0000011\"},\"title\":\"Old\"}");
    service_fail(service, "script_a", "/fetch/1/script_a:1", PROVIDER_ENOTFOUND);
    service_answer(service, "script_a", "/sync/movies/-", "D 1 2 {\"ids\":{\"script_a\":\"1\"}}\n");
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "done");
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/imdb:tt0000011"), 1);
    return old;
}

static void who_was_merged_into_an_item_we_have_becomes_one_with_it(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"script_a\":\"2\"},\"title\":\"New\"}");
    service_answer(service, "script_a", "/fetch/1/imdb:tt0000011", NEW(""));
    uint32_t old = lose_entry(service, sync), survivor = 0;
    uint32_t now = service_find(service, "script_a:2");
    assert_int_equal(redirects_find(service->store, old, &survivor, NULL), 0);
    assert_int_equal(survivor, now);
    assert_int_equal(service_find(service, "script_a:1"), now);
}

static void who_was_merged_into_something_new_keeps_both_ids(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_answer(service, "script_a", "/fetch/1/imdb:tt0000011", NEW(",\"imdb\":\"tt0000011\""));
    uint32_t old = lose_entry(service, sync);
    assert_int_equal(service_find(service, "script_a:1"), old);
    assert_int_equal(service_find(service, "script_a:2"), old);
}

static void who_is_nowhere_else_is_gone(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    struct record_header head = { 0 };
    service_fail(service, "script_a", "/fetch/1/imdb:tt0000011", PROVIDER_ENOTFOUND);
    uint32_t old = lose_entry(service, sync);
    assert_int_equal(heads_get(service->store, old, "script_a", &head, NULL), 0);
    assert_int_not_equal(head.gone_since_ms, 0);
    assert_int_not_equal(head.due_at_ms, 0);
}

static void a_sick_upstream_is_no_merge(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    service_fail(service, "script_a", "/fetch/1/imdb:tt0000011", PROVIDER_EPARSE);
    uint32_t old = lose_entry(service, sync);
    assert_int_equal(service_find(service, "script_a:1"), old);
}

static const struct CMUnitTest tests[] = {
    SERVED(who_has_no_list_of_everything_is_passed_over),
    SERVED(who_was_merged_into_an_item_we_have_becomes_one_with_it),
    SERVED(who_was_merged_into_something_new_keeps_both_ids),
    SERVED(who_is_nowhere_else_is_gone),
    SERVED(a_sick_upstream_is_no_merge),
    SERVED(a_list_that_breaks_off_says_nothing_about_who_is_missing),
};

const struct test_part sync_missing_part = TEST_PART(tests);
