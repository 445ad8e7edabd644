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

/* Whether a title begins with the first word; who has none matches as RANK_WORDS at best. */
bool answer_begins(const struct generation *generation, const struct words *words,
                   uint32_t ordinal);

/* Of the score beside fame: what no item can have more of that matches like this at best, and whose
 * titles are at least so many words long. */
void answer_bounds(const struct generation *generation, const struct words *words,
                   enum rank_how at_best, double out[GENERATION_LENGTHS]);
