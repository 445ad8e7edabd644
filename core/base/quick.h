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

/* Leaves out what nobody looks at, which costs no memory; what it is is checked all the same.  Each
 * list of `unread` is the name of a member, and then names of members of the objects that this is,
 * or that the arrays hold which it is.  All lists end with NULL, and so do the names of each.  A
 * hint: Jansson does not know it. */
json_t *quick_read_without(const char *bytes, size_t len, const char *const *const *unread);
