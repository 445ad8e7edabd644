/* SPDX-License-Identifier: MIT */
#include "index/match.h"

#include <stdlib.h>
#include <string.h>

#include "media/rank.h"

/* How one title answers the query. */
struct answer {
    bool all;               /* every word that is needed is there */
    bool in_order;          /* they stand at its beginning, one after the other */
    bool is_fuzzy, is_open; /* a word was mistyped; the last one is still being typed */
    bool has_year;
    unsigned n_words, n_title_words, distance;
};

static void answer_word(const struct words_one *word, const uint32_t *terms, uint32_t n,
                        size_t position, struct answer *answer)
{
    const struct words_range *best = NULL;
    bool in_place = false;
    for (uint32_t i = 0; i < n; i++) {
        const struct words_range *range = words_match(word, terms[i]);
        if (range &&
            (!best || range->how < best->how || (i == position && range->how == best->how))) {
            best = range;
            in_place = i == position;
        }
    }
    if (!best) {
        answer->all = answer->all && word->optional;
        return;
    }
    answer->n_words++;
    answer->has_year = answer->has_year || word->optional;
    answer->in_order = answer->in_order && in_place;
    answer->is_fuzzy = answer->is_fuzzy || best->how == INDEX_FUZZY;
    answer->is_open = answer->is_open || best->how == INDEX_PREFIX;
    answer->distance += best->distance;
}

static struct answer answer_title(const struct words *words, const uint32_t *terms, uint32_t n)
{
    struct answer answer = { .all = true, .in_order = true, .n_title_words = n };
    for (size_t i = 0; answer.all && i < words->n; i++)
        answer_word(&words->rows[i], terms, n, i, &answer);
    answer.all = answer.all && answer.n_words > 0;
    return answer;
}

static enum index_how judge_how(const struct answer *answer)
{
    if (answer->is_fuzzy)
        return INDEX_FUZZY;
    if (answer->in_order && !answer->is_open && answer->n_words == answer->n_title_words)
        return INDEX_EXACT;
    return answer->in_order ? INDEX_PREFIX : INDEX_WORDS;
}

static int year_distance(const struct words *words, const struct answer *answer,
                         const struct card_facts *facts)
{
    if (!words->year || answer->has_year || !facts->year)
        return words->year && !answer->has_year ? RANK_YEAR_UNKNOWN : RANK_YEAR_NOT_ASKED;
    return abs(words->year - facts->year);
}

static void score_title(const struct words *words, const struct answer *answer, unsigned title,
                        const struct card_facts *facts, struct match_hit *hit)
{
    enum index_how how = judge_how(answer);
    struct rank_input input = {
        .how = (enum rank_how)how,
        .main_title = title == 0,
        .n_query_words = answer->n_words,
        .n_title_words = answer->n_title_words,
        .distance = answer->distance,
        .popularity = facts->popularity,
        .votes = facts->votes,
        .year_distance = year_distance(words, answer, facts),
        .available = facts->flags & CARD_AVAILABLE,
    };
    struct rank_result result;
    rank_score(&input, &rank_default_weights, &result);
    if (result.score <= hit->score)
        return;
    hit->score = result.score;
    hit->title = (uint16_t)title;
    hit->how = (uint8_t)how;
    memcpy(hit->addends, result.addends, sizeof hit->addends);
}

/* The best of the item's titles; false when none answers. */
static bool match_item(const struct generation *generation, const struct words *words,
                       uint32_t ordinal, struct match_hit *out)
{
    *out = (struct match_hit){ .ordinal = ordinal, .score = -1 };
    unsigned title = 0;
    const uint32_t *at = generation->titles + generation->title_starts[ordinal];
    const uint32_t *end = generation->titles + generation->title_starts[ordinal + 1];
    for (; at < end; at += 1 + *at, title++) {
        struct answer answer = answer_title(words, at + 1, *at);
        if (answer.all)
            score_title(words, &answer, title, &generation->facts[ordinal], out);
    }
    return out->score >= 0;
}

bool match_judge(const struct generation *generation, const struct fold *query, bool mistakes,
                 uint32_t ordinal)
{
    CLEANUP(mem_free) struct words *words = mem_new(struct words);
    struct match_hit hit;
    return words_make(generation, query, mistakes, words) &&
           match_item(generation, words, ordinal, &hit);
}

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

static void keep(struct matches *matches, size_t most, const struct match_hit *hit)
{
    if (matches->n < most) {
        matches->hits[matches->n] = *hit;
        sift_up(matches->hits, matches->n++);
    } else if (most && is_better(hit, &matches->hits[0])) {
        matches->hits[0] = *hit;
        sift_down(matches->hits, most, 0);
    }
}

/* The word that the fewest items have decides who is looked at. */
static const struct words_one *rarest(const struct words *words)
{
    const struct words_one *best = NULL;
    for (size_t i = 0; i < words->n; i++)
        if (!words->rows[i].optional && (!best || words->rows[i].n_postings < best->n_postings))
            best = &words->rows[i];
    return best ? best : &words->rows[0];
}

static uint64_t *candidates_of(const struct generation *generation, const struct words_one *word)
{
    uint64_t *bits = mem_alloc_array((generation->n + 63) / 64, sizeof *bits);
    const struct generation_terms *terms = &generation->terms;
    for (size_t i = 0; i < word->n_ranges; i++)
        for (uint32_t k = terms->starts[word->ranges[i].low];
             k < terms->starts[word->ranges[i].high]; k++)
            bits[terms->postings[k] / 64] |= 1ull << (terms->postings[k] % 64);
    return bits;
}

/* Leaves in `bits`, which are the candidates, those that match. */
static void match_words(const struct generation *generation, const struct words *words,
                        uint64_t *bits, size_t n_words, size_t most, struct matches *out)
{
    for (size_t i = 0; i < n_words; i++)
        for (uint64_t left = bits[i]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            struct match_hit hit;
            if (match_item(generation, words, (uint32_t)i * 64 + bit, &hit)) {
                out->total++;
                keep(out, most, &hit);
            } else {
                bits[i] &= ~(1ull << bit);
            }
        }
}

void match_search(const struct generation *generation, const struct fold *query, bool mistakes,
                  const struct select *selected, size_t most, struct matches *out,
                  uint64_t **out_matching)
{
    most = MIN(most, (size_t)selected->count);
    *out = (struct matches){ .hits = mem_alloc_array(most, sizeof *out->hits) };
    CLEANUP(mem_free) struct words *words = mem_new(struct words);
    if (!words_make(generation, query, mistakes, words)) {
        *out_matching = mem_alloc_array(selected->n_words, sizeof **out_matching);
        return;
    }
    uint64_t *bits = *out_matching = candidates_of(generation, rarest(words));
    for (size_t i = 0; i < selected->n_words; i++)
        bits[i] &= selected->bits[i];
    match_words(generation, words, bits, selected->n_words, most, out);
    qsort(out->hits, out->n, sizeof *out->hits, compare_hits);
}

void matches_done(struct matches *matches)
{
    free(matches->hits);
    *matches = (struct matches){ 0 };
}
