/* SPDX-License-Identifier: MIT */
#include "service/repair.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "media/ids.h"
#include "service/identity.h"
#include "service/prove.h"
#include "service/rederive.h"
#include "service/repair_records.h"
#include "service/season_intake.h"
#include "service/settle.h"
#include "store/bytes.h"
#include "store/changes.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/maintenance.h"

enum { BATCH = 32 };

struct repair {
    struct store *store;
    const struct derive_policy *policy;
    uint32_t *items; /* to go through, some per transaction */
    size_t n, capacity, next;
    struct unsaid {
        uint32_t kind;
        char text[IDS_TEXT_LEN];
    } * unsaid;
    size_t n_unsaid, unsaid_capacity;
    struct error *err;
};

static void repair_done(struct repair *repair)
{
    free(repair->items);
    free(repair->unsaid);
}
DEFINE_CLEANUP_VALUE(struct repair, repair_done);

static void add_item(struct repair *repair, uint32_t id)
{
    if (repair->n && repair->items[repair->n - 1] == id)
        return;
    if (repair->n == repair->capacity) {
        repair->capacity = repair->capacity * 2 + 256;
        repair->items = mem_resize(repair->items, repair->capacity, sizeof *repair->items);
    }
    repair->items[repair->n++] = id;
}

static int carry_out(struct repair *repair, store_apply *apply, struct error *err)
{
    int result = 0;
    for (repair->next = 0; !result && repair->next < repair->n; repair->next += BATCH)
        result = store_write(repair->store, apply, repair, err);
    repair->n = 0;
    return result;
}

static size_t end_of_batch(const struct repair *repair)
{
    return MIN(repair->next + BATCH, repair->n);
}

/* --- External ids nobody says */

static int note_unsaid(uint32_t kind, const char *text, uint32_t item_id, void *context)
{
    struct repair *repair = context;
    bool said = true;
    int result =
        kind == PROVIDER_LIST ? 0 : prove_id(repair->store, text, item_id, &said, repair->err);
    if (result || said)
        return result;
    if (repair->n_unsaid == repair->unsaid_capacity) {
        repair->unsaid_capacity = repair->unsaid_capacity * 2 + 64;
        repair->unsaid =
            mem_resize(repair->unsaid, repair->unsaid_capacity, sizeof *repair->unsaid);
    }
    struct unsaid *unsaid = &repair->unsaid[repair->n_unsaid++];
    unsaid->kind = kind;
    snprintf(unsaid->text, sizeof unsaid->text, "%s", text);
    return 0;
}

static int delete_unsaid(struct store_txn *txn, void *context, struct error *err)
{
    const struct unsaid *unsaid = context;
    return external_ids_txn_delete(txn, unsaid->kind, unsaid->text, err);
}

static int repair_ids(struct repair *repair, struct error *err)
{
    int result = external_ids_walk(repair->store, note_unsaid, repair, err);
    for (size_t i = 0; !result && i < repair->n_unsaid; i++)
        result = store_write(repair->store, delete_unsaid, &repair->unsaid[i], err);
    return result;
}

/* --- Items */

static int note_head(const struct record_header *header, void *context)
{
    add_item(context, header->item_id);
    return 0;
}

struct id_lookup {
    struct store_txn *txn;
    uint32_t kind, item_id;
    bool found;
};

static int look_up(const char *text, void *context)
{
    struct id_lookup *lookup = context;
    uint32_t owner;
    lookup->found =
        lookup->found || (!external_ids_txn_find(lookup->txn, lookup->kind, text, &owner, NULL) &&
                          owner == lookup->item_id);
    return 0;
}

/* Of the kind under which its ids stand, before what the item itself says, which may be the damage;
 * 0: nobody knows. */
static uint32_t kind_of(struct store_txn *txn, uint32_t id, const struct derive_records *records)
{
    static const uint32_t kinds[] = { PROVIDER_MOVIE, PROVIDER_TVSHOW };
    struct item_header header = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    for (size_t i = 0; i < records->n; i++) {
        const json_t *document = records->rows[i].document;
        uint32_t named = document_kind_of_name(js_string(document, "kind"));
        for (size_t k = 0; !named && k < ARRAY_LEN(kinds); k++) {
            struct id_lookup lookup = { .txn = txn, .kind = kinds[k], .item_id = id };
            ids_each(js_object(document, "ids"), look_up, &lookup);
            named = lookup.found ? kinds[k] : 0;
        }
        if (named)
            return named;
    }
    return items_txn_get(txn, id, &header, &body, NULL) ? 0 : header.kind;
}

struct id_claim {
    struct store_txn *txn;
    uint32_t kind, item_id;
    struct error *err;
};

/* An id that another item has is that one's: whoever said it last. */
static int claim(const char *text, void *context)
{
    struct id_claim *claim = context;
    uint32_t owner;
    int result = external_ids_txn_find(claim->txn, claim->kind, text, &owner, claim->err);
    if (result != PROVIDER_ENOTFOUND)
        return result;
    return external_ids_txn_put(claim->txn, claim->kind, text, claim->item_id, claim->err);
}

static int gather(struct store_txn *txn, uint32_t id, struct derive_gathering *gathering,
                  struct error *err)
{
    int result = records_txn_walk(txn, id, derive_gather, gathering, err);
    if (result != PROVIDER_EPARSE)
        return result;
    result = repair_records(txn, id, err);
    derive_records_done(&gathering->records);
    return result ? result : records_txn_walk(txn, id, derive_gather, gathering, err);
}

static int derive_seasons(struct store_txn *txn, const struct derive_policy *policy, uint32_t show,
                          int64_t now_ms, struct error *err)
{
    int result = season_intake_settle(txn, policy, show, now_ms, err);
    if (result != PROVIDER_EPARSE)
        return result;
    result = repair_season_records(txn, show, err);
    return result ? result : season_intake_settle(txn, policy, show, now_ms, err);
}

static int derive_one(struct store_txn *txn, const struct derive_policy *policy, uint32_t id,
                      int64_t now_ms, struct error *err)
{
    CLEANUP(derive_gathering_done) struct derive_gathering gathering = { .err = err };
    int result = gather(txn, id, &gathering, err);
    uint32_t kind = result ? 0 : kind_of(txn, id, &gathering.records);
    if (!kind)
        return result;
    struct id_claim claiming = { .txn = txn, .kind = kind, .item_id = id, .err = err };
    for (size_t i = 0; !result && i < gathering.records.n; i++)
        result = ids_each(js_object(gathering.records.rows[i].document, "ids"), claim, &claiming);
    if (!result)
        result = settle_afresh(txn, policy, kind, id, now_ms, err);
    return result || kind != PROVIDER_TVSHOW ? result
                                             : derive_seasons(txn, policy, id, now_ms, err);
}

static int derive_batch(struct store_txn *txn, void *context, struct error *err)
{
    const struct repair *repair = context;
    int64_t now_ms = clock_wall_ms();
    int result = 0;
    for (size_t i = repair->next; !result && i < end_of_batch(repair); i++)
        result = derive_one(txn, repair->policy, repair->items[i], now_ms, err);
    return result;
}

/* --- Items no provider says anything of */

static int see_provider(const struct record_header *header, void *context)
{
    bool *seen = context;
    *seen = *seen || !merge_is_local(header->provider);
    return 0;
}

static int note_unfounded(const void *key, size_t key_len, const void *value UNUSED,
                          size_t value_len UNUSED, void *context)
{
    struct repair *repair = context;
    uint32_t id = key_len == 4 ? (uint32_t)bytes_get_be(key, 4) : 0;
    bool seen = false;
    if (id && !heads_walk(repair->store, id, see_provider, &seen, NULL) && !seen)
        add_item(repair, id);
    return 0;
}

static int delete_one(struct store_txn *txn, uint32_t id, struct error *err)
{
    struct item_header header = { 0 };
    uint64_t revision;
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    items_txn_get(txn, id, &header, &body, NULL);
    int result = items_txn_delete(txn, id, err);
    if (!result)
        result = records_txn_delete(txn, id, MERGE_LOCAL, err);
    struct change change = {
        .item_id = id, .kind = header.kind, .what = CHANGE_DELETED, .at_ms = clock_wall_ms()
    };
    return result || !header.revision
               ? result
               : changes_txn_add(txn, &change, header.revision, &revision, err);
}

static int delete_batch(struct store_txn *txn, void *context, struct error *err)
{
    const struct repair *repair = context;
    int result = 0;
    for (size_t i = repair->next; !result && i < end_of_batch(repair); i++)
        result = delete_one(txn, repair->items[i], err);
    return result;
}

int repair_store(struct store *store, const struct derive_policy *policy, struct error *err)
{
    CLEANUP(repair_done) struct repair repair = { .store = store, .policy = policy, .err = err };
    int result = maintenance_repair_ground(store, err);
    if (!result)
        result = heads_walk(store, 0, note_head, &repair, err);
    if (!result)
        result = carry_out(&repair, derive_batch, err);
    if (!result)
        result = store_walk(store, STORE_ITEMS, NULL, 0, note_unfounded, &repair, err);
    if (!result)
        result = carry_out(&repair, delete_batch, err);
    if (!result)
        result = repair_ids(&repair, err);
    if (!result)
        result = heads_walk(store, 0, note_head, &repair, err);
    /* Once more: ids that were in wrong hands are free now. */
    if (!result)
        result = carry_out(&repair, derive_batch, err);
    if (!result)
        result = maintenance_repair_tables(store, err);
    return result ? result : rederive_mark(store, policy, err);
}
