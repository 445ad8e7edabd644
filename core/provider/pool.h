/* SPDX-License-Identifier: MIT
 *
 * Threads for calls into plugins.  A call has a thread of its own, so that its caller can turn away
 * from one that never comes back; a thread that does come back is used again.  Counted: the owner
 * holds one reference, each thread another, so that a thread stuck in a plugin harms nobody.  Any
 * thread. */
#pragma once

#include <stdint.h>

#include "base/error.h"

struct pool;

struct pool *pool_new(void);

/* Soon, on another thread.  PROVIDER_EBUSY: none is idle, and there can be no more now. */
int pool_run(struct pool *pool, void (*run)(void *argument), void *argument, struct error *err);

/* Idle threads end; waits for the others until steady time `until_ms`, then leaves them alone.
 * Gives up the owner's reference. */
void pool_close(struct pool *pool, int64_t until_ms);
