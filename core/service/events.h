/* SPDX-License-Identifier: MIT
 *
 * What happens, for whoever listens: item changes (from the feed), jobs, provider states.  A
 * bounded ring; a listener that falls behind is told so and goes on with the newest.  Any thread.
 */
#pragma once

#include <stdint.h>

#include "base/text.h"

struct events;
struct events *events_new(void);
void events_free(struct events *events);
DEFINE_CLEANUP(struct events *, events_free);

/* type is "item", "list", "job" or "provider"; data one line of JSON. */
void events_send(struct events *events, const char *type, const char *data);

/* Wakes every listener with PROVIDER_ECANCEL, for stopping. */
void events_stop(struct events *events);

/* Waits for an event after *after (0: only new ones) and moves *after to it; out_type at least 16
 * bytes.  PROVIDER_ETIME: none came; PROVIDER_ELIMIT: some were missed, with a number of an earlier
 * run too (*after is before the oldest that is kept). */
int events_next(struct events *events, uint64_t *after, int64_t deadline_ms, char *out_type,
                struct text *out_data, struct error *err);
