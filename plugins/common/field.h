/* SPDX-License-Identifier: MIT
 *
 * Members of a JSON object as an upstream sends them: absent, null, white space and a value of
 * another type all mean "unknown".  A NULL object has no members.  Results are borrowed.  Any
 * thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* One JSON object or array of at most 64 MiB; NULL when it is not one.  A new reference. */
json_t *field_parse(const char *bytes, size_t len);

/* The same; what `unread` lists as in base/quick may be missing. */
json_t *field_parse_without(const char *bytes, size_t len, const char *const *const *unread);

const char *field_string(const json_t *object, const char *key);
json_t *field_object(const json_t *object, const char *key);
json_t *field_array(const json_t *object, const char *key); /* NULL when empty, too */

/* False, leaving *out alone, when unknown or out of bounds.  7.0 is the integer 7. */
bool field_int(const json_t *object, const char *key, int64_t min, int64_t max, int64_t *out);
bool field_real(const json_t *object, const char *key, double min, double max, double *out);

/* 1, 0, or -1 for unknown. */
int field_bool(const json_t *object, const char *key);
