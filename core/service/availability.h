/* SPDX-License-Identifier: MIT
 *
 * Looking at swarms: through the first provider that can and is answered.  What trackers claim is
 * believed as far as peers were met that bear it out.  Any thread. */
#pragma once

#include "provider/registry.h"
#include "service/catalog.h"
#include "service/jobs.h"

struct provider_swarm;
struct release_sighting;

/* Where it looks and writes; borrowed. */
struct availability {
    struct catalog *catalog;
    struct registry *registry;
};

/* Looks at one release's swarm now, or waits for the look under way.  PROVIDER_ENOTFOUND: no such
 * release; PROVIDER_ENOTSUP: no provider can; PROVIDER_EBUSY: none that can is in service, or too
 * much waits; PROVIDER_ETIME: nobody answered. */
int availability_check(const struct availability *availability, const char *infohash,
                       int64_t deadline_ms, struct error *err);

/* Whether any swarm is due and somebody is there to look at it. */
bool availability_is_due(const struct availability *availability, int64_t now_ms);

/* Looks at what is due, a few side by side, as long as one turn lasts. */
int availability_run(const struct availability *availability, struct job *job, struct error *err);

/* What to make of what a swarm's check found. */
void availability_judge(const struct provider_swarm *swarm, struct release_sighting *out);
