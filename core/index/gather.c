/* SPDX-License-Identifier: MIT */
#include "index/gather.h"

#include <string.h>

enum { FEW = 256 /* items: sorting them is cheaper than a set of all */ };

bool gather_ready(const struct generation *generation, const struct words_one *word,
                  struct gather *out)
{
    *out = (struct gather){ 0 };
    if (word->n_spans != 1)
        return false;
    const struct generation_terms *terms = &generation->terms;
    uint32_t low = word->spans[0].low, high = word->spans[0].high;
    out->set = generation_dense(generation, low, high);
    if (!out->set && high == low + 1) {
        out->list = terms->postings + terms->starts[low];
        out->n = terms->starts[high] - terms->starts[low];
    }
    return out->set || out->list;
}

/* Shell's sort. */
static void sort_few(uint32_t *rows, size_t n)
{
    static const size_t gaps[] = { 57, 23, 10, 4, 1 };
    for (size_t g = 0; g < ARRAY_LEN(gaps); g++)
        for (size_t gap = gaps[g], i = gap; i < n; i++) {
            uint32_t row = rows[i];
            size_t at = i;
            for (; at >= gap && rows[at - gap] > row; at -= gap)
                rows[at] = rows[at - gap];
            rows[at] = row;
        }
}

static void unite_few(const struct generation_terms *terms, const struct words_one *word,
                      struct gather *out)
{
    uint32_t *rows = (uint32_t *)out->owned;
    size_t n = 0;
    for (size_t i = 0; i < word->n_spans; i++) {
        uint32_t from = terms->starts[word->spans[i].low];
        size_t more = terms->starts[word->spans[i].high] - from;
        memcpy(rows + n, terms->postings + from, more * sizeof *rows);
        n += more;
    }
    sort_few(rows, n);
    for (size_t i = 0; i < n; i++)
        if (!out->n || rows[out->n - 1] != rows[i])
            rows[out->n++] = rows[i];
    out->list = rows;
}

/* The terms of a span stand side by side, and so do their postings. */
static void unite_many(const struct generation *generation, const struct words_one *word,
                       uint64_t *bits)
{
    const struct generation_terms *terms = &generation->terms;
    memset(bits, 0, generation->columns.n_words * sizeof *bits);
    for (size_t i = 0; i < word->n_spans; i++) {
        const struct words_span *span = &word->spans[i];
        const uint64_t *set = generation_dense(generation, span->low, span->high);
        if (set) {
            bits_or(bits, set, generation->columns.n_words);
            continue;
        }
        for (uint32_t k = terms->starts[span->low]; k < terms->starts[span->high]; k++)
            bits_set(bits, terms->postings[k]);
    }
}

void gather_unite(const struct generation *generation, const struct words_one *word,
                  struct gather *out)
{
    /* As large as all that are borrowed, so that they go round. */
    *out = (struct gather){ .owned = bits_take(MAX(generation->columns.n_words, (size_t)FEW)) };
    if (word->n_postings <= FEW) {
        unite_few(&generation->terms, word, out);
    } else {
        unite_many(generation, word, out->owned);
        out->set = out->owned;
    }
}

void gather_done(struct gather *gather)
{
    bits_give(gather->owned);
    *gather = (struct gather){ 0 };
}

bool gather_list_has(struct gather *list, uint32_t ordinal)
{
    size_t step = 1, low = list->at, high = low;
    while (high < list->n && list->list[high] < ordinal) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    high = MIN(high, list->n);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->list[middle] < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    list->at = low;
    return low < list->n && list->list[low] == ordinal;
}
