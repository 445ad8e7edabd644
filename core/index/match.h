/* SPDX-License-Identifier: MIT
 *
 * Matching: which items of a generation have a title that says what the query says, how well, and
 * in which order.  Pure; any thread. */
#pragma once

#include "index/best.h"
#include "index/select.h"
#include "index/words.h"

struct matches {
    struct best best; /* best first */
    uint64_t total;
    struct words *words; /* the query, as the generation understands it */
};
void matches_done(struct matches *matches);
DEFINE_CLEANUP_VALUE(struct matches, matches_done);

/* The best `most` items of the plan; *out_selected, when not NULL, becomes all that match.
 * `mistakes` of typing are forgiven when asked for. */
void match_search(const struct select_plan *plan, const struct fold *query, bool mistakes,
                  size_t most, struct matches *out, struct select *out_selected);

/* How an item matches; false: it does not. */
bool match_hit(const struct generation *generation, const struct matches *matches, uint32_t ordinal,
               struct best_hit *out);

/* The addends of a hit's score. */
void match_explain(const struct generation *generation, const struct matches *matches,
                   uint32_t ordinal, double addends[INDEX_MAX_ADDENDS]);

/* Whether one item matches. */
bool match_judge(const struct generation *generation, const struct fold *query, bool mistakes,
                 uint32_t ordinal);
