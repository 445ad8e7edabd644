/* SPDX-License-Identifier: MIT
 *
 * Schema 9 to 10.  It may be cut off and run again: what is renewed already stays as it is. */
#include <string.h>

#include "base/clock.h"
#include "store/inside.h"
#include "store/releases.h"

enum { MAX_BATCH = 500 };

struct batch {
    uint8_t hashes[MAX_BATCH][RELEASE_HASH_LEN];
    size_t n;
    uint8_t next[RELEASE_HASH_LEN]; /* where the next one begins */
    bool more;
};

static int collect(const void *key, size_t key_len, const void *value UNUSED,
                   size_t value_len UNUSED, void *context)
{
    struct batch *batch = context;
    if (key_len != RELEASE_HASH_LEN)
        return PROVIDER_EPARSE;
    batch->more = batch->n == MAX_BATCH;
    memcpy(batch->more ? batch->next : batch->hashes[batch->n++], key, RELEASE_HASH_LEN);
    return batch->more;
}

static int renew(struct store_txn *txn, const uint8_t *hash, int64_t now_ms, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + 1);
    struct release_packed release;
    int failed = releases_txn_get(txn, hash, &packed, err);
    if (!failed && !release_open(packed.bytes, packed.len, &release))
        failed = error_set(err, PROVIDER_EPARSE, "a release is unreadable");
    return failed ? failed : releases_txn_renew(txn, &release, now_ms, err);
}

static int renew_batch(struct store *store, const struct batch *batch, struct error *err)
{
    struct store_txn txn;
    int64_t now_ms = clock_wall_ms();
    int failed = txn_begin(store, &txn, err);
    if (failed)
        return failed;
    for (size_t i = 0; i < batch->n && !failed; i++)
        failed = renew(&txn, batch->hashes[i], now_ms, err);
    if (!failed)
        return txn_commit(&txn, err);
    txn_abort(&txn);
    return failed;
}

int migrate_releases(struct store *store, struct error *err)
{
    CLEANUP(mem_free) struct batch *batch = mem_new(struct batch);
    do {
        batch->n = 0;
        batch->more = false;
        uint8_t from[RELEASE_HASH_LEN];
        memcpy(from, batch->next, sizeof from);
        int stopped = store_walk(store, STORE_RELEASES, from, sizeof from, collect, batch, err);
        if (stopped == PROVIDER_EPARSE)
            return error_set(err, PROVIDER_EPARSE, "a release's infohash is cut off");
        int failed = stopped < 0 ? stopped : renew_batch(store, batch, err);
        if (failed)
            return failed;
    } while (batch->more);
    return 0;
}
