/* SPDX-License-Identifier: MIT
 *
 * Errands: slow work on behalf of requests (a fetch on demand, a provider's search).  They run on a
 * few threads behind a bounded queue; the same errand asked for twice runs once, and everyone waits
 * for that one; who gives up waiting leaves it running, so that its result is there for the next.
 *
 * What stands before the second '/' of a key is its lane ("search/tmdb"): a lane runs on half of
 * the threads and fills half of the queue at most, so that one upstream that hangs does not keep
 * the others' errands waiting.
 *
 * Who waits holds a thread of the server meanwhile, whether his errand is new or another's: there
 * are only so many seats, and who finds none is refused.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct errands;
struct errands *errands_new(unsigned workers, unsigned queue_len, unsigned seats);

/* Takes nothing more and cancels what waits and what runs; everyone gets PROVIDER_ECANCEL soon. */
void errands_stop(struct errands *errands);

/* The same, and waits for the end. */
void errands_free(struct errands *errands);
DEFINE_CLEANUP(struct errands *, errands_free);

/* `canceled` is set when the daemon stops. */
typedef int errands_run(void *context, const volatile int *canceled, struct error *err);

struct errand; /* counted */

/* One per request, for however many errands it waits; empty until the first was started. */
struct errands_seat {
    struct errands *owner;
};
void errands_seat_done(struct errands_seat *seat);
DEFINE_CLEANUP_VALUE(struct errands_seat, errands_seat_done);

/* Starts the errand `key`, or joins the one under way; `context` is owned by the errand from here
 * on, whatever the result.  NULL and PROVIDER_EBUSY when the queue is full, or no seat is left. */
struct errand *errands_start(struct errands *errands, struct errands_seat *seat, const char *key,
                             errands_run *run, void *context, void (*free_context)(void *),
                             struct error *err);

/* Its result; PROVIDER_ETIME when the deadline (steady ms) came first. */
int errand_wait(struct errand *errand, int64_t deadline_ms, struct error *err);

/* What the errand under way was started with: another's `context` when this one joined.  To be read
 * only after errand_wait() has said how it ended (not that time ran out), and no longer than the
 * reference is held. */
void *errand_context(struct errand *errand);

/* When it ended (steady ms); 0 while it is under way. */
int64_t errand_ended_ms(struct errand *errand);
void errand_unref(struct errand *errand);
DEFINE_CLEANUP(struct errand *, errand_unref);

/* The steady time since which the oldest errand of that lane ("search/tmdb") is under way;
 * INT64_MAX: there is none. */
int64_t errands_oldest_ms(struct errands *errands, const char *lane);

struct errands_status {
    uint32_t running, waiting, queue_len, seated, seats;
    uint64_t done, joined, refused;
};
void errands_status(struct errands *errands, struct errands_status *out);
