/* SPDX-License-Identifier: MIT */
#include "service/facets.h"

#include <string.h>

#include "index/index.h"
#include "media/card.h"
#include "media/genre.h"
#include "media/quality.h"

enum { GENRE, YEAR, QUALITY, MAX_CARD = 4 << 20 };

void facets_begin(uint32_t wanted, struct index_page *page)
{
    static const uint32_t flags[] = {
        [GENRE] = FILTER_FACET_GENRE, [YEAR] = FILTER_FACET_YEAR, [QUALITY] = FILTER_FACET_QUALITY
    };
    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (wanted & flags[i] && !page->facets[i])
            page->facets[i] = mem_alloc_array(1, sizeof *page->facets[i]);
}

/* Values rise; none has a count of 0. */
static void count_value(struct index_page *page, unsigned facet, int32_t value, int change)
{
    size_t n = page->n_facets[facet], at = 0;
    struct index_facet *rows = page->facets[facet];
    while (at < n && rows[at].value < value)
        at++;
    size_t behind = n - at;
    bool is_there = behind && rows[at].value == value;
    if (is_there && (change > 0 || rows[at].count > 1)) {
        rows[at].count += (uint32_t)change;
    } else if (is_there) {
        memmove(&rows[at], &rows[at + 1], (behind - 1) * sizeof *rows);
        page->n_facets[facet]--;
    } else if (change > 0) {
        rows = page->facets[facet] = mem_resize(rows, n + 1, sizeof *rows);
        memmove(&rows[at + 1], &rows[at], behind * sizeof *rows);
        rows[at] = (struct index_facet){ .value = value, .count = 1 };
        page->n_facets[facet]++;
    }
}

void facets_count(struct catalog *catalog, uint32_t id, int change, struct index_page *page)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    struct card_facts facts;
    if (cards_get(catalog_store(catalog), id, &card, NULL) ||
        !card_facts_read(card.bytes, card.len, &facts))
        return;
    for (int i = 0; page->facets[GENRE] && i < GENRE_MAX; i++)
        if (facts.genres >> i & 1)
            count_value(page, GENRE, i, change);
    if (page->facets[YEAR] && facts.year)
        count_value(page, YEAR, facts.year, change);
    for (int i = 0; page->facets[QUALITY] && i < QUALITY_N; i++)
        if (facts.qualities >> i & 1)
            count_value(page, QUALITY, i, change);
}
