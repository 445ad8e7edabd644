/* SPDX-License-Identifier: MIT
 *
 * JSON as upstreams write it nearly always, read several times faster than Jansson reads it: a
 * large part of what a fetch costs.  What it reads is the tree that Jansson makes of the same
 * bytes; what is unusual or wrong it leaves to Jansson.  Any thread. */
#pragma once

#include <jansson.h>

/* One object or array, a new reference; NULL: ask Jansson. */
json_t *quick_read(const char *bytes, size_t len);
