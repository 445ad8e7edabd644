/* SPDX-License-Identifier: MIT */
#include "index/build_terms.h"

#include <string.h>

enum {
    GRAM_LEN = 3,
    DENSE_FROM = 1000, /* items: fewer are walked as they are */
    DENSE_ONE_IN = 64, /* of them must have it */
    DENSE_PREFIX = 3,  /* letters */
    MARKED_FROM = 64,  /* postings: fewer are marked when they are asked for */
};

/* Visits each term of each item in ordinal order; a term twice in one item counts once.  With
 * postings NULL it only counts. */
static void spread_postings(const struct generation *generation, uint32_t *next, uint32_t *postings)
{
    CLEANUP(mem_free)
    uint32_t *last = mem_alloc_array(generation->terms.n, sizeof *last); /* ordinal + 1 */
    for (uint32_t ordinal = 0; ordinal < generation->n; ordinal++)
        for (uint32_t i = generation->items[ordinal].titles;
             i < generation->items[ordinal + 1].titles;) {
            uint32_t words = generation_title_len(generation->titles[i++]);
            for (uint32_t k = 0; k < words; k++, i++) {
                uint32_t term = generation->titles[i];
                if (last[term] == ordinal + 1)
                    continue;
                last[term] = ordinal + 1;
                if (postings)
                    postings[next[term]] = ordinal;
                next[term]++;
            }
        }
}

/* Counts become starts. */
static uint32_t *accumulate(const uint32_t *counts, uint32_t n)
{
    uint32_t *starts = mem_alloc_array((size_t)n + 1, sizeof *starts);
    for (uint32_t i = 0; i < n; i++)
        starts[i + 1] = starts[i] + counts[i];
    return starts;
}

void build_postings(struct generation *out)
{
    uint32_t n = out->terms.n;
    CLEANUP(mem_free) uint32_t *next = mem_alloc_array(n, sizeof *next);
    spread_postings(out, next, NULL);
    out->terms.starts = accumulate(next, n);
    out->terms.postings = mem_alloc_wide(out->terms.starts[n], sizeof *out->terms.postings);
    memcpy(next, out->terms.starts, n * sizeof *next);
    spread_postings(out, next, out->terms.postings);
}

/* Gives a set to the items of these terms, when they are many and nobody did so before. */
static void add_dense(struct generation *out, uint32_t low, uint32_t high)
{
    struct generation_terms *terms = &out->terms;
    bool are_many = terms->starts[high] - terms->starts[low] > terms->dense_over;
    if (!are_many || terms->n_dense == GENERATION_MAX_DENSE)
        return;
    for (uint32_t i = 0; i < terms->n_dense; i++)
        if (terms->dense[i].low == low && terms->dense[i].high == high)
            return;
    terms->dense[terms->n_dense].low = low;
    terms->dense[terms->n_dense++].high = high;
}

/* Where the first character that ends at or behind `len` bytes ends; 0: the word is shorter. */
static size_t prefix_len(const char *word, size_t len)
{
    if (strnlen(word, len) < len)
        return 0;
    while ((word[len] & 0xC0) == 0x80)
        len++;
    return len;
}

/* What people have typed after a few keys: the terms that begin with each few letters. */
static void find_prefixes(struct generation *out, size_t len)
{
    uint32_t n = out->terms.n;
    for (uint32_t low = 0, high; low < n; low = high) {
        const char *word = generation_term(out, low);
        size_t n_bytes = prefix_len(word, len);
        for (high = low + 1; n_bytes && high < n; high++)
            if (strncmp(generation_term(out, high), word, n_bytes) != 0)
                break;
        if (n_bytes)
            add_dense(out, low, high);
    }
}

static void fill_dense(struct generation *out)
{
    struct generation_terms *terms = &out->terms;
    size_t n_words = out->columns.n_words;
    terms->dense_bits = mem_alloc_wide(terms->n_dense * n_words, sizeof *terms->dense_bits);
    for (uint32_t i = 0; i < terms->n_dense; i++)
        for (uint32_t k = terms->starts[terms->dense[i].low];
             k < terms->starts[terms->dense[i].high]; k++)
            bits_set(terms->dense_bits + i * n_words, terms->postings[k]);
}

void build_dense(struct generation *out)
{
    out->terms.dense_over = out->n / DENSE_ONE_IN;
    for (uint32_t term = 0; out->n >= DENSE_FROM && term < out->terms.n; term++)
        add_dense(out, term, term + 1);
    for (size_t len = 1; out->n >= DENSE_FROM && len <= DENSE_PREFIX; len++)
        find_prefixes(out, len);
    fill_dense(out);
}

static void fill_marks(struct generation_terms *terms, uint32_t term)
{
    uint64_t *marks = terms->marks + terms->mark_starts[term];
    uint32_t n_marks = (terms->mark_starts[term + 1] - terms->mark_starts[term]) * 64;
    for (uint32_t k = terms->starts[term]; n_marks && k < terms->starts[term + 1]; k++)
        bits_set(marks, terms->postings[k] & (n_marks - 1));
}

void build_marks(struct generation *out)
{
    struct generation_terms *terms = &out->terms;
    terms->mark_starts = mem_alloc_array((size_t)terms->n + 1, sizeof *terms->mark_starts);
    for (uint32_t term = 0; term < terms->n; term++) {
        uint32_t n_postings = terms->starts[term + 1] - terms->starts[term];
        bool is_marked = n_postings >= MARKED_FROM && n_postings <= terms->dense_over;
        terms->mark_starts[term + 1] =
            terms->mark_starts[term] + (is_marked ? generation_n_marks(n_postings) / 64 : 0);
    }
    terms->marks = mem_alloc_wide(terms->mark_starts[terms->n], sizeof *terms->marks);
    for (uint32_t term = 0; term < terms->n; term++)
        fill_marks(terms, term);
}

static void spread_grams(const struct generation *generation, uint32_t *next, uint32_t *grams)
{
    for (uint32_t term = 0; term < generation->terms.n; term++) {
        const char *text = generation_term(generation, term);
        for (size_t len = strlen(text), i = 0; i + GRAM_LEN <= len; i++) {
            uint32_t gram = generation_gram(text + i);
            if (grams)
                grams[next[gram]] = term;
            next[gram]++;
        }
    }
}

void build_grams(struct generation *out)
{
    CLEANUP(mem_free) uint32_t *next = mem_alloc_array(GENERATION_GRAM_BUCKETS, sizeof *next);
    spread_grams(out, next, NULL);
    out->terms.gram_starts = accumulate(next, GENERATION_GRAM_BUCKETS);
    out->terms.grams =
        mem_alloc_array(out->terms.gram_starts[GENERATION_GRAM_BUCKETS], sizeof *out->terms.grams);
    memcpy(next, out->terms.gram_starts, GENERATION_GRAM_BUCKETS * sizeof *next);
    spread_grams(out, next, out->terms.grams);
}
