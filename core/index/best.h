/* SPDX-License-Identifier: MIT
 *
 * The best hits of a search so far: a heap with the worst on top, so that it is the one to go.
 * Ties go to the item that is more popular.  One thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

struct best_hit {
    double score;
    uint32_t ordinal;
    uint16_t title; /* which of the item's titles matched best */
    uint8_t how;    /* enum index_how */
};

struct best {
    struct best_hit *hits;
    size_t n, capacity, most; /* never more than `most` are kept */
};

void best_keep(struct best *best, const struct best_hit *hit);

/* Best first, for reading; nothing can be kept any more. */
void best_sort(struct best *best);

/* Whether an item with at most this score, and less popular than all before, cannot be kept. */
static inline bool best_is_out_of_reach(const struct best *best, double score)
{
    return best->n == best->most && (!best->most || score <= best->hits[0].score);
}
