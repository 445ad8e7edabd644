/* SPDX-License-Identifier: MIT
 *
 * The one error value: no allocation, nothing to free.  Codes are those of <miauflix/provider.h>,
 * everywhere. A function that can fail returns 0 or a negative code and takes `struct error *err`
 * last; err may be NULL. Set once, where it happens; error_prefix() adds context on the way up. */
#pragma once

#include <miauflix/provider.h>

#include "base/cleanup.h"

struct error {
    int code; /* 0 or a PROVIDER_E value */
    char text[240];
};

/* Sets and returns `code`, so that both fit one statement.  What `err` said before may be among the
 * arguments. */
int error_set(struct error *err, int code, const char *fmt, ...) PRINTF(3, 4);
int error_vset(struct error *err, int code, const char *fmt, va_list args) PRINTF(3, 0);

/* "context: what it said before"; returns the code that was there.  Without an error to read it
 * from, PROVIDER_EIO: still a failure. */
int error_prefix(struct error *err, const char *fmt, ...) PRINTF(2, 3);

/* From errno, with its text: ENOSPC and EDQUOT become PROVIDER_EFULL, ENOENT PROVIDER_ENOTFOUND,
 * else PROVIDER_EIO. */
int error_errno(struct error *err, int errno_value, const char *fmt, ...) PRINTF(3, 4);

/* The code's lower-case name, "not_found"; what APIs and logs show. */
const char *error_code_name(int code);
