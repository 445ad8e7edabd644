/* SPDX-License-Identifier: MIT
 *
 * What each provider said of an item, as it said it: one row per item and provider, the validated
 * document as compact JSON, and its head in a table of its own (heads.h). */
#pragma once

#include "store/store.h"

/* UNFINISHED: the fetch that brought it broke off; what it says is true, but not all has come. */
enum { RECORD_PARTIAL = 1, RECORD_GONE = 2, RECORD_UNFINISHED = 4 };
enum { RECORD_PROVIDER_LEN = 32 };

struct record_header {
    uint32_t item_id;
    char provider[RECORD_PROVIDER_LEN];
    uint32_t flags; /* RECORD_ bits */
    int64_t fetched_at_ms;
    int64_t gone_since_ms;    /* first sighting of its absence; 0: it is there */
    uint64_t fetch_priority;  /* its row in STORE_FETCHES; 0: none waits */
    int64_t due_at_ms;        /* its row in STORE_DUE: when to fetch it anew; 0: only when asked */
    int64_t missing_since_ms; /* the provider's list of everything lacks it since; 0: it is there */
    int32_t
        changed_day; /* the day, since 1970, that it was last announced as changed on; 0: none */
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
