/* SPDX-License-Identifier: MIT
 *
 * The heads of records: what changes more often than what a provider said.  They stand in a table
 * of their own, so that a provider that says the same again, an announced change or a waiting fetch
 * costs a row of fifty bytes instead of the whole document.  records_txn_put() and
 * records_txn_delete() keep them in step with the records; a head's due time stands in STORE_DUE
 * too, in the order of time. */
#pragma once

#include "store/records.h"

/* PROVIDER_ENOTFOUND: there is no such record. */
int heads_get(struct store *store, uint32_t item_id, const char *provider,
              struct record_header *out, struct error *err);
int heads_txn_get(struct store_txn *txn, uint32_t item_id, const char *provider,
                  struct record_header *out, struct error *err);

/* Of a record that exists: what it says stays. */
int heads_txn_put(struct store_txn *txn, const struct record_header *header, struct error *err);
int heads_txn_delete(struct store_txn *txn, uint32_t item_id, const char *provider,
                     struct error *err);

/* Those of one item in provider-name order, or of all (item_id 0). */
typedef int heads_each(const struct record_header *header, void *context);
int heads_walk(struct store *store, uint32_t item_id, heads_each *each, void *context,
               struct error *err);

/* What is to be fetched anew and when, the most overdue first; also rows that are not yet due. */
struct due {
    int64_t at_ms;
    uint32_t item_id;
    char provider[RECORD_PROVIDER_LEN];
};
typedef int due_each(const struct due *due, void *context);
int due_walk(struct store *store, due_each *each, void *context, struct error *err);
