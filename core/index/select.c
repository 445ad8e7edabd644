/* SPDX-License-Identifier: MIT */
#include "index/select.h"

#include <string.h>

void select_done(struct select *select)
{
    free(select->bits);
    *select = (struct select){ 0 };
}

static bool judge_numbers(const struct card_facts *facts, const struct filter *filter)
{
    return !(filter->year_min && facts->year < filter->year_min) &&
           !(filter->year_max && (!facts->year || facts->year > filter->year_max)) &&
           !(filter->rating_min_x10 && facts->rating_x10 < filter->rating_min_x10) &&
           !(filter->votes_min && facts->votes < filter->votes_min) &&
           !(filter->runtime_min && facts->runtime < filter->runtime_min) &&
           !(filter->runtime_max && (!facts->runtime || facts->runtime > filter->runtime_max));
}

static bool judge_sets(const struct card_facts *facts, const struct filter *filter)
{
    return (facts->genres & filter->genres_all) == filter->genres_all &&
           !(filter->genres_any && !(facts->genres & filter->genres_any)) &&
           (facts->qualities & filter->qualities_all) == filter->qualities_all &&
           !(filter->qualities_any && !(facts->qualities & filter->qualities_any)) &&
           !(filter->statuses && !(filter->statuses >> facts->status & 1)) &&
           !(filter->available && !(facts->flags & CARD_AVAILABLE));
}

bool select_judge(const struct card_facts *facts, const struct filter *filter)
{
    return !(facts->flags & CARD_GONE) && !(filter->kind && facts->kind != filter->kind) &&
           judge_sets(facts, filter) && judge_numbers(facts, filter) &&
           !(*filter->original_language &&
             strncmp(facts->original_language, filter->original_language,
                     sizeof facts->original_language) != 0);
}

void select_make(const struct generation *generation, const struct filter *filter,
                 const uint64_t *dead, struct select *out)
{
    *out = (struct select){ .n = generation->n, .n_words = (generation->n + 63) / 64 };
    out->bits = mem_alloc_array(out->n_words, sizeof *out->bits);
    for (uint32_t i = 0; i < generation->n; i++) {
        uint64_t is_in = select_judge(&generation->facts[i], filter);
        out->bits[i / 64] |= is_in << (i % 64);
    }
    for (size_t i = 0; i < out->n_words; i++) {
        out->bits[i] &= dead ? ~dead[i] : UINT64_MAX;
        out->count += (unsigned)__builtin_popcountll(out->bits[i]);
    }
}

void select_intersect(struct select *select, const uint64_t *hits)
{
    select->count = 0;
    for (size_t i = 0; i < select->n_words; i++) {
        select->bits[i] &= hits[i];
        select->count += (unsigned)__builtin_popcountll(select->bits[i]);
    }
}

static void count_bits(uint64_t set, uint32_t *counts)
{
    for (; set; set &= set - 1)
        counts[__builtin_ctzll(set)]++;
}

void select_count(const struct generation *generation, const struct select *select, uint32_t facets,
                  struct select_counts *counts)
{
    for (size_t i = 0; i < select->n_words; i++)
        for (uint64_t word = select->bits[i]; word; word &= word - 1) {
            const struct card_facts *facts =
                &generation->facts[i * 64 + (unsigned)__builtin_ctzll(word)];
            if (facets & FILTER_FACET_GENRE)
                count_bits(facts->genres, counts->genres);
            int32_t year = facts->year - SELECT_FIRST_YEAR;
            if (facets & FILTER_FACET_YEAR && year >= 0 && year < (int)ARRAY_LEN(counts->years))
                counts->years[year]++;
            if (facets & FILTER_FACET_QUALITY)
                count_bits(facts->qualities & 15u, counts->qualities);
        }
}
