/* SPDX-License-Identifier: MIT
 *
 * Records that cannot be read any more.  While nothing else writes. */
#pragma once

#include "store/store.h"

/* Of what a provider said of an item, what cannot be read gives way to what is shown of it: its ids
 * and its title; it is asked for again.  Where nothing is shown either, and of seasons, it is
 * forgotten.  Each is logged. */
int repair_records(struct store_txn *txn, uint32_t item_id, struct error *err);
int repair_season_records(struct store_txn *txn, uint32_t show, struct error *err);
