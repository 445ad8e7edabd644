/* SPDX-License-Identifier: MIT
 *
 * Matching: which items of a generation have a title that says what the query says, how well, and
 * in which order. Pure; any thread. */
#pragma once

#include "index/select.h"
#include "index/words.h"

struct match_hit {
    uint32_t ordinal;
    uint16_t title; /* which of the item's titles matched best */
    uint8_t how;    /* enum index_how */
    double score;
    double addends[INDEX_MAX_ADDENDS];
};

struct matches {
    struct match_hit *hits; /* best first */
    size_t n;
    uint64_t total;
};
void matches_done(struct matches *matches);
DEFINE_CLEANUP_VALUE(struct matches, matches_done);

/* The best `most` of the selected items; *out_matching are the bits of all that match (free()).
 * `mistakes` of typing are forgiven when asked for. */
void match_search(const struct generation *generation, const struct fold *query, bool mistakes,
                  const struct select *selected, size_t most, struct matches *out,
                  uint64_t **out_matching);

/* Whether one item matches. */
bool match_judge(const struct generation *generation, const struct fold *query, bool mistakes,
                 uint32_t ordinal);
