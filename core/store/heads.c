/* SPDX-License-Identifier: MIT */
#include "store/heads.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Keys: as of records; of what is due, the time before that. */
enum {
    VERSION = 1,
    HEAD_LEN = 1 + 1 + 8 + 8 + 8 + 8 + 8 + 4,
    ID_LEN = RECORD_KEY_ID_LEN,
    TIME_LEN = 8,
};

struct due_key {
    uint8_t bytes[TIME_LEN + RECORD_KEY_MAX];
    size_t len;
};

static int read_head(const void *key, size_t key_len, const void *value, size_t value_len,
                     struct record_header *out, struct error *err)
{
    const uint8_t *at = value;
    if (key_len <= ID_LEN || key_len >= ID_LEN + RECORD_PROVIDER_LEN || value_len != HEAD_LEN)
        return error_set(err, PROVIDER_EPARSE, "the head of a record is cut off");
    unsigned version = (unsigned)bytes_take_le(&at, 1);
    if (version != VERSION)
        return error_set(err, PROVIDER_ENOTSUP,
                         "the head of a record has version %u, known here: %d", version, VERSION);
    *out = (struct record_header){ .item_id = (uint32_t)bytes_get_be(key, ID_LEN) };
    memcpy(out->provider, (const uint8_t *)key + ID_LEN, key_len - ID_LEN);
    out->flags = (uint32_t)bytes_take_le(&at, 1);
    out->fetched_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->gone_since_ms = (int64_t)bytes_take_le(&at, 8);
    out->fetch_priority = bytes_take_le(&at, 8);
    out->due_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->missing_since_ms = (int64_t)bytes_take_le(&at, 8);
    out->changed_day = (int32_t)bytes_take_le(&at, 4);
    return 0;
}

static void write_head(const struct record_header *header, uint8_t out[HEAD_LEN])
{
    uint8_t *at = bytes_put_le(out, VERSION, 1);
    at = bytes_put_le(at, header->flags, 1);
    at = bytes_put_le(at, (uint64_t)header->fetched_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)header->gone_since_ms, 8);
    at = bytes_put_le(at, header->fetch_priority, 8);
    at = bytes_put_le(at, (uint64_t)header->due_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)header->missing_since_ms, 8);
    bytes_put_le(at, (uint32_t)header->changed_day, 4);
}

int heads_get(struct store *store, uint32_t item_id, const char *provider,
              struct record_header *out, struct error *err)
{
    struct record_key key;
    CLEANUP(text_done) struct text row = TEXT_INIT(256);
    int failed = record_key(item_id, provider, &key, err);
    failed = failed ? failed : store_get(store, STORE_RECORD_HEADS, key.bytes, key.len, &row, err);
    return failed ? failed : read_head(key.bytes, key.len, row.bytes, row.len, out, err);
}

int heads_txn_get(struct store_txn *txn, uint32_t item_id, const char *provider,
                  struct record_header *out, struct error *err)
{
    struct record_key key;
    CLEANUP(text_done) struct text row = TEXT_INIT(256);
    int failed = record_key(item_id, provider, &key, err);
    failed =
        failed ? failed : store_txn_get(txn, STORE_RECORD_HEADS, key.bytes, key.len, &row, err);
    return failed ? failed : read_head(key.bytes, key.len, row.bytes, row.len, out, err);
}

/* --- What is due */

static void due_key_of(int64_t at_ms, const struct record_key *head, struct due_key *out)
{
    bytes_put_be(out->bytes, (uint64_t)at_ms, TIME_LEN);
    memcpy(out->bytes + TIME_LEN, head->bytes, head->len);
    out->len = TIME_LEN + head->len;
}

/* Moves the row of a head from one time to another; 0: there is none. */
static int move_due(struct store_txn *txn, const struct record_key *head, int64_t from_ms,
                    int64_t to_ms, struct error *err)
{
    static const uint8_t row[1] = { VERSION };
    struct due_key key;
    if (from_ms == to_ms)
        return 0;
    int failed = 0;
    if (from_ms) {
        due_key_of(from_ms, head, &key);
        failed = store_txn_delete(txn, STORE_DUE, key.bytes, key.len, err);
    }
    if (failed || !to_ms)
        return failed;
    due_key_of(to_ms, head, &key);
    return store_txn_put(txn, STORE_DUE, key.bytes, key.len, row, sizeof row, err);
}

static int read_due_time(struct store_txn *txn, uint32_t item_id, const char *provider,
                         int64_t *out_ms, struct error *err)
{
    struct record_header before;
    int failed = heads_txn_get(txn, item_id, provider, &before, err);
    *out_ms = failed ? 0 : before.due_at_ms;
    return failed == PROVIDER_ENOTFOUND ? 0 : failed;
}

int heads_txn_put(struct store_txn *txn, const struct record_header *header, struct error *err)
{
    struct record_key key;
    uint8_t head[HEAD_LEN];
    int64_t before_ms = 0;
    int failed = record_key(header->item_id, header->provider, &key, err);
    failed =
        failed ? failed : read_due_time(txn, header->item_id, header->provider, &before_ms, err);
    failed = failed ? failed : move_due(txn, &key, before_ms, header->due_at_ms, err);
    if (failed)
        return failed;
    write_head(header, head);
    return store_txn_put(txn, STORE_RECORD_HEADS, key.bytes, key.len, head, sizeof head, err);
}

int heads_txn_delete(struct store_txn *txn, uint32_t item_id, const char *provider,
                     struct error *err)
{
    struct record_key key;
    int64_t before_ms = 0;
    int failed = record_key(item_id, provider, &key, err);
    failed = failed ? failed : read_due_time(txn, item_id, provider, &before_ms, err);
    failed = failed ? failed : move_due(txn, &key, before_ms, 0, err);
    return failed ? failed : store_txn_delete(txn, STORE_RECORD_HEADS, key.bytes, key.len, err);
}

/* --- Walking */

struct walk {
    uint32_t item_id;
    heads_each *each_head;
    due_each *each_due;
    void *context;
    int result; /* what `each` or a broken row said */
    struct error *err;
};

static int walk_head(const void *key, size_t key_len, const void *value, size_t value_len,
                     void *context)
{
    struct walk *walk = context;
    if (walk->item_id && (key_len < ID_LEN || bytes_get_be(key, ID_LEN) != walk->item_id))
        return 1;
    struct record_header header;
    walk->result = read_head(key, key_len, value, value_len, &header, walk->err);
    if (!walk->result)
        walk->result = walk->each_head(&header, walk->context);
    return walk->result ? 1 : 0;
}

int heads_walk(struct store *store, uint32_t item_id, heads_each *each, void *context,
               struct error *err)
{
    struct walk walk = { .item_id = item_id, .each_head = each, .context = context, .err = err };
    uint8_t from[ID_LEN];
    bytes_put_be(from, item_id, ID_LEN);
    int stopped = store_walk(store, STORE_RECORD_HEADS, from, ID_LEN, walk_head, &walk, err);
    return stopped < 0 ? stopped : walk.result;
}

static int walk_due(const void *key, size_t key_len, const void *value UNUSED,
                    size_t value_len UNUSED, void *context)
{
    struct walk *walk = context;
    const uint8_t *bytes = key;
    if (key_len <= TIME_LEN + ID_LEN || key_len >= TIME_LEN + RECORD_KEY_MAX) {
        walk->result = error_set(walk->err, PROVIDER_EPARSE, "a due row is cut off");
        return 1;
    }
    struct due due = { .at_ms = (int64_t)bytes_get_be(bytes, TIME_LEN),
                       .item_id = (uint32_t)bytes_get_be(bytes + TIME_LEN, ID_LEN) };
    memcpy(due.provider, bytes + TIME_LEN + ID_LEN, key_len - TIME_LEN - ID_LEN);
    walk->result = walk->each_due(&due, walk->context);
    return walk->result ? 1 : 0;
}

int due_walk(struct store *store, due_each *each, void *context, struct error *err)
{
    struct walk walk = { .each_due = each, .context = context, .err = err };
    int stopped = store_walk(store, STORE_DUE, NULL, 0, walk_due, &walk, err);
    return stopped < 0 ? stopped : walk.result;
}
