/* SPDX-License-Identifier: MIT */
#include "service/pages.h"

#include <string.h>

#include "base/json.h"
#include "cache/answers.h"
#include "index/index.h"
#include "media/card.h"
#include "media/genre.h"
#include "media/ids.h"
#include "media/quality.h"
#include "service/lists.h"
#include "store/ids.h"
#include "store/records.h"

enum { MAX_PAGE = 8 << 20, MAX_CARD = 4 << 20 };

void catalog_page_done(struct catalog_page *page)
{
    text_done(&page->results);
    text_done(&page->facets);
}

/* --- Cards */

struct card_key {
    char bytes[8 + LANGUAGE_WISHES * LANGUAGE_LEN];
    size_t len;
};

/* A ready answer's key begins with 'p' or 'z'. */
static void make_key(uint32_t id, uint16_t title, const struct language_wish *wish,
                     struct card_key *out)
{
    out->bytes[0] = 'c';
    memcpy(out->bytes + 1, &id, sizeof id);
    memcpy(out->bytes + 5, &title, sizeof title);
    out->len = 7;
    for (size_t i = 0; i < wish->n_tags; i++) {
        size_t len = strlen(wish->tags[i]) + 1;
        memcpy(out->bytes + out->len, wish->tags[i], len);
        out->len += len;
    }
}

/* A kept card is shown only when everything committed so far has had its effect on what is kept. */
static bool recall(struct catalog *catalog, const struct card_key *key, struct pages_card *out)
{
    struct answers *answers = catalog_answers(catalog);
    if (!answers || answers_followed(answers) < store_revision(catalog_store(catalog)))
        return false;
    out->kept = answers_get(answers, key->bytes, key->len);
    if (!out->kept)
        return false;
    size_t len;
    uint32_t card_len;
    const char *bytes = answer_bytes(out->kept, &len);
    memcpy(&card_len, bytes, sizeof card_len);
    out->json = bytes + sizeof card_len;
    out->len = card_len;
    out->title = out->json + card_len;
    out->title_len = len - sizeof card_len - card_len;
    return true;
}

/* Its length, the card and the title into out->made. */
static bool make(struct catalog *catalog, uint32_t id, uint16_t title,
                 const struct language_wish *wish, struct pages_card *out)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    char language[LANGUAGE_LEN];
    uint32_t len = 0;
    if (cards_get(catalog_store(catalog), id, &card, NULL))
        return false; /* it went between the index and now */
    text_add(&out->made, &len, sizeof len);
    if (!card_render(card.bytes, card.len, wish, NULL, &out->made, language))
        return false;
    len = (uint32_t)(out->made.len - sizeof len - 1); /* without the brace */
    memcpy(out->made.bytes, &len, sizeof len);
    out->made.len--;
    if (title != PAGES_NO_TITLE)
        index_add_title(title, card.bytes, card.len, &out->made);
    out->json = out->made.bytes + sizeof len;
    out->len = len;
    out->title = out->json + len;
    out->title_len = out->made.len - sizeof len - len;
    return true;
}

bool pages_card_get(struct catalog *catalog, uint32_t id, uint16_t title,
                    const struct language_wish *wish, struct pages_card *out)
{
    struct card_key key;
    struct answers *answers = catalog_answers(catalog);
    *out = (struct pages_card){ .made = TEXT_INIT(MAX_CARD) };
    make_key(id, title, wish, &key);
    if (recall(catalog, &key, out))
        return true;
    uint64_t since = store_revision(catalog_store(catalog));
    if (!make(catalog, id, title, wish, out))
        return false;
    if (answers)
        answers_put(answers, key.bytes, key.len, id, since, INT64_MAX, out->made.bytes,
                    out->made.len);
    return true;
}

void pages_card_done(struct pages_card *card)
{
    answer_unref(card->kept);
    text_done(&card->made);
}

bool pages_add_card(struct catalog *catalog, uint32_t id, const struct language_wish *wish,
                    struct text *out)
{
    CLEANUP(pages_card_done) struct pages_card card;
    if (!pages_card_get(catalog, id, PAGES_NO_TITLE, wish, &card))
        return false;
    if (out->len > 1)
        text_add_char(out, ',');
    text_add(out, card.json, card.len);
    text_add_char(out, '}');
    return true;
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
    if (filter->list)
        return lists_items(catalog, &seen, wish, page, limit, out, err);
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
        pages_add_card(catalog, found.hits[i].id, wish, &out->results);
    text_add_char(&out->results, ']');
    pages_write_facets(&found, &out->facets);
    return 0;
}
