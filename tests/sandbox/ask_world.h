/* SPDX-License-Identifier: MIT
 *
 * One sandbox for all tests of a program, and what they ask of it.  After ../test.h. */
#pragma once

#include "ask.h"

static struct sandbox *sandbox;

static inline int start_with(uint32_t n_invented, uint32_t n_shows)
{
    sandbox = sandbox_with(n_invented, n_shows);
    return sandbox ? 0 : -1;
}

static inline int start(void **state)
{
    (void)state;
    return start_with(50, 300);
}

static inline int stop(void **state)
{
    (void)state;
    sandbox_free(sandbox);
    sandbox = NULL;
    return 0;
}

static inline json_t *get(const char *target)
{
    json_t *body = NULL;
    int status = ask(sandbox, target, &body);
    if (status != 200)
        print_message("# %s: %d\n", target, status);
    assert_int_equal(status, 200);
    return body;
}

static inline void assert_fails(const char *target, int status, int code)
{
    json_auto_t *body = NULL;
    assert_int_equal(ask(sandbox, target, &body), status);
    assert_int_equal(js_int(body, "status_code", 0), code);
    assert_false(js_bool(body, "success", true));
}

static inline const json_t *row_by_name(const json_t *rows, const char *name)
{
    size_t i;
    json_t *row;

    json_array_foreach ((json_t *)(uintptr_t)rows, i, row) {
        if (text_equal(js_string(row, "name"), name))
            return row;
    }
    return NULL;
}
