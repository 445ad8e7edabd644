/* SPDX-License-Identifier: MIT */
#include "index/answer.h"

#include <math.h>
#include <stdlib.h>

#include "index/index.h"

/* What one title says of the words so far. */
struct reading {
    bool all;               /* every word that is needed is there */
    bool in_order;          /* they stand at its beginning, one after the other */
    bool is_fuzzy, is_open; /* a word was mistyped; the last one is still being typed */
    bool has_year;
    unsigned n_words, n_title_words, distance;
};

/* The best way in which the word is in the title; NULL when it is not. */
static const struct words_range *find_word(const struct words_one *word, const uint32_t *terms,
                                           uint32_t n, size_t position, bool *in_place)
{
    const struct words_range *best = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const struct words_range *range = words_match(word, terms[i]);
        if (range &&
            (!best || range->how < best->how || (i == position && range->how == best->how))) {
            best = range;
            *in_place = i == position;
        }
    }
    return best;
}

static void read_word(const struct words_one *word, const uint32_t *terms, uint32_t n,
                      size_t position, struct reading *reading)
{
    bool in_place = false;
    const struct words_range *best = find_word(word, terms, n, position, &in_place);
    if (!best) {
        reading->all = reading->all && word->optional;
        return;
    }
    reading->n_words++;
    reading->has_year = reading->has_year || word->is_year;
    reading->in_order = reading->in_order && in_place;
    reading->is_fuzzy = reading->is_fuzzy || best->how == INDEX_FUZZY;
    reading->is_open = reading->is_open || best->how == INDEX_PREFIX;
    reading->distance += best->distance;
}

static struct reading read_title(const struct words *words, const uint32_t *terms, uint32_t n)
{
    struct reading reading = { .all = true, .in_order = true, .n_title_words = n };
    for (size_t i = 0; reading.all && i < words->n; i++)
        read_word(&words->rows[i], terms, n, i, &reading);
    reading.all = reading.all && reading.n_words > 0;
    return reading;
}

static enum rank_how judge_how(const struct reading *reading)
{
    if (reading->is_fuzzy)
        return RANK_FUZZY;
    if (reading->in_order && !reading->is_open && reading->n_words == reading->n_title_words)
        return RANK_EXACT;
    return reading->in_order ? RANK_PREFIX : RANK_WORDS;
}

static int year_distance(const struct generation *generation, const struct words *words,
                         const struct reading *reading, uint32_t ordinal)
{
    if (!words->year || reading->has_year)
        return RANK_YEAR_NOT_ASKED;
    int year = generation->columns.years[ordinal];
    return year ? abs(words->year - year) : RANK_YEAR_UNKNOWN;
}

bool answer_best(const struct generation *generation, const struct words *words, uint32_t ordinal,
                 struct answer *out)
{
    double fame = (double)generation->items[ordinal].fame;
    const uint32_t *at = generation->titles + generation->items[ordinal].titles;
    const uint32_t *end = generation->titles + generation->items[ordinal + 1].titles;
    unsigned next = 0;
    out->score = -HUGE_VAL; /* many mistakes take more away than a match gives */
    for (uint32_t n; at < end; at += 1 + n) {
        n = generation_title_len(*at);
        next += !(*at & GENERATION_SAME_TITLE);
        unsigned title = next - 1;
        struct reading reading = read_title(words, at + 1, n);
        if (!reading.all)
            continue;
        struct rank_input input = {
            .how = judge_how(&reading),
            .main_title = title == 0,
            .n_query_words = reading.n_words,
            .n_title_words = reading.n_title_words,
            .distance = reading.distance,
            .year_distance = year_distance(generation, words, &reading, ordinal),
        };
        double score = rank_match(&input, &generation->weights) + fame;
        if (score <= out->score)
            continue;
        *out = (struct answer){ .input = input, .score = score, .title = (uint16_t)title };
    }
    return out->score > -HUGE_VAL;
}

bool answer_any(const struct generation *generation, const struct words *words, uint32_t ordinal)
{
    const uint32_t *at = generation->titles + generation->items[ordinal].titles;
    const uint32_t *end = generation->titles + generation->items[ordinal + 1].titles;
    for (uint32_t n; at < end; at += 1 + n) {
        n = generation_title_len(*at);
        if (read_title(words, at + 1, n).all)
            return true;
    }
    return false;
}

bool answer_begins(const struct generation *generation, const struct words *words, uint32_t ordinal)
{
    const uint32_t *at = generation->titles + generation->items[ordinal].titles;
    const uint32_t *end = generation->titles + generation->items[ordinal + 1].titles;
    for (uint32_t n; at < end; at += 1 + n) {
        n = generation_title_len(*at);
        if (words->rows[0].optional || (n && words_mean(&words->rows[0], at[1])))
            return true;
    }
    return false;
}

static void best_range(const struct words_one *word, uint8_t *how, unsigned *distance)
{
    *how = INDEX_ID;
    *distance = 0;
    for (size_t i = 0; i < word->n_ranges; i++)
        if (word->ranges[i].how < *how) {
            *how = word->ranges[i].how;
            *distance = word->ranges[i].distance;
        }
}

/* The way of matching that is worth most, from this one on. */
static enum rank_how worthiest(const struct rank_weights *weights, enum rank_how from)
{
    enum rank_how best = from;
    for (enum rank_how how = from; how <= RANK_FUZZY; how++)
        if (weights->how[how] > weights->how[best])
            best = how;
    return best;
}

/* A title of this many words that has all that is asked for, as well as it can be had. */
static double bound_of(const struct rank_weights *weights, struct rank_input input,
                       unsigned n_title_words)
{
    enum rank_how first = n_title_words > input.n_query_words ? RANK_PREFIX : RANK_EXACT;
    input.n_title_words = MAX(n_title_words, 1);
    input.how = worthiest(weights, MAX(first, input.how));
    return fmax(rank_match(&input, weights), 0);
}

void answer_bounds(const struct generation *generation, const struct words *words,
                   enum rank_how at_best, double out[GENERATION_LENGTHS])
{
    struct rank_input best = { .how = at_best,
                               .main_title = true,
                               .n_query_words = (unsigned)words->n,
                               .year_distance = words->year ? 0 : RANK_YEAR_NOT_ASKED };
    for (size_t i = 0; i < words->n; i++) {
        uint8_t how;
        unsigned distance;
        best_range(&words->rows[i], &how, &distance);
        if (words->rows[i].optional || how == INDEX_ID)
            continue;
        best.how = MAX(best.how, (enum rank_how)how);
        best.distance += distance;
    }
    for (unsigned length = GENERATION_LENGTHS; length-- > 0;) {
        double longer = length + 1 < GENERATION_LENGTHS ? out[length + 1] : 0;
        out[length] = fmax(longer, bound_of(&generation->weights, best, length));
    }
}
