/* SPDX-License-Identifier: MIT */
#include "store/records.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: item id, provider's name.  Value: version, flags, times, priority; then the JSON. */
enum { VERSION = 1, HEAD_LEN = 1 + 1 + 8 + 8 + 8, ID_LEN = 4 };

struct key {
    uint8_t bytes[ID_LEN + RECORD_PROVIDER_LEN];
    size_t len;
};

static int key_of(uint32_t item_id, const char *provider, struct key *out, struct error *err)
{
    size_t len = strlen(provider);
    if (!len || len >= RECORD_PROVIDER_LEN)
        return error_set(err, PROVIDER_EINVAL, "a provider's name has 1 to %d bytes",
                         RECORD_PROVIDER_LEN - 1);
    bytes_put_be(out->bytes, item_id, ID_LEN);
    memcpy(out->bytes + ID_LEN, provider, len);
    out->len = ID_LEN + len;
    return 0;
}

static int read_head(const void *key, size_t key_len, const void *value, size_t value_len,
                     struct record_header *out, struct error *err)
{
    const uint8_t *at = value;
    if (key_len <= ID_LEN || key_len >= ID_LEN + RECORD_PROVIDER_LEN || value_len < HEAD_LEN)
        return error_set(err, PROVIDER_EPARSE, "a record is cut off");
    unsigned version = (unsigned)bytes_take_le(&at, 1);
    if (version != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "a record has version %u, known here: %d", version,
                         VERSION);
    *out = (struct record_header){ .item_id = (uint32_t)bytes_get_be(key, ID_LEN) };
    memcpy(out->provider, (const uint8_t *)key + ID_LEN, key_len - ID_LEN);
    out->flags = (uint32_t)bytes_take_le(&at, 1);
    out->fetched_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->gone_since_ms = (int64_t)bytes_take_le(&at, 8);
    out->fetch_priority = bytes_take_le(&at, 8);
    return 0;
}

struct walk {
    uint8_t id[ID_LEN];
    bool all;
    records_each *each;
    void *context;
    int result; /* what `each` or a broken row said */
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    if (!walk->all && (key_len < ID_LEN || memcmp(key, walk->id, ID_LEN) != 0))
        return 1;
    struct record_header header;
    walk->result = read_head(key, key_len, value, value_len, &header, walk->err);
    if (!walk->result)
        walk->result = walk->each(&header, (const char *)value + HEAD_LEN, value_len - HEAD_LEN,
                                  walk->context);
    return walk->result ? 1 : 0;
}

static int end_walk(const struct walk *walk, int stopped)
{
    return stopped < 0 ? stopped : walk->result;
}

int records_walk(struct store *store, uint32_t item_id, records_each *each, void *context,
                 struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    bytes_put_be(walk.id, item_id, ID_LEN);
    return end_walk(&walk, store_walk(store, STORE_RECORDS, walk.id, ID_LEN, walk_row, &walk, err));
}

int records_walk_all(struct store *store, records_each *each, void *context, struct error *err)
{
    struct walk walk = { .all = true, .each = each, .context = context, .err = err };
    return end_walk(&walk, store_walk(store, STORE_RECORDS, NULL, 0, walk_row, &walk, err));
}

int records_txn_walk(struct store_txn *txn, uint32_t item_id, records_each *each, void *context,
                     struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    bytes_put_be(walk.id, item_id, ID_LEN);
    return end_walk(&walk,
                    store_txn_walk(txn, STORE_RECORDS, walk.id, ID_LEN, walk_row, &walk, err));
}

int records_get(struct store *store, uint32_t item_id, const char *provider,
                struct record_header *out, struct text *out_json, struct error *err)
{
    struct key key;
    int failed = key_of(item_id, provider, &key, err);
    failed = failed ? failed : store_get(store, STORE_RECORDS, key.bytes, key.len, out_json, err);
    failed =
        failed ? failed : read_head(key.bytes, key.len, out_json->bytes, out_json->len, out, err);
    if (!failed)
        row_drop_head(out_json, HEAD_LEN);
    return failed;
}

int records_txn_get(struct store_txn *txn, uint32_t item_id, const char *provider,
                    struct record_header *out, struct text *out_json, struct error *err)
{
    struct key key;
    int failed = key_of(item_id, provider, &key, err);
    failed = failed ? failed : store_txn_get(txn, STORE_RECORDS, key.bytes, key.len, out_json, err);
    failed =
        failed ? failed : read_head(key.bytes, key.len, out_json->bytes, out_json->len, out, err);
    if (!failed)
        row_drop_head(out_json, HEAD_LEN);
    return failed;
}

int records_txn_put(struct store_txn *txn, const struct record_header *header, const char *json,
                    size_t len, struct error *err)
{
    struct key key;
    int failed = key_of(header->item_id, header->provider, &key, err);
    if (failed)
        return failed;
    uint8_t head[HEAD_LEN];
    uint8_t *at = bytes_put_le(head, VERSION, 1);
    at = bytes_put_le(at, header->flags, 1);
    at = bytes_put_le(at, (uint64_t)header->fetched_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)header->gone_since_ms, 8);
    bytes_put_le(at, header->fetch_priority, 8);
    return txn_put_parts(txn, STORE_RECORDS, key.bytes, key.len, head, HEAD_LEN, json, len, err);
}

int records_txn_delete(struct store_txn *txn, uint32_t item_id, const char *provider,
                       struct error *err)
{
    struct key key;
    int failed = key_of(item_id, provider, &key, err);
    return failed ? failed : store_txn_delete(txn, STORE_RECORDS, key.bytes, key.len, err);
}
