/* SPDX-License-Identifier: MIT */
#include "service/intake.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "service/identity.h"
#include "service/season_intake.h"
#include "service/settle.h"
#include "store/changes.h"
#include "store/fetches.h"
#include "store/ids.h"
#include "store/state.h"

enum {
    GONE_AFTER_MS = 20 * 3600 * 1000
}; /* two sightings a day apart, with room for a nightly run's jitter */

/* One document on its way in, within the transaction. */
struct entry {
    struct store_txn *txn;
    struct intake_batch *batch;
    struct intake_document *in;
    uint32_t item_kind, item_id;
    bool is_new, ties;           /* ties: several items became one */
    bool settled;                /* the item has been derived since */
    struct record_header header; /* this provider's record of the item */
    struct text before;          /* its document so far; empty: there is none */
    int64_t now_ms;
};

static void entry_done(struct entry *entry)
{
    text_done(&entry->before);
}
DEFINE_CLEANUP_VALUE(struct entry, entry_done);

static int rederive(struct entry *entry, struct error *err)
{
    entry->settled = true;
    return settle_item(entry->txn, entry->batch->policy, entry->item_kind, entry->item_id,
                       entry->now_ms, err);
}

/* A new item has this one record, which is at hand. */
static int derive_new(struct entry *entry, json_t *document, struct error *err)
{
    entry->settled = true;
    CLEANUP(derive_records_done) struct derive_records records = { 0 };
    derive_records_add(&records, &entry->header, json_incref(document));
    return settle_records(entry->txn, entry->batch->policy, entry->item_kind, &records,
                          entry->item_id, true, entry->now_ms, err);
}

/* --- Waiting fetches
 * ------------------------------------------------------------------------------------ */

static int forget_fetch(struct store_txn *txn, struct record_header *header, struct error *err)
{
    if (!header->fetch_priority)
        return 0;
    uint64_t priority = header->fetch_priority;
    header->fetch_priority = 0;
    return fetches_txn_delete(txn, priority, header->item_id, header->provider, err);
}

/* Keeps the more urgent of what waits and what is wanted now. */
static int want_fetch(struct entry *entry, enum fetch_class class, struct error *err)
{
    uint64_t priority = fetch_priority(class, js_double(entry->in->document, "popularity", 0));
    struct record_header *header = &entry->header;
    if (!entry->batch->can_fetch || (header->fetch_priority && header->fetch_priority <= priority))
        return 0;
    int result = forget_fetch(entry->txn, header, err);
    header->fetch_priority = priority;
    return result ? result
                  : fetches_txn_put(entry->txn, priority, header->item_id, header->provider, err);
}

/* --- Records
 * -------------------------------------------------------------------------------------------- */

/* The header changed, what the provider said did not. */
static int put_header(struct entry *entry, struct error *err)
{
    return records_txn_put(entry->txn, &entry->header, entry->before.bytes, entry->before.len, err);
}

/* Writes the record; its ids point at the item from now on, and those it no longer says do not. */
static int put_record(struct entry *entry, const json_t *document, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    if (!js_write(document, &json))
        return error_set(err, PROVIDER_ELIMIT, "a document of more than %d bytes",
                         DOCUMENT_MAX_LEN);
    const json_t *ids = js_object(document, "ids");
    int result = records_txn_put(entry->txn, &entry->header, json.bytes, json.len, err);
    if (!result)
        result = identity_claim(entry->txn, entry->item_kind, ids, entry->item_id, err);
    if (result || !entry->before.len)
        return result;
    json_auto_t *before = json_loadb(entry->before.bytes, entry->before.len, 0, NULL);
    const json_t *former = js_object(before, "ids");
    if (!former || json_equal(former, ids))
        return 0;
    return identity_release(entry->txn, entry->item_kind, former, entry->item_id, err);
}

/* A whole document replaces what was known. */
static int take_whole(struct entry *entry, struct error *err)
{
    entry->header.flags = 0;
    entry->header.gone_since_ms = 0;
    entry->header.fetched_at_ms = entry->now_ms;
    int result = forget_fetch(entry->txn, &entry->header, err);
    if (!result)
        result = put_record(entry, entry->in->document, err);
    if (result)
        return result;
    if (entry->is_new)
        return derive_new(entry, entry->in->document, err);
    result = rederive(entry, err);
    if (result || entry->item_kind != PROVIDER_TVSHOW)
        return result;
    return season_intake_prune(entry->txn, entry->batch->policy, entry->batch->provider,
                               entry->item_id, entry->in->document, entry->now_ms, err);
}

/* What a partial document leaves of the record so far: everything it does not say. */
static json_t *add_to_record(const struct entry *entry)
{
    json_t *document = entry->before.len
                           ? json_loadb(entry->before.bytes, entry->before.len, 0, NULL)
                           : json_incref(entry->in->document);
    if (entry->before.len)
        json_object_update(document, entry->in->document);
    return document;
}

static bool is_as_before(const struct entry *entry, const json_t *document)
{
    json_auto_t *before = json_loadb(entry->before.bytes, entry->before.len, 0, NULL);
    return before && json_equal(before, document);
}

/* A partial one fills in what is missing, and never touches a whole one; but who is listed although
 * it seemed gone is worth a look. */
static int take_partial(struct entry *entry, struct error *err)
{
    struct record_header *header = &entry->header;
    bool whole = entry->before.len && !(header->flags & RECORD_PARTIAL);
    if (whole && !header->gone_since_ms)
        return 0;
    json_auto_t *document = whole ? NULL : add_to_record(entry);
    bool same = whole || is_as_before(entry, document);
    if (same && !header->gone_since_ms)
        return 0;
    int result = entry->batch->known_only ? 0 : want_fetch(entry, FETCH_TITLE, err);
    if (result || same)
        return result ? result : put_header(entry, err);
    header->flags |= RECORD_PARTIAL;
    header->fetched_at_ms = entry->now_ms;
    result = put_record(entry, document, err);
    if (result)
        return result;
    return entry->is_new ? derive_new(entry, document, err) : rederive(entry, err);
}

/* No item says yet of which kind it is, so the placeholder does. */
static json_t *make_placeholder(const struct entry *entry)
{
    json_t *out = json_object();
    json_object_set(out, "ids", json_object_get(entry->in->document, "ids"));
    js_set_string(out, "kind", document_kind_name(entry->item_kind));
    return out;
}

/* Something new or changed upstream: it waits to be fetched.  Without a record there is no title
 * yet, so nothing of it shows. */
static int take_changed(struct entry *entry, struct error *err)
{
    int result = want_fetch(entry, FETCH_CHANGED, err);
    if (result)
        return result;
    if (entry->before.len)
        return put_header(entry, err);
    entry->header.flags = RECORD_PARTIAL;
    json_auto_t *document = make_placeholder(entry);
    return put_record(entry, document, err);
}

static int take_gone(struct entry *entry, struct error *err)
{
    struct record_header *header = &entry->header;
    if (!entry->before.len)
        return 0;
    int result = forget_fetch(entry->txn, header, err);
    bool was_gone = header->flags & RECORD_GONE;
    if (!header->gone_since_ms)
        header->gone_since_ms = entry->now_ms;
    else if (entry->now_ms - header->gone_since_ms >= GONE_AFTER_MS)
        header->flags |= RECORD_GONE;
    if (!result)
        result = put_header(entry, err);
    bool is_gone = header->flags & RECORD_GONE;
    return result || was_gone == is_gone ? result : rederive(entry, err);
}

/* --- Identity
 * ------------------------------------------------------------------------------------------- */

static bool is_wanted_when_unknown(const struct entry *entry)
{
    const struct intake_document *in = entry->in;
    if (in->flags & PROVIDER_GONE || in->kind == PROVIDER_SEASON)
        return false;
    if (!entry->batch->known_only)
        return true;
    return in->kind != PROVIDER_TITLE &&
           (!(in->flags & PROVIDER_CHANGED) || json_object_get(in->document, "popularity"));
}

/* A season belongs to the item its show is. */
static json_t *ids_of_item(const struct intake_document *in)
{
    const json_t *about =
        in->kind == PROVIDER_SEASON ? js_object(in->document, "show") : in->document;
    return js_object(about, "ids");
}

static int tie(struct entry *entry, uint32_t survivor, uint32_t loser, struct error *err)
{
    int result = identity_merge(entry->txn, entry->item_kind, survivor, loser, err);
    if (result || entry->item_kind != PROVIDER_TVSHOW)
        return result;
    return season_intake_merge(entry->txn, entry->batch->policy, survivor, loser, entry->now_ms,
                               err);
}

/* Finds or makes the item; item_id stays 0 when an unknown one is not wanted. */
static int find_item(struct entry *entry, struct error *err)
{
    const json_t *ids = ids_of_item(entry->in);
    struct identity identity;
    int result = identity_find(entry->txn, entry->item_kind, ids, &identity, err);
    for (size_t i = 1; !result && i < identity.n; i++)
        result = tie(entry, identity.items[0], identity.items[i], err);
    if (result)
        return result;
    entry->is_new = identity.n == 0;
    entry->ties = identity.n > 1;
    entry->item_id = identity.items[0];
    if (!entry->is_new || !is_wanted_when_unknown(entry))
        return 0;
    return items_txn_new_id(entry->txn, &entry->item_id, err);
}

/* A season without its show was passed over before; one that changed makes the show wait. */
static int take_season(struct entry *entry, struct error *err)
{
    const struct intake_document *in = entry->in;
    const char *provider = entry->batch->provider;
    if (in->flags & PROVIDER_CHANGED)
        return entry->before.len ? take_changed(entry, err) : 0;
    if (in->flags & PROVIDER_GONE)
        return season_intake_forget(entry->txn, entry->batch->policy, provider, entry->item_id,
                                    (uint32_t)js_int(in->document, "season_number", 0),
                                    entry->now_ms, err);
    return season_intake_take(entry->txn, entry->batch->policy, provider, entry->item_id,
                              in->flags & PROVIDER_PARTIAL, in->document, entry->now_ms, err);
}

static int find_record(struct entry *entry, struct error *err)
{
    entry->header = (struct record_header){ .item_id = entry->item_id };
    snprintf(entry->header.provider, sizeof entry->header.provider, "%s", entry->batch->provider);
    if (entry->is_new)
        return 0;
    int result = records_txn_get(entry->txn, entry->item_id, entry->batch->provider, &entry->header,
                                 &entry->before, err);
    return result == PROVIDER_ENOTFOUND ? 0 : result;
}

static int take_one(struct store_txn *txn, struct intake_batch *batch, struct intake_document *in,
                    int64_t now_ms, struct error *err)
{
    CLEANUP(entry_done)
    struct entry entry = { .txn = txn,
                           .batch = batch,
                           .in = in,
                           .item_kind = document_item_kind(in->kind, in->document),
                           .before = TEXT_INIT(DOCUMENT_MAX_LEN),
                           .now_ms = now_ms };
    int result = find_item(&entry, err);
    in->item_id = entry.item_id;
    if (result || !entry.item_id)
        return result;
    result = find_record(&entry, err);
    if (result)
        return result;
    if (in->kind == PROVIDER_SEASON)
        result = take_season(&entry, err);
    else if (in->flags & PROVIDER_GONE)
        result = take_gone(&entry, err);
    else if (in->flags & PROVIDER_CHANGED)
        result = take_changed(&entry, err);
    else if (in->kind == PROVIDER_TITLE || (in->flags & PROVIDER_PARTIAL))
        result = take_partial(&entry, err);
    else
        result = take_whole(&entry, err);
    /* Records that moved in from another item count, whatever this document said. */
    return result || entry.settled || !entry.ties ? result : rederive(&entry, err);
}

static int take_all(struct store_txn *txn, void *context, struct error *err)
{
    struct intake_batch *batch = context;
    int64_t now_ms = clock_wall_ms();
    int result = 0;
    for (size_t i = 0; !result && i < batch->n; i++)
        result = take_one(txn, batch, &batch->documents[i], now_ms, err);
    if (!result && batch->cursor)
        result = state_txn_put(txn, batch->scope, batch->provider, batch->cursor, err);
    return result;
}

int intake_take(struct intake_batch *batch, struct error *err)
{
    return store_write(batch->store, take_all, batch, err);
}

/* --- Single items
 * --------------------------------------------------------------------------------------- */

struct touch {
    const struct derive_policy *policy;
    const char *provider;
    uint32_t item_id;
    bool gone;
};

static int touch_record(struct store_txn *txn, void *context, struct error *err)
{
    struct touch *touch = context;
    struct intake_batch batch = { .policy = touch->policy, .provider = touch->provider };
    CLEANUP(entry_done)
    struct entry entry = { .txn = txn,
                           .batch = &batch,
                           .item_id = touch->item_id,
                           .before = TEXT_INIT(DOCUMENT_MAX_LEN),
                           .now_ms = clock_wall_ms() };
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    struct item_header header = { 0 };
    int result = items_txn_get(txn, touch->item_id, &header, &body, err);
    entry.item_kind = header.kind;
    if (!result || result == PROVIDER_ENOTFOUND)
        result = find_record(&entry, err);
    if (result || !entry.before.len)
        return result;
    if (touch->gone)
        return take_gone(&entry, err);
    result = forget_fetch(txn, &entry.header, err);
    return result ? result : put_header(&entry, err);
}

int intake_mark_gone(struct store *store, const struct derive_policy *policy, const char *provider,
                     uint32_t item_id, struct error *err)
{
    struct touch touch = {
        .policy = policy, .provider = provider, .item_id = item_id, .gone = true
    };
    return store_write(store, touch_record, &touch, err);
}

int intake_park(struct store *store, const char *provider, uint32_t item_id, struct error *err)
{
    struct touch touch = { .provider = provider, .item_id = item_id };
    return store_write(store, touch_record, &touch, err);
}
