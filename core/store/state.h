/* SPDX-License-Identifier: MIT
 *
 * Small values by owner and key: a provider's own state ("provider/tmdb", "images"), sync
 * checkpoints ("sync/movies", "tmdb"), request budgets ("net/tmdb", "budget").  At most 64 KiB
 * each. */
#pragma once

#include "store/store.h"

/* PROVIDER_ENOTFOUND when there is none. */
int state_get(struct store *store, const char *owner, const char *key, struct text *out,
              struct error *err);
int state_put(struct store *store, const char *owner, const char *key, const char *value,
              struct error *err); /* NULL removes it; returns when durable */
int state_txn_put(struct store_txn *txn, const char *owner, const char *key, const char *value,
                  struct error *err);
