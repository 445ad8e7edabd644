/* SPDX-License-Identifier: MIT
 *
 * Draining the queue of waiting fetches: several workers side by side, most wanted first, each
 * fetch one call into its provider.  A sick upstream pauses them all; what cannot be fetched is
 * parked. Blocks until the queue is empty, the job is cancelled or the time is over. */
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

/* *out_left is what still waits.  PROVIDER_EBUSY: the queue's provider is out of service. */
int drain_fetches(const struct drain_options *options, uint64_t *out_left, struct error *err);
