/* SPDX-License-Identifier: MIT
 *
 * How fresh an item is.  The item itself knows when it last changed; that a provider said the same
 * again since stands in the heads of its records only, which are asked when the item seems to have
 * expired.  Any thread. */
#pragma once

#include "service/derive.h"

/* Moves fetched_at_ms and expires_at_ms of a header that was read from the store on to what the
 * records know; false when it has expired nevertheless. */
bool freshness_is_fresh(struct store *store, const struct derive_policy *policy,
                        struct item_header *header);
