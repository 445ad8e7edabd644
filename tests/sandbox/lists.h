/* SPDX-License-Identifier: MIT
 *
 * The lists that people keep at TMDB, from data/lists.json, and what tests do to them.  An item is
 * "movie:19" or "tv:900001001".  Any thread; the lists lock themselves. */
#pragma once

#include <jansson.h>

#include "film.h"

struct lists;
struct lists *lists_new(struct error *err);
void lists_free(struct lists *lists);
DEFINE_CLEANUP(struct lists *, lists_free);

/* A list in the form of data/README, a new reference of the caller's own; NULL: there is none. */
json_t *lists_copy(struct lists *lists, int64_t id);

/* {"id": 9001, "add": ["movie:19"], "remove": ["tv:..."], "public": false, "name": "...",
 * "comments": {...}, "delete": true}: makes the list when there is none. */
int lists_direct(struct lists *lists, const json_t *json, struct error *err);

/* False: it is no item. */
bool lists_item_parse(const char *item, bool *out_is_show, int64_t *out_id);
