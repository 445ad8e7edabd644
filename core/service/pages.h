/* SPDX-License-Identifier: MIT
 *
 * What pages of cards are made of, for the services of this folder.  Any thread. */
#pragma once

#include "service/catalog.h"

struct answer;
struct index_page;

/* A rendered card but for its closing brace, from the kept ones or made; and of a search the title
 * that matched, as a JSON string. */
struct pages_card {
    struct answer *kept;
    struct text made;
    const char *json, *title;
    size_t len, title_len;
};
enum { PAGES_NO_TITLE = UINT16_MAX };

/* False when the item is gone meanwhile.  `title`: see struct index_hit, or PAGES_NO_TITLE. */
bool pages_card_get(struct catalog *catalog, uint32_t id, uint16_t title,
                    const struct language_wish *wish, struct pages_card *out);
void pages_card_done(struct pages_card *card);
DEFINE_CLEANUP_VALUE(struct pages_card, pages_card_done);

/* Appends one card (and a comma before all but the first) to a JSON array that has been begun;
 * false when the item is gone meanwhile. */
bool pages_add_card(struct catalog *catalog, uint32_t id, const struct language_wish *wish,
                    struct text *out);

/* The facets as a JSON object; nothing when none were asked for. */
void pages_write_facets(const struct index_page *found, struct text *out);
