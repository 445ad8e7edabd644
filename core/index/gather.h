/* SPDX-License-Identifier: MIT
 *
 * The items that have one word of a query, in rising order: as a list or as a set, whichever is at
 * hand.  Plain value that borrows from the generation; one thread. */
#pragma once

#include "index/words.h"

struct gather {
    const uint32_t *list; /* NULL: the set */
    size_t n, at;
    const uint64_t *set;
    uint64_t *owned; /* what either of them stands in, when it is not the generation's */
};

/* What the generation has ready; false when the items of several terms must be united. */
bool gather_ready(const struct generation *generation, const struct words_one *word,
                  struct gather *out);
void gather_unite(const struct generation *generation, const struct words_one *word,
                  struct gather *out);
void gather_done(struct gather *gather);

bool gather_list_has(struct gather *gather, uint32_t ordinal);

/* Whether the item is among them; ordinals must be asked for in rising order. */
static inline bool gather_has(struct gather *gather, uint32_t ordinal)
{
    return gather->set ? bits_has(gather->set, ordinal) : gather_list_has(gather, ordinal);
}
