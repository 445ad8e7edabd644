/* SPDX-License-Identifier: MIT
 *
 * Writes JSON straight into a text, without building a tree first: that is what keeps the sandbox
 * faster than the daemon it feeds.  Commas appear by themselves.  `key` is NULL for the items of an
 * array.  Any thread, object not shared. */
#pragma once

#include "base/text.h"

void emit_begin(struct text *out, const char *key, char bracket);       /* '{' or '[' */
void emit_end(struct text *out, char bracket);                          /* '}' or ']' */
void emit_string(struct text *out, const char *key, const char *value); /* NULL becomes null */
void emit_format(struct text *out, const char *key, const char *fmt, ...) PRINTF(3, 4);
void emit_int(struct text *out, const char *key, int64_t value);
void emit_double(struct text *out, const char *key, double value); /* three decimals */
void emit_bool(struct text *out, const char *key, bool value);
void emit_null(struct text *out, const char *key);
