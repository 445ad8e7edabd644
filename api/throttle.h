/* SPDX-License-Identifier: MIT
 *
 * Token buckets, one per user or address: `rate_per_minute` sustained, `burst` at once after a
 * pause.  The table is bounded; when too many come, the ones that are fullest (who asked least) are
 * forgotten first.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

struct throttle;

/* rate_per_minute 0: no limit. */
struct throttle *throttle_new(uint32_t rate_per_minute, uint32_t burst);
void throttle_free(struct throttle *throttle);
DEFINE_CLEANUP(struct throttle *, throttle_free);

/* Other limits from now on, for who is known too. */
void throttle_set(struct throttle *throttle, uint32_t rate_per_minute, uint32_t burst);

struct throttle_state {
    bool limited; /* there is a limit at all */
    uint32_t burst, rate_per_minute;
    uint32_t left;    /* requests that may follow at once */
    uint32_t reset_s; /* until the bucket is full again */
    uint32_t retry_s; /* when refused: until the next is allowed, at least 1 */
};

/* Takes one token from who is named; false: none is left. */
bool throttle_take(struct throttle *throttle, const char *who, struct throttle_state *out);

/* How many are remembered, for /metrics. */
uint32_t throttle_count(struct throttle *throttle);
