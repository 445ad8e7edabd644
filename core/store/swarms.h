/* SPDX-License-Identifier: MIT
 *
 * What is known of each release's swarm, and when to look again, which stands in a table of its
 * own, too, in the order of time. */
#pragma once

#include "release/release.h"
#include "release/swarm.h"
#include "store/store.h"

/* PROVIDER_ENOTFOUND. */
int swarms_get(struct store *store, const uint8_t hash[RELEASE_HASH_LEN], struct swarm *out,
               struct error *err);
int swarms_txn_get(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN], struct swarm *out,
                   struct error *err);
int swarms_txn_put(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                   const struct swarm *swarm, struct error *err);
/* A release whose swarm nobody knows gets one: what it says is the first samples, and within a week
 * somebody looks.  One that is known stays as it is. */
int swarms_txn_begin(struct store_txn *txn, const struct release_facts *release, int64_t now_ms,
                     struct error *err);
int swarms_txn_delete(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                      struct error *err);

/* All of them by infohash, until `each` returns nonzero, which is returned. */
typedef int swarms_each(const uint8_t *hash, const struct swarm *swarm, void *context);
int swarms_walk(struct store *store, swarms_each *each, void *context, struct error *err);

/* What is to be looked at and when, the most overdue first; also what is not yet due. */
typedef int swarms_due_each(int64_t at_ms, const uint8_t *hash, void *context);
int swarms_walk_due(struct store *store, swarms_due_each *each, void *context, struct error *err);
