/* SPDX-License-Identifier: MIT
 *
 * The words of a query, and which terms of a generation each of them means: the term itself, terms
 * it begins, or terms a typing mistake away.  Pure; any thread. */
#pragma once

#include "index/fold.h"
#include "index/generation.h"

enum {
    WORDS_MAX = FOLD_MAX_WORDS,
    WORDS_MAX_RANGES = 12, /* itself, what it begins, as typed, as a numeral, neighbours */
};

/* Terms low to before high, and how they were found. */
struct words_range {
    uint32_t low, high;
    uint8_t how;      /* enum index_how: exact, prefix or fuzzy */
    uint8_t distance; /* of typing, for fuzzy */
};

struct words_span {
    uint32_t low, high;
};

struct words_one {
    struct words_range ranges[WORDS_MAX_RANGES];
    struct words_span spans[WORDS_MAX_RANGES]; /* all their terms, each once */
    size_t n_ranges, n_spans;
    uint64_t n_postings; /* of all spans */
    bool is_year;        /* beside other words: a hint */
    bool optional;       /* it is a hint, or goes without saying */
};

struct words {
    struct words_one rows[WORDS_MAX];
    size_t n;
    int year; /* hinted at; 0: none */
};

/* The last word may still be being typed.  With `mistakes`, every word of four letters or more also
 * means its neighbours.  False when a word that is needed means nothing here. */
bool words_make(const struct generation *generation, const struct fold *query, bool mistakes,
                struct words *out);

/* Whether the word means this term. */
static inline bool words_mean(const struct words_one *word, uint32_t term)
{
    for (size_t i = 0; i < word->n_spans; i++)
        if (term >= word->spans[i].low && term < word->spans[i].high)
            return true;
    return false;
}

/* Whether the word means more than one term. */
static inline bool words_mean_several(const struct words_one *word)
{
    return word->n_spans != 1 || word->spans[0].high - word->spans[0].low != 1;
}

/* How the word means this term: the range, or NULL. */
static inline const struct words_range *words_match(const struct words_one *word, uint32_t term)
{
    for (size_t i = 0; i < word->n_ranges; i++)
        if (term >= word->ranges[i].low && term < word->ranges[i].high)
            return &word->ranges[i];
    return NULL;
}
