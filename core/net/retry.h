/* SPDX-License-Identifier: MIT
 *
 * What may be repeated, when, and how long an upstream that says 429 is left alone.  Plain
 * functions and values without clock or lock: the owner holds its lock and says what time it is. */
#pragma once

#include "net/net.h"

/* GET, HEAD, or what the plugin declares repeatable. */
bool retry_is_safe(const struct provider_request *request);

/* The server failed, maybe only for the moment. */
bool retry_is_failure(int status);

/* Before the n-th retry (from 1): 250 ms doubling up to 10 s, of which a random half is left out so
 * that callers do not come back in step. */
int64_t retry_delay_ms(uint32_t n, uint32_t random);

/* Retry-After as seconds or HTTP date, in milliseconds from now, at most a day; -1 when absent,
 * unreadable or not in the future (a shared cache may hand out an old one). */
int64_t retry_after_ms(const char *value, int64_t wall_ms);

/* The pause of a whole upstream after 429. */
struct retry_pause {
    int64_t since_ms, until_ms; /* steady; until 0: none */
    uint32_t strikes;           /* pauses in a row without anything getting through between */
};

/* A 429 came for a request that left at `left_ms`; after_ms as from retry_after_ms().  Without it
 * the pause is 1 s doubling up to 30 s, of which a random half is left out.  Those that were
 * already under way when the pause began do not make it longer. */
void retry_pause_hit(struct retry_pause *pause, int64_t left_ms, int64_t now_ms, int64_t after_ms,
                     uint32_t random);

/* A request that left at `left_ms` got through. */
void retry_pause_through(struct retry_pause *pause, int64_t left_ms);
