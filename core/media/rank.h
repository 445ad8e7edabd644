/* SPDX-License-Identifier: MIT
 *
 * Ranking: one pure function decides how well an item answers a query, from how its title matched
 * and how much people care for it.  The score is a sum, and each addend has a name, so that an
 * answer can explain itself.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum rank_how { RANK_EXACT, RANK_PREFIX, RANK_WORDS, RANK_FUZZY, RANK_ID };

enum { RANK_YEAR_NOT_ASKED = -1, RANK_YEAR_UNKNOWN = -2 };

struct rank_input {
    enum rank_how how;
    bool main_title; /* else a translation or an alternative title */
    unsigned n_query_words, n_title_words;
    unsigned distance; /* typing mistakes, all words together */
    double popularity;
    int32_t votes;
    int year_distance; /* years between the one asked for and the item's, or a RANK_YEAR_ value */
    bool available;
};

enum rank_addend {
    RANK_MATCH,      /* exact, prefix, words or fuzzy */
    RANK_FIELD,      /* which title */
    RANK_COVERAGE,   /* how much of the title the query says */
    RANK_MISTAKES,   /* negative */
    RANK_POPULARITY, /* logarithmic */
    RANK_VOTES,      /* logarithmic */
    RANK_YEAR,       /* positive when it is the one asked for, negative when far */
    RANK_AVAILABILITY,
    RANK_N_ADDENDS,
};

struct rank_weights {
    double how[4]; /* by enum rank_how */
    double main_title, coverage, mistake, popularity, votes, year, available;
};

extern const struct rank_weights rank_default_weights;
bool rank_same_weights(const struct rank_weights *a, const struct rank_weights *b);

struct rank_result {
    double score; /* never negative */
    double addends[RANK_N_ADDENDS];
};

/* The share of the score that is the item's own, whatever is asked: popularity, votes and
 * availability.  Exact in a float. */
double rank_fame(double popularity, int32_t votes, bool available,
                 const struct rank_weights *weights);

/* The share that depends on the query; with rank_fame() it is the score. */
double rank_match(const struct rank_input *input, const struct rank_weights *weights);

void rank_score(const struct rank_input *input, const struct rank_weights *weights,
                struct rank_result *out);

/* "match", "popularity", ...; NULL behind the last. */
const char *rank_addend_name(unsigned addend);
