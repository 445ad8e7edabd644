/* SPDX-License-Identifier: MIT
 *
 * Sequences: the selected items of a generation in the order somebody asked for, and pages of two
 * of them taken together.  Pure; any thread. */
#pragma once

#include "index/select.h"

struct sequence {
    const struct generation *generation; /* NULL: empty */
    const struct select *select;
    enum filter_sort sort;
    bool ascending;
    uint64_t n;
    uint32_t *rows; /* ordinals in order; NULL: by popularity, straight from the bits */
    uint64_t known; /* how many of them are there: all, or as many as were asked for */
};

/* The first `most` of the selected.  Borrows both for its life. */
void sequence_make(const struct generation *generation, const struct select *select,
                   const struct filter *filter, uint64_t most, struct sequence *out);
void sequence_done(struct sequence *sequence);
DEFINE_CLEANUP_VALUE(struct sequence, sequence_done);

/* Ids of the merged order from `skip`; returns how many, at most `limit`. */
size_t sequence_page(const struct sequence *base, const struct sequence *delta, uint64_t skip,
                     uint32_t limit, uint32_t *out_ids);
