/* SPDX-License-Identifier: MIT
 *
 * What went wrong, for the client: RFC 9457 problem details with our `code` and, for bad
 * parameters, `errors`.  The one table from error codes to HTTP is here.  Plain value; any thread.
 */
#pragma once

#include "base/text.h"

enum { PROBLEM_MAX_FIELDS = 8 };

struct problem {
    int status;
    char code[32]; /* "not_found"; stable, for programs */
    char detail[280];
    uint32_t retry_after_s; /* 0: none */
    uint32_t allow;         /* request.h methods, for 405 */
    size_t n_fields;
    struct problem_field {
        char field[48];
        char detail[200];
    } fields[PROBLEM_MAX_FIELDS];
};

/* Sets and returns false, so that both fit one statement. */
bool problem_set(struct problem *problem, int status, const char *code, const char *fmt, ...)
    PRINTF(4, 5);

/* 412: it is in another state than "If-Match" names.  Returns false. */
bool problem_precondition(struct problem *problem);

/* A 400 that names a parameter; several add up.  Returns false. */
bool problem_field(struct problem *problem, const char *field, const char *fmt, ...) PRINTF(3, 4);

/* From an error of a service.  What only the operator may see is logged and not shown. */
bool problem_from_error(struct problem *problem, const struct error *err);

/* The reason phrase of a status. */
const char *problem_title(int status);

/* The application/problem+json body. */
void problem_write(const struct problem *problem, struct text *out);
