/* SPDX-License-Identifier: MIT
 *
 * Releases: one row per infohash with what every provider claims of it, packed by release/release,
 * and from an item to its releases, which follows by itself. */
#pragma once

#include "release/release.h"
#include "store/store.h"

/* The packed release.  PROVIDER_ENOTFOUND. */
int releases_get(struct store *store, const uint8_t hash[RELEASE_HASH_LEN], struct text *out,
                 struct error *err);
int releases_txn_get(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN], struct text *out,
                     struct error *err);

/* Writes it, and the row of its item. */
int releases_txn_put(struct store_txn *txn, const struct release_facts *facts,
                     const struct text *packed, struct error *err);
int releases_txn_delete(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                        struct error *err);

/* One that an earlier program wrote gets what is packed now, and a swarm if it has none.  Where its
 * claims are broken it stays as it is: verify tells. */
int releases_txn_renew(struct store_txn *txn, const struct release_packed *release, int64_t now_ms,
                       struct error *err);

/* Of one item, by infohash; item 0: all releases there are.  Until `each` returns nonzero, which is
 * returned. */
typedef int releases_each(const struct release_packed *release, void *context);
int releases_walk(struct store *store, uint32_t item, releases_each *each, void *context,
                  struct error *err);
int releases_txn_walk(struct store_txn *txn, uint32_t item, releases_each *each, void *context,
                      struct error *err);
