/* SPDX-License-Identifier: MIT */
#include "service/intake.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "service/identity.h"
#include "service/intake_entry.h"
#include "service/release_intake.h"
#include "service/season_intake.h"
#include "service/settle.h"
#include "store/changes.h"
#include "store/ids.h"
#include "store/state.h"

/* What cannot be fetched now may be again after that. */
#define PARKED_MS (7 * INT64_C(86400000))

/* --- Identity */

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
    if (!result)
        result = release_intake_merge(entry->txn, survivor, loser, err);
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
        return entry->before.len ? entry_take_changed(entry, err) : 0;
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

static int take_item(struct store_txn *txn, struct intake_batch *batch, struct intake_document *in,
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
        result = entry_take_gone(&entry, err);
    else if (in->flags & PROVIDER_CHANGED)
        result = entry_take_changed(&entry, err);
    else if (in->kind == PROVIDER_TITLE || (in->flags & PROVIDER_PARTIAL))
        result = entry_take_partial(&entry, err);
    else
        result = entry_take_whole(&entry, err);
    /* Records that moved in from another item count, whatever this document said. */
    return result || entry.settled || !entry.ties ? result : entry_settle(&entry, err);
}

/* A release of an item nobody knows makes it known, when it says what it is. */
static int take_release(struct store_txn *txn, struct intake_batch *batch,
                        struct intake_document *in, int64_t now_ms, struct error *err)
{
    struct release_place place = { .item = in->about };
    int result = release_intake_find(txn, in->document, &place, err);
    json_auto_t *title = result || place.item ? NULL : release_intake_title(in->document);
    if (title) {
        struct intake_document first = { .kind = PROVIDER_TITLE, .document = title };
        result = take_item(txn, batch, &first, now_ms, err);
        place.item = first.item_id;
    }
    in->item_id = place.item;
    if (result || !place.item)
        return result;
    result = release_intake_take(txn, batch->policy, batch->provider, &place, in, now_ms, err);
    return result == PROVIDER_EREFUSED ? 0 : result; /* passed over: the others go on */
}

static int take_one(struct store_txn *txn, struct intake_batch *batch, struct intake_document *in,
                    int64_t now_ms, struct error *err)
{
    return in->kind == PROVIDER_RELEASE ? take_release(txn, batch, in, now_ms, err)
                                        : take_item(txn, batch, in, now_ms, err);
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

/* --- Single items */

struct touch {
    const struct derive_policy *policy;
    const char *provider;
    uint32_t item_id;
    bool gone;
};

static void come_back_later(struct entry *entry)
{
    struct record_header *header = &entry->header;
    int64_t later_ms = entry->now_ms + PARKED_MS;
    if (header->flags & (RECORD_PARTIAL | RECORD_GONE))
        return;
    if (!header->due_at_ms || (header->flags & RECORD_UNFINISHED && header->due_at_ms > later_ms))
        header->due_at_ms = later_ms;
}

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
        return entry_take_gone(&entry, err);
    come_back_later(&entry);
    result = entry_forget_fetch(&entry, err);
    return result ? result : entry_put_header(&entry, err);
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

struct uniting {
    const struct derive_policy *policy;
    uint32_t kind, a, b, survivor;
    const char *old_id;
};

/* The old entry gets a number that redirects: that is how a former id is told from a wrong one. */
static int leave_trace(struct store_txn *txn, uint32_t survivor, struct error *err)
{
    uint32_t trace;
    int result = items_txn_new_id(txn, &trace, err);
    return result ? result : redirects_txn_put(txn, trace, survivor, err);
}

static int unite(struct store_txn *txn, void *context, struct error *err)
{
    struct uniting *uniting = context;
    uint32_t loser = MAX(uniting->a, uniting->b);
    uniting->survivor = MIN(uniting->a, uniting->b);
    int result = 0;
    if (loser != uniting->survivor)
        result = identity_merge(txn, uniting->kind, uniting->survivor, loser, err);
    else
        result = leave_trace(txn, uniting->survivor, err);
    if (!result && loser != uniting->survivor && uniting->kind == PROVIDER_TVSHOW)
        result = season_intake_merge(txn, uniting->policy, uniting->survivor, loser,
                                     clock_wall_ms(), err);
    if (!result)
        result = external_ids_txn_put(txn, uniting->kind, uniting->old_id, uniting->survivor, err);
    if (result || loser == uniting->survivor)
        return result;
    return settle_item(txn, uniting->policy, uniting->kind, uniting->survivor, NULL,
                       clock_wall_ms(), err);
}

int intake_unite(struct store *store, const struct derive_policy *policy, uint32_t kind, uint32_t a,
                 uint32_t b, const char *old_id, uint32_t *out_survivor, struct error *err)
{
    struct uniting uniting = { .policy = policy, .kind = kind, .a = a, .b = b, .old_id = old_id };
    int result = store_write(store, unite, &uniting, err);
    if (!result)
        *out_survivor = uniting.survivor;
    return result;
}
