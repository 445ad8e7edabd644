/* SPDX-License-Identifier: MIT
 *
 * Draining the queue of waiting fetches: several workers side by side, most wanted first, each
 * fetch one call into its provider.  A sick upstream pauses them all; what fails again and
 * again is left for the next time; what cannot be fetched is parked; a provider that is out of
 * service is left out.  Several jobs may drain at once: they share one view of what is being
 * fetched, so that nothing is fetched twice.  Any thread. */
#pragma once

#include "service/catalog.h"
#include "service/jobs.h"
#include "store/fetches.h"

struct drain; /* what the jobs that drain share */
struct drain *drain_new(void);
void drain_free(struct drain *drain); /* nobody drains any more */
DEFINE_CLEANUP(struct drain *, drain_free);

struct drain_options {
    struct catalog *catalog;
    struct registry *registry;
    struct job *job;
    unsigned workers;
    enum fetch_class least_urgent; /* what is less urgent is left to others */
    int64_t call_timeout_ms;
    int64_t until_ms; /* steady; stop early then, with 0 */
};

/* Blocks until nothing of that urgency is left to do, the job is cancelled or the time is over.
 * *out_more: the time was over before the queue was empty.  PROVIDER_EBUSY: a provider is out of
 * service and its fetches wait, the others' are done. */
int drain_fetches(struct drain *drain, const struct drain_options *options, bool *out_more,
                  struct error *err);
