/* SPDX-License-Identifier: MIT
 *
 * Draining the queue of waiting fetches: several workers side by side, most wanted first, each
 * fetch one call into its provider.  A sick upstream pauses them all; what cannot be fetched is
 * parked; a provider that is out of service is left out.  Blocks until nothing is left to do, the
 * job is cancelled or the time is over. */
#pragma once

#include "service/catalog.h"
#include "service/jobs.h"

struct drain_options {
    struct catalog *catalog;
    struct registry *registry;
    struct job *job;
    unsigned workers;
    int64_t call_timeout_ms;
    int64_t until_ms; /* steady; stop early then, with 0 */
};

/* *out_more: the time was over before the queue was empty.  PROVIDER_EBUSY: a provider is out of
 * service and its fetches wait, the others' are done. */
int drain_fetches(const struct drain_options *options, bool *out_more, struct error *err);
