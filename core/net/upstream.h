/* SPDX-License-Identifier: MIT
 *
 * Inside net: what an upstream and the net consist of, and how its parts wait.  Nothing outside
 * core/net includes this. */
#pragma once

#include "base/lock.h"
#include "net/circuit.h"
#include "net/engine.h"
#include "net/mirrors.h"
#include "net/net.h"
#include "net/pace.h"
#include "net/retry.h"

struct flight;
struct gate_ticket;

/* A replaced guard stays until net_close(), because transfers under way still look at it. */
struct upstream_guard {
    struct upstream_guard *next;
    struct guard *guard;
};

struct upstream {
    struct net *net;
    struct upstream *next;
    char *name;
    struct net_body_cache cache; /* never changes once the upstream is used */
    struct lock lock;            /* all below */

    struct upstream_options set; /* numbers only, defaults filled in; the pointers are not kept */
    struct mirrors mirrors;
    struct upstream_guard *guards; /* the newest counts; NULL: any address */
    struct pace pace;
    int64_t group_us; /* steady; until then those that have to wait gather */
    struct circuit circuit;
    struct retry_pause pause;
    struct gate_ticket *queue; /* who waits to send, in order */
    struct flight *flights;    /* by key */
    bool ailing;               /* the log knows; until something gets through again */
    struct upstream_status counted;
};

struct net {
    struct net_options options; /* strings copied */
    struct engine *engine;
    int closing; /* atomic */

    struct lock lock;
    struct lock_condition left;
    uint32_t callers;           /* lock; inside upstream_fetch() */
    struct upstream *upstreams; /* lock */
};

/* Whether the caller has to give up: PROVIDER_ECANCEL, PROVIDER_ETIME, else 0. */
int upstream_gave_up(const struct upstream *upstream, const struct upstream_wait *wait,
                     struct error *err);

/* When a sleeping caller has to look again whether it is cancelled; never behind until_ms. */
int64_t upstream_look_again_ms(const struct upstream_wait *wait, int64_t until_ms);

/* Says so in the log, once per bad spell. */
void upstream_note_ailing(struct upstream *upstream, const char *trouble, const char *instead);

/* Tells memory of the budget when it is time to; takes the lock itself. */
void upstream_save_budget(struct upstream *upstream);

/* Takes new options over; what is under way goes on with the old. */
void upstream_configure(struct upstream *upstream, const struct upstream_options *options);
