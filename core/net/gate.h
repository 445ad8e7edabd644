/* SPDX-License-Identifier: MIT
 *
 * The gate before an upstream: requests leave one after the other in the order they came, those
 * that somebody waits for before those of the background, when the
 * circuit, the pause after 429, the budgets, the slots and the pace all allow it.  Whom the pace
 * keeps waiting leaves together with those behind it, a few at a time. */
#pragma once

#include "net/upstream.h"

/* Of a question that others may join while it waits; the upstream's lock guards it. */
struct gate_place {
    struct gate_ticket *ticket; /* while it is in line */
    bool urgent;                /* somebody waits for it, whoever asked first */
};

/* Waits for permission; the caller holds a slot afterwards and tells of its end.  *out_is_test:
 * this one tests an open circuit.  PROVIDER_EBUSY at once when permission cannot come before the
 * deadline; PROVIDER_ETIME, PROVIDER_ECANCEL. */
int gate_enter(struct upstream *upstream, const struct upstream_wait *wait,
               struct gate_place *place, bool *out_is_test, struct error *err)
    EXCLUDES(upstream->lock);

/* Somebody waits for it from now on: it goes before all that is done in the background. */
void gate_hurry(struct upstream *upstream, struct gate_place *place) REQUIRES(upstream->lock);

enum gate_outcome {
    GATE_WELL,      /* the service answered */
    GATE_THROTTLED, /* 429 */
    GATE_FAILED,    /* and it was the last mirror: the circuit counts it */
    GATE_NEUTRAL,   /* says nothing about the service's health */
};

struct gate_end {
    enum gate_outcome outcome;
    bool was_test;
    int64_t left_ms;        /* steady time the request left */
    int64_t retry_after_ms; /* of a 429, or -1 */
    uint64_t bytes;
};

void gate_leave(struct upstream *upstream, const struct gate_end *end) EXCLUDES(upstream->lock);

/* All who wait look again. */
void gate_open(struct upstream *upstream) REQUIRES(upstream->lock);
