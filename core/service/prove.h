/* SPDX-License-Identifier: MIT
 *
 * Proof that an item is what its records imply: derives it anew and compares.  For
 * maintenance_verify(), as its rederive check.  Any thread. */
#pragma once

#include "service/derive.h"
#include "store/maintenance.h"

/* `policy` is a struct derive_policy. */
int prove_item(struct store *store, uint32_t item_id, maintenance_report *report,
               void *report_context, void *policy, struct error *err);
