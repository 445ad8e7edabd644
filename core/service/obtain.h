/* SPDX-License-Identifier: MIT
 *
 * Obtaining one item from the providers: by its own external ids, or by one somebody asked for.
 * Blocks; run it as an errand or on a sync's thread. */
#pragma once

#include "service/derive.h"

struct registry;

struct obtain {
    struct store *store;
    struct registry *registry;
    const struct derive_policy *policy;
    int64_t deadline_ms; /* steady */
    const volatile int *canceled;
    bool background; /* nobody waits for it */
};

/* From one provider.  id_text is "space:value". */
int obtain_from(const struct obtain *obtain, const char *provider, uint32_t kind,
                const char *id_text, uint32_t *out_item, struct error *err);

/* An external id nobody here knows: asks the providers in order until one has it. PROVIDER_ENOTSUP:
 * there was none to ask. */
int obtain_unknown(const struct obtain *obtain, uint32_t kind, const char *id_text,
                   uint32_t *out_item, struct error *err);

/* Anew, from every provider that has a record of it, or from `only` (NULL: all).  The first failure
 * is reported when none succeeded; an upstream's "not found" is noted as a sighting of its absence.
 */
int obtain_known(const struct obtain *obtain, uint32_t item_id, const char *only,
                 struct error *err);
