/* SPDX-License-Identifier: MIT */
#include "index/gather.h"

#include <string.h>

enum {
    FEW = 256, /* items: sorting them is cheaper than a set of all */
};

static void find_marks(const struct generation_terms *terms, uint32_t term, struct gather *out)
{
    uint32_t from = terms->mark_starts[term], n_words = terms->mark_starts[term + 1] - from;
    if (!n_words)
        return;
    out->marks = terms->marks + from;
    out->mask = n_words * 64 - 1;
}

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
        find_marks(terms, low, out);
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

static size_t sift_by_marks(const uint64_t *marks, uint32_t mask, const uint32_t *rows, size_t n,
                            uint32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t ordinal = rows[i];
        out[kept] = ordinal;
        kept += bits_has(marks, ordinal & mask);
    }
    return kept;
}

static size_t sift_quickly(const struct gather *gather, const uint32_t *rows, size_t n,
                           uint32_t *out)
{
    if (gather->set)
        return sift_by_set(gather->set, rows, n, out);
    if (gather->marks)
        return sift_by_marks(gather->marks, gather->mask, rows, n, out);
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
    return MAX(generation->columns.n_words, bits_words(GENERATION_MOST_MARKS));
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
    uint32_t n_marks = generation_n_marks(word->n_postings);
    uint64_t *marks = gather->owned = bits_take(room_of(generation));
    memset(marks, 0, n_marks / 8);
    gather->mask = n_marks - 1;
    for (size_t i = 0; i < word->n_spans; i++) {
        uint32_t end = terms->starts[word->spans[i].high];
        for (uint32_t k = terms->starts[word->spans[i].low]; k < end; k++)
            bits_set(marks, terms->postings[k] & gather->mask);
    }
    gather->marks = marks;
}

void gather_done(struct gather *gather)
{
    bits_give(gather->owned);
    *gather = (struct gather){ 0 };
}

/* About where the ordinal stands in the list: items of a word are spread evenly, by and large. */
static size_t guess(const struct gather *list, uint32_t ordinal)
{
    uint64_t end = (uint64_t)list->list[list->n - 1] + 1;
    return (size_t)MIN(ordinal * (uint64_t)list->n / end, (uint64_t)list->n - 1);
}

/* Of those from `low` to before `high`, the first that is not below the ordinal. */
static size_t find_between(const struct gather *list, size_t low, size_t high, uint32_t ordinal)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->list[middle] < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first that is not below the ordinal, sought from the guess in growing steps. */
static size_t seek(const struct gather *list, uint32_t ordinal)
{
    size_t at = MAX(guess(list, ordinal), list->at), low = list->at, high = list->n;
    if (at >= high)
        return high;
    for (size_t step = 4; list->list[at] < ordinal; step *= 2) {
        low = at + 1;
        if (high - at <= step)
            return find_between(list, low, high, ordinal);
        at += step;
    }
    for (size_t step = 4; list->list[at] >= ordinal; step *= 2) {
        high = at;
        if (at - low <= step)
            return find_between(list, low, high, ordinal);
        at -= step;
    }
    return find_between(list, at + 1, high, ordinal);
}

static bool list_has(struct gather *list, uint32_t ordinal)
{
    list->at = seek(list, ordinal);
    return list->at < list->n && list->list[list->at] == ordinal;
}

static size_t sift_by_list(struct gather *gather, const uint32_t *rows, size_t n, uint32_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&gather->list[guess(gather, rows[i])]);
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
