/* SPDX-License-Identifier: MIT
 *
 * JSON as it is written nearly always, read several times faster than Jansson reads it, which is a
 * large part of what a fetch costs.  What it reads is the tree that Jansson makes of the same
 * bytes; what is unusual or wrong it leaves to Jansson.  Plugins have it compiled in through
 * plugins/common.  Any thread. */
#pragma once

#include <jansson.h>

/* One object or array, a new reference; NULL: ask Jansson. */
json_t *quick_read(const char *bytes, size_t len);

/* Members that nobody looks at: `names` of the objects that are, or that the arrays hold which are,
 * the member `of` another.  Both lists end with NULL. */
struct quick_unread {
    const char *of;
    const char *const *names;
};

/* Leaves those out, which costs no memory; what they are is checked all the same.  A hint: Jansson
 * does not know it. */
json_t *quick_read_without(const char *bytes, size_t len, const struct quick_unread *unread);
