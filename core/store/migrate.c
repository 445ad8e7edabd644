/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/log.h"
#include "store/bytes.h"
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

int migrate(struct store *store, struct error *err)
{
    uint32_t schema = 0;
    int failed = schema_read(store, &schema, err);
    if (failed)
        return failed;
    if (schema > STORE_SCHEMA)
        return error_set(err, PROVIDER_ENOTSUP,
                         "the store in '%s' was written by a newer program (schema %u, known here: "
                         "%u)",
                         store->environment.path, schema, (unsigned)STORE_SCHEMA);
    if (!schema && !store->environment.read_only)
        return schema_write(store, STORE_SCHEMA, err);
    return 0;
}
