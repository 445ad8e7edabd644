/* SPDX-License-Identifier: MIT
 *
 * Lists: those that a provider keeps are taken in whole, in its order; what they name and nobody
 * here knows yet is made an item and waits to be fetched.  An unchanged list changes nothing.  Any
 * thread. */
#pragma once

#include <jansson.h>

#include "service/catalog.h"
#include "store/lists.h"

/* "tmdb:top_rated": who keeps a list, and what it is called there. */
struct lists_source {
    char provider[RECORD_PROVIDER_LEN];
    char name[LIST_SOURCE_LEN];
};
bool lists_source_parse(const char *text, struct lists_source *out);

/* --- From a provider */

/* Makes the list of a source what `document` (as document_read() left it) says. */
int lists_take(struct catalog *catalog, const struct lists_source *source, const json_t *document,
               struct error *err);

/* The provider no longer has it: sighting one, or the one a day later that marks it.  Its items
 * stay. */
int lists_miss(struct catalog *catalog, const struct lists_source *source, struct error *err);

/* Makes the system's list of a source known before it was ever read; one that is known is left
 * alone. */
int lists_declare(struct catalog *catalog, const struct lists_source *source, struct error *err);

/* --- For readers */

/* What a path names: "7", or a source, "tmdb:top_rated".  PROVIDER_ENOTFOUND: there is none that
 * `user` ("": nobody) may see. */
int lists_find(struct catalog *catalog, const char *text, const char *user, struct list_row *out,
               struct error *err);

/* All that one may see; of these one's own, those of others that are not for everybody, and those
 * that are. */
enum lists_scope { LISTS_ALL, LISTS_MINE, LISTS_SHARED, LISTS_PUBLIC };

/* A page of the lists that `user` may see, as a JSON array. */
int lists_page(struct catalog *catalog, enum lists_scope scope, const char *user, uint32_t page,
               uint32_t limit, struct text *out_json, uint64_t *out_total, struct error *err);

/* One of them, as a JSON object. */
int lists_show(struct catalog *catalog, uint32_t id, struct text *out_json, struct error *err);

/* A page of its items as cards, each with its position, in the list's order unless the filter
 * names another; what the filter leaves out is not counted. */
int lists_items(struct catalog *catalog, const struct filter *filter,
                const struct language_wish *wish, uint32_t page, uint32_t limit,
                struct catalog_page *out, struct error *err);

int lists_delete(struct catalog *catalog, uint32_t id, struct error *err);
