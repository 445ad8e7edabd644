/* SPDX-License-Identifier: MIT */
#include "index/build_orders.h"

#include <stdlib.h>

#include "index/radix.h"

enum { TERM_BITS = 21, TERMS_IN_KEY = 3 };

void build_by_id(const struct generation *generation, uint32_t *out)
{
    CLEANUP(mem_free) struct radix_row *rows = mem_resize(NULL, generation->n, sizeof *rows);
    for (uint32_t i = 0; i < generation->n; i++)
        rows[i] = (struct radix_row){ .key = generation->columns.ids[i], .row = i };
    radix_sort(rows, generation->n);
    for (uint32_t i = 0; i < generation->n; i++)
        out[i] = rows[i].row;
}

/* The first title of an item as terms, whose order is that of their texts. */
static const uint32_t *first_title(const struct generation *generation, uint32_t ordinal,
                                   uint32_t *out_n)
{
    const uint32_t *at = generation->titles + generation->items[ordinal].titles;
    bool any = generation->items[ordinal].titles < generation->items[ordinal + 1].titles;
    *out_n = any ? *at : 0;
    return at + 1;
}

/* Its first words; a missing one comes before all others. */
static uint64_t key_of_title(const struct generation *generation, uint32_t ordinal)
{
    uint32_t n;
    const uint32_t *terms = first_title(generation, ordinal, &n);
    uint64_t key = 0;
    for (uint32_t i = 0; i < TERMS_IN_KEY; i++)
        key = key << TERM_BITS | MIN(i < n ? terms[i] + 1 : 0, (1u << TERM_BITS) - 1);
    return key;
}

static uint64_t key_of(const struct generation *generation, enum generation_order order,
                       uint32_t ordinal)
{
    const struct columns *columns = &generation->columns;
    switch (order) {
    case GENERATION_BY_TITLE:
        return key_of_title(generation, ordinal);
    case GENERATION_BY_RATING:
        return columns->ratings[ordinal];
    case GENERATION_BY_RELEASE:
        return radix_key_of_int(columns->release_day[ordinal]);
    case GENERATION_BY_ADDED:
        return radix_key_of_int(columns->added_at_ms[ordinal]);
    default:
        return radix_key_of_int(columns->updated_at_ms[ordinal]);
    }
}

static int compare_titles(const void *a, const void *b, void *context)
{
    const struct generation *generation = context;
    const struct radix_row *x = a, *y = b;
    uint32_t n_x, n_y;
    const uint32_t *p = first_title(generation, x->row, &n_x);
    const uint32_t *q = first_title(generation, y->row, &n_y);
    for (uint32_t i = 0; i < n_x && i < n_y; i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    if (n_x != n_y)
        return n_x < n_y ? -1 : 1;
    uint32_t id_x = generation->columns.ids[x->row], id_y = generation->columns.ids[y->row];
    return (id_x > id_y) - (id_x < id_y);
}

/* Puts those in order whose first words are the same. */
static void sort_same_beginnings(struct generation *generation, struct radix_row *rows)
{
    for (size_t i = 0, end; i < generation->n; i = end) {
        for (end = i + 1; end < generation->n && rows[end].key == rows[i].key;)
            end++;
        if (end - i > 1)
            qsort_r(rows + i, end - i, sizeof *rows, compare_titles, generation);
    }
}

void build_orders(struct generation *generation)
{
    uint32_t n = generation->n;
    CLEANUP(mem_free) uint32_t *by_id = mem_resize(NULL, n, sizeof *by_id);
    CLEANUP(mem_free) struct radix_row *rows = mem_resize(NULL, n, sizeof *rows);
    build_by_id(generation, by_id);
    for (unsigned order = 0; order < GENERATION_ORDERS; order++) {
        for (uint32_t i = 0; i < n; i++)
            rows[i] = (struct radix_row){
                .key = key_of(generation, (enum generation_order)order, by_id[i]), .row = by_id[i]
            };
        radix_sort(rows, n);
        if (order == GENERATION_BY_TITLE)
            sort_same_beginnings(generation, rows);
        uint32_t *out = generation->orders[order] = mem_resize(NULL, n, sizeof *out);
        for (uint32_t i = 0; i < n; i++)
            out[i] = rows[i].row;
    }
}
