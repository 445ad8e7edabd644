/* SPDX-License-Identifier: MIT
 *
 * The parts of a repair: private to core/store.  While nothing else writes. */
#pragma once

#include "store/lists.h"

/* Each record has a head; one that was lost says that the record is partial, so that it is fetched
 * again. */
int repair_missing_heads(struct store *store, struct error *err);

/* What waits, what is due, the calendar, and the changes of items: as heads, seasons and items say.
 */
int repair_following(struct store *store, struct error *err);

/* Positions, counts, sources, changes and back-references of lists. */
int repair_lists(struct store *store, struct error *err);
