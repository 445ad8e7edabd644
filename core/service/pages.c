/* SPDX-License-Identifier: MIT */
#include "service/pages.h"

#include "base/json.h"
#include "index/index.h"
#include "media/card.h"
#include "media/genre.h"
#include "media/ids.h"
#include "media/quality.h"
#include "store/ids.h"
#include "store/records.h"

enum { MAX_PAGE = 8 << 20, MAX_CARD = 4 << 20 };

void catalog_page_done(struct catalog_page *page)
{
    text_done(&page->results);
    text_done(&page->facets);
}

bool pages_add_card(struct catalog *catalog, uint32_t id, const struct language_wish *wish,
                    const char *extra, struct text *out)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    char language[LANGUAGE_LEN];
    if (cards_get(catalog_store(catalog), id, &card, NULL))
        return false; /* it went between the index and now */
    size_t before = out->len;
    if (out->len > 1)
        text_add_char(out, ',');
    if (card_render(card.bytes, card.len, wish, extra, out, language))
        return true;
    out->len = before;
    return false;
}

static void add_facet_value(unsigned facet, int32_t value, struct text *out)
{
    if (facet == 1)
        text_add_format(out, "%d", (int)value);
    else
        text_add_json_string(out, facet == 0 ? genre_slug((unsigned)value) : quality_word(value));
}

void pages_write_facets(const struct index_page *found, struct text *out)
{
    static const char *const names[] = { "genre", "year", "quality" };
    for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
        if (!found->facets[i])
            continue;
        text_add_format(out, "%s\"%s\":[", out->len ? "," : "{", names[i]);
        for (size_t k = 0; k < found->n_facets[i]; k++) {
            text_add_string(out, k ? ",{\"value\":" : "{\"value\":");
            add_facet_value(i, found->facets[i][k].value, out);
            text_add_format(out, ",\"count\":%u}", found->facets[i][k].count);
        }
        text_add_char(out, ']');
    }
    if (out->len)
        text_add_char(out, '}');
}

int catalog_list(struct catalog *catalog, const struct filter *filter,
                 const struct language_wish *wish, uint32_t page, uint32_t limit,
                 struct catalog_page *out, struct error *err)
{
    CLEANUP(index_page_done) struct index_page found = { 0 };
    struct filter seen = *filter;
    catalog_restrict(catalog, &seen);
    int result = index_query(catalog_index(catalog), NULL, &seen, (uint64_t)(page - 1) * limit,
                             limit, &found, err);
    if (result)
        return result;
    *out = (struct catalog_page){ .results = TEXT_INIT(MAX_PAGE),
                                  .facets = TEXT_INIT(MAX_PAGE),
                                  .total = found.total,
                                  .revision = found.revision };
    text_add_char(&out->results, '[');
    for (size_t i = 0; i < found.n_hits; i++)
        pages_add_card(catalog, found.hits[i].id, wish, NULL, &out->results);
    text_add_char(&out->results, ']');
    pages_write_facets(&found, &out->facets);
    return 0;
}

/* --- Into the catalogue */
