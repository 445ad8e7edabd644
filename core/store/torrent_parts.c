/* SPDX-License-Identifier: MIT */
#include "store/torrent_parts.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: the torrent's hash, which part, its index.  Value: version, the bytes. */
enum { VERSION = 1, KEY_LEN = TORRENT_HASH_LEN + 1 + 4, MAX_BATCH = 100 };

struct part_key {
    uint8_t bytes[KEY_LEN];
};

static struct part_key key_of(const uint8_t *hash, unsigned part, uint32_t index)
{
    struct part_key key;
    memcpy(key.bytes, hash, TORRENT_HASH_LEN);
    key.bytes[TORRENT_HASH_LEN] = (uint8_t)part;
    bytes_put_be(key.bytes + TORRENT_HASH_LEN + 1, index, 4);
    return key;
}

static int check(const uint8_t *value, size_t len, struct error *err)
{
    if (len < 1 || value[0] != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "a part of a torrent has an unknown version");
    return 0;
}

int torrent_parts_get(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                      enum torrent_part part, uint32_t index, struct text *out, struct error *err)
{
    const struct part_key key = key_of(hash, part, index);
    int failed = store_get(store, STORE_TORRENT_PARTS, key.bytes, KEY_LEN, out, err);
    failed = failed ? failed : check((const uint8_t *)out->bytes, out->len, err);
    if (!failed)
        row_drop_head(out, 1);
    return failed;
}

int torrent_parts_txn_put(struct store_txn *txn, const uint8_t hash[TORRENT_HASH_LEN],
                          enum torrent_part part, uint32_t index, const void *bytes, size_t len,
                          struct error *err)
{
    static const uint8_t head = VERSION;
    const struct part_key key = key_of(hash, part, index);
    return txn_put_parts(txn, STORE_TORRENT_PARTS, key.bytes, KEY_LEN, &head, sizeof head, bytes,
                         len, err);
}

struct putting {
    const uint8_t *hash;
    enum torrent_part part;
    uint32_t index;
    const void *bytes;
    size_t len;
};

static int put(struct store_txn *txn, void *context, struct error *err)
{
    const struct putting *p = context;
    return torrent_parts_txn_put(txn, p->hash, p->part, p->index, p->bytes, p->len, err);
}

int torrent_parts_put(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                      enum torrent_part part, uint32_t index, const void *bytes, size_t len,
                      struct error *err)
{
    struct putting putting = {
        .hash = hash, .part = part, .index = index, .bytes = bytes, .len = len
    };
    return store_write(store, put, &putting, err);
}

/* --- Walking */

struct walk {
    torrent_parts_any *each;
    void *context;
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    const uint8_t *bytes = key;
    if (key_len != KEY_LEN)
        return error_set(walk->err, PROVIDER_EPARSE, "the key of a torrent's part is cut off");
    int failed = check(value, value_len, walk->err);
    if (failed)
        return failed;
    return walk->each(bytes, (enum torrent_part)bytes[TORRENT_HASH_LEN],
                      (uint32_t)bytes_get_be(bytes + TORRENT_HASH_LEN + 1, 4),
                      (const char *)value + 1, value_len - 1, walk->context);
}

int torrent_parts_walk_all(struct store *store, torrent_parts_any *each, void *context,
                           struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_TORRENT_PARTS, NULL, 0, walk_row, &walk, err);
}

struct walk_one {
    const uint8_t *hash;
    enum torrent_part part;
    torrent_parts_each *each;
    void *context;
};

/* Behind the last of them: no failure, but the end. */
enum { STOPPED = 1 };

static int walk_one(const uint8_t hash[TORRENT_HASH_LEN], enum torrent_part part, uint32_t index,
                    const char *bytes, size_t len, void *context)
{
    struct walk_one *one = context;
    if (part != one->part || memcmp(hash, one->hash, TORRENT_HASH_LEN) != 0)
        return STOPPED;
    return one->each(index, bytes, len, one->context);
}

int torrent_parts_walk(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                       enum torrent_part part, torrent_parts_each *each, void *context,
                       struct error *err)
{
    struct walk_one one = { .hash = hash, .part = part, .each = each, .context = context };
    struct walk walk = { .each = walk_one, .context = &one, .err = err };
    const struct part_key from = key_of(hash, part, 0);
    int result = store_walk(store, STORE_TORRENT_PARTS, from.bytes, KEY_LEN, walk_row, &walk, err);
    return result == STOPPED ? 0 : result;
}

/* --- Deleting */

struct batch {
    const uint8_t *hash;
    struct part_key keys[MAX_BATCH];
    size_t n;
};

static int collect(const void *key, size_t key_len, const void *value UNUSED,
                   size_t value_len UNUSED, void *context)
{
    struct batch *batch = context;
    if (batch->n == MAX_BATCH || key_len != KEY_LEN ||
        memcmp(key, batch->hash, TORRENT_HASH_LEN) != 0)
        return STOPPED;
    memcpy(batch->keys[batch->n++].bytes, key, KEY_LEN);
    return 0;
}

int torrent_parts_txn_delete(struct store_txn *txn, const uint8_t hash[TORRENT_HASH_LEN],
                             struct error *err)
{
    CLEANUP(mem_free) struct batch *batch = mem_new(struct batch);
    const struct part_key from = key_of(hash, 0, 0);
    batch->hash = hash;
    do {
        batch->n = 0;
        int failed =
            store_txn_walk(txn, STORE_TORRENT_PARTS, from.bytes, KEY_LEN, collect, batch, err);
        for (size_t i = 0; i < batch->n && failed >= 0; i++)
            failed = store_txn_delete(txn, STORE_TORRENT_PARTS, batch->keys[i].bytes, KEY_LEN, err);
        if (failed < 0)
            return failed;
    } while (batch->n == MAX_BATCH);
    return 0;
}
