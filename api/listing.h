/* SPDX-License-Identifier: MIT
 *
 * What lists and searches share: filters from the query, pages of cards into a reply. */
#pragma once

#include "reply.h"
#include "service/catalog.h"

struct app;
struct conf;

/* Movies and TV shows differ in their path alone. */
uint32_t listing_kind(const struct request *request);

/* Takes every filter of the query; the values the router let pass may still be wrong for
 * media/filter, which says why; a list must be one the caller may see.  What is in the filter
 * already stays. */
bool listing_filter(struct app *app, const struct request *request, struct filter *filter,
                    struct problem *problem);

/* "order" turns what "sort" names: where neither "sort" is given nor a default can be turned round,
 * as on `what` ("a list", "a search"), it is refused by its name. */
bool listing_can_order(const struct request *request, const char *what, struct problem *problem);

/* The page with its facets and `members` (may be NULL). */
void listing_reply(const struct request *request, struct reply *reply,
                   const struct catalog_page *page, const char *members);

/* Lets the reply be kept, half a minute and never longer than the cache TTL of what it shows; any
 * change of the catalogue drops it sooner.  kind 0: all. */
void listing_keep(const struct conf *conf, uint32_t kind, struct reply *reply);

/* 308: the same path under the survivor's id, the query as it came.  `rest` is what follows the id
 * in the path, from its slash. */
void listing_redirect(const struct request *request, uint32_t id, const char *rest,
                      struct reply *reply);

/* The same, for whatever stands below the id in the path. */
void listing_redirect_below(const struct request *request, uint32_t id, struct reply *reply);

/* Language, age and what the ready answers need to know of an answer about an item. */
void listing_item_head(struct reply *reply, const struct catalog_item *item);
