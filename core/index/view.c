/* SPDX-License-Identifier: MIT */
#include "index/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index/match.h"
#include "index/members.h"
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

/* A filter, for both generations; and what it, and perhaps a query, leaves of them. */
struct selected {
    uint64_t *base_members, *delta_members; /* of the filter's list; NULL: it names none */
    struct select_plan base_plan, delta_plan;
    struct select base, delta;
};

static void selected_free(struct selected *selected)
{
    if (!selected)
        return;
    select_done(&selected->base);
    select_done(&selected->delta);
    bits_give(selected->base_members);
    bits_give(selected->delta_members);
    free(selected);
}
DEFINE_CLEANUP(struct selected *, selected_free);

static uint64_t *find_members(const struct generation *generation, const struct members *members)
{
    if (!members)
        return NULL;
    size_t n_words = bits_words(generation->n);
    uint64_t *out = bits_take(n_words);
    memset(out, 0, n_words * sizeof *out);
    for (size_t i = 0; i < members->n; i++) {
        uint32_t ordinal = generation_ordinal(generation, members->ids[i]);
        if (ordinal != GENERATION_NONE)
            bits_set(out, ordinal);
    }
    return out;
}

static struct selected *selected_new(const struct view *view, const struct filter *filter)
{
    struct selected *out = mem_resize(NULL, 1, sizeof *out);
    out->base = out->delta = (struct select){ 0 };
    out->delta_members = NULL;
    out->base_members = find_members(view->base, filter->members);
    select_plan_make(view->base, filter, view->dead, out->base_members, &out->base_plan);
    if (!view->delta)
        return out;
    out->delta_members = find_members(view->delta, filter->members);
    select_plan_make(view->delta, filter, NULL, out->delta_members, &out->delta_plan);
    return out;
}

static void select_both(const struct view *view, struct selected *selected)
{
    select_make(&selected->base_plan, &selected->base);
    if (view->delta)
        select_make(&selected->delta_plan, &selected->delta);
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
    sequence_make(view->base, &selected->base, filter, skip + limit, &base);
    if (view->delta)
        sequence_make(view->delta, &selected->delta, filter, skip + limit, &delta);
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
    CLEANUP(selected_free) struct selected *selected = selected_new(view, filter);
    select_both(view, selected);
    page_selected(view, selected, filter, skip, limit, out);
    count_facets(view, selected, filter->facets, out);
}

/* A query, and what was found of it. */
struct searching {
    struct fold query;
    bool mistakes; /* forgiven, because nothing was found without */
    struct matches base, delta;
};

static void searching_done(struct searching *searching)
{
    matches_done(&searching->base);
    matches_done(&searching->delta);
}
DEFINE_CLEANUP_VALUE(struct searching, searching_done);

static void fill_hit(const struct generation *generation, const struct matches *matches,
                     const struct best_hit *from, bool explain, struct index_hit *hit)
{
    hit->id = generation->columns.ids[from->ordinal];
    hit->score = fmax(from->score, 0);
    hit->title = from->title;
    hit->field = from->title > 0;
    hit->how = from->how;
    if (explain)
        match_explain(generation, matches, from->ordinal, hit->addends);
}

/* By score, then as lists stand: by popularity and id. */
static bool stands_before(const struct generation *a, const struct best_hit *x,
                          const struct generation *b, const struct best_hit *y)
{
    if (x->score != y->score)
        return x->score > y->score;
    double p = a->columns.popularity[x->ordinal], q = b->columns.popularity[y->ordinal];
    return p != q ? p > q : a->columns.ids[x->ordinal] < b->columns.ids[y->ordinal];
}

static void merge_hits(const struct view *view, const struct searching *searching, bool explain,
                       uint64_t skip, uint32_t limit, struct index_page *out)
{
    const struct matches *base = &searching->base, *delta = &searching->delta;
    out->hits = mem_alloc_array(limit, sizeof *out->hits);
    size_t b = 0, d = 0;
    for (uint64_t at = 0; at < skip + limit && (b < base->best.n || d < delta->best.n); at++) {
        bool from_delta = b == base->best.n ||
                          (d < delta->best.n && stands_before(view->delta, &delta->best.hits[d],
                                                              view->base, &base->best.hits[b]));
        const struct best_hit *next = from_delta ? &delta->best.hits[d++] : &base->best.hits[b++];
        if (at >= skip)
            fill_hit(from_delta ? view->delta : view->base, from_delta ? delta : base, next,
                     explain, &out->hits[out->n_hits++]);
    }
    out->total = base->total + delta->total;
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

/* A page that is in another order says as well how each of its items matches. */
static void fill_hits(const struct view *view, const struct searching *searching, bool explain,
                      struct index_page *out)
{
    for (size_t i = 0; i < out->n_hits; i++) {
        uint32_t ordinal;
        struct best_hit hit;
        const struct generation *generation = find_item(view, out->hits[i].id, &ordinal);
        const struct matches *matches =
            generation == view->base ? &searching->base : &searching->delta;
        if (generation && match_hit(generation, matches, ordinal, &hit))
            fill_hit(generation, matches, &hit, explain, &out->hits[i]);
    }
}

static void search_both(const struct view *view, size_t most, bool all, struct selected *selected,
                        struct searching *searching)
{
    match_search(&selected->base_plan, &searching->query, searching->mistakes, most,
                 &searching->base, all ? &selected->base : NULL);
    if (view->delta)
        match_search(&selected->delta_plan, &searching->query, searching->mistakes, most,
                     &searching->delta, all ? &selected->delta : NULL);
}

void view_search(const struct view *view, const char *text, const struct filter *filter,
                 uint64_t skip, uint32_t limit, struct index_page *out)
{
    CLEANUP(searching_done) struct searching searching; /* its words are many bytes: not cleared */
    searching.base = searching.delta = (struct matches){ 0 };
    searching.mistakes = false;
    fold_text(text, strlen(text), &searching.query);
    CLEANUP(selected_free) struct selected *selected = selected_new(view, filter);
    bool by_score = filter->sort == FILTER_SORT_DEFAULT;
    bool all = !by_score || filter->facets;
    size_t most = by_score ? (size_t)(skip + limit) : 0;
    search_both(view, most, all, selected, &searching);
    if (!searching.base.total && !searching.delta.total) {
        /* Nobody says that, in either generation: it was mistyped. */
        searching.mistakes = out->mistakes = true;
        search_both(view, most, all, selected, &searching);
    }
    if (by_score) {
        merge_hits(view, &searching, filter->explain, skip, limit, out);
    } else {
        page_selected(view, selected, filter, skip, limit, out);
        fill_hits(view, &searching, filter->explain, out);
    }
    count_facets(view, selected, filter->facets, out);
}

enum index_verdict view_judge(const struct view *view, uint32_t id, const char *text, bool mistakes,
                              const struct filter *filter)
{
    uint32_t ordinal;
    const struct generation *generation = find_item(view, id, &ordinal);
    if (!generation || (filter->members && !members_have(filter->members, id)))
        return INDEX_NEITHER;
    CLEANUP(mem_free) struct select_plan *plan = mem_new(struct select_plan);
    select_plan_make(generation, filter, NULL, NULL, plan);
    if (!select_judge(plan, ordinal))
        return INDEX_NEITHER;
    if (!text)
        return INDEX_MATCHES;
    CLEANUP(mem_free) struct fold *query = mem_new(struct fold);
    fold_text(text, strlen(text), query);
    return match_judge(generation, query, mistakes, ordinal) ? INDEX_MATCHES : INDEX_FILTER_ONLY;
}

void view_select(const struct view *view, const struct filter *filter, const uint32_t *ids,
                 size_t n, bool *out)
{
    CLEANUP(selected_free) struct selected *selected = selected_new(view, filter);
    for (size_t i = 0; i < n; i++) {
        uint32_t ordinal;
        const struct generation *generation = find_item(view, ids[i], &ordinal);
        const struct select_plan *plan =
            generation == view->base ? &selected->base_plan : &selected->delta_plan;
        out[i] = generation && select_judge(plan, ordinal);
    }
}

uint64_t view_count(const struct view *view, uint32_t kind)
{
    struct filter all = { .kind = kind };
    CLEANUP(selected_free) struct selected *selected = selected_new(view, &all);
    select_both(view, selected);
    return selected->base.count + selected->delta.count;
}
