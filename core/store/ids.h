/* SPDX-License-Identifier: MIT
 *
 * External ids and merged ids.  `text` is media/ids' canonical "space:value"; the same text may
 * name a movie and a show. */
#pragma once

#include "store/store.h"

/* PROVIDER_ENOTFOUND when nobody has it. */
int external_ids_find(struct store *store, uint32_t kind, const char *text, uint32_t *out,
                      struct error *err);
int external_ids_txn_find(struct store_txn *txn, uint32_t kind, const char *text, uint32_t *out,
                          struct error *err);
int external_ids_txn_put(struct store_txn *txn, uint32_t kind, const char *text, uint32_t item_id,
                         struct error *err);
int external_ids_txn_delete(struct store_txn *txn, uint32_t kind, const char *text,
                            struct error *err);

/* Calls `each` for every external id, by kind. */
typedef int external_ids_each(uint32_t kind, const char *text, uint32_t item_id, void *context);
int external_ids_walk(struct store *store, external_ids_each *each, void *context,
                      struct error *err);

/* Where a merged id went, following chains; PROVIDER_ENOTFOUND when it never was merged. */
int redirects_find(struct store *store, uint32_t id, uint32_t *out, struct error *err);
int redirects_txn_find(struct store_txn *txn, uint32_t id, uint32_t *out, struct error *err);
int redirects_txn_put(struct store_txn *txn, uint32_t id, uint32_t survivor, struct error *err);

/* All external ids, until `each` returns nonzero, which is returned. */
typedef int external_ids_each(uint32_t kind, const char *text, uint32_t item_id, void *context);
int external_ids_walk(struct store *store, external_ids_each *each, void *context,
                      struct error *err);

/* Calls `each` for every merged id, until it returns nonzero, which is returned. */
int redirects_walk(struct store *store, int (*each)(uint32_t id, uint32_t survivor, void *context),
                   void *context, struct error *err);
