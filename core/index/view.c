/* SPDX-License-Identifier: MIT */
#include "index/view.h"

#include <stdlib.h>
#include <string.h>

#include "index/match.h"
#include "index/sequence.h"

struct view *view_new(struct generation *base, struct generation *delta, const uint32_t *replaced,
                      size_t n_replaced, uint64_t revision)
{
    struct view *view = mem_new(struct view);
    *view = (struct view){ .base = base, .delta = delta, .revision = revision, .references = 1 };
    if (n_replaced)
        view->dead = mem_alloc_array((base->n + 63) / 64, sizeof *view->dead);
    for (size_t i = 0; i < n_replaced; i++) {
        uint32_t ordinal = generation_ordinal(base, replaced[i]);
        if (ordinal != GENERATION_NONE)
            view->dead[ordinal / 64] |= 1ull << (ordinal % 64);
    }
    return view;
}

struct view *view_ref(struct view *view)
{
    __atomic_add_fetch(&view->references, 1, __ATOMIC_RELAXED);
    return view;
}

void view_unref(struct view *view)
{
    if (!view || __atomic_sub_fetch(&view->references, 1, __ATOMIC_ACQ_REL))
        return;
    generation_unref(view->base);
    generation_unref(view->delta);
    free(view->dead);
    free(view);
}

/* What a filter leaves of both generations. */
struct selected {
    struct select base, delta;
};

static void selected_done(struct selected *selected)
{
    select_done(&selected->base);
    select_done(&selected->delta);
}
DEFINE_CLEANUP_VALUE(struct selected, selected_done);

static void select_both(const struct view *view, const struct filter *filter, struct selected *out)
{
    *out = (struct selected){ 0 };
    select_make(view->base, filter, view->dead, &out->base);
    if (view->delta)
        select_make(view->delta, filter, NULL, &out->delta);
}

static struct index_facet *make_facet(const uint32_t *counts, size_t n, int32_t first,
                                      size_t *out_n)
{
    struct index_facet *rows = mem_alloc_array(n, sizeof *rows);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (counts[i])
            rows[kept++] = (struct index_facet){ .value = first + (int32_t)i, .count = counts[i] };
    *out_n = kept;
    return rows;
}

static void count_facets(const struct view *view, const struct selected *selected, uint32_t facets,
                         struct index_page *out)
{
    if (!facets)
        return;
    CLEANUP(mem_free) struct select_counts *counts = mem_new(struct select_counts);
    select_count(view->base, &selected->base, facets, counts);
    if (view->delta)
        select_count(view->delta, &selected->delta, facets, counts);
    if (facets & FILTER_FACET_GENRE)
        out->facets[0] = make_facet(counts->genres, 64, 0, &out->n_facets[0]);
    if (facets & FILTER_FACET_YEAR)
        out->facets[1] = make_facet(counts->years, ARRAY_LEN(counts->years), SELECT_FIRST_YEAR,
                                    &out->n_facets[1]);
    if (facets & FILTER_FACET_QUALITY)
        out->facets[2] = make_facet(counts->qualities, 4, 0, &out->n_facets[2]);
}

/* A page of what is selected, in the filter's order. */
static void page_selected(const struct view *view, const struct selected *selected,
                          const struct filter *filter, uint64_t skip, uint32_t limit,
                          struct index_page *out)
{
    CLEANUP(sequence_done) struct sequence base = { 0 };
    CLEANUP(sequence_done) struct sequence delta = { 0 };
    sequence_make(view->base, &selected->base, filter, &base);
    if (view->delta)
        sequence_make(view->delta, &selected->delta, filter, &delta);
    CLEANUP(mem_free) uint32_t *ids = mem_alloc_array(limit, sizeof *ids);
    out->n_hits = sequence_page(&base, &delta, skip, limit, ids);
    out->hits = mem_alloc_array(out->n_hits, sizeof *out->hits);
    for (size_t i = 0; i < out->n_hits; i++)
        out->hits[i].id = ids[i];
    out->total = base.n + delta.n;
}

void view_list(const struct view *view, const struct filter *filter, uint64_t skip, uint32_t limit,
               struct index_page *out)
{
    CLEANUP(selected_done) struct selected selected;
    select_both(view, filter, &selected);
    page_selected(view, &selected, filter, skip, limit, out);
    count_facets(view, &selected, filter->facets, out);
}

static struct index_hit make_hit(const struct generation *generation, const struct match_hit *from)
{
    struct index_hit hit = { .id = generation->ids[from->ordinal],
                             .score = from->score,
                             .title = from->title,
                             .field = from->title > 0,
                             .how = from->how };
    memcpy(hit.addends, from->addends, sizeof hit.addends);
    return hit;
}

/* By score, then as lists stand: by popularity and id. */
static bool stands_before(const struct generation *a, const struct match_hit *x,
                          const struct generation *b, const struct match_hit *y)
{
    if (x->score != y->score)
        return x->score > y->score;
    const struct card_facts *p = &a->facts[x->ordinal], *q = &b->facts[y->ordinal];
    return p->popularity != q->popularity ? p->popularity > q->popularity : p->id < q->id;
}

static void merge_hits(const struct view *view, const struct matches *base,
                       const struct matches *delta, uint64_t skip, uint32_t limit,
                       struct index_page *out)
{
    out->hits = mem_alloc_array(limit, sizeof *out->hits);
    size_t b = 0, d = 0;
    for (uint64_t at = 0; at < skip + limit && (b < base->n || d < delta->n); at++) {
        bool from_delta = b == base->n ||
                          (d < delta->n &&
                           stands_before(view->delta, &delta->hits[d], view->base, &base->hits[b]));
        const struct match_hit *next = from_delta ? &delta->hits[d++] : &base->hits[b++];
        if (at >= skip)
            out->hits[out->n_hits++] = make_hit(from_delta ? view->delta : view->base, next);
    }
    out->total = base->total + delta->total;
}

/* What a query finds in both generations. */
struct found {
    struct matches base, delta;
    uint64_t *base_bits, *delta_bits;
};

static void found_done(struct found *found)
{
    matches_done(&found->base);
    matches_done(&found->delta);
    free(found->base_bits);
    free(found->delta_bits);
    *found = (struct found){ 0 };
}
DEFINE_CLEANUP_VALUE(struct found, found_done);

static void search_both(const struct view *view, const struct fold *query, bool mistakes,
                        const struct selected *selected, size_t most, struct found *out)
{
    match_search(view->base, query, mistakes, &selected->base, most, &out->base, &out->base_bits);
    if (view->delta)
        match_search(view->delta, query, mistakes, &selected->delta, most, &out->delta,
                     &out->delta_bits);
}

void view_search(const struct view *view, const char *text, const struct filter *filter,
                 uint64_t skip, uint32_t limit, struct index_page *out)
{
    CLEANUP(mem_free) struct fold *query = mem_new(struct fold);
    fold_text(text, strlen(text), query);
    CLEANUP(selected_done) struct selected selected;
    select_both(view, filter, &selected);
    bool by_score = filter->sort == FILTER_SORT_DEFAULT;
    size_t most = by_score ? (size_t)(skip + limit) : 0;
    CLEANUP(found_done) struct found found = { 0 };
    search_both(view, query, false, &selected, most, &found);
    if (found.base.total + found.delta.total == 0) {
        /* Nobody says that, in either generation: it was mistyped. */
        out->mistakes = true;
        found_done(&found);
        search_both(view, query, true, &selected, most, &found);
    }
    select_intersect(&selected.base, found.base_bits);
    if (view->delta)
        select_intersect(&selected.delta, found.delta_bits);
    if (by_score)
        merge_hits(view, &found.base, &found.delta, skip, limit, out);
    else
        page_selected(view, &selected, filter, skip, limit, out);
    count_facets(view, &selected, filter->facets, out);
}

/* The generation that speaks for an item, and its ordinal there. */
static const struct generation *find_item(const struct view *view, uint32_t id, uint32_t *out)
{
    *out = view->delta ? generation_ordinal(view->delta, id) : GENERATION_NONE;
    if (*out != GENERATION_NONE)
        return view->delta;
    *out = generation_ordinal(view->base, id);
    bool dead = *out != GENERATION_NONE && view->dead && view->dead[*out / 64] >> (*out % 64) & 1;
    return *out == GENERATION_NONE || dead ? NULL : view->base;
}

enum index_verdict view_judge(const struct view *view, uint32_t id, const char *text, bool mistakes,
                              const struct filter *filter)
{
    uint32_t ordinal;
    const struct generation *generation = find_item(view, id, &ordinal);
    if (!generation || !select_judge(&generation->facts[ordinal], filter))
        return INDEX_NEITHER;
    if (!text)
        return INDEX_MATCHES;
    CLEANUP(mem_free) struct fold *query = mem_new(struct fold);
    fold_text(text, strlen(text), query);
    return match_judge(generation, query, mistakes, ordinal) ? INDEX_MATCHES : INDEX_FILTER_ONLY;
}

uint64_t view_count(const struct view *view, uint32_t kind)
{
    struct filter all = { .kind = kind };
    CLEANUP(selected_done) struct selected selected;
    select_both(view, &all, &selected);
    return selected.base.count + selected.delta.count;
}
