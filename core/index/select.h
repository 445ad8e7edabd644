/* SPDX-License-Identifier: MIT
 *
 * Selecting: which items of a generation a filter leaves, item by item or as one bit per ordinal,
 * and how many of them have which genre, year and quality.  Pure; any thread. */
#pragma once

#include "index/generation.h"
#include "index/index.h"

enum { SELECT_MAX_SETS = 96, SELECT_MAX_EITHER = 96, SELECT_MAX_EDGES = 8 };

/* Items between two rungs of a ladder must be looked at. */
struct select_edge {
    const uint64_t *above, *below; /* those of `above` that are not in `below` (NULL: none) */
    enum columns_number number;
    int32_t min, max; /* what they must have */
};

/* A filter worked out for one generation; plain value, borrows everything. */
struct select_plan {
    const struct generation *generation;
    const uint64_t *all[SELECT_MAX_SETS]; /* an item is in each of these */
    size_t n_all;
    const uint64_t *none[SELECT_MAX_EDGES]; /* and in none of these */
    size_t n_none;
    const uint64_t *either[SELECT_MAX_EITHER]; /* and in one of each group */
    size_t group_ends[3];
    size_t n_groups;
    struct select_edge edges[SELECT_MAX_EDGES];
    size_t n_edges;
    uint32_t language; /* when it has no set; UINT32_MAX: not asked for */
    bool nothing;      /* no item can be in it */
};

/* `dead` are ordinals to leave out, `members` those of the filter's list (bits, NULL: none is left
 * out). */
void select_plan_make(const struct generation *generation, const struct filter *filter,
                      const uint64_t *dead, const uint64_t *members, struct select_plan *out);
bool select_judge(const struct select_plan *plan, uint32_t ordinal);

struct select {
    uint64_t *bits;
    size_t n_words;
    uint32_t n;     /* items of the generation */
    uint64_t count; /* bits set */
};

/* Takes from `n` words of a set, which begin at word `from`, who is not in the plan. */
void select_narrow(const struct select_plan *plan, size_t from, size_t n, uint64_t *bits);

void select_make(const struct select_plan *plan, struct select *out);
void select_done(struct select *select);
DEFINE_CLEANUP_VALUE(struct select, select_done);

/* Counts by genre bit, year and quality bit, added to what is there. */
struct select_counts {
    uint32_t genres[64], years[512], qualities[4];
};
enum { SELECT_FIRST_YEAR = 1800 };
void select_count(const struct generation *generation, const struct select *select, uint32_t facets,
                  struct select_counts *counts);
