/* SPDX-License-Identifier: MIT
 *
 * What can be synchronised as a whole: movies and shows differ in names only.  Constant; any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tmdb/item.h"

struct scope_feed {
    const char *name, *path;
};

struct scope {
    const char *name; /* "movies" */
    const struct item_shape *shape;
    const char *changes;            /* path */
    const char *export;             /* its files are called that, _MM_DD_YYYY.json.gz behind */
    const char *fed_key;            /* where the day of the last feeds is kept */
    const struct scope_feed *feeds; /* ends with a NULL name */
};

/* NULL: there is none. */
const struct scope *scope_find(const char *name);

/* The path of a feed; NULL: there is none. */
const char *scope_feed_path(const struct scope *scope, const char *name, size_t len);
