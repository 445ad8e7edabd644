/* SPDX-License-Identifier: MIT
 *
 * Who may do what: tokens and scopes. */
#include "api_test.h"

#include <string.h>

#include "base/json.h"
#include "raw.h"

static void nothing_is_shown_without_a_token(void **state)
{
    struct house *house = *state;
    static const char *const targets[] = { "/api/movies",    "/api/movies/1", "/api/movies/999999",
                                           "/api/providers", "/api/status",   "/metrics",
                                           "/api/events",    "/api/me",       "/api/jobs/1" };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        assert_int_equal(ask(house, "GET", targets[i], NULL, NULL, &answer), 401);
        assert_non_null(strstr(raw_header(answer.bytes, "WWW-Authenticate"), "Bearer"));
        assert_problem(&answer, 401, "unauthorized");
        assert_int_equal(ask(house, "GET", targets[i], "mfx_wrong", NULL, &answer), 401);
        assert_problem(&answer, 401, "invalid_token");
    }
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(house, "GET", "/api/health", NULL, NULL, &answer), 200);
    assert_int_equal(ask(house, "GET", "/api/openapi.json", NULL, NULL, &answer), 200);
    assert_int_equal(
        ask(house, "GET", "/api/movies", NULL, "Authorization: Basic YTpi\r\n", &answer), 401);
}

static void a_scope_is_not_more_than_itself(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(send_json(house, "POST", "/api/movies/sync", house->reader, "{}", &answer),
                     403);
    assert_problem(&answer, 403, "denied");
    assert_int_equal(
        send_json(house, "POST", "/api/providers/x/reset", house->writer, "{}", &answer), 403);
    assert_int_equal(
        send_json(house, "PUT", "/api/providers/x", house->writer, "{\"enabled\":true}", &answer),
        403);
    assert_int_equal(
        send_json(house, "PUT", "/api/providers/x", house->admin, "{\"enabled\":true}", &answer),
        404);
}

static void tokens_are_made_listed_and_revoked(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(send_json(house, "POST", "/api/me/tokens", house->writer,
                               "{\"label\":\"phone\",\"scopes\":[\"read\"]}", &answer),
                     201);
    json_auto_t *made = body_of(&answer);
    const char *token = js_string(made, "token");
    assert_int_equal(strlen(token), 47);
    assert_int_equal(ask(house, "GET", "/api/me", token, NULL, &answer), 200);
    json_auto_t *me = body_of(&answer);
    assert_string_equal(js_string(me, "user"), "walter");
    assert_int_equal(ask(house, "GET", "/api/me/tokens", token, NULL, &answer), 200);
    assert_null(strstr(answer.bytes, token));
    assert_non_null(strstr(answer.bytes, "phone"));
    CLEANUP(mem_free)
    char *target = mem_format("/api/me/tokens/%lld", (long long)js_int(made, "id", 0));
    assert_int_equal(ask(house, "DELETE", target, house->admin, NULL, &answer), 404);
    assert_int_equal(ask(house, "DELETE", target, house->writer, NULL, &answer), 204);
    assert_int_equal(ask(house, "GET", "/api/me", token, NULL, &answer), 401);
}

static void a_token_cannot_grow(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(send_json(house, "POST", "/api/me/tokens", house->writer,
                               "{\"scopes\":[\"read\",\"admin\"]}", &answer),
                     403);
    static const char *const wrong[] = { "{\"scopes\":[\"root\"]}",
                                         "{\"scopes\":[]}",
                                         "{\"scopes\":\"read\"}",
                                         "{\"label\":7}",
                                         "{\"expires_at\":\"2001-01-01T00:00:00Z\"}",
                                         "{\"user\":\"ada\"}" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        int status = send_json(house, "POST", "/api/me/tokens", house->writer, wrong[i], &answer);
        if (status != 400)
            fail_msg("%s: %d", wrong[i], status);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nothing_is_shown_without_a_token),
    cmocka_unit_test(a_scope_is_not_more_than_itself),
    cmocka_unit_test(tokens_are_made_listed_and_revoked),
    cmocka_unit_test(a_token_cannot_grow),
};

const struct test_part api_rights_part = TEST_PART(tests);
