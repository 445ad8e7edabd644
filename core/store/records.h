/* SPDX-License-Identifier: MIT
 *
 * What each provider said of an item, as it said it: one row per item and provider, a header and
 * the validated document as compact JSON. */
#pragma once

#include "store/store.h"

enum { RECORD_PARTIAL = 1, RECORD_GONE = 2 };
enum { RECORD_PROVIDER_LEN = 32 };

struct record_header {
    uint32_t item_id;
    char provider[RECORD_PROVIDER_LEN];
    uint32_t flags; /* RECORD_ bits */
    int64_t fetched_at_ms;
    int64_t gone_since_ms;   /* first sighting of its absence; 0: it is there */
    uint64_t fetch_priority; /* its row in STORE_FETCHES; 0: none waits */
};

/* Calls `each` for all records of an item in provider-name order. */
typedef int records_each(const struct record_header *header, const char *json, size_t len,
                         void *context);
int records_walk(struct store *store, uint32_t item_id, records_each *each, void *context,
                 struct error *err);
int records_get(struct store *store, uint32_t item_id, const char *provider,
                struct record_header *out, struct text *out_json, struct error *err);
int records_txn_walk(struct store_txn *txn, uint32_t item_id, records_each *each, void *context,
                     struct error *err);
int records_txn_get(struct store_txn *txn, uint32_t item_id, const char *provider,
                    struct record_header *out, struct text *out_json, struct error *err);
int records_txn_put(struct store_txn *txn, const struct record_header *header, const char *json,
                    size_t len, struct error *err);
int records_txn_delete(struct store_txn *txn, uint32_t item_id, const char *provider,
                       struct error *err);
