/* SPDX-License-Identifier: MIT
 *
 * One question to an upstream on its way, and everybody who waits for its answer.  One of them at a
 * time leads: walks the question through cache, gate, tries and retries in its own thread.  When
 * the leader's deadline passes or it is cancelled, another takes over where it stopped; when nobody
 * is left, what runs is aborted.  So a plugin's genuine() only ever runs while one of its own calls
 * waits. */
#pragma once

#include <uthash.h>

#include "net/fresh.h"
#include "net/gate.h"

struct flight_key {
    struct fresh_key question;
    int (*genuine)(const struct provider_response *);
    uint64_t max_body;
};

struct flight {
    struct upstream *upstream;
    struct flight_key key;
    struct upstream_options set; /* as it was when this began */

    /* upstream->lock */
    UT_hash_handle hh;
    bool listed; /* others may join */
    bool led;
    uint32_t waiters;
    struct lock_condition changed;
    struct gate_place place;

    /* The leader's, until done; then everybody's to read. */
    bool done;
    int code;
    struct error error;
    struct response *answer;

    /* The leader's alone. */
    bool looked_up;            /* in the cache */
    struct response *cached;   /* what was there, too old to do */
    struct transfer *transfer; /* under way; holds a slot */
    bool is_test;
    int64_t left_ms;
    bool has_base; /* the URL begins with "{base}" */
    int mirror;
    uint32_t mirrors_generation, tried; /* the mirrors asked in this round, as bits */
    bool only_foreign;                  /* all of this round's answers came from elsewhere */
    uint32_t tries, rounds, hops;
    char *host, *url; /* who is asked, and for what */
    char *redirect;   /* where the last answer sent us */
    bool stranger;    /* the redirect left the host: no headers for it */
    int64_t not_before_ms;
    struct response *failure; /* the last 5xx */
    struct error trouble;     /* why the last try failed */
};

/* What upstream_fetch() does for a request that is in order. */
int flight_fetch(struct upstream *upstream, const struct provider_request *request,
                 const struct upstream_wait *wait, struct response **out, struct error *err);

/* Walks it on; 0 when it is done, else why this leader stops.  Called without the lock by the one
 * who leads. */
int flight_lead(struct flight *flight, const struct provider_request *request,
                const struct upstream_wait *wait, struct error *err);

/* A copy of what the cache had, marked stale, or of the last 5xx; NULL when there is neither. */
struct response *flight_substitute(struct flight *flight);

/* Ends it for everybody. */
void flight_finish(struct flight *flight, struct response *answer);
int flight_fail(struct flight *flight, int code, const char *fmt, ...) PRINTF(3, 4);

/* A try is over: what its end means. */
void flight_judge(struct flight *flight, const struct provider_request *request);

/* A try that nobody waits for any more; `code` is why the last of them stopped.  When it has been
 * silent for long, the upstream hangs, and that is a failure like any other. */
void flight_abandon(struct flight *flight, int code);
