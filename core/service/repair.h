/* SPDX-License-Identifier: MIT
 *
 * Repairing a stopped store whose files are sound: everything that follows from what providers said
 * and from what was locked is derived anew, and what nothing stands behind is removed. */
#pragma once

#include "service/derive.h"

int repair_store(struct store *store, const struct derive_policy *policy, struct error *err);
