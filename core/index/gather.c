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

/* Each is written before it is known whether it stays: that waits for nothing. */
static size_t sift_by_set(const uint64_t *set, const uint32_t *rows, size_t n, uint32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t ordinal = rows[i];
        out[kept] = ordinal;
        kept += bits_has(set, ordinal);
    }
    return kept;
}

static size_t sift_by_marks(const uint8_t *marks, const uint32_t *rows, size_t n, uint32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t ordinal = rows[i];
        out[kept] = ordinal;
        kept += marks[ordinal % GATHER_MARKS];
    }
    return kept;
}

static size_t sift_quickly(const struct gather *gather, const uint32_t *rows, size_t n,
                           uint32_t *out)
{
    if (gather->set)
        return sift_by_set(gather->set, rows, n, out);
    if (gather->marks)
        return sift_by_marks(gather->marks, rows, n, out);
    memmove(out, rows, n * sizeof *out);
    return n;
}

/* The postings that may pass, in the order of their terms.  The terms of a span stand side by side,
 * and so do their postings. */
static size_t collect(const struct generation_terms *terms, const struct words_one *word,
                      const struct gather *sieves, size_t n_sieves, uint32_t *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < word->n_spans; i++) {
        uint32_t from = terms->starts[word->spans[i].low];
        size_t more = terms->starts[word->spans[i].high] - from;
        memcpy(rows + n, terms->postings + from, more * sizeof *rows);
        n += more;
    }
    for (size_t i = 0; i < n_sieves; i++)
        n = sift_quickly(&sieves[i], rows, n, rows);
    return n;
}

static void list_few(uint32_t *rows, size_t n, struct gather *out)
{
    sort_few(rows, n);
    for (size_t i = 0; i < n; i++)
        if (!out->n || rows[out->n - 1] != rows[i])
            rows[out->n++] = rows[i];
    out->list = rows;
}

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

/* Of memory that is borrowed: as large as all that is, so that it goes round. */
static size_t room_of(const struct generation *generation)
{
    return MAX(generation->columns.n_words, GATHER_MARKS / sizeof(uint64_t));
}

void gather_unite(const struct generation *generation, const struct words_one *word,
                  struct gather *out)
{
    gather_unite_sieved(generation, word, NULL, 0, out);
}

void gather_unite_sieved(const struct generation *generation, const struct words_one *word,
                         const struct gather *sieves, size_t n_sieves, struct gather *out)
{
    size_t room = room_of(generation);
    *out = (struct gather){ .owned = bits_take(room) };
    bool fits = word->n_postings <= (n_sieves ? 2 * room : FEW);
    uint32_t *rows = (uint32_t *)out->owned;
    size_t n = fits ? collect(&generation->terms, word, sieves, n_sieves, rows) : 0;
    if (fits && n <= FEW) {
        list_few(rows, n, out);
    } else {
        unite_many(generation, word, out->owned);
        out->set = out->owned;
    }
}

void gather_mark(const struct generation *generation, const struct words_one *word,
                 struct gather *gather)
{
    const struct generation_terms *terms = &generation->terms;
    gather->owned = bits_take(room_of(generation));
    uint8_t *marks = (uint8_t *)gather->owned;
    memset(marks, 0, GATHER_MARKS);
    for (size_t i = 0; i < word->n_spans; i++) {
        uint32_t end = terms->starts[word->spans[i].high];
        for (uint32_t k = terms->starts[word->spans[i].low]; k < end; k++)
            marks[terms->postings[k] % GATHER_MARKS] = 1;
    }
    gather->marks = marks;
}

void gather_done(struct gather *gather)
{
    bits_give(gather->owned);
    *gather = (struct gather){ 0 };
}

static bool list_has(struct gather *list, uint32_t ordinal)
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

static size_t sift_by_list(struct gather *gather, const uint32_t *rows, size_t n, uint32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (list_has(gather, rows[i]))
            out[kept++] = rows[i];
    return kept;
}

size_t gather_sift(struct gather *gather, const uint32_t *rows, size_t n, uint32_t *out)
{
    n = sift_quickly(gather, rows, n, out);
    return gather->list ? sift_by_list(gather, out, n, out) : n;
}
