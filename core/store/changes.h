/* SPDX-License-Identifier: MIT
 *
 * The change feed: every committed change of an item or a list has a number; each has one row, its
 * latest, so the feed is as long as the catalogue and no longer. */
#pragma once

#include "store/store.h"

enum change_what { CHANGE_ADDED = 1, CHANGE_UPDATED, CHANGE_GONE, CHANGE_MERGED, CHANGE_DELETED };

struct change {
    uint64_t revision;
    uint32_t item_id, kind; /* PROVIDER_LIST: a list, whose number no item has */
    enum change_what what;
    int64_t at_ms;
    uint32_t merged_into; /* CHANGE_MERGED */
};

/* Adds a change of the item and drops its former row `replaces` (0: none); *out_revision is its
 * number. */
int changes_txn_add(struct store_txn *txn, const struct change *change, uint64_t replaces,
                    uint64_t *out_revision, struct error *err);

/* PROVIDER_ENOTFOUND: there is no such number, or the item has changed since. */
int changes_get(struct store *store, uint64_t revision, struct change *out, struct error *err);

/* Those after `since`, oldest first, until `each` returns nonzero. */
int changes_walk(struct store *store, uint64_t since,
                 int (*each)(const struct change *, void *context), void *context,
                 struct error *err);
const char *change_what_name(enum change_what what);
