/* SPDX-License-Identifier: MIT
 *
 * What Jansson leaves to its users: reading members with a type, and parsing with limits.  (Its own
 * names begin with json_, so ours here begin with js_.)  Values of the wrong type count as absent.
 * Any thread, object not shared. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

/* Parses one JSON value of at most `limit` bytes and QUICK_MAX_DEPTH levels (base/quick.h), so that
 * whatever it reads, and every later walk over it, fits the small stack of an HTTP thread;
 * duplicate keys and trailing text are errors.  *out is a new reference. */
int js_parse(const char *bytes, size_t len, size_t limit, json_t **out, struct error *err);

/* Borrowed; NULL when absent, null, empty or not of that type. */
const char *js_string(const json_t *object, const char *key);
json_t *js_object(const json_t *object, const char *key);
json_t *js_array(const json_t *object, const char *key);

/* The fallback when absent or not a number. */
int64_t js_int(const json_t *object, const char *key, int64_t fallback);
double js_double(const json_t *object, const char *key, double fallback);
bool js_bool(const json_t *object, const char *key, bool fallback);

/* Sets object[key], taking `value`; NULL is left out, so that what is unknown is absent. */
void js_set(json_t *object, const char *key, json_t *value);
void js_set_string(json_t *object, const char *key,
                   const char *value); /* NULL and "" are left out */

/* Compact, keys in the order they were set; appended. */
bool js_write(const json_t *value, struct text *out);
