/* SPDX-License-Identifier: MIT
 *
 * Requests to a house, and their answers taken apart. */
#pragma once

#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "house.h"
#include "raw.h"

#include "../parts.h"

/* One request with a token and more header lines; the answer's status. */
static inline int ask(struct house *house, const char *method, const char *target,
                      const char *token, const char *more, struct text *answer)
{
    CLEANUP(mem_free)
    char *request = mem_format("%s %s HTTP/1.1\r\nHost: x\r\n%s%s%s%s\r\n", method, target,
                               token ? "Authorization: Bearer " : "", token ? token : "",
                               token ? "\r\n" : "", more ? more : "");
    text_clear(answer);
    return raw_ask(house->port, request, answer);
}

static inline int send_json(struct house *house, const char *method, const char *target,
                            const char *token, const char *json, struct text *answer)
{
    CLEANUP(mem_free)
    char *request = mem_format("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                               "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                               method, target, token, strlen(json), json);
    text_clear(answer);
    return raw_ask(house->port, request, answer);
}

static inline json_t *body_of(const struct text *answer)
{
    json_error_t err;
    json_t *body = json_loads(raw_body(text_string(answer)), 0, &err);
    if (!body)
        fail_msg("no JSON: %s", text_string(answer));
    return body;
}

static inline void assert_problem(const struct text *answer, int status, const char *code)
{
    json_auto_t *body = body_of(answer);
    assert_string_equal(raw_header(answer->bytes, "Content-Type"), "application/problem+json");
    assert_int_equal(js_int(body, "status", 0), status);
    assert_string_equal(js_string(body, "code"), code);
    assert_non_null(js_string(body, "title"));
    assert_non_null(js_string(body, "detail"));
}

extern const struct test_part api_rights_part;
extern const struct test_part api_locks_part;
