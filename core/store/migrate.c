/* SPDX-License-Identifier: MIT
 *
 * From one schema of the store to the next.  Each step may be cut off by a crash and is then run
 * again from its start, over rows of which some are converted already; only when it is complete
 * does the version move.  Schemas: 1 had external ids keyed by four bytes of kind and the plain
 * text; 2 keeps them in the order of their numbers (ids.c); 3 has the tables of seasons, which
 * stand empty at first; 4 keeps the heads of records apart from them (heads.c); 5 to 9 have
 * the tables of lists, torrents, releases, parts of torrents and swarms, empty at first; 10 has a
 * swarm for each release, and releases as they are packed now (migrate_releases.c); 11 has items
 * packed in either of two ways (media/card_format.h), of which older programs know one. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/bytes.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/inside.h"

static const char schema_key[] = "schema";

static int schema_read(struct store *store, uint32_t *out, struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(64);
    int failed = store_get(store, STORE_META, schema_key, strlen(schema_key), &row, err);
    if (failed == PROVIDER_ENOTFOUND) {
        *out = 0;
        return 0;
    }
    if (failed)
        return failed;
    if (row.len != 4)
        return error_set(err, PROVIDER_EPARSE, "the store's schema version is unreadable");
    const uint8_t *at = (const uint8_t *)row.bytes;
    *out = (uint32_t)bytes_take_le(&at, 4);
    return 0;
}

static int schema_write(struct store *store, uint32_t schema, struct error *err)
{
    struct store_txn txn;
    int failed = txn_begin(store, &txn, err);
    if (failed)
        return failed;
    uint8_t row[4];
    bytes_put_le(row, schema, 4);
    failed = store_txn_put(&txn, STORE_META, schema_key, strlen(schema_key), row, sizeof row, err);
    if (!failed)
        return txn_commit(&txn, err);
    txn_abort(&txn);
    return failed;
}

/* --- 1 to 2 */

enum { OLD_KIND_LEN = 4, OLD_ROW_LEN = 5, OLD_TEXT_MAX = 200, MAX_BATCH = 500 };

struct old_id {
    uint32_t kind, item_id;
    char text[OLD_TEXT_MAX + 1];
};

struct old_ids {
    struct old_id rows[MAX_BATCH];
    size_t n;
};

/* The first byte of an old key is zero, that of a new one is the kind, which never is. */
static int collect_old(const void *key, size_t key_len, const void *value, size_t value_len,
                       void *context)
{
    struct old_ids *old = context;
    const uint8_t *bytes = key;
    if (bytes[0] || old->n == MAX_BATCH)
        return 1;
    if (key_len <= OLD_KIND_LEN || key_len > OLD_KIND_LEN + OLD_TEXT_MAX ||
        value_len != OLD_ROW_LEN)
        return PROVIDER_EPARSE;
    struct old_id *row = &old->rows[old->n++];
    *row = (struct old_id){ .kind = (uint32_t)bytes_get_be(bytes, OLD_KIND_LEN) };
    memcpy(row->text, bytes + OLD_KIND_LEN, key_len - OLD_KIND_LEN);
    const uint8_t *at = (const uint8_t *)value + 1;
    row->item_id = (uint32_t)bytes_take_le(&at, 4);
    return 0;
}

static int convert(struct store_txn *txn, const struct old_id *row, struct error *err)
{
    uint8_t key[OLD_KIND_LEN + OLD_TEXT_MAX];
    bytes_put_be(key, row->kind, OLD_KIND_LEN);
    size_t len = strlen(row->text);
    memcpy(key + OLD_KIND_LEN, row->text, len);
    int failed = external_ids_txn_put(txn, row->kind, row->text, row->item_id, err);
    return failed ? failed : store_txn_delete(txn, STORE_IDS, key, OLD_KIND_LEN + len, err);
}

static int convert_batch(struct store *store, const struct old_ids *old, struct error *err)
{
    struct store_txn txn;
    int failed = txn_begin(store, &txn, err);
    if (failed)
        return failed;
    for (size_t i = 0; i < old->n && !failed; i++)
        failed = convert(&txn, &old->rows[i], err);
    if (!failed)
        return txn_commit(&txn, err);
    txn_abort(&txn);
    return failed;
}

static int order_ids_by_number(struct store *store, struct error *err)
{
    CLEANUP(mem_free) struct old_ids *old = mem_new(struct old_ids);
    do {
        old->n = 0;
        int stopped = store_walk(store, STORE_IDS, NULL, 0, collect_old, old, err);
        if (stopped == PROVIDER_EPARSE)
            return error_set(err, PROVIDER_EPARSE, "an external id is unreadable");
        int failed = stopped < 0 ? stopped : convert_batch(store, old, err);
        if (failed)
            return failed;
    } while (old->n);
    return 0;
}

/* --- 2 to 3, and 4 to 9: opening made the tables; 10 to 11: items are packed anew when they are
 * next written.  The version keeps older programs from writing shows without their seasons, from
 * merging items without their lists, and from missing items that they cannot read */

static int move_version_only(struct store *store UNUSED, struct error *err UNUSED)
{
    return 0;
}

/* --- 3 to 4 */

enum { OLD_HEAD_LEN = 1 + 1 + 8 + 8 + 8, SPREAD_DAYS = 30 };
#define DAY_MS INT64_C(86400000)

struct old_heads {
    struct record_header rows[MAX_BATCH];
    size_t n;
    int64_t now_ms;
    uint8_t next[STORE_MAX_KEY_LEN]; /* where the next batch begins */
    size_t next_len;
};

static void read_old_head(const uint8_t *key, size_t key_len, const uint8_t *at, int64_t now_ms,
                          struct record_header *out)
{
    *out = (struct record_header){ .item_id = (uint32_t)bytes_get_be(key, 4) };
    memcpy(out->provider, key + 4, key_len - 4);
    out->flags = (uint32_t)bytes_take_le(&at, 1);
    out->fetched_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->gone_since_ms = (int64_t)bytes_take_le(&at, 8);
    out->fetch_priority = bytes_take_le(&at, 8);
    /* Nobody knew when they would be due: then all in turn, not all at once. */
    if (!(out->flags & (RECORD_PARTIAL | RECORD_GONE)))
        out->due_at_ms = now_ms + out->item_id % SPREAD_DAYS * DAY_MS;
}

static int collect_heads(const void *key, size_t key_len, const void *value, size_t value_len,
                         void *context)
{
    struct old_heads *old = context;
    const uint8_t *bytes = value;
    if (old->n == MAX_BATCH) {
        memcpy(old->next, key, key_len);
        old->next_len = key_len;
        return 1;
    }
    if (key_len <= 4 || key_len >= 4 + RECORD_PROVIDER_LEN || value_len < OLD_HEAD_LEN)
        return PROVIDER_EPARSE;
    read_old_head(key, key_len, bytes + 1, old->now_ms, &old->rows[old->n++]);
    return 0;
}

static int put_heads(struct store *store, const struct old_heads *old, struct error *err)
{
    struct store_txn txn;
    int failed = txn_begin(store, &txn, err);
    if (failed)
        return failed;
    for (size_t i = 0; i < old->n && !failed; i++)
        failed = heads_txn_put(&txn, &old->rows[i], err);
    if (!failed)
        return txn_commit(&txn, err);
    txn_abort(&txn);
    return failed;
}

static int take_heads_apart(struct store *store, struct error *err)
{
    CLEANUP(mem_free) struct old_heads *old = mem_new(struct old_heads);
    old->now_ms = clock_wall_ms();
    do {
        uint8_t from[STORE_MAX_KEY_LEN];
        size_t from_len = old->next_len;
        memcpy(from, old->next, from_len);
        old->n = old->next_len = 0;
        int stopped = store_walk(store, STORE_RECORDS, from_len ? from : NULL, from_len,
                                 collect_heads, old, err);
        if (stopped == PROVIDER_EPARSE)
            return error_set(err, PROVIDER_EPARSE, "a record is unreadable");
        int failed = stopped < 0 ? stopped : put_heads(store, old, err);
        if (failed)
            return failed;
    } while (old->next_len);
    return 0;
}

/* --- All of them */

static int (*const steps[STORE_SCHEMA])(struct store *store, struct error *err) = {
    [1] = order_ids_by_number, [2] = move_version_only, [3] = take_heads_apart,
    [4] = move_version_only,   [5] = move_version_only, [6] = move_version_only,
    [7] = move_version_only,   [8] = move_version_only, [9] = migrate_releases,
    [10] = move_version_only,
};

static int migrate_from(struct store *store, uint32_t schema, struct error *err)
{
    for (; schema < STORE_SCHEMA; schema++) {
        log_notice("store", "migrating '%s' from schema %u to %u", store->environment.path, schema,
                   schema + 1);
        int failed = steps[schema](store, err);
        failed = failed ? failed : schema_write(store, schema + 1, err);
        if (failed) {
            error_prefix(err, "cannot migrate from schema %u", schema);
            return failed;
        }
    }
    log_notice("store", "migrated to schema %u", (unsigned)STORE_SCHEMA);
    return 0;
}

int migrate(struct store *store, struct error *err)
{
    uint32_t schema = 0;
    int failed = schema_read(store, &schema, err);
    if (failed || schema == STORE_SCHEMA)
        return failed;
    const char *path = store->environment.path;
    if (schema > STORE_SCHEMA)
        return error_set(err, PROVIDER_ENOTSUP,
                         "the store in '%s' was written by a newer program (schema %u, known here: "
                         "%u)",
                         path, schema, (unsigned)STORE_SCHEMA);
    if (store->environment.read_only)
        return error_set(err, PROVIDER_ENOTSUP,
                         "the store in '%s' has the older schema %u, opening it for writing "
                         "migrates it",
                         path, schema);
    return schema ? migrate_from(store, schema, err) : schema_write(store, STORE_SCHEMA, err);
}
