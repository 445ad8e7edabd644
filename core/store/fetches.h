/* SPDX-License-Identifier: MIT
 *
 * What waits to be fetched from a provider, most wanted first; survives a restart.  A priority is
 * an order key: the class in the top byte (smaller first), then the inverted popularity. */
#pragma once

#include "store/store.h"

enum fetch_class { FETCH_ASKED = 1, FETCH_CHANGED = 2, FETCH_STALE = 3, FETCH_TITLE = 4 };

uint64_t fetch_priority(enum fetch_class class, double popularity);

/* Of FETCH_STALE: who was due first comes first. */
uint64_t fetch_priority_due(int64_t due_at_ms);
enum fetch_class fetch_class_of(uint64_t priority);

int fetches_txn_put(struct store_txn *txn, uint64_t priority, uint32_t item_id,
                    const char *provider, struct error *err);
int fetches_txn_delete(struct store_txn *txn, uint64_t priority, uint32_t item_id,
                       const char *provider, struct error *err);

struct fetch {
    uint64_t priority;
    uint32_t item_id;
    char provider[32];
};

/* Up to `max` of them behind `after` (NULL: from the first); *out_n says how many. */
int fetches_next(struct store *store, const struct fetch *after, struct fetch *out, size_t max,
                 size_t *out_n, struct error *err);
int fetches_count(struct store *store, uint64_t *out, struct error *err);

/* Of those that are at least that urgent; reads them all. */
int fetches_count_urgent(struct store *store, enum fetch_class least_urgent, uint64_t *out,
                         struct error *err);
