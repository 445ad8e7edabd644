/* SPDX-License-Identifier: MIT */
#include "store/torrents.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"
#include "store/torrent_parts.h"

/* Key: 20 bytes of a hash.  Value: version, what it is, and then
 *   a torrent: when it was added, its second hash (zeros: none), provider, JSON
 *   a second name: the first hash */
enum { VERSION = 1, IS_TORRENT = 0, IS_SECOND = 1 };
enum { HEAD_LEN = 2, TORRENT_LEN = HEAD_LEN + 8 + TORRENT_HASH_LEN + TORRENT_ROW_PROVIDER };

static const uint8_t no_hash[TORRENT_HASH_LEN];

static int read_head(const uint8_t *value, size_t len, unsigned *out_what, struct error *err)
{
    if (len < HEAD_LEN || value[0] != VERSION || value[1] > IS_SECOND)
        return error_set(err, PROVIDER_ENOTSUP, "a torrent has an unknown version");
    if (len < (value[1] == IS_SECOND ? HEAD_LEN + (size_t)TORRENT_HASH_LEN : (size_t)TORRENT_LEN))
        return error_set(err, PROVIDER_EPARSE, "a torrent is cut off");
    *out_what = value[1];
    return 0;
}

static void take_row(const uint8_t *hash, const uint8_t *value, struct torrent_row *out)
{
    const uint8_t *at = value + HEAD_LEN;
    *out = (struct torrent_row){ 0 };
    memcpy(out->hash, hash, TORRENT_HASH_LEN);
    out->added_at_ms = (int64_t)bytes_take_le(&at, 8);
    memcpy(out->second, at, TORRENT_HASH_LEN);
    out->has_second = memcmp(at, no_hash, TORRENT_HASH_LEN) != 0;
    memcpy(out->provider, at + TORRENT_HASH_LEN, TORRENT_ROW_PROVIDER - 1);
}

int torrent_rows_get(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                     struct torrent_row *out, struct text *out_json, struct error *err)
{
    unsigned what;
    uint8_t first[TORRENT_HASH_LEN];
    memcpy(first, hash, TORRENT_HASH_LEN);
    int failed = store_get(store, STORE_TORRENTS, first, TORRENT_HASH_LEN, out_json, err);
    failed = failed ? failed : read_head((uint8_t *)out_json->bytes, out_json->len, &what, err);
    if (!failed && what == IS_SECOND) {
        memcpy(first, out_json->bytes + HEAD_LEN, TORRENT_HASH_LEN);
        failed = store_get(store, STORE_TORRENTS, first, TORRENT_HASH_LEN, out_json, err);
        failed = failed ? failed : read_head((uint8_t *)out_json->bytes, out_json->len, &what, err);
    }
    if (failed)
        return failed;
    if (what != IS_TORRENT)
        return error_set(err, PROVIDER_EPARSE, "a torrent's second name leads nowhere");
    take_row(first, (uint8_t *)out_json->bytes, out);
    row_drop_head(out_json, TORRENT_LEN);
    return 0;
}

bool torrent_rows_txn_known(struct store_txn *txn, const uint8_t hash[TORRENT_HASH_LEN])
{
    CLEANUP(text_done) struct text value = TEXT_INIT(STORE_MAX_VALUE_LEN);
    return store_txn_get(txn, STORE_TORRENTS, hash, TORRENT_HASH_LEN, &value, NULL) == 0;
}

int torrent_rows_txn_put(struct store_txn *txn, const struct torrent_row *row, const char *json,
                         size_t len, struct error *err)
{
    uint8_t head[TORRENT_LEN] = { VERSION, IS_TORRENT };
    uint8_t second[HEAD_LEN + TORRENT_HASH_LEN] = { VERSION, IS_SECOND };
    uint8_t *at = bytes_put_le(head + HEAD_LEN, (uint64_t)row->added_at_ms, 8);
    memcpy(at, row->has_second ? row->second : no_hash, TORRENT_HASH_LEN);
    memcpy(at + TORRENT_HASH_LEN, row->provider, strnlen(row->provider, TORRENT_ROW_PROVIDER - 1));
    int failed = txn_put_parts(txn, STORE_TORRENTS, row->hash, TORRENT_HASH_LEN, head, sizeof head,
                               json, len, err);
    if (failed || !row->has_second || memcmp(row->second, row->hash, TORRENT_HASH_LEN) == 0)
        return failed;
    memcpy(second + HEAD_LEN, row->hash, TORRENT_HASH_LEN);
    return store_txn_put(txn, STORE_TORRENTS, row->second, TORRENT_HASH_LEN, second, sizeof second,
                         err);
}

struct putting {
    const struct torrent_row *row;
    const char *json;
    size_t len;
};

static int put(struct store_txn *txn, void *context, struct error *err)
{
    const struct putting *putting = context;
    return torrent_rows_txn_put(txn, putting->row, putting->json, putting->len, err);
}

int torrent_rows_put(struct store *store, const struct torrent_row *row, const char *json,
                     size_t len, struct error *err)
{
    struct putting putting = { .row = row, .json = json, .len = len };
    return store_write(store, put, &putting, err);
}

static int delete (struct store_txn *txn, void *context, struct error *err)
{
    const struct torrent_row *row = context;
    int failed = store_txn_delete(txn, STORE_TORRENTS, row->hash, TORRENT_HASH_LEN, err);
    failed = failed ? failed : torrent_parts_txn_delete(txn, row->hash, err);
    if (!failed && row->has_second && memcmp(row->second, row->hash, TORRENT_HASH_LEN) != 0)
        failed = store_txn_delete(txn, STORE_TORRENTS, row->second, TORRENT_HASH_LEN, err);
    return failed;
}

int torrent_rows_delete(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                        struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(STORE_MAX_VALUE_LEN);
    struct torrent_row row;
    int failed = torrent_rows_get(store, hash, &row, &json, err);
    return failed ? failed : store_write(store, delete, &row, err);
}

struct walk {
    int (*each)(const struct torrent_row *row, const char *json, size_t len, void *context);
    void *context;
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    unsigned what;
    if (key_len != TORRENT_HASH_LEN)
        return error_set(walk->err, PROVIDER_EPARSE, "a torrent's key is cut off");
    int failed = read_head(value, value_len, &what, walk->err);
    if (failed || what == IS_SECOND)
        return failed;
    struct torrent_row row;
    take_row(key, value, &row);
    return walk->each(&row, (const char *)value + TORRENT_LEN, value_len - TORRENT_LEN,
                      walk->context);
}

int torrent_rows_walk(struct store *store,
                      int (*each)(const struct torrent_row *row, const char *json, size_t len,
                                  void *context),
                      void *context, struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_TORRENTS, NULL, 0, walk_row, &walk, err);
}
