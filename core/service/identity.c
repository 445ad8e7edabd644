/* SPDX-License-Identifier: MIT */
#include "service/identity.h"

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "media/ids.h"
#include "media/locks.h"
#include "media/merge.h"
#include "store/changes.h"
#include "store/fetches.h"
#include "store/ids.h"
#include "store/items.h"
#include "store/lists.h"

struct lookup {
    struct store_txn *txn;
    uint32_t item_kind, item_id;
    struct identity *found;
    const json_t *still_said;
    struct error *err;
};

static void add_sorted(struct identity *identity, uint32_t id)
{
    size_t at = 0;
    while (at < identity->n && identity->items[at] < id)
        at++;
    if (identity->n == IDENTITY_MAX_ITEMS || (at < identity->n && identity->items[at] == id))
        return;
    for (size_t i = identity->n++; i > at; i--)
        identity->items[i] = identity->items[i - 1];
    identity->items[at] = id;
}

static int find_one(const char *text, void *context)
{
    struct lookup *lookup = context;
    uint32_t id;
    int result = external_ids_txn_find(lookup->txn, lookup->item_kind, text, &id, lookup->err);
    if (result)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    result = redirects_txn_find(lookup->txn, id, &id, lookup->err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    add_sorted(lookup->found, id);
    return 0;
}

int identity_find(struct store_txn *txn, uint32_t item_kind, const json_t *ids,
                  struct identity *out, struct error *err)
{
    *out = (struct identity){ 0 };
    struct lookup lookup = { .txn = txn, .item_kind = item_kind, .found = out, .err = err };
    return ids_each(ids, find_one, &lookup);
}

static int claim_one(const char *text, void *context)
{
    struct lookup *lookup = context;
    uint32_t owner = 0;
    int result = external_ids_txn_find(lookup->txn, lookup->item_kind, text, &owner, lookup->err);
    if (result == 0 && owner == lookup->item_id)
        return 0;
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    return external_ids_txn_put(lookup->txn, lookup->item_kind, text, lookup->item_id, lookup->err);
}

int identity_claim(struct store_txn *txn, uint32_t item_kind, const json_t *ids, uint32_t item_id,
                   struct error *err)
{
    struct lookup lookup = { .txn = txn, .item_kind = item_kind, .item_id = item_id, .err = err };
    return ids_each(ids, claim_one, &lookup);
}

/* --- Ids nobody says any more */

struct said {
    const char *text;
    bool found;
};

static int compare_id(const char *text, void *context)
{
    struct said *said = context;
    said->found = said->found || text_equal(text, said->text);
    return said->found;
}

static int look_into_record(const struct record_header *header UNUSED, const char *json, size_t len,
                            void *context)
{
    json_auto_t *document = json_loadb(json, len, 0, NULL);
    return ids_each(js_object(document, "ids"), compare_id, context);
}

static int release_one(const char *text, void *context)
{
    struct lookup *lookup = context;
    struct said said = { .text = text };
    uint32_t owner;
    if (ids_each(lookup->still_said, compare_id, &said))
        return 0;
    int result =
        records_txn_walk(lookup->txn, lookup->item_id, look_into_record, &said, lookup->err);
    if (said.found || result < 0)
        return said.found ? 0 : result;
    result = external_ids_txn_find(lookup->txn, lookup->item_kind, text, &owner, lookup->err);
    if (result || owner != lookup->item_id)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    return external_ids_txn_delete(lookup->txn, lookup->item_kind, text, lookup->err);
}

int identity_release(struct store_txn *txn, uint32_t item_kind, const json_t *ids, uint32_t item_id,
                     const json_t *still_said, struct error *err)
{
    struct lookup lookup = {
        .txn = txn, .item_kind = item_kind, .item_id = item_id, .still_said = still_said, .err = err
    };
    return ids_each(ids, release_one, &lookup);
}

/* --- Two items become one */

struct moving {
    struct store_txn *txn;
    uint32_t item_kind, survivor;
    struct error *err;
    struct record_header headers[16];
    char *documents[16];
    size_t lengths[16];
    size_t n;
};

static void moving_done(struct moving *moving)
{
    for (size_t i = 0; i < moving->n; i++)
        free(moving->documents[i]);
}
DEFINE_CLEANUP_VALUE(struct moving, moving_done);

static int pick_up(const struct record_header *header, const char *json, size_t len, void *context)
{
    struct moving *moving = context;
    if (moving->n == ARRAY_LEN(moving->headers))
        return error_set(moving->err, PROVIDER_ELIMIT, "item %u has too many records",
                         header->item_id);
    moving->headers[moving->n] = *header;
    moving->documents[moving->n] = mem_dup(json, len);
    moving->lengths[moving->n++] = len;
    return 0;
}

/* A whole record beats a partial one and one that is gone; among equals the newer wins. */
static bool is_better(const struct record_header *own, const struct record_header *other)
{
    uint32_t flags = own->flags & (RECORD_PARTIAL | RECORD_GONE);
    uint32_t others = other->flags & (RECORD_PARTIAL | RECORD_GONE);
    return flags != others ? flags < others : own->fetched_at_ms >= other->fetched_at_ms;
}

/* When the survivor's own record of the provider gives way, its waiting fetch goes with it. */
static int settle_own_record(struct moving *moving, const struct record_header *header,
                             bool *out_keep)
{
    struct record_header own;
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    int result =
        records_txn_get(moving->txn, moving->survivor, header->provider, &own, &json, moving->err);
    *out_keep = result == 0 && is_better(&own, header);
    if (result || *out_keep || !own.fetch_priority)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    return fetches_txn_delete(moving->txn, own.fetch_priority, moving->survivor, header->provider,
                              moving->err);
}

static int take_from_loser(struct moving *moving, size_t i)
{
    const struct record_header *header = &moving->headers[i];
    int result = records_txn_delete(moving->txn, header->item_id, header->provider, moving->err);
    if (!result && header->fetch_priority)
        result = fetches_txn_delete(moving->txn, header->fetch_priority, header->item_id,
                                    header->provider, moving->err);
    if (result)
        return result;
    json_auto_t *document = json_loadb(moving->documents[i], moving->lengths[i], 0, NULL);
    return identity_claim(moving->txn, moving->item_kind, js_object(document, "ids"),
                          moving->survivor, moving->err);
}

/* Both items have locks: those of the survivor count, and the loser's fill in what it has not. */
static int unite_locks(struct moving *moving, size_t i, bool *out_keep)
{
    struct record_header own;
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    int result =
        records_txn_get(moving->txn, moving->survivor, MERGE_LOCAL, &own, &json, moving->err);
    *out_keep = result == 0;
    if (result)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    json_auto_t *record = json_loadb(json.bytes, json.len, 0, NULL);
    json_auto_t *other = json_loadb(moving->documents[i], moving->lengths[i], 0, NULL);
    text_clear(&json);
    locks_unite(record, other);
    if (!js_write(record, &json))
        return error_set(moving->err, PROVIDER_ELIMIT, "the locks are too long");
    own.fetched_at_ms = MAX(own.fetched_at_ms, moving->headers[i].fetched_at_ms);
    return records_txn_put(moving->txn, &own, json.bytes, json.len, moving->err);
}

static int move_record(struct moving *moving, size_t i)
{
    struct record_header header = moving->headers[i];
    bool keep_own;
    int result = merge_is_local(header.provider) ? unite_locks(moving, i, &keep_own)
                                                 : settle_own_record(moving, &header, &keep_own);
    if (!result)
        result = take_from_loser(moving, i);
    if (result || keep_own)
        return result;
    header.item_id = moving->survivor;
    if (header.fetch_priority)
        result = fetches_txn_put(moving->txn, header.fetch_priority, moving->survivor,
                                 header.provider, moving->err);
    return result ? result
                  : records_txn_put(moving->txn, &header, moving->documents[i], moving->lengths[i],
                                    moving->err);
}

static int leave_redirect(struct store_txn *txn, uint32_t item_kind, uint32_t survivor,
                          uint32_t loser, struct error *err)
{
    struct item_header old = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(DOCUMENT_MAX_LEN);
    int result = items_txn_get(txn, loser, &old, &body, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    result = redirects_txn_put(txn, loser, survivor, err);
    if (result || !old.revision)
        return result;
    result = items_txn_delete(txn, loser, err);
    if (result)
        return result;
    struct change change = { .item_id = loser,
                             .kind = item_kind,
                             .what = CHANGE_MERGED,
                             .at_ms = clock_wall_ms(),
                             .merged_into = survivor };
    uint64_t revision;
    return changes_txn_add(txn, &change, old.revision, &revision, err);
}

int identity_merge(struct store_txn *txn, uint32_t item_kind, uint32_t survivor, uint32_t loser,
                   struct error *err)
{
    CLEANUP(moving_done)
    struct moving moving = { .txn = txn, .item_kind = item_kind, .survivor = survivor, .err = err };
    int result = records_txn_walk(txn, loser, pick_up, &moving, err);
    for (size_t i = 0; !result && i < moving.n; i++)
        result = move_record(&moving, i);
    if (!result)
        result = list_items_txn_merge(txn, survivor, loser, clock_wall_ms(), err);
    return result ? result : leave_redirect(txn, item_kind, survivor, loser, err);
}
