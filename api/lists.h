/* SPDX-License-Identifier: MIT
 *
 * What lists and searches share: filters from the query, pages of cards into a reply. */
#pragma once

#include "reply.h"
#include "service/catalog.h"

/* Takes every filter of the query; the values the router let pass may still be wrong for
 * media/filter, which says why. */
bool lists_filter(const struct request *request, struct filter *filter, struct problem *problem);

/* The page with its facets and `members` (may be NULL). */
void lists_reply(const struct request *request, struct reply *reply,
                 const struct catalog_page *page, const char *members);
