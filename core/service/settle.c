/* SPDX-License-Identifier: MIT */
#include "service/settle.h"

#include "store/changes.h"
#include "store/releases.h"

struct collecting {
    const struct settle_fresh *fresh;
    struct derive_records *records;
    struct error *err;
};

static int collect_record(const struct record_header *header, const char *json, size_t len,
                          void *context)
{
    struct collecting *collecting = context;
    const struct settle_fresh *fresh = collecting->fresh;
    if (fresh && text_equal(fresh->provider, header->provider)) {
        derive_records_add(collecting->records, header, json_incref(fresh->document));
        return 0;
    }
    return derive_records_parse(collecting->records, header, json, len, collecting->err);
}

static enum change_what judge_change(const struct item_header *before,
                                     const struct item_header *now)
{
    if (!before->revision)
        return CHANGE_ADDED;
    if ((now->flags & ITEM_GONE) && !(before->flags & ITEM_GONE))
        return CHANGE_GONE;
    return CHANGE_UPDATED;
}

static int put_changed(struct store_txn *txn, struct item_header *header,
                       const struct item_header *before, const struct text *body,
                       const struct text *card, struct error *err)
{
    struct change change = { .item_id = header->id,
                             .kind = header->kind,
                             .what = judge_change(before, header),
                             .at_ms = header->updated_at_ms };
    int result = changes_txn_add(txn, &change, before->revision, &header->revision, err);
    return result ? result : items_txn_put(txn, header, body, card, err);
}

/* The item as stored; all zero when there is none. */
static int read_before(struct store_txn *txn, uint32_t id, struct item_header *out,
                       struct error *err)
{
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    int result = items_txn_get(txn, id, out, &body, err);
    if (!result)
        derive_renew(out, &body);
    return result == PROVIDER_ENOTFOUND ? 0 : result;
}

/* How fresh it is stands in the heads of its records too, see freshness.h; whether it can be at
 * all, here. */
static bool is_same(const struct item_header *before, const struct item_header *now)
{
    return before->content_hash == now->content_hash && before->flags == now->flags &&
           before->kind == now->kind && !before->expires_at_ms == !now->expires_at_ms;
}

/* `anyway`: also what is already there. */
static int settle(struct store_txn *txn, const struct derive_policy *policy, uint32_t kind,
                  const struct derive_records *records, const struct item_header *before,
                  uint32_t id, bool anyway, int64_t now_ms, struct error *err)
{
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text card = TEXT_INIT(DERIVE_MAX_LEN);
    struct item_header header = { .id = id,
                                  .kind = kind,
                                  .revision = before->revision,
                                  .added_at_ms = before->revision ? before->added_at_ms : now_ms,
                                  .updated_at_ms =
                                      before->revision ? before->updated_at_ms : now_ms };
    const struct derive_before stored = { .content_hash = before->content_hash, .now_ms = now_ms };
    if (!derive_item(policy, records, before->revision ? &stored : NULL, &header, &body, &card))
        return 0;
    if (!before->revision || header.content_hash != before->content_hash)
        return put_changed(txn, &header, before, &body, &card, err);
    return anyway || !is_same(before, &header) ? items_txn_put(txn, &header, &body, &card, err) : 0;
}

int settle_records(struct store_txn *txn, const struct derive_policy *policy, uint32_t kind,
                   const struct derive_records *records, uint32_t id, bool is_new, int64_t now_ms,
                   struct error *err)
{
    struct item_header before = { 0 };
    int result = is_new ? 0 : read_before(txn, id, &before, err);
    return result ? result : settle(txn, policy, kind, records, &before, id, false, now_ms, err);
}

static int add_release(const struct release_packed *release, void *context)
{
    derive_offer_add(context, &release->facts);
    return 0;
}

int settle_offer(struct store_txn *txn, uint32_t id, struct derive_offer *out, struct error *err)
{
    *out = (struct derive_offer){ 0 };
    return releases_txn_walk(txn, id, add_release, out, err);
}

int settle_item(struct store_txn *txn, const struct derive_policy *policy, uint32_t kind,
                uint32_t id, const struct settle_fresh *fresh, int64_t now_ms, struct error *err)
{
    CLEANUP(derive_records_done) struct derive_records records = { 0 };
    struct collecting collecting = { .fresh = fresh, .records = &records, .err = err };
    int result = records_txn_walk(txn, id, collect_record, &collecting, err);
    if (!result)
        result = settle_offer(txn, id, &records.offer, err);
    return result ? result : settle_records(txn, policy, kind, &records, id, false, now_ms, err);
}

int settle_afresh(struct store_txn *txn, const struct derive_policy *policy, uint32_t kind,
                  uint32_t id, int64_t now_ms, struct error *err)
{
    CLEANUP(derive_gathering_done) struct derive_gathering gathering = { .err = err };
    struct item_header before = { 0 };
    int result = records_txn_walk(txn, id, derive_gather, &gathering, err);
    if (!result)
        result = settle_offer(txn, id, &gathering.records.offer, err);
    if (result)
        return result;
    if (read_before(txn, id, &before, NULL))
        before = (struct item_header){ 0 };
    return settle(txn, policy, kind, &gathering.records, &before, id, true, now_ms, err);
}

int settle_touch(struct store_txn *txn, uint32_t id, int64_t now_ms, struct error *err)
{
    uint64_t revision;
    struct item_header item = { 0 };
    int result = read_before(txn, id, &item, err);
    if (result || !item.revision) /* a placeholder so far has no change number */
        return result;
    struct change change = { .item_id = id,
                             .kind = item.kind,
                             .what = item.flags & ITEM_GONE ? CHANGE_GONE : CHANGE_UPDATED,
                             .at_ms = now_ms };
    result = changes_txn_add(txn, &change, item.revision, &revision, err);
    return result ? result : items_txn_touch(txn, id, revision, err);
}
