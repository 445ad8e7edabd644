/* SPDX-License-Identifier: MIT */
#include "service/locks.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "service/settle.h"

void locks_item_done(struct locks_item *item)
{
    text_done(&item->json);
}

static int find(struct catalog *catalog, uint32_t kind, const char *id_text, struct locks_item *out,
                struct error *err)
{
    struct catalog_name name = { 0 };
    struct item_header header;
    CLEANUP(text_done) struct text start = TEXT_INIT(4 * ITEM_START_LEN);
    int result = catalog_find(catalog, kind, id_text, &name, err);
    if (result)
        return result;
    *out = (struct locks_item){ .id = name.id,
                                .moved_to = name.moved_from ? name.id : 0,
                                .json = TEXT_INIT(DERIVE_MAX_LEN) };
    if (out->moved_to)
        return 0;
    result = name.id ? items_get_start(catalog_store(catalog), name.id, &header, &start, err)
                     : PROVIDER_ENOTFOUND;
    if (result == PROVIDER_ENOTFOUND || (!result && header.kind != kind))
        return error_set(err, PROVIDER_ENOTFOUND, "no item '%s' of this kind is in the store",
                         id_text);
    return result;
}

static int write_locks(const json_t *record, struct text *out, struct error *err)
{
    json_auto_t *shown = json_pack("{s:o}", "locks", locks_show(record));
    return js_write(shown, out) ? 0 : error_set(err, PROVIDER_ELIMIT, "the locks are too long");
}

int locks_get(struct catalog *catalog, uint32_t kind, const char *id_text, struct locks_item *out,
              struct error *err)
{
    int result = find(catalog, kind, id_text, out, err);
    if (result || out->moved_to)
        return result;
    struct record_header header;
    json_auto_t *record = NULL;
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    result = records_get(catalog_store(catalog), out->id, MERGE_LOCAL, &header, &json, err);
    if (!result)
        result = js_parse(json.bytes, json.len, DOCUMENT_MAX_LEN, &record, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    return write_locks(record, &out->json, err);
}

/* --- Changing */

struct change_of_locks {
    const struct derive_policy *policy;
    const struct locks_wish *wish;
    const struct text *seen; /* NULL: whatever is locked */
    uint32_t kind, id;
    json_t *record; /* out: what became of it */
};

static void change_done(struct change_of_locks *change)
{
    json_decref(change->record);
}
DEFINE_CLEANUP_VALUE(struct change_of_locks, change_done);

static const json_t *find_local(const struct derive_records *records)
{
    for (size_t i = 0; i < records->n; i++)
        if (merge_is_local(records->headers[i].provider))
            return records->rows[i].document;
    return NULL;
}

/* Whoever changed what he has seen changes nothing that somebody else changed meanwhile. */
static int expect_seen(const struct text *seen, const json_t *record, struct error *err)
{
    CLEANUP(text_done) struct text now = TEXT_INIT(DERIVE_MAX_LEN);
    int result = write_locks(record, &now, err);
    if (result || (now.len == seen->len && memcmp(now.bytes, seen->bytes, now.len) == 0))
        return result;
    return error_set(err, PROVIDER_ECONFLICT, "the locks are not as they were seen any more");
}

/* From what is locked, and what the item is, as of this transaction. */
static int work_out(struct store_txn *txn, struct change_of_locks *change, bool *out_same,
                    struct error *err)
{
    CLEANUP(derive_gathering_done) struct derive_gathering gathering = { .err = err };
    int result = records_txn_walk(txn, change->id, derive_gather, &gathering, err);
    if (!result && !gathering.records.n)
        result = error_set(err, PROVIDER_ECONFLICT, "item %u became part of another", change->id);
    const json_t *before = find_local(&gathering.records);
    if (!result && change->seen)
        result = expect_seen(change->seen, before, err);
    json_decref(change->record);
    change->record = NULL;
    if (!result) {
        json_auto_t *item = merge_records(gathering.records.rows, gathering.records.n,
                                          &change->policy->merge, NULL);
        result = locks_change(change->kind, before, change->wish, item, &change->record, err);
    }
    *out_same = !result && (before ? json_equal(before, change->record)
                                   : json_object_size(change->record) == 0);
    return result;
}

static int put_record(struct store_txn *txn, const struct change_of_locks *change, int64_t now_ms,
                      struct error *err)
{
    struct record_header header = { .item_id = change->id,
                                    .provider = MERGE_LOCAL,
                                    .fetched_at_ms = now_ms };
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    if (!json_object_size(change->record))
        return records_txn_delete(txn, change->id, MERGE_LOCAL, err);
    if (!js_write(change->record, &json))
        return error_set(err, PROVIDER_ELIMIT, "the locks are too long");
    return records_txn_put(txn, &header, json.bytes, json.len, err);
}

static int apply(struct store_txn *txn, void *context, struct error *err)
{
    struct change_of_locks *change = context;
    bool same = false;
    int64_t now_ms = clock_wall_ms();
    int result = work_out(txn, change, &same, err);
    if (result || same)
        return result;
    result = put_record(txn, change, now_ms, err);
    return result ? result
                  : settle_item(txn, change->policy, change->kind, change->id, NULL, now_ms, err);
}

int locks_put(struct catalog *catalog, uint32_t kind, const char *id_text,
              const struct locks_wish *wish, const struct text *seen, struct locks_item *out,
              struct error *err)
{
    int result = find(catalog, kind, id_text, out, err);
    if (result || out->moved_to)
        return result;
    CLEANUP(change_done)
    struct change_of_locks change = {
        .policy = catalog_policy(catalog), .wish = wish, .seen = seen, .kind = kind, .id = out->id
    };
    result = store_write(catalog_store(catalog), apply, &change, err);
    return result ? result : write_locks(change.record, &out->json, err);
}
