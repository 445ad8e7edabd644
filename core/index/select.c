/* SPDX-License-Identifier: MIT */
#include "index/select.h"

#include <string.h>

enum { BLOCK = 256 /* words at a time, small enough to stay in the nearest cache */ };

/* --- Working a filter out */

static void need(struct select_plan *plan, const uint64_t *set)
{
    if (!set || plan->n_all == SELECT_MAX_SETS)
        plan->nothing = true;
    else
        plan->all[plan->n_all++] = set;
}

static void need_each(struct select_plan *plan, uint64_t bits, uint64_t *const *sets, size_t n)
{
    for (; bits; bits &= bits - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(bits);
        need(plan, bit < n ? sets[bit] : NULL);
    }
}

static void need_either(struct select_plan *plan, uint64_t bits, uint64_t *const *sets, size_t n)
{
    if (!bits)
        return;
    size_t from = plan->n_groups ? plan->group_ends[plan->n_groups - 1] : 0, end = from;
    for (; bits; bits &= bits - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(bits);
        if (bit < n && sets[bit])
            plan->either[end++] = sets[bit];
    }
    plan->nothing = plan->nothing || end == from;
    plan->group_ends[plan->n_groups++] = end;
}

static const uint64_t *rung(const struct select_plan *plan, const struct columns_ladder *ladder,
                            uint32_t at)
{
    return at < ladder->n ? ladder->bits + at * plan->generation->columns.n_words : NULL;
}

/* How many rungs are at or below the value. */
static uint32_t rungs_until(const struct columns_ladder *ladder, int32_t value)
{
    uint32_t n = 0;
    while (n < ladder->n && ladder->values[n] <= value)
        n++;
    return n;
}

static void need_least(struct select_plan *plan, enum columns_number number, int32_t min)
{
    const struct columns_ladder *ladder = &plan->generation->columns.ladders[number];
    uint32_t n = rungs_until(ladder, min), at = n ? n - 1 : 0;
    bool between = n && ladder->values[at] < min;
    if (between && min > ladder->lasts[at]) {
        need(plan, rung(plan, ladder, n));
        return;
    }
    need(plan, rung(plan, ladder, at));
    if (between)
        plan->edges[plan->n_edges++] = (struct select_edge){ .above = rung(plan, ladder, at),
                                                             .below = rung(plan, ladder, n),
                                                             .number = number,
                                                             .min = min,
                                                             .max = INT32_MAX };
}

/* What is not known is not "at most" anything: the first rung has all that are known. */
static void need_most(struct select_plan *plan, enum columns_number number, int32_t max)
{
    const struct columns_ladder *ladder = &plan->generation->columns.ladders[number];
    uint32_t n = rungs_until(ladder, max);
    need(plan, n ? rung(plan, ladder, 0) : NULL);
    if (n < ladder->n)
        plan->none[plan->n_none++] = rung(plan, ladder, n);
    if (n && max < ladder->lasts[n - 1])
        plan->edges[plan->n_edges++] = (struct select_edge){ .above = rung(plan, ladder, n - 1),
                                                             .below = rung(plan, ladder, n),
                                                             .number = number,
                                                             .min = INT32_MIN,
                                                             .max = max };
}

static void need_numbers(struct select_plan *plan, const struct filter *filter)
{
    if (filter->year_min > 0)
        need_least(plan, COLUMNS_YEAR, filter->year_min);
    if (filter->year_max)
        need_most(plan, COLUMNS_YEAR, filter->year_max);
    if (filter->rating_min_x1000 > 0)
        need_least(plan, COLUMNS_RATING, filter->rating_min_x1000);
    if (filter->votes_min > 0)
        need_least(plan, COLUMNS_VOTES, filter->votes_min);
    if (filter->runtime_min > 0)
        need_least(plan, COLUMNS_RUNTIME, filter->runtime_min);
    if (filter->runtime_max)
        need_most(plan, COLUMNS_RUNTIME, filter->runtime_max);
}

static void need_language(struct select_plan *plan, const char *language)
{
    const struct columns *columns = &plan->generation->columns;
    uint32_t place = columns_language(columns, language);
    if (place == UINT32_MAX)
        plan->nothing = true;
    else if (columns->language_sets[place])
        need(plan, columns->language_sets[place]);
    else
        plan->language = place;
}

void select_plan_make(const struct generation *generation, const struct filter *filter,
                      const uint64_t *dead, const uint64_t *members, struct select_plan *out)
{
    const struct columns *columns = &generation->columns;
    out->generation = generation;
    out->n_all = out->n_none = out->n_groups = out->n_edges = 0; /* the rest is never read */
    out->language = UINT32_MAX;
    out->nothing = !generation->n;
    need(out, columns->alive);
    if (dead)
        out->none[out->n_none++] = dead;
    if (members)
        need(out, members);
    if (filter->kind)
        need(out,
             filter->kind <= ARRAY_LEN(columns->kinds) ? columns->kinds[filter->kind - 1] : NULL);
    need_each(out, filter->genres_all, columns->genres, ARRAY_LEN(columns->genres));
    need_each(out, filter->qualities_all, columns->qualities, ARRAY_LEN(columns->qualities));
    need_either(out, filter->genres_any, columns->genres, ARRAY_LEN(columns->genres));
    need_either(out, filter->qualities_any, columns->qualities, ARRAY_LEN(columns->qualities));
    need_either(out, filter->statuses, columns->statuses, ARRAY_LEN(columns->statuses));
    if (filter->available)
        need(out, columns->available);
    if (*filter->original_language)
        need_language(out, filter->original_language);
    need_numbers(out, filter);
}

/* --- One item */

static bool judge_either(const struct select_plan *plan, uint32_t ordinal)
{
    size_t i = 0;
    for (size_t group = 0; group < plan->n_groups; group++) {
        bool in_one = false;
        for (; i < plan->group_ends[group]; i++)
            in_one = in_one || bits_has(plan->either[i], ordinal);
        if (!in_one)
            return false;
    }
    return true;
}

static bool judge_edge(const struct select_plan *plan, const struct select_edge *edge,
                       uint32_t ordinal)
{
    int32_t value = columns_number(&plan->generation->columns, edge->number, ordinal);
    return value >= edge->min && value <= edge->max;
}

bool select_judge(const struct select_plan *plan, uint32_t ordinal)
{
    if (plan->nothing)
        return false;
    for (size_t i = 0; i < plan->n_all; i++)
        if (!bits_has(plan->all[i], ordinal))
            return false;
    for (size_t i = 0; i < plan->n_none; i++)
        if (bits_has(plan->none[i], ordinal))
            return false;
    if (plan->language != UINT32_MAX &&
        plan->generation->columns.languages[ordinal] != plan->language)
        return false;
    for (size_t i = 0; i < plan->n_edges; i++)
        if (!judge_edge(plan, &plan->edges[i], ordinal))
            return false;
    return judge_either(plan, ordinal);
}

/* --- All items */

void select_done(struct select *select)
{
    bits_give(select->bits);
    *select = (struct select){ 0 };
}

static void keep_either(const struct select_plan *plan, size_t from, size_t n, uint64_t *bits)
{
    uint64_t group_bits[BLOCK];
    size_t i = 0;
    for (size_t group = 0; group < plan->n_groups; group++) {
        memset(group_bits, 0, sizeof group_bits);
        for (; i < plan->group_ends[group]; i++)
            for (size_t word = 0; word < n; word++)
                group_bits[word] |= plan->either[i][from + word];
        bits_and(bits, group_bits, n);
    }
}

static void keep_inside_edge(const struct select_plan *plan, const struct select_edge *edge,
                             size_t from, size_t n, uint64_t *bits)
{
    uint64_t between[BLOCK];
    memcpy(between, bits, n * sizeof *bits);
    bits_and(between, edge->above + from, n);
    if (edge->below)
        bits_and_not(between, edge->below + from, n);
    for (size_t i = 0; i < n; i++) {
        for (uint64_t left = between[i]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            if (!judge_edge(plan, edge, (uint32_t)((from + i) * 64) + bit))
                bits[i] &= ~(1ull << bit);
        }
    }
}

static void keep_language(const struct select_plan *plan, size_t from, size_t n, uint64_t *bits)
{
    for (size_t i = 0; i < n; i++)
        for (uint64_t left = bits[i]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            if (plan->generation->columns.languages[(from + i) * 64 + bit] != plan->language)
                bits[i] &= ~(1ull << bit);
        }
}

static void narrow_block(const struct select_plan *plan, size_t from, size_t n, uint64_t *bits)
{
    for (size_t i = 0; i < plan->n_all; i++)
        bits_and(bits, plan->all[i] + from, n);
    for (size_t i = 0; i < plan->n_none; i++)
        bits_and_not(bits, plan->none[i] + from, n);
    keep_either(plan, from, n, bits);
    for (size_t i = 0; i < plan->n_edges; i++)
        keep_inside_edge(plan, &plan->edges[i], from, n, bits);
    if (plan->language != UINT32_MAX)
        keep_language(plan, from, n, bits);
}

void select_narrow(const struct select_plan *plan, size_t from, size_t n, uint64_t *bits)
{
    for (size_t at = 0; at < n; at += BLOCK)
        narrow_block(plan, from + at, MIN(n - at, (size_t)BLOCK), bits + at);
}

void select_make(const struct select_plan *plan, struct select *out)
{
    uint32_t n = plan->generation->n;
    *out = (struct select){ .n = n, .n_words = bits_words(n) };
    out->bits = bits_take(out->n_words);
    if (plan->nothing) {
        memset(out->bits, 0, out->n_words * sizeof *out->bits);
        return;
    }
    memcpy(out->bits, plan->all[0], out->n_words * sizeof *out->bits);
    select_narrow(plan, 0, out->n_words, out->bits);
    out->count = bits_count(out->bits, out->n_words);
}

/* --- Facets */

static void count_sets(uint64_t *const *sets, size_t n, const struct select *select,
                       uint32_t *counts)
{
    for (size_t i = 0; i < n; i++)
        if (sets[i])
            counts[i] += (uint32_t)bits_count_both(sets[i], select->bits, select->n_words);
}

static void count_years(const struct columns *columns, const struct select *select,
                        uint32_t *counts, size_t n)
{
    for (size_t i = 0; i < select->n_words; i++)
        for (uint64_t word = select->bits[i]; word; word &= word - 1) {
            uint32_t year = columns->years[i * 64 + (unsigned)__builtin_ctzll(word)];
            if (year >= SELECT_FIRST_YEAR && year - SELECT_FIRST_YEAR < n)
                counts[year - SELECT_FIRST_YEAR]++;
        }
}

void select_count(const struct generation *generation, const struct select *select, uint32_t facets,
                  struct select_counts *counts)
{
    const struct columns *columns = &generation->columns;
    if (facets & FILTER_FACET_GENRE)
        count_sets(columns->genres, ARRAY_LEN(columns->genres), select, counts->genres);
    if (facets & FILTER_FACET_QUALITY)
        count_sets(columns->qualities, ARRAY_LEN(counts->qualities), select, counts->qualities);
    if (facets & FILTER_FACET_YEAR)
        count_years(columns, select, counts->years, ARRAY_LEN(counts->years));
}
