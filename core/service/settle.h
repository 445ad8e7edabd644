/* SPDX-License-Identifier: MIT
 *
 * Settling an item: writes what its records imply, with its card and a change number, within a
 * transaction.  What did not change gets no number; records that name no title yet make no item. */
#pragma once

#include "service/derive.h"

/* A record that was just put and is still at hand; borrowed. */
struct settle_fresh {
    const char *provider;
    json_t *document;
};

/* From the records as stored; `fresh` (NULL: none) need not be parsed again. */
int settle_item(struct store_txn *txn, const struct derive_policy *policy, uint32_t kind,
                uint32_t id, const struct settle_fresh *fresh, int64_t now_ms, struct error *err);

/* As settle_item() without a fresh record; writes the item and its card also when they are what
 * they were, or cannot be read. */
int settle_afresh(struct store_txn *txn, const struct derive_policy *policy, uint32_t kind,
                  uint32_t id, int64_t now_ms, struct error *err);

/* With the records at hand; is_new: there is no such item yet. */
int settle_records(struct store_txn *txn, const struct derive_policy *policy, uint32_t kind,
                   const struct derive_records *records, uint32_t id, bool is_new, int64_t now_ms,
                   struct error *err);

/* What the item's releases add, as they are stored. */
int settle_offer(struct store_txn *txn, uint32_t id, struct derive_offer *out, struct error *err);

/* Something that is shown with the item changed, the item itself did not: it gets another change
 * number, so that whoever keeps answers drops them. */
int settle_touch(struct store_txn *txn, uint32_t id, int64_t now_ms, struct error *err);
