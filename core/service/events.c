/* SPDX-License-Identifier: MIT */
#include "service/events.h"

#include <string.h>

#include "base/clock.h"
#include "base/lock.h"

enum { KEPT = 1024, TYPE_LEN = 16, MAX_DATA = 32 << 10 };

struct event {
    char type[TYPE_LEN];
    char *data;
    size_t len;
};

/* Event number n is in ring[n % KEPT].  Numbers begin behind the microsecond of the start, so that
 * those of another run are older than all of this one. */
struct events {
    struct lock lock;
    struct lock_condition came;
    struct event ring[KEPT]; /* lock */
    uint64_t before;         /* the number that none has, and all have larger ones */
    uint64_t last;           /* lock; the newest number */
    bool stopped;            /* lock */
};

struct events *events_new(void)
{
    struct events *events = mem_new(struct events);
    events->before = events->last = (uint64_t)clock_wall_ms() * 1000 + KEPT;
    lock_init(&events->lock);
    lock_condition_init(&events->came);
    return events;
}

void events_free(struct events *events)
{
    if (!events)
        return;
    for (size_t i = 0; i < KEPT; i++)
        free(events->ring[i].data);
    lock_condition_done(&events->came);
    lock_done(&events->lock);
    free(events);
}

void events_send(struct events *events, const char *type, const char *data)
{
    size_t len = strlen(data);
    /* A line break would end the event early on the wire; such an event is nobody's. */
    if (len > MAX_DATA || strpbrk(data, "\r\n"))
        return;
    char *copy = mem_dup(data, len);
    LOCK_SCOPE(&events->lock);
    struct event *event = &events->ring[++events->last % KEPT];
    free(event->data);
    *event = (struct event){ .data = copy, .len = len };
    snprintf(event->type, sizeof event->type, "%s", type);
    lock_broadcast(&events->came);
}

void events_stop(struct events *events)
{
    LOCK_SCOPE(&events->lock);
    events->stopped = true;
    lock_broadcast(&events->came);
}

/* Waits until there is an event after `after`; 0, or why not. */
static int wait_for(struct events *events, uint64_t after, int64_t deadline_ms)
    REQUIRES(events->lock)
{
    while (!events->stopped && events->last <= after) {
        if (!lock_wait_until(&events->came, &events->lock, deadline_ms) && events->last <= after)
            return events->stopped ? PROVIDER_ECANCEL : PROVIDER_ETIME;
    }
    return events->stopped ? PROVIDER_ECANCEL : 0;
}

int events_next(struct events *events, uint64_t *after, int64_t deadline_ms, char *out_type,
                struct text *out_data, struct error *err)
{
    LOCK_SCOPE(&events->lock);
    *after = *after ? *after : events->last;
    /* Beyond the last: of another run, by a clock that was ahead. */
    uint64_t oldest = MAX(events->before, events->last - KEPT) + 1;
    if (*after + 1 < oldest || *after > events->last) {
        *after = oldest - 1;
        return error_set(err, PROVIDER_ELIMIT, "some events were missed");
    }
    int result = wait_for(events, *after, deadline_ms);
    if (result)
        return error_set(err, result, result == PROVIDER_ETIME ? "nothing happened" : "stopping");
    const struct event *event = &events->ring[++*after % KEPT];
    snprintf(out_type, TYPE_LEN, "%s", event->type);
    text_clear(out_data);
    text_add(out_data, event->data, event->len);
    return 0;
}
