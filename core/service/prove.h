/* SPDX-License-Identifier: MIT
 *
 * What the store cannot know about itself: whether items, seasons and ids are what the records
 * imply, and whether the index shows what the cards say.  For a stopped store. */
#pragma once

#include "service/derive.h"
#include "store/maintenance.h"

/* The context of prove_item(). */
struct prove {
    const struct derive_policy *policy;
    bool asked, other_orders; /* the store was derived under other orders of providers: said once */
};

/* The hooks of struct maintenance_checks. */
int prove_item(struct store *store, uint32_t item_id, maintenance_report *report,
               void *report_context, void *prove, struct error *err);
int prove_id(struct store *store, const char *text, uint32_t item_id, bool *out_said,
             struct error *err);

/* Builds the index and holds it against the cards; *out_n counts the findings. */
int prove_index(struct store *store, maintenance_report *report, void *report_context,
                uint64_t *out_n, struct error *err);
