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

/* No title of at least so many words can have a rank_match() above this. */
double answer_bound(const struct words *words, unsigned n_title_words);
