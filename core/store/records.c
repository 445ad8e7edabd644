/* SPDX-License-Identifier: MIT */
#include "store/records.h"

#include <string.h>

#include "store/bytes.h"
#include "store/heads.h"
#include "store/inside.h"

/* Key: item id, provider's name.  Value: a version byte and the JSON; in version 1 the head stood
 * between both, and what stands there no longer counts. */
enum {
    VERSION = 2,
    HEAD_LEN = 1,
    OLD_VERSION = 1,
    OLD_HEAD_LEN = 1 + 1 + 8 + 8 + 8,
    ID_LEN = RECORD_KEY_ID_LEN
};

int record_key(uint32_t item_id, const char *provider, struct record_key *out, struct error *err)
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

/* Where the JSON begins. */
static int skip_head(const void *value, size_t value_len, size_t *out, struct error *err)
{
    const uint8_t *at = value;
    unsigned version = value_len ? *at : VERSION;
    if (version != VERSION && version != OLD_VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "a record has version %u, known here: %d", version,
                         VERSION);
    *out = version == VERSION ? HEAD_LEN : OLD_HEAD_LEN;
    return value_len < *out ? error_set(err, PROVIDER_EPARSE, "a record is cut off") : 0;
}

static int read_provider(const void *key, size_t key_len, char out[RECORD_PROVIDER_LEN],
                         struct error *err)
{
    if (key_len <= ID_LEN || key_len >= ID_LEN + RECORD_PROVIDER_LEN)
        return error_set(err, PROVIDER_EPARSE, "the key of a record is cut off");
    memset(out, 0, RECORD_PROVIDER_LEN);
    memcpy(out, (const uint8_t *)key + ID_LEN, key_len - ID_LEN);
    return 0;
}

struct walk {
    struct store *store;
    struct store_txn *txn; /* NULL: outside of one */
    uint8_t id[ID_LEN];
    bool all;
    records_each *each;
    void *context;
    int result; /* what `each` or a broken row said */
    struct error *err;
};

/* NO_HEAD: the record is being removed, or the store is damaged. */
enum { NO_HEAD = 1 };

static int get_head(struct walk *walk, const void *key, size_t key_len, struct record_header *out)
{
    char provider[RECORD_PROVIDER_LEN];
    int failed = read_provider(key, key_len, provider, walk->err);
    if (failed)
        return failed;
    uint32_t id = (uint32_t)bytes_get_be(key, ID_LEN);
    failed = walk->txn ? heads_txn_get(walk->txn, id, provider, out, walk->err)
                       : heads_get(walk->store, id, provider, out, walk->err);
    if (failed != PROVIDER_ENOTFOUND)
        return failed;
    *out = (struct record_header){ .item_id = id };
    memcpy(out->provider, provider, sizeof out->provider);
    return NO_HEAD;
}

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    if (!walk->all && (key_len < ID_LEN || memcmp(key, walk->id, ID_LEN) != 0))
        return 1;
    struct record_header header;
    size_t start = 0;
    walk->result = get_head(walk, key, key_len, &header);
    if (walk->result == NO_HEAD) {
        walk->result = 0;
        if (!walk->all)
            return 0;
    }
    if (!walk->result)
        walk->result = skip_head(value, value_len, &start, walk->err);
    if (!walk->result)
        walk->result =
            walk->each(&header, (const char *)value + start, value_len - start, walk->context);
    return walk->result ? 1 : 0;
}

static int end_walk(const struct walk *walk, int stopped)
{
    return stopped < 0 ? stopped : walk->result;
}

int records_walk(struct store *store, uint32_t item_id, records_each *each, void *context,
                 struct error *err)
{
    struct walk walk = { .store = store, .each = each, .context = context, .err = err };
    bytes_put_be(walk.id, item_id, ID_LEN);
    return end_walk(&walk, store_walk(store, STORE_RECORDS, walk.id, ID_LEN, walk_row, &walk, err));
}

int records_walk_all(struct store *store, records_each *each, void *context, struct error *err)
{
    struct walk walk = {
        .store = store, .all = true, .each = each, .context = context, .err = err
    };
    return end_walk(&walk, store_walk(store, STORE_RECORDS, NULL, 0, walk_row, &walk, err));
}

int records_txn_walk(struct store_txn *txn, uint32_t item_id, records_each *each, void *context,
                     struct error *err)
{
    struct walk walk = { .txn = txn, .each = each, .context = context, .err = err };
    bytes_put_be(walk.id, item_id, ID_LEN);
    return end_walk(&walk,
                    store_txn_walk(txn, STORE_RECORDS, walk.id, ID_LEN, walk_row, &walk, err));
}

static int finish_get(int failed, struct text *json, struct error *err)
{
    size_t start = 0;
    failed = failed ? failed : skip_head(json->bytes, json->len, &start, err);
    if (!failed)
        row_drop_head(json, start);
    return failed;
}

int records_get(struct store *store, uint32_t item_id, const char *provider,
                struct record_header *out, struct text *out_json, struct error *err)
{
    struct record_key key;
    int failed = record_key(item_id, provider, &key, err);
    failed = failed ? failed : heads_get(store, item_id, provider, out, err);
    failed = failed ? failed : store_get(store, STORE_RECORDS, key.bytes, key.len, out_json, err);
    return finish_get(failed, out_json, err);
}

int records_txn_get(struct store_txn *txn, uint32_t item_id, const char *provider,
                    struct record_header *out, struct text *out_json, struct error *err)
{
    struct record_key key;
    int failed = record_key(item_id, provider, &key, err);
    failed = failed ? failed : heads_txn_get(txn, item_id, provider, out, err);
    failed = failed ? failed : store_txn_get(txn, STORE_RECORDS, key.bytes, key.len, out_json, err);
    return finish_get(failed, out_json, err);
}

int records_txn_put(struct store_txn *txn, const struct record_header *header, const char *json,
                    size_t len, struct error *err)
{
    static const uint8_t head[HEAD_LEN] = { VERSION };
    struct record_key key;
    int failed = record_key(header->item_id, header->provider, &key, err);
    failed = failed ? failed : heads_txn_put(txn, header, err);
    return failed ? failed
                  : txn_put_parts(txn, STORE_RECORDS, key.bytes, key.len, head, HEAD_LEN, json, len,
                                  err);
}

int records_txn_delete(struct store_txn *txn, uint32_t item_id, const char *provider,
                       struct error *err)
{
    struct record_key key;
    int failed = record_key(item_id, provider, &key, err);
    failed = failed ? failed : heads_txn_delete(txn, item_id, provider, err);
    return failed ? failed : store_txn_delete(txn, STORE_RECORDS, key.bytes, key.len, err);
}
