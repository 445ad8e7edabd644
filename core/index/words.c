/* SPDX-License-Identifier: MIT */
#include "index/words.h"

#include <string.h>

#include "index/index.h"

enum {
    MIN_FUZZY_LEN = 4,   /* shorter words have too many neighbours */
    FAR_FUZZY_LEN = 8,   /* from here on two mistakes are forgiven */
    SHORT_FUZZY_LEN = 6, /* up to here a transposition may leave no triple in common */
    MAX_NEIGHBOURS = 8,
};

const struct words_range *words_match(const struct words_one *word, uint32_t term)
{
    for (size_t i = 0; i < word->n_ranges; i++)
        if (term >= word->ranges[i].low && term < word->ranges[i].high)
            return &word->ranges[i];
    return NULL;
}

static void add_range(const struct generation *generation, struct words_one *word, uint32_t low,
                      uint32_t high, uint8_t how, uint8_t distance)
{
    if (low >= high || word->n_ranges == WORDS_MAX_RANGES)
        return;
    word->ranges[word->n_ranges++] =
        (struct words_range){ .low = low, .high = high, .how = how, .distance = distance };
    word->n_postings += generation->terms.starts[high] - generation->terms.starts[low];
}

/* Damerau's distance (optimal string alignment) up to `most`; most + 1 when it is more. */
static unsigned distance_of(const char *a, size_t n_a, const char *b, size_t n_b, unsigned most)
{
    unsigned rows[3][FOLD_WORD_LEN + 1];
    if ((n_a > n_b ? n_a - n_b : n_b - n_a) > most)
        return most + 1;
    for (size_t j = 0; j <= n_b; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n_a; i++) {
        unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        unsigned least = now[0] = (unsigned)i;
        for (size_t j = 1; j <= n_b; j++) {
            unsigned cost = before[j - 1] + (a[i - 1] != b[j - 1]);
            cost = MIN(cost, MIN(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost = MIN(cost, earlier[j - 2] + 1);
            now[j] = cost;
            least = MIN(least, cost);
        }
        if (least > most)
            return most + 1;
    }
    return rows[n_a % 3][n_b];
}

struct neighbour {
    uint32_t term;
    unsigned distance;
    uint32_t n_postings;
};

struct neighbourhood {
    const struct generation *generation;
    const char *word;
    size_t len;
    unsigned most;
    struct neighbour rows[MAX_NEIGHBOURS]; /* nearest first, then most common */
    size_t n;
};

static bool is_nearer(const struct neighbour *a, const struct neighbour *b)
{
    return a->distance != b->distance ? a->distance < b->distance : a->n_postings > b->n_postings;
}

static void consider(struct neighbourhood *hood, uint32_t term)
{
    const struct generation_terms *terms = &hood->generation->terms;
    size_t len = terms->texts[term + 1] - terms->texts[term] - 1;
    const char *text = generation_term(hood->generation, term);
    struct neighbour row = { .term = term,
                             .distance = distance_of(hood->word, hood->len, text, len, hood->most),
                             .n_postings = terms->starts[term + 1] - terms->starts[term] };
    if (row.distance > hood->most || row.distance == 0)
        return;
    for (size_t i = 0; i < hood->n; i++)
        if (hood->rows[i].term == term)
            return;
    size_t at = hood->n;
    if (hood->n == MAX_NEIGHBOURS && !is_nearer(&row, &hood->rows[--at]))
        return;
    for (; at > 0 && is_nearer(&row, &hood->rows[at - 1]); at--)
        hood->rows[at] = hood->rows[at - 1];
    hood->rows[at] = row;
    hood->n = MIN(hood->n + 1, (size_t)MAX_NEIGHBOURS);
}

/* A mistake in a word of n letters leaves most of its triples as they are. */
static void consider_by_grams(struct neighbourhood *hood)
{
    const struct generation_terms *terms = &hood->generation->terms;
    CLEANUP(mem_free) uint8_t *shared = mem_alloc(terms->n);
    size_t n_grams = hood->len >= 3 ? hood->len - 2 : 0;
    size_t spoiled = (size_t)hood->most * 3;
    uint8_t needed = (uint8_t)(n_grams > spoiled ? n_grams - spoiled : 1);
    for (size_t i = 0; i < n_grams; i++) {
        uint32_t gram = generation_gram(hood->word + i);
        for (uint32_t k = terms->gram_starts[gram]; k < terms->gram_starts[gram + 1]; k++)
            if (++shared[terms->grams[k]] == needed)
                consider(hood, terms->grams[k]);
    }
}

static void consider_by_first_letter(struct neighbourhood *hood)
{
    char first[2] = { hood->word[0], '\0' };
    uint32_t low, high;
    generation_prefix(hood->generation, first, &low, &high);
    for (uint32_t term = low; term < high; term++)
        consider(hood, term);
}

static void add_neighbours(const struct generation *generation, const char *word,
                           struct words_one *out)
{
    size_t len = strlen(word);
    if (len < MIN_FUZZY_LEN || fold_year(word))
        return;
    struct neighbourhood hood = {
        .generation = generation, .word = word, .len = len, .most = len >= FAR_FUZZY_LEN ? 2 : 1
    };
    consider_by_grams(&hood);
    if (len <= SHORT_FUZZY_LEN)
        consider_by_first_letter(&hood);
    for (size_t i = 0; i < hood.n; i++)
        add_range(generation, out, hood.rows[i].term, hood.rows[i].term + 1, INDEX_FUZZY,
                  (uint8_t)hood.rows[i].distance);
}

static void mean(const struct generation *generation, const char *word, bool open, bool mistakes,
                 struct words_one *out)
{
    uint32_t term = generation_find_term(generation, word);
    if (term != GENERATION_NONE)
        add_range(generation, out, term, term + 1, INDEX_EXACT, 0);
    if (open) {
        uint32_t low, high;
        generation_prefix(generation, word, &low, &high);
        add_range(generation, out, low, high, INDEX_PREFIX, 0);
    }
    if (mistakes || !out->n_ranges)
        add_neighbours(generation, word, out);
}

bool words_make(const struct generation *generation, const struct fold *query, bool mistakes,
                struct words *out)
{
    *out = (struct words){ .last_is_open = true };
    for (size_t i = 0; i < query->n && out->n < WORDS_MAX; i++) {
        struct words_one *word = &out->rows[out->n];
        int year = query->n > 1 ? fold_year(query->words[i]) : 0;
        mean(generation, query->words[i], i + 1 == query->n, mistakes, word);
        if (year) {
            out->year = year;
            word->optional = true;
        }
        if (!word->n_ranges && !word->optional)
            return false;
        out->n++;
    }
    return out->n > 0;
}
