/* SPDX-License-Identifier: MIT
 *
 * Which item a document is about: external ids decide.  A document whose ids belong to several
 * items ties them together; the oldest survives and the others redirect to it.  Within a
 * transaction of the store. */
#pragma once

#include <jansson.h>

#include "store/records.h"

enum { IDENTITY_MAX_ITEMS = 8 };

/* The items that own any of the document's ids, lowest id first. */
struct identity {
    uint32_t items[IDENTITY_MAX_ITEMS];
    size_t n;
};

int identity_find(struct store_txn *txn, uint32_t item_kind, const json_t *ids,
                  struct identity *out, struct error *err);

/* Points every id of the document at the item, also those that pointed at another. */
int identity_claim(struct store_txn *txn, uint32_t item_kind, const json_t *ids, uint32_t item_id,
                   struct error *err);

/* Takes from the item those of the ids that none of its records says any more: an upstream that
 * corrects a wrong id must not tie the item to the one that id belongs to.  What is known to be
 * said still is not looked for. */
int identity_release(struct store_txn *txn, uint32_t item_kind, const json_t *ids, uint32_t item_id,
                     const json_t *still_said, struct error *err);

/* Moves all records of `loser` to `survivor` (a record the survivor already has wins when it was
 * fetched later), removes the loser's item and leaves a redirect and a change. */
int identity_merge(struct store_txn *txn, uint32_t item_kind, uint32_t survivor, uint32_t loser,
                   struct error *err);
