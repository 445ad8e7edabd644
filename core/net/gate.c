/* SPDX-License-Identifier: MIT */
#include "net/gate.h"

#include <sodium.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/log.h"

struct gate_ticket {
    struct gate_ticket *prev, *next;
    bool background;
    struct lock_condition turn;
};

static void wake_first(struct upstream *upstream) REQUIRES(upstream->lock)
{
    if (upstream->queue)
        lock_signal(&upstream->queue->turn);
}

void gate_open(struct upstream *upstream)
{
    struct gate_ticket *ticket;
    DL_FOREACH (upstream->queue, ticket)
        lock_signal(&ticket->turn);
}

/* What keeps everyone waiting, whoever is first in line: when it ends, and its name. */
static int64_t closed_until(struct upstream *upstream, int64_t now_ms, bool background,
                            const char **out_why) REQUIRES(upstream->lock)
{
    int64_t wall_ms = clock_wall_ms();
    int64_t until_ms = circuit_ready_ms(&upstream->circuit, now_ms);
    *out_why = "its circuit is open after repeated failures";
    if (upstream->pause.until_ms > MAX(until_ms, now_ms)) {
        until_ms = upstream->pause.until_ms;
        *out_why = "it asked us to slow down";
    }
    int64_t budget_ms = pace_budget_ready_ms(&upstream->pace, wall_ms, background);
    if (budget_ms && now_ms + budget_ms - wall_ms > until_ms) {
        until_ms = now_ms + budget_ms - wall_ms;
        *out_why = "its budget is used up";
    }
    return until_ms;
}

static int refuse(const struct upstream *upstream, const char *why, int64_t wait_ms,
                  struct error *err)
{
    return error_set(err, PROVIDER_EBUSY, "%s: %s, for another %lld s", upstream->name, why,
                     (long long)(wait_ms + 999) / 1000);
}

/* When the pace lets the first in line go: with those behind it, unless it cannot wait for them. */
static int64_t turn_us(struct upstream *upstream, int64_t pace_us, int64_t now_us,
                       int64_t deadline_ms) REQUIRES(upstream->lock)
{
    uint32_t n = MIN(upstream->counted.waiting, upstream->set.max_parallel);
    if (pace_us > now_us && upstream->group_us <= now_us)
        upstream->group_us = pace_us + pace_gather_us(&upstream->pace, n);
    return upstream->group_us / 1000 < deadline_ms ? MAX(pace_us, upstream->group_us) : pace_us;
}

enum { MUST_WAIT = 1 };

/* 0: may leave now; MUST_WAIT: look again at *out_ms; else why not. */
static int judge(struct upstream *upstream, const struct gate_ticket *ticket,
                 const struct upstream_wait *wait, int64_t *out_ms, struct error *err)
    REQUIRES(upstream->lock)
{
    int code = upstream_gave_up(upstream, wait, err);
    if (code)
        return code;
    const char *why;
    int64_t now_us = clock_steady_us(), now_ms = now_us / 1000;
    int64_t closed_ms = closed_until(upstream, now_ms, ticket->background, &why);
    if (closed_ms != CIRCUIT_UNKNOWN && closed_ms > wait->deadline_ms)
        return refuse(upstream, why, closed_ms - now_ms, err);
    *out_ms = closed_ms;
    if (closed_ms > now_ms)
        return MUST_WAIT;
    *out_ms = INT64_MAX;
    if (upstream->queue != ticket || upstream->counted.in_flight >= upstream->set.max_parallel)
        return MUST_WAIT;
    int64_t pace_us = pace_ready_us(&upstream->pace, now_us);
    if (pace_us / 1000 > wait->deadline_ms)
        return refuse(upstream, "its pace allows no more", pace_us / 1000 - now_ms, err);
    int64_t until_us = turn_us(upstream, pace_us, now_us, wait->deadline_ms);
    *out_ms = (until_us + 999) / 1000;
    return until_us > now_us ? MUST_WAIT : 0;
}

static void leave_queue(struct upstream *upstream, struct gate_ticket *ticket)
    REQUIRES(upstream->lock)
{
    DL_DELETE(upstream->queue, ticket);
    upstream->counted.waiting--;
    lock_condition_done(&ticket->turn);
    wake_first(upstream);
}

/* In the order they came, but whoever is waited for before all that is done in the background. */
static void join_queue(struct upstream *upstream, struct gate_ticket *ticket)
    REQUIRES(upstream->lock)
{
    struct gate_ticket *before = ticket->background ? NULL : upstream->queue;
    while (before && !before->background)
        before = before->next;
    if (before)
        DL_PREPEND_ELEM(upstream->queue, before, ticket);
    else
        DL_APPEND(upstream->queue, ticket);
    upstream->counted.waiting++;
}

void gate_hurry(struct upstream *upstream, struct gate_place *place)
{
    struct gate_ticket *ticket = place->ticket;
    place->urgent = true;
    if (!ticket || !ticket->background)
        return;
    ticket->background = false;
    DL_DELETE(upstream->queue, ticket);
    upstream->counted.waiting--;
    join_queue(upstream, ticket);
    lock_signal(&ticket->turn);
}

int gate_enter(struct upstream *upstream, const struct upstream_wait *wait,
               struct gate_place *place, bool *out_is_test, struct error *err)
{
    struct gate_ticket ticket;
    lock_condition_init(&ticket.turn);
    LOCK_SCOPE(&upstream->lock);
    ticket.background = wait->background && !place->urgent;
    place->ticket = &ticket;
    join_queue(upstream, &ticket);
    int code;
    int64_t until_ms = 0;
    while ((code = judge(upstream, &ticket, wait, &until_ms, err)) == MUST_WAIT)
        lock_wait_until(&ticket.turn, &upstream->lock, upstream_look_again_ms(wait, until_ms));
    if (!code) {
        pace_take(&upstream->pace, clock_steady_us(), clock_wall_ms());
        *out_is_test = circuit_start(&upstream->circuit, clock_steady_ms());
        upstream->counted.in_flight++;
        upstream->counted.requests++;
    }
    place->ticket = NULL;
    leave_queue(upstream, &ticket);
    return code;
}

static void take_throttle(struct upstream *upstream, const struct gate_end *end, int64_t now_ms)
    REQUIRES(upstream->lock)
{
    retry_pause_hit(&upstream->pause, end->left_ms, now_ms, end->retry_after_ms,
                    randombytes_random());
    pace_drain(&upstream->pace, upstream->pause.until_ms * 1000);
    circuit_abandon(&upstream->circuit, end->was_test);
    upstream->counted.throttled++;
    gate_open(upstream);
}

static void take_opening(struct upstream *upstream, int64_t now_ms) REQUIRES(upstream->lock)
{
    if (!upstream->ailing)
        log_warning("net", "%s: failed repeatedly, asking nothing for %lld s (last: %s)",
                    upstream->name, (long long)(upstream->circuit.until_ms - now_ms) / 1000,
                    upstream->counted.last_error);
    upstream->ailing = true;
    gate_open(upstream);
}

void gate_leave(struct upstream *upstream, const struct gate_end *end)
{
    int64_t now_ms = clock_steady_ms();
    LOCK_SCOPE(&upstream->lock);
    upstream->counted.in_flight--;
    upstream->counted.bytes_in += end->bytes;
    switch (end->outcome) {
    case GATE_WELL:
        retry_pause_through(&upstream->pause, end->left_ms);
        if (upstream->circuit.state != UPSTREAM_CLOSED)
            gate_open(upstream);
        if (upstream->ailing)
            log_notice("net", "%s answers again", upstream->name);
        upstream->ailing = false;
        circuit_succeed(&upstream->circuit);
        upstream->counted.last_success_ms = clock_wall_ms();
        break;
    case GATE_THROTTLED:
        take_throttle(upstream, end, now_ms);
        break;
    case GATE_FAILED:
        if (circuit_fail(&upstream->circuit, end->was_test, now_ms))
            take_opening(upstream, now_ms);
        break;
    case GATE_NEUTRAL:
        circuit_abandon(&upstream->circuit, end->was_test);
        break;
    }
    wake_first(upstream);
}
