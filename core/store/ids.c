/* SPDX-License-Identifier: MIT */
#include "store/ids.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: kind, text.  Value: version, item id. */
enum { VERSION = 1, ROW_LEN = 5, KIND_LEN = 4, TEXT_MAX = 200, KEY_MAX = KIND_LEN + TEXT_MAX };
enum { MAX_CHAIN = 32 };

struct key {
    uint8_t bytes[KEY_MAX];
    size_t len;
};

static int key_of(uint32_t kind, const char *text, struct key *out, struct error *err)
{
    size_t len = strlen(text);
    if (!len || len > TEXT_MAX)
        return error_set(err, PROVIDER_EINVAL, "an external id has 1 to %d bytes", TEXT_MAX);
    bytes_put_be(out->bytes, kind, KIND_LEN);
    memcpy(out->bytes + KIND_LEN, text, len);
    out->len = KIND_LEN + len;
    return 0;
}

static void write_row(uint32_t id, uint8_t out[ROW_LEN])
{
    bytes_put_le(bytes_put_le(out, VERSION, 1), id, 4);
}

static int read_row_of(const struct text *row, uint32_t *out, struct error *err)
{
    const uint8_t *at = (const uint8_t *)row->bytes;
    if (row->len != ROW_LEN)
        return error_set(err, PROVIDER_EPARSE, "an id row is cut off");
    unsigned version = (unsigned)bytes_take_le(&at, 1);
    if (version != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "an id row has version %u, known here: %d", version,
                         VERSION);
    *out = (uint32_t)bytes_take_le(&at, 4);
    return 0;
}

int external_ids_find(struct store *store, uint32_t kind, const char *text, uint32_t *out,
                      struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(64);
    struct key key;
    int failed = key_of(kind, text, &key, err);
    failed = failed ? failed : store_get(store, STORE_IDS, key.bytes, key.len, &row, err);
    return failed ? failed : read_row_of(&row, out, err);
}

int external_ids_txn_find(struct store_txn *txn, uint32_t kind, const char *text, uint32_t *out,
                          struct error *err)
{
    struct key key;
    int failed = key_of(kind, text, &key, err);
    failed =
        failed ? failed : store_txn_get(txn, STORE_IDS, key.bytes, key.len, &txn->scratch, err);
    return failed ? failed : read_row_of(&txn->scratch, out, err);
}

int external_ids_txn_put(struct store_txn *txn, uint32_t kind, const char *text, uint32_t item_id,
                         struct error *err)
{
    struct key key;
    int failed = key_of(kind, text, &key, err);
    uint8_t row[ROW_LEN];
    write_row(item_id, row);
    return failed ? failed : store_txn_put(txn, STORE_IDS, key.bytes, key.len, row, ROW_LEN, err);
}

int external_ids_txn_delete(struct store_txn *txn, uint32_t kind, const char *text,
                            struct error *err)
{
    struct key key;
    int failed = key_of(kind, text, &key, err);
    return failed ? failed : store_txn_delete(txn, STORE_IDS, key.bytes, key.len, err);
}

/* --- Redirects ------------------------------------------------------------------------------- */

int redirects_find(struct store *store, uint32_t id, uint32_t *out, struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(64);
    uint32_t at = id;
    for (int steps = 0; steps < MAX_CHAIN; steps++) {
        uint8_t key[4];
        bytes_put_be(key, at, sizeof key);
        int failed = store_get(store, STORE_REDIRECTS, key, sizeof key, &row, err);
        if (failed == PROVIDER_ENOTFOUND && steps) {
            *out = at;
            return 0;
        }
        failed = failed ? failed : read_row_of(&row, &at, err);
        if (failed)
            return failed;
    }
    return error_set(err, PROVIDER_EIO, "the redirects of item %u go round in a circle", id);
}

int redirects_txn_put(struct store_txn *txn, uint32_t id, uint32_t survivor, struct error *err)
{
    if (id == survivor)
        return error_set(err, PROVIDER_EINVAL, "item %u cannot be merged into itself", id);
    uint8_t key[4], row[ROW_LEN];
    bytes_put_be(key, id, sizeof key);
    write_row(survivor, row);
    return store_txn_put(txn, STORE_REDIRECTS, key, sizeof key, row, ROW_LEN, err);
}
