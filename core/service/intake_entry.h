/* SPDX-License-Identifier: MIT
 *
 * One document on its way into the catalogue: what it makes of its provider's record and of the
 * item, by how whole it is.  For intake.c, within a transaction, on the store's writer. */
#pragma once

#include "service/intake.h"

/* One document on its way in, within the transaction. */
struct entry {
    struct store_txn *txn;
    struct intake_batch *batch;
    struct intake_document *in;
    uint32_t item_kind, item_id;
    bool is_new, ties;           /* ties: several items became one */
    bool settled;                /* the item has been derived since */
    struct record_header header; /* this provider's record of the item */
    struct text before;          /* its document so far; empty: there is none */
    int64_t now_ms;
};

static inline void entry_done(struct entry *entry)
{
    text_done(&entry->before);
}
DEFINE_CLEANUP_VALUE(struct entry, entry_done);

/* A whole document replaces what was known. */
int entry_take_whole(struct entry *entry, struct error *err);

/* Fills in what is missing. */
int entry_take_partial(struct entry *entry, struct error *err);

/* It waits to be fetched. */
int entry_take_changed(struct entry *entry, struct error *err);

/* Sighting one of its absence, or the one a day later that makes it gone. */
int entry_take_gone(struct entry *entry, struct error *err);

/* Derives the item from its records. */
int entry_settle(struct entry *entry, struct error *err);

/* It no longer waits; the header is to be put. */
int entry_forget_fetch(struct entry *entry, struct error *err);

/* The header changed, what the provider said did not. */
int entry_put_header(struct entry *entry, struct error *err);
