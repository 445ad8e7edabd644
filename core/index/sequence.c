/* SPDX-License-Identifier: MIT */
#include "index/sequence.h"

#include <string.h>

void sequence_done(struct sequence *sequence)
{
    free(sequence->rows);
    *sequence = (struct sequence){ 0 };
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_first_titles(const struct generation *a, uint32_t x, const struct generation *b,
                                uint32_t y)
{
    const uint32_t *p = a->titles + a->items[x].titles, *q = b->titles + b->items[y].titles;
    uint32_t n_p = a->items[x].titles < a->items[x + 1].titles ? *p++ : 0;
    uint32_t n_q = b->items[y].titles < b->items[y + 1].titles ? *q++ : 0;
    for (uint32_t i = 0; i < n_p && i < n_q; i++) {
        int order = strcmp(generation_term(a, p[i]), generation_term(b, q[i]));
        if (order)
            return order;
    }
    return n_p < n_q ? -1 : n_p > n_q;
}

/* Stands behind all others, in either direction. */
static bool is_unknown(enum filter_sort sort, const struct generation *generation, uint32_t ordinal)
{
    if (sort == FILTER_SORT_RATING)
        return !generation->columns.ratings[ordinal];
    return sort == FILTER_SORT_RELEASE_DATE &&
           generation->columns.release_day[ordinal] == INT32_MIN;
}

/* Ascending in what `sort` says, the unknown being least; ties by id, so that every order is total.
 */
static int compare_ascending(enum filter_sort sort, const struct generation *a, uint32_t x,
                             const struct generation *b, uint32_t y)
{
    const struct columns *p = &a->columns, *q = &b->columns;
    int order = 0;
    switch (sort) {
    case FILTER_SORT_RATING:
        order = compare_numbers(p->ratings[x], q->ratings[y]);
        break;
    case FILTER_SORT_TITLE:
        order = compare_first_titles(a, x, b, y);
        break;
    case FILTER_SORT_RELEASE_DATE:
        order = compare_numbers(p->release_day[x], q->release_day[y]);
        break;
    case FILTER_SORT_ADDED:
        order = compare_numbers(p->added_at_ms[x], q->added_at_ms[y]);
        break;
    case FILTER_SORT_UPDATED:
        order = compare_numbers(p->updated_at_ms[x], q->updated_at_ms[y]);
        break;
    case FILTER_SORT_DEFAULT:
    case FILTER_SORT_POPULARITY:
        /* Ordinals run by falling popularity and rising id. */
        order = (p->popularity[x] > q->popularity[y]) - (p->popularity[x] < q->popularity[y]);
        return order ? order : compare_numbers(q->ids[y], p->ids[x]);
    }
    return order ? order : compare_numbers(p->ids[x], q->ids[y]);
}

static int compare_in(const struct sequence *sequence, const struct generation *a, uint32_t x,
                      const struct generation *b, uint32_t y)
{
    if (sequence->ascending) {
        bool p = is_unknown(sequence->sort, a, x), q = is_unknown(sequence->sort, b, y);
        if (p != q)
            return p ? 1 : -1;
    }
    int order = compare_ascending(sequence->sort, a, x, b, y);
    return sequence->ascending ? order : -order;
}

/* NULL: by ordinal. */
static const uint32_t *order_of(const struct sequence *sequence)
{
    static const int orders[] = {
        [FILTER_SORT_TITLE] = GENERATION_BY_TITLE,
        [FILTER_SORT_RATING] = GENERATION_BY_RATING,
        [FILTER_SORT_RELEASE_DATE] = GENERATION_BY_RELEASE,
        [FILTER_SORT_ADDED] = GENERATION_BY_ADDED,
        [FILTER_SORT_UPDATED] = GENERATION_BY_UPDATED,
    };
    bool by_popularity =
        sequence->sort == FILTER_SORT_DEFAULT || sequence->sort == FILTER_SORT_POPULARITY;
    return by_popularity ? NULL : sequence->generation->orders[orders[sequence->sort]];
}

/* How many unknown ones an order begins with. */
static uint32_t count_unknown(const struct sequence *sequence, const uint32_t *order)
{
    uint32_t low = 0, high = sequence->generation->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_unknown(sequence->sort, sequence->generation, order[middle]))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The orders rise, and so do ids within them; falling is exactly the other way round.  Rising, what
 * they begin with comes last when it is unknown. */
static void collect(struct sequence *sequence)
{
    const uint32_t *order = order_of(sequence);
    uint32_t n = sequence->generation->n;
    bool backwards = order ? !sequence->ascending : sequence->ascending;
    uint32_t first = order && !backwards ? count_unknown(sequence, order) : 0;
    for (uint32_t i = 0, kept = 0; kept < sequence->known; i++) {
        uint32_t at = backwards ? n - 1 - i : i < n - first ? first + i : i - (n - first);
        uint32_t ordinal = order ? order[at] : at;
        if (bits_has(sequence->select->bits, ordinal))
            sequence->rows[kept++] = ordinal;
    }
}

void sequence_make(const struct generation *generation, const struct select *select,
                   const struct filter *filter, uint64_t most, struct sequence *out)
{
    bool by_title = filter->sort == FILTER_SORT_TITLE;
    *out = (struct sequence){ .generation = generation,
                              .select = select,
                              .sort = filter->sort,
                              .ascending = filter->order_given ? filter->ascending : by_title,
                              .n = select->count,
                              .known = select->count };
    if (!order_of(out) && !out->ascending)
        return;
    out->known = MIN(out->n, most);
    out->rows = mem_resize(NULL, (size_t)out->known, sizeof *out->rows);
    collect(out);
}

/* A walk along a sequence. */
struct walk {
    const struct sequence *sequence;
    uint64_t at;   /* position */
    size_t word;   /* for bits: where the next one is looked for */
    uint64_t left; /* what is left of that word */
};

static struct walk start_walk(const struct sequence *sequence, uint64_t skip)
{
    struct walk walk = { .sequence = sequence, .at = skip };
    if (sequence->rows || skip >= sequence->known)
        return walk;
    const uint64_t *bits = sequence->select->bits;
    uint64_t before;
    walk.word = bits_find_word(bits, skip, &before);
    walk.left = bits[walk.word];
    while (before++ < skip)
        walk.left &= walk.left - 1;
    return walk;
}

static bool has_next(const struct walk *walk)
{
    return walk->at < walk->sequence->known;
}

static uint32_t peek(struct walk *walk)
{
    if (walk->sequence->rows)
        return walk->sequence->rows[walk->at];
    while (!walk->left)
        walk->left = walk->sequence->select->bits[++walk->word];
    return (uint32_t)(walk->word * 64) + (uint32_t)__builtin_ctzll(walk->left);
}

static void advance(struct walk *walk)
{
    walk->at++;
    walk->left &= walk->left - 1;
}

/* How many of `base` stand before one item of another generation. */
static uint64_t rank_in(const struct sequence *base, const struct generation *other,
                        uint32_t ordinal)
{
    uint64_t low = 0, high = base->rows ? base->known : base->generation->n;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        uint32_t row = base->rows ? base->rows[middle] : (uint32_t)middle;
        if (compare_in(base, base->generation, row, other, ordinal) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (base->rows)
        return low;
    uint64_t before = bits_count(base->select->bits, (size_t)(low / 64));
    uint64_t rest = low % 64 ? base->select->bits[low / 64] & ((1ull << (low % 64)) - 1) : 0;
    return before + (unsigned)__builtin_popcountll(rest);
}

/* How many of the delta stand before position `skip` of the merged order. */
static uint64_t delta_before(const struct sequence *base, const struct sequence *delta,
                             uint64_t skip)
{
    uint64_t low = 0, high = delta->known;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct walk walk = start_walk(delta, middle);
        if (rank_in(base, delta->generation, peek(&walk)) + middle < skip)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t sequence_page(const struct sequence *base, const struct sequence *delta, uint64_t skip,
                     uint32_t limit, uint32_t *out_ids)
{
    uint64_t from_delta = delta->n ? delta_before(base, delta, skip) : 0;
    struct walk b = start_walk(base, MIN(skip - from_delta, base->known));
    struct walk d = start_walk(delta, from_delta);
    size_t n = 0;
    while (n < limit && (has_next(&b) || has_next(&d))) {
        bool take_delta =
            !has_next(&b) || (has_next(&d) && compare_in(base, delta->generation, peek(&d),
                                                         base->generation, peek(&b)) < 0);
        struct walk *next = take_delta ? &d : &b;
        out_ids[n++] = next->sequence->generation->columns.ids[peek(next)];
        advance(next);
    }
    return n;
}
