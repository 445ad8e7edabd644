/* SPDX-License-Identifier: MIT
 *
 * Changes by who has seen what they change, and locked fields. */
#include "api_test.h"

#include <string.h>

#include "base/json.h"
#include "base/lock.h"
#include "raw.h"

static void if_match_guards_changes(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(
        ask(house, "DELETE", "/api/me/tokens/1", house->writer, "If-Match: \"x\"\r\n", &answer),
        412);
    assert_problem(&answer, 412, "precondition_failed");
}

static int change_locks(struct house *house, unsigned movie, const char *headers, const char *json,
                        struct text *answer)
{
    CLEANUP(text_done) struct text request = TEXT_INIT(4000);
    text_add_format(&request,
                    "PUT /api/movies/%u/locks HTTP/1.1\r\nHost: x\r\n"
                    "Authorization: Bearer %s\r\n%sContent-Type: application/json\r\n"
                    "Content-Length: %zu\r\n\r\n%s",
                    movie, house->admin, headers, strlen(json), json);
    text_clear(answer);
    return raw_ask(house->port, text_string(&request), answer);
}

static void locks_are_changed_by_who_has_seen_them(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(house, "GET", "/api/movies/1/locks", house->reader, NULL, &answer), 200);
    CLEANUP(mem_free)
    char *tag = mem_format("If-Match: %s\r\n", raw_header(answer.bytes, "ETag"));
    assert_int_equal(change_locks(house, 1, tag, "{\"locks\":{\"runtime\":7}}", &answer), 200);
    json_auto_t *body = body_of(&answer);
    assert_int_equal(js_int(js_object(body, "locks"), "runtime", 0), 7);
    assert_int_equal(change_locks(house, 1, tag, "{\"locks\":{\"runtime\":8}}", &answer), 412);
    assert_int_equal(change_locks(house, 1, "", "{\"locks\":{\"runtime\":null}}", &answer), 200);
}

enum { COUNTERS = 4, COUNTS = 10 };

/* Adds one as long as somebody else was faster; 0: it could not. */
static int add_one(struct house *house)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    int status = 412;
    while (status == 412) {
        status = ask(house, "GET", "/api/movies/2/locks", house->reader, NULL, &answer);
        json_auto_t *body =
            status == 200 ? json_loads(raw_body(text_string(&answer)), 0, NULL) : NULL;
        CLEANUP(mem_free)
        char *json = mem_format("{\"locks\":{\"runtime\":%lld}}",
                                (long long)js_int(js_object(body, "locks"), "runtime", 0) + 1);
        CLEANUP(mem_free)
        char *headers = mem_format("If-Match: %s\r\n", raw_header(answer.bytes, "ETag"));
        if (status == 200)
            status = change_locks(house, 2, headers, json, &answer);
    }
    return status == 200;
}

struct counter {
    struct house *house;
    pthread_t thread;
    int done;
};

static void *count_up(void *argument)
{
    struct counter *counter = argument;
    for (int i = 0; i < COUNTS; i++)
        counter->done += add_one(counter->house);
    return NULL;
}

static void of_two_who_have_seen_the_same_one_changes_it(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    struct counter counters[COUNTERS];
    for (size_t i = 0; i < COUNTERS; i++) {
        counters[i] = (struct counter){ .house = house };
        counters[i].thread = lock_thread_start("counter", count_up, &counters[i]);
    }
    for (size_t i = 0; i < COUNTERS; i++) {
        pthread_join(counters[i].thread, NULL);
        assert_int_equal(counters[i].done, COUNTS);
    }
    assert_int_equal(ask(house, "GET", "/api/movies/2/locks", house->reader, NULL, &answer), 200);
    json_auto_t *body = body_of(&answer);
    assert_int_equal(js_int(js_object(body, "locks"), "runtime", 0), COUNTERS * COUNTS);
}

static void a_lock_that_cannot_be_is_refused_by_its_path(void **state)
{
    static const struct {
        const char *body, *field;
        int status;
    } rows[] = {
        { "{\"locks\":{\"title\":{\"de\":7}}}", "title.de", 422 },
        { "{\"keep\":[\"ids\"]}", "keep[0]", 422 },
        { "{\"locks\":[]}", "locks", 400 },
        { "{\"keep\":\"title\"}", "keep", 400 },
        { "{\"title\":\"A\"}", "title", 400 },
    };
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(change_locks(house, 1, "", rows[i].body, &answer), rows[i].status);
        json_auto_t *problem = body_of(&answer);
        const json_t *first = json_array_get(js_array(problem, "errors"), 0);
        assert_string_equal(js_string(first, "field"), rows[i].field);
    }
    assert_int_equal(ask(house, "GET", "/api/movies/999999/locks", house->reader, NULL, &answer),
                     404);
    assert_int_equal(ask(house, "GET", "/api/tvshows/1/locks", house->reader, NULL, &answer), 404);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(if_match_guards_changes),
    cmocka_unit_test(locks_are_changed_by_who_has_seen_them),
    cmocka_unit_test(of_two_who_have_seen_the_same_one_changes_it),
    cmocka_unit_test(a_lock_that_cannot_be_is_refused_by_its_path),
};

const struct test_part api_locks_part = TEST_PART(tests);
