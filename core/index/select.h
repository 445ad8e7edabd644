/* SPDX-License-Identifier: MIT
 *
 * Selecting: which items of a generation a filter leaves, as one bit per ordinal, and how many of
 * them have which genre, year and quality.  Pure; any thread. */
#pragma once

#include "index/generation.h"
#include "index/index.h"

struct select {
    uint64_t *bits;
    size_t n_words;
    uint32_t n;     /* items of the generation */
    uint64_t count; /* bits set */
};

/* `dead` are ordinals to leave out (bits, NULL: none). */
void select_make(const struct generation *generation, const struct filter *filter,
                 const uint64_t *dead, struct select *out);
void select_done(struct select *select);
DEFINE_CLEANUP_VALUE(struct select, select_done);

bool select_judge(const struct card_facts *facts, const struct filter *filter);

static inline bool select_has(const struct select *select, uint32_t ordinal)
{
    return select->bits[ordinal / 64] >> (ordinal % 64) & 1;
}

/* Keeps only the bits that are also in `hits`. */
void select_intersect(struct select *select, const uint64_t *hits);

/* Counts by genre bit, year and quality bit, added to what is there. */
struct select_counts {
    uint32_t genres[64], years[512], qualities[4];
};
enum { SELECT_FIRST_YEAR = 1800 };
void select_count(const struct generation *generation, const struct select *select, uint32_t facets,
                  struct select_counts *counts);
