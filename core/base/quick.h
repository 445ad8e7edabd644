/* SPDX-License-Identifier: MIT
 *
 * JSON as it is written nearly always, read several times faster than Jansson reads it, which is a
 * large part of what a fetch costs.  What it reads is the tree that Jansson makes of the same
 * bytes; what is unusual or wrong it leaves to Jansson.  Plugins have it compiled in through
 * plugins/common.  Any thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Arrays and objects inside each other.  No document, record or upstream's answer has a tenth of
 * it. */
enum { QUICK_MAX_DEPTH = 64 };

/* One object or array, a new reference; NULL: ask Jansson. */
json_t *quick_read(const char *bytes, size_t len);

/* Leaves out what nobody looks at, which costs no memory; what it is is checked all the same.  Each
 * list of `unread` is the name of a member, and then names of members of the objects that this is,
 * or that the arrays hold which it is.  All lists end with NULL, and so do the names of each.  A
 * hint: Jansson does not know it. */
json_t *quick_read_without(const char *bytes, size_t len, const char *const *const *unread);

/* Whether it nests deeper, right or wrong as it may be.  Jansson recurses once for each level and
 * allows 2048, which is more than the stack of an HTTP thread: what this says is not given to
 * Jansson. */
bool quick_is_deep(const char *bytes, size_t len);
