/* SPDX-License-Identifier: MIT
 *
 * What pages of cards are made of, for the services of this folder.  Any thread. */
#pragma once

#include "service/catalog.h"

struct index_page;

/* Appends one card (and a comma before all but the first) to a JSON array that has been begun;
 * `extra` as in card_render().  False when the item is gone meanwhile. */
bool pages_add_card(struct catalog *catalog, uint32_t id, const struct language_wish *wish,
                    const char *extra, struct text *out);

/* The facets as a JSON object; nothing when none were asked for. */
void pages_write_facets(const struct index_page *found, struct text *out);
