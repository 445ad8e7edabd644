/* SPDX-License-Identifier: MIT
 *
 * The word that the fewest items have leads: its items are walked in ordinal order.  What other
 * words rule out by sets is skipped, the rest is read title by title.  Once no item further down
 * can be among the best, items are only counted. */
#include "index/match.h"

#include <stdlib.h>
#include <string.h>

#include "index/answer.h"

enum {
    CHUNK = 256,
    FEW = 1024,   /* so few that sorting them is cheaper than a set of all items */
    READING = 40, /* times as long as marking an item in a set takes it to read its titles */
    MAX_SIEVES = 4,
    LENGTHS = 16,
    SET_ONE_IN = 64, /* items: a leading word of more is walked as a set */
};

/* --- The best */

static bool is_better(const struct match_hit *a, const struct match_hit *b)
{
    return a->score != b->score ? a->score > b->score : a->ordinal < b->ordinal;
}

static int compare_hits(const void *a, const void *b)
{
    return is_better(a, b) ? -1 : is_better(b, a);
}

/* A heap with the worst hit on top, so that it is the one to go. */
static void sift_down(struct match_hit *heap, size_t n, size_t at)
{
    for (;;) {
        size_t worst = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < n; child++)
            if (is_better(&heap[worst], &heap[child]))
                worst = child;
        if (worst == at)
            return;
        struct match_hit moved = heap[at];
        heap[at] = heap[worst];
        heap[worst] = moved;
        at = worst;
    }
}

static void sift_up(struct match_hit *heap, size_t at)
{
    while (at && is_better(&heap[(at - 1) / 2], &heap[at])) {
        struct match_hit moved = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = moved;
        at = (at - 1) / 2;
    }
}

static void keep(struct matches *matches, const struct match_hit *hit)
{
    if (matches->n < matches->most) {
        if (matches->n == matches->capacity) {
            matches->capacity = MIN(matches->capacity * 2 + 32, matches->most);
            matches->hits = mem_resize(matches->hits, matches->capacity, sizeof *matches->hits);
        }
        matches->hits[matches->n] = *hit;
        sift_up(matches->hits, matches->n++);
    } else if (is_better(hit, &matches->hits[0])) {
        matches->hits[0] = *hit;
        sift_down(matches->hits, matches->n, 0);
    }
}

/* Whether an item with so much fame, and of a higher ordinal than all before, can be kept. */
static bool is_hopeless(const struct matches *matches, float fame, double bound)
{
    return matches->n == matches->most &&
           (!matches->most || (double)fame + bound <= matches->hits[0].score);
}

/* --- Who is looked at */

/* The items of one word, in ordinal order: a sorted list, or a set. */
struct candidates {
    const uint32_t *list;
    size_t n, at;
    uint32_t few[FEW];
    uint64_t *bits; /* NULL: the list */
};

static void candidates_free(struct candidates *candidates)
{
    if (!candidates)
        return;
    bits_give(candidates->bits);
    free(candidates);
}
DEFINE_CLEANUP(struct candidates *, candidates_free);

static int compare_ordinals(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void gather_few(const struct generation_terms *terms, const struct words_one *word,
                       struct candidates *out)
{
    size_t n = 0;
    for (size_t i = 0; i < word->n_ranges; i++) {
        if (words_is_inside(word, i))
            continue;
        for (uint32_t k = terms->starts[word->ranges[i].low];
             k < terms->starts[word->ranges[i].high]; k++)
            out->few[n++] = terms->postings[k];
    }
    qsort(out->few, n, sizeof *out->few, compare_ordinals);
    for (size_t i = 0; i < n; i++)
        if (!out->n || out->few[out->n - 1] != out->few[i])
            out->few[out->n++] = out->few[i];
    out->list = out->few;
}

static uint64_t *unite(const struct generation *generation, const struct words_one *word)
{
    const struct generation_terms *terms = &generation->terms;
    size_t n_words = generation->columns.n_words;
    uint64_t *bits = bits_take(n_words);
    memset(bits, 0, n_words * sizeof *bits);
    for (size_t i = 0; i < word->n_ranges; i++) {
        if (words_is_inside(word, i))
            continue;
        for (uint32_t k = terms->starts[word->ranges[i].low];
             k < terms->starts[word->ranges[i].high]; k++)
            bits_set(bits, terms->postings[k]);
    }
    return bits;
}

static struct candidates *candidates_new(const struct generation *generation,
                                         const struct words_one *word)
{
    const struct generation_terms *terms = &generation->terms;
    struct candidates *out = mem_resize(NULL, 1, sizeof *out);
    out->n = out->at = 0;
    out->bits = NULL;
    uint32_t low = word->n_ranges ? word->ranges[0].low : 0;
    bool is_one = word->n_ranges == 1 && word->ranges[0].high == low + 1;
    if (is_one && word->n_postings <= generation->n / SET_ONE_IN + FEW) {
        out->list = terms->postings + terms->starts[low];
        out->n = terms->starts[low + 1] - terms->starts[low];
    } else if (word->n_postings <= FEW) {
        gather_few(terms, word, out);
    } else {
        const uint64_t *dense = is_one ? generation_dense(generation, low) : NULL;
        out->bits = dense ? bits_take(generation->columns.n_words) : unite(generation, word);
        if (dense)
            memcpy(out->bits, dense, generation->columns.n_words * sizeof *dense);
    }
    return out;
}

static size_t next_chunk(struct candidates *candidates, uint32_t chunk[CHUNK])
{
    size_t n = MIN(candidates->n - candidates->at, (size_t)CHUNK);
    memcpy(chunk, candidates->list + candidates->at, n * sizeof *chunk);
    candidates->at += n;
    return n;
}

/* --- Who is in question */

/* A posting list, and how far it was read. */
struct list {
    const uint32_t *rows;
    size_t n, at;
};

/* Whether it has the ordinal, which is not below the one asked for before. */
static bool list_has(struct list *list, uint32_t ordinal)
{
    size_t step = 1, low = list->at, high = low;
    while (high < list->n && list->rows[high] < ordinal) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = MIN(high, list->n);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->rows[middle] < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    list->at = low;
    return low < list->n && list->rows[low] == ordinal;
}

struct matching {
    const struct generation *generation;
    const struct select_plan *plan;
    const struct words *words;
    const uint64_t *sieves[MAX_SIEVES];
    uint64_t *owned[MAX_SIEVES]; /* of these, what must be given back */
    size_t n_sieves;
    struct list lists[MAX_SIEVES]; /* items of rare words, looked up in rising order */
    size_t n_lists;
    size_t n_needed;        /* words that a title must have */
    bool sieved;            /* an item that passes has all of them, if in one title or in several */
    bool only_counts;       /* nobody further down can be among the best */
    double bounds[LENGTHS]; /* of the score beside fame, by the words of the shortest title */
    struct matches *out;
    uint64_t *matched; /* NULL: nobody asks */
};

static void matching_done(struct matching *matching)
{
    for (size_t i = 0; i < MAX_SIEVES; i++)
        bits_give(matching->owned[i]);
}
DEFINE_CLEANUP_VALUE(struct matching, matching_done);

static const struct words_one *rarest(const struct words *words)
{
    const struct words_one *best = NULL;
    for (size_t i = 0; i < words->n; i++)
        if (!words->rows[i].optional && (!best || words->rows[i].n_postings < best->n_postings))
            best = &words->rows[i];
    return best ? best : &words->rows[0];
}

static bool add_list(struct matching *matching, uint32_t term)
{
    const struct generation_terms *terms = &matching->generation->terms;
    if (matching->n_lists == MAX_SIEVES)
        return false;
    matching->lists[matching->n_lists++] =
        (struct list){ .rows = terms->postings + terms->starts[term],
                       .n = terms->starts[term + 1] - terms->starts[term] };
    return true;
}

/* The items that have the word, as a set or a list, when that saves reading titles. */
static bool add_sieve(struct matching *matching, const struct words_one *word,
                      const struct words_one *lead)
{
    if (matching->n_sieves == MAX_SIEVES || !word->n_ranges)
        return false;
    const struct words_range *range = word->ranges;
    bool is_one = word->n_ranges == 1 && range->high == range->low + 1;
    const uint64_t *set = is_one ? generation_dense(matching->generation, range->low) : NULL;
    if (is_one && !set)
        return add_list(matching, range->low);
    if (!set &&
        word->n_postings + matching->generation->columns.n_words / 2 < lead->n_postings * READING)
        set = matching->owned[matching->n_sieves] = unite(matching->generation, word);
    if (set)
        matching->sieves[matching->n_sieves++] = set;
    return set != NULL;
}

static void make_sieves(struct matching *matching, const struct words_one *lead)
{
    matching->sieved = !lead->optional;
    for (size_t i = 0; i < matching->words->n; i++) {
        const struct words_one *word = &matching->words->rows[i];
        if (word->optional)
            continue;
        matching->n_needed++;
        if (word != lead && !add_sieve(matching, word, lead))
            matching->sieved = false;
    }
}

static size_t sieve(struct matching *matching, uint32_t *chunk, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_in = true;
        for (size_t k = 0; is_in && k < matching->n_sieves; k++)
            is_in = bits_has(matching->sieves[k], chunk[i]);
        for (size_t k = 0; is_in && k < matching->n_lists; k++)
            is_in = list_has(&matching->lists[k], chunk[i]);
        if (is_in && select_judge(matching->plan, chunk[i]))
            chunk[kept++] = chunk[i];
    }
    return kept;
}

/* --- Matching */

/* What the sets said is the whole truth when the words cannot be in different titles. */
static bool is_known(const struct matching *matching, uint32_t ordinal)
{
    return matching->sieved &&
           (matching->n_needed == 1 || !bits_has(matching->generation->many_titles, ordinal));
}

static double bound_of(const struct matching *matching, uint32_t ordinal)
{
    uint8_t shortest = matching->generation->shortest[ordinal];
    return matching->bounds[MIN(shortest, LENGTHS - 1)];
}

static bool match_item(struct matching *matching, uint32_t ordinal)
{
    const struct generation *generation = matching->generation;
    if (matching->only_counts ||
        is_hopeless(matching->out, generation->columns.fame[ordinal], bound_of(matching, ordinal)))
        return is_known(matching, ordinal) || answer_any(generation, matching->words, ordinal);
    struct answer answer;
    if (!answer_best(generation, matching->words, ordinal, &answer))
        return false;
    struct match_hit hit = { .score = answer.score,
                             .ordinal = ordinal,
                             .title = answer.title,
                             .how = (uint8_t)answer.input.how };
    keep(matching->out, &hit);
    return true;
}

/* Nobody from here on can be among the best. */
static void judge_rest(struct matching *matching, uint32_t ordinal)
{
    matching->only_counts =
        matching->only_counts ||
        is_hopeless(matching->out, matching->generation->columns.fame_after[ordinal / 64],
                    matching->bounds[0]);
}

static void count_match(struct matching *matching, uint32_t ordinal)
{
    if (!match_item(matching, ordinal))
        return;
    matching->out->total++;
    if (matching->matched)
        bits_set(matching->matched, ordinal);
}

static void match_list(struct matching *matching, struct candidates *candidates)
{
    uint32_t chunk[CHUNK];
    for (size_t n; (n = next_chunk(candidates, chunk)) > 0;) {
        n = sieve(matching, chunk, n);
        if (n)
            judge_rest(matching, chunk[0]);
        for (size_t i = 0; i < n; i++)
            count_match(matching, chunk[i]);
    }
}

/* Of 64 items that can only be counted, those that need no reading. */
static uint64_t count_known(struct matching *matching, size_t word, uint64_t bits)
{
    if (!matching->only_counts || !matching->sieved)
        return 0;
    uint64_t known =
        matching->n_needed == 1 ? bits : bits & ~matching->generation->many_titles[word];
    matching->out->total += (unsigned)__builtin_popcountll(known);
    if (matching->matched)
        matching->matched[word] |= known;
    return known;
}

static void match_set(struct matching *matching, uint64_t *bits)
{
    size_t n_words = matching->generation->columns.n_words;
    for (size_t i = 0; i < matching->n_sieves; i++)
        bits_and(bits, matching->sieves[i], n_words);
    matching->sieved = matching->sieved && !matching->n_lists;
    CLEANUP(select_done) struct select select = { 0 };
    select_make(matching->plan, &select);
    bits_and(bits, select.bits, n_words);
    for (size_t i = 0; i < n_words; i++) {
        if (!bits[i])
            continue;
        judge_rest(matching, (uint32_t)i * 64);
        uint64_t left = bits[i] & ~count_known(matching, i, bits[i]);
        for (; left; left &= left - 1)
            count_match(matching, (uint32_t)i * 64 + (uint32_t)__builtin_ctzll(left));
    }
}

static void match_words(const struct select_plan *plan, const struct words *words,
                        struct matches *out, uint64_t *matched)
{
    const struct words_one *lead = rarest(words);
    CLEANUP(candidates_free)
    struct candidates *candidates = candidates_new(plan->generation, lead);
    CLEANUP(matching_done)
    struct matching matching = {
        .generation = plan->generation, .plan = plan, .words = words, .out = out, .matched = matched
    };
    for (unsigned i = 0; i < LENGTHS; i++)
        matching.bounds[i] = answer_bound(words, i);
    make_sieves(&matching, lead);
    if (candidates->bits)
        match_set(&matching, candidates->bits);
    else
        match_list(&matching, candidates);
}

void match_search(const struct select_plan *plan, const struct fold *query, bool mistakes,
                  size_t most, struct matches *out, struct select *out_selected)
{
    const struct generation *generation = plan->generation;
    matches_done(out);
    out->most = most;
    if (out_selected) {
        size_t n_words = generation->columns.n_words;
        select_done(out_selected);
        *out_selected = (struct select){ .n_words = n_words, .n = generation->n };
        out_selected->bits = bits_take(n_words);
        memset(out_selected->bits, 0, n_words * sizeof *out_selected->bits);
    }
    out->words = mem_resize(NULL, 1, sizeof *out->words);
    if (!plan->nothing && words_make(generation, query, mistakes, out->words))
        match_words(plan, out->words, out, out_selected ? out_selected->bits : NULL);
    if (out_selected)
        out_selected->count = out->total;
    if (out->n)
        qsort(out->hits, out->n, sizeof *out->hits, compare_hits);
}

void match_explain(const struct generation *generation, const struct matches *matches,
                   uint32_t ordinal, double addends[INDEX_MAX_ADDENDS])
{
    struct answer answer;
    if (!answer_best(generation, matches->words, ordinal, &answer))
        return;
    answer.input.popularity = generation->columns.popularity[ordinal];
    answer.input.votes = generation->columns.votes[ordinal];
    answer.input.available = bits_has(generation->columns.available, ordinal);
    struct rank_result result;
    rank_score(&answer.input, &rank_default_weights, &result);
    memcpy(addends, result.addends, sizeof result.addends);
}

bool match_judge(const struct generation *generation, const struct fold *query, bool mistakes,
                 uint32_t ordinal)
{
    CLEANUP(mem_free) struct words *words = mem_resize(NULL, 1, sizeof *words);
    return words_make(generation, query, mistakes, words) && answer_any(generation, words, ordinal);
}

void matches_done(struct matches *matches)
{
    free(matches->hits);
    free(matches->words);
    *matches = (struct matches){ 0 };
}
