/* SPDX-License-Identifier: MIT
 *
 * JSON that we wrote ourselves, looked through where it lies: which members an object has and where
 * their values begin and end, without a tree.  Names are compared as they are written.  Stays
 * inside the bytes, whatever they say.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan {
    const char *at, *end;
};

/* Steps into an object or array; false when it is neither. */
bool scan_enter(struct scan *from);

/* The next element of an array, or member of an object; false at its end and where it breaks off.
 */
bool scan_element(struct scan *from, struct scan *out_value);
bool scan_member(struct scan *from, struct scan *out_name, struct scan *out_value);

/* The value of a member of the object `in`; false when there is none. */
bool scan_find(struct scan in, const char *name, struct scan *out_value);

bool scan_is(struct scan slice, const char *text);
bool scan_number(struct scan value, int64_t max, int64_t *out); /* from 0 to max */
