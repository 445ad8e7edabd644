/* SPDX-License-Identifier: MIT
 *
 * How the titles of one item answer the words of a query.  Pure; any thread. */
#pragma once

#include "index/words.h"
#include "media/rank.h"

struct answer {
    struct rank_input input; /* without what is the item's own */
    double score;
    uint16_t title;
};

/* The best of the item's titles; false when none answers. */
bool answer_best(const struct generation *generation, const struct words *words, uint32_t ordinal,
                 struct answer *out);

/* Only whether one does. */
bool answer_any(const struct generation *generation, const struct words *words, uint32_t ordinal);

/* Of the score beside fame: what no item can have more of whose titles are at least so many words
 * long. */
void answer_bounds(const struct generation *generation, const struct words *words,
                   double out[GENERATION_LENGTHS]);
