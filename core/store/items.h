/* SPDX-License-Identifier: MIT
 *
 * Items and their cards as stored: bytes packed by media/card behind a versioned header.  Keys are
 * the item's id, four bytes, big endian. */
#pragma once

#include "store/store.h"

enum { ITEM_TITLE_ONLY = 1, ITEM_GONE = 2 };

/* The versioned header of a stored item; plain value. */
struct item_header {
    uint32_t id, kind;
    uint32_t flags;    /* ITEM_ bits */
    uint64_t revision; /* the change that wrote it */
    int64_t added_at_ms, updated_at_ms;
    int64_t fetched_at_ms; /* the oldest whole record in it; 0: never whole */
    int64_t expires_at_ms; /* stale from then on */
    uint64_t content_hash; /* of the packed bytes: strong ETags, and "nothing changed" */
};

/* *out_body are the packed bytes without the header. */
int items_get(struct store *store, uint32_t id, struct item_header *out, struct text *out_body,
              struct error *err);

/* The header and the first ITEM_START_LEN bytes of the packed ones, where its facts are, without
 * reading what is behind them. */
enum { ITEM_START_LEN = 128 };
int items_get_start(struct store *store, uint32_t id, struct item_header *out,
                    struct text *out_start, struct error *err);
int items_txn_get(struct store_txn *txn, uint32_t id, struct item_header *out,
                  struct text *out_body, struct error *err);
int items_txn_put(struct store_txn *txn, const struct item_header *header, const struct text *body,
                  const struct text *card, struct error *err);
/* Gives the item another change number and leaves the rest as it is. */
int items_txn_touch(struct store_txn *txn, uint32_t id, uint64_t revision, struct error *err);
int items_txn_delete(struct store_txn *txn, uint32_t id, struct error *err);

/* A new id, never used before. */
int items_txn_new_id(struct store_txn *txn, uint32_t *out, struct error *err);

int cards_get(struct store *store, uint32_t id, struct text *out_card, struct error *err);

/* Every card, in id order, by one bulk cursor. */
int cards_walk(struct store *store,
               int (*each)(uint32_t id, const void *card, size_t len, void *context), void *context,
               struct error *err);
