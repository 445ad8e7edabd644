/* SPDX-License-Identifier: MIT */
#include "service/repair_records.h"

#include "base/json.h"
#include "base/log.h"
#include "media/card.h"
#include "media/document.h"
#include "service/derive.h"
#include "store/fetches.h"
#include "store/seasons.h"

enum { MAX_BROKEN = 64 }; /* at a time */

/* What a walk found; the rest is found by the next one. */
struct broken {
    struct record_header records[MAX_BROKEN];
    struct season_record seasons[MAX_BROKEN];
    size_t n;
};

static bool is_broken(const char *json, size_t len)
{
    json_auto_t *document = NULL;
    return js_parse(json, len, DOCUMENT_MAX_LEN, &document, NULL) || !json_is_object(document);
}

static int note_record(const struct record_header *header, const char *json, size_t len,
                       void *context)
{
    struct broken *broken = context;
    if (is_broken(json, len))
        broken->records[broken->n++] = *header;
    return broken->n == MAX_BROKEN;
}

static int note_season(const struct season_record *record, const char *json, size_t len,
                       void *context)
{
    struct broken *broken = context;
    if (is_broken(json, len))
        broken->seasons[broken->n++] = *record;
    return broken->n == MAX_BROKEN;
}

/* Ids, kind and title of an item as it is shown (new reference); NULL: nothing is. */
static json_t *what_is_shown(struct store_txn *txn, uint32_t item_id)
{
    static const char *const kept[] = { "ids", "kind", "title", "popularity" };
    const struct language_wish wish = { .n_tags = 0 };
    struct item_header header;
    char language[LANGUAGE_LEN];
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text text = TEXT_INIT(2 * DERIVE_MAX_LEN);
    if (items_txn_get(txn, item_id, &header, &body, NULL) ||
        !card_render(body.bytes, body.len, &wish, NULL, &text, language))
        return NULL;
    json_auto_t *item = json_loadb(text.bytes, text.len, 0, NULL);
    if (!js_object(item, "ids") || !js_string(item, "title"))
        return NULL;
    json_t *out = json_object();
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        json_object_set(out, kept[i], json_object_get(item, kept[i]));
    return out;
}

static int ask_again(struct store_txn *txn, struct record_header *header, struct error *err)
{
    if (header->fetch_priority)
        return 0;
    header->fetch_priority = fetch_priority(FETCH_CHANGED, 0);
    return fetches_txn_put(txn, header->fetch_priority, header->item_id, header->provider, err);
}

static int replace(struct store_txn *txn, struct record_header *header, struct error *err)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(DOCUMENT_MAX_LEN);
    json_auto_t *shown =
        merge_is_local(header->provider) ? NULL : what_is_shown(txn, header->item_id);
    log_warning("repair", "the record of '%s' of item %u cannot be read, %s", header->provider,
                header->item_id, shown ? "asking for it again" : "forgetting it");
    if (!shown || !js_write(shown, &text))
        return records_txn_delete(txn, header->item_id, header->provider, err);
    header->flags = RECORD_PARTIAL;
    int result = ask_again(txn, header, err);
    return result ? result : records_txn_put(txn, header, text.bytes, text.len, err);
}

int repair_records(struct store_txn *txn, uint32_t item_id, struct error *err)
{
    CLEANUP(mem_free) struct broken *broken = mem_new(struct broken);
    int result = MIN(records_txn_walk(txn, item_id, note_record, broken, err), 0);
    for (size_t i = 0; !result && i < broken->n; i++)
        result = replace(txn, &broken->records[i], err);
    return result;
}

/* Seasons come with their show. */
static int forget_season(struct store_txn *txn, const struct season_record *season,
                         struct error *err)
{
    struct record_header header;
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    log_warning("repair",
                "the record of '%s' of season %u of show %u cannot be read, asking for the show",
                season->provider, season->season, season->show);
    int result = season_records_txn_delete(txn, season, err);
    if (!result)
        result = records_txn_get(txn, season->show, season->provider, &header, &json, err);
    if (result)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    result = ask_again(txn, &header, err);
    return result ? result : records_txn_put(txn, &header, json.bytes, json.len, err);
}

int repair_season_records(struct store_txn *txn, uint32_t show, struct error *err)
{
    CLEANUP(mem_free) struct broken *broken = mem_new(struct broken);
    do {
        broken->n = 0;
        int result = MIN(season_records_txn_walk(txn, show, 0, note_season, broken, err), 0);
        for (size_t i = 0; !result && i < broken->n; i++)
            result = forget_season(txn, &broken->seasons[i], err);
        if (result)
            return result;
    } while (broken->n == MAX_BROKEN);
    return 0;
}
