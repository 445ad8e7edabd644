/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "index/index.h"
#include "media/card.h"
#include "media/ids.h"
#include "service/pages.h"
#include "store/ids.h"
#include "store/records.h"

enum { MAX_SIMILAR = 200, MAX_PAGE = 8 << 20, MAX_CARD = 4 << 20 };

struct similar {
    struct catalog *catalog;
    uint32_t kind, self;
    uint32_t ids[MAX_SIMILAR];
    size_t n;
};

/* What was only named so far and what is gone is not shown. */
static void add_similar(struct similar *similar, uint32_t id)
{
    for (size_t i = 0; i < similar->n; i++)
        if (similar->ids[i] == id)
            return;
    struct filter kind = { .kind = similar->kind };
    bool shown =
        index_judge(catalog_index(similar->catalog), id, NULL, false, &kind) == INDEX_MATCHES;
    if (id != similar->self && shown && similar->n < MAX_SIMILAR)
        similar->ids[similar->n++] = id;
}

static int add_external(const char *text, void *context)
{
    struct similar *similar = context;
    uint32_t id;
    if (external_ids_find(catalog_store(similar->catalog), similar->kind, text, &id, NULL))
        return 0;
    add_similar(similar, id);
    return 1;
}

static int add_recommended(const struct record_header *header UNUSED, const char *json, size_t len,
                           void *context)
{
    json_auto_t *document = json_loadb(json, len, 0, NULL);
    size_t i;
    json_t *row;
    json_array_foreach (js_array(document, "recommendations"), i, row)
        ids_each(js_object(row, "ids"), add_external, context);
    return 0;
}

/* Popular ones of the same genres stand behind what the providers recommend. */
static int add_same_genres(struct similar *similar, struct error *err)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    struct card_facts facts;
    int result = cards_get(catalog_store(similar->catalog), similar->self, &card, err);
    if (result || !card_facts_read(card.bytes, card.len, &facts) || !facts.genres)
        return result;
    struct filter filter = { .kind = similar->kind, .genres_all = facts.genres };
    CLEANUP(index_page_done) struct index_page found = { 0 };
    result = index_query(catalog_index(similar->catalog), NULL, &filter, 0, MAX_SIMILAR / 4, &found,
                         err);
    for (size_t i = 0; !result && i < found.n_hits; i++)
        add_similar(similar, found.hits[i].id);
    return result;
}

int catalog_similar(struct catalog *catalog, uint32_t kind, uint32_t id,
                    const struct language_wish *wish, uint32_t page, uint32_t limit,
                    struct catalog_page *out, struct error *err)
{
    struct similar similar = { .catalog = catalog, .kind = kind, .self = id };
    uint64_t revision = index_revision(catalog_index(catalog));
    int result = records_walk(catalog_store(catalog), id, add_recommended, &similar, err);
    if (!result)
        result = add_same_genres(&similar, err);
    if (result)
        return result == PROVIDER_ENOTFOUND ? error_set(err, result, "there is no item %u", id)
                                            : result;
    *out = (struct catalog_page){ .results = TEXT_INIT(MAX_PAGE),
                                  .facets = TEXT_INIT(MAX_PAGE),
                                  .total = similar.n,
                                  .revision = revision };
    text_add_char(&out->results, '[');
    uint64_t skip = (uint64_t)(page - 1) * limit;
    for (uint64_t i = skip; i < similar.n && i < skip + limit; i++)
        pages_add_card(catalog, similar.ids[i], wish, &out->results);
    text_add_char(&out->results, ']');
    return 0;
}
