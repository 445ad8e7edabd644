/* SPDX-License-Identifier: MIT
 *
 * One request over HTTP, for the programs that play the documentation against a running daemon.
 * One thread. */
#pragma once

#include "base/json.h"

struct ask {
    const char *method, *url;
    const char *const *headers; /* "Name: value"; ends with NULL */
    const char *body;           /* NULL: none */
};

struct ask_answer {
    long status;
    struct text head; /* lines "Name: value\r\n" */
    struct text body;
};

void ask_answer_done(struct ask_answer *answer);
DEFINE_CLEANUP_VALUE(struct ask_answer, ask_answer_done);

/* NULL, or why nobody answered. */
const char *ask_run(const struct ask *ask, struct ask_answer *out);
