/* SPDX-License-Identifier: MIT
 *
 * The only code that talks to the outside.  One thread drives all transfers (curl multi, connection
 * reuse, HTTP/2); callers wait.  Each provider has an upstream: its mirrors, pace, budgets,
 * circuit, counters. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Where bodies are kept between requests; core/cache/bodies offers one on disk.  Functions may be
 * called by any thread. Keys are short printable texts. */
struct net_body_cache {
    void *context;
    /* Moves the entry out into *out_head (what put() was given) and *out_body; false when there is
     * none. */
    bool (*get)(void *context, const char *key, struct text *out_head, struct text *out_body);
    void (*put)(void *context, const char *key, const struct text *head, const char *body,
                size_t len);
    void (*remove)(void *context, const char *key);
};

/* Where budgets survive a restart; the store offers it.  Any thread. */
struct net_memory {
    void *context;
    bool (*load)(void *context, const char *upstream, struct text *out);
    void (*save)(void *context, const char *upstream, const char *value);
};

struct net_options {
    const char *user_agent;
    const char *proxy;   /* NULL: none; the environment's proxies are not used */
    const char *ca_file; /* NULL: the system's */
    uint64_t max_body;   /* bytes, when a request says nothing */
    uint32_t connect_timeout_ms;
    struct net_body_cache cache; /* .get NULL: none; see upstream_set_cache() */
    struct net_memory memory;    /* .load NULL: none */
};

struct net;
struct net *net_open(const struct net_options *options);

/* Aborts what is under way; its callers get PROVIDER_ECANCEL. */
void net_close(struct net *net);
DEFINE_CLEANUP(struct net *, net_close);

struct upstream_options {
    const char *name;
    const char *const *mirrors; /* what "{base}" stands for, best first, no slash at the end */
    size_t n_mirrors;
    uint32_t rate_per_1000s; /* sustained; 0: unlimited */
    uint32_t burst;          /* requests at once after a pause; 0: one second's worth, at least 1 */
    uint32_t max_parallel;   /* 0: 4 */
    uint64_t budget_hour, budget_day; /* requests; 0: unlimited */
    uint32_t timeout_ms;              /* of one try; 0: 15 s */
    uint32_t retries;                 /* of what is safe to repeat */
    uint32_t circuit_failures;        /* in a row until it opens; 0: 5 */
    uint32_t circuit_open_ms;         /* until it tests itself; doubles up to 10 min; 0: 10 s */
    uint32_t stale_if_error_s;        /* 0: a week */
    uint32_t not_found_ttl_s;         /* 404s are remembered that long; 0: 60 */
    bool one_host; /* whole URLs stay on their host as well, as what "{base}" leads to does */
};

struct upstream;

/* Belongs to net; lives until net_close().  Configuring one that exists (by name) changes it in
 * place. */
struct upstream *net_upstream(struct net *net, const struct upstream_options *options);

/* Only for pictures and other URLs that come from data: never to private, loopback or link-local
 * addresses, checked when the connection is made, except to hosts the operator named. allowed_hosts
 * ends with NULL. */
void upstream_set_public_only(struct upstream *upstream, const char *const *allowed_hosts);

/* Its bodies are kept elsewhere than the others'; before its first request. */
void upstream_set_cache(struct upstream *upstream, const struct net_body_cache *cache);

struct upstream_wait {
    int64_t deadline_ms;          /* steady time */
    const volatile int *canceled; /* looked at now and then (__atomic loads); may be NULL */
    bool background; /* nobody waits: who is waited for goes first, and has the last tenth of the
                        budgets to himself */
};

struct upstream_answer {
    struct provider_response
        response; /* what the plugin sees; valid until upstream_answer_free() */
    /* the engine's own fields follow */
};

/* Identical questions that are under way at the same time are one, and share their answer.  When it
 * would fail and the cache has an older answer, that one serves, marked stale.
 *
 * Blocks until there is an answer, the deadline passed or the wait was cancelled.  An HTTP error
 * status is an answer. PROVIDER_EBUSY: no budget, circuit open or backing off beyond the deadline;
 * PROVIDER_EUPSTREAM: unreachable after retries; PROVIDER_EPARSE: no mirror answered genuinely, or
 * a redirect led away from the host of "{base}" or of an upstream that has one; PROVIDER_EDENIED:
 * not a public address; PROVIDER_EINVAL: no request; PROVIDER_ELIMIT: the body passed its limit;
 * PROVIDER_ETIME; PROVIDER_ECANCEL.  The error says host, status and number of tries; secrets are
 * masked. */
int upstream_fetch(struct upstream *upstream, const struct provider_request *request,
                   const struct upstream_wait *wait, struct upstream_answer **out,
                   struct error *err);
void upstream_answer_free(struct upstream_answer *answer);
DEFINE_CLEANUP(struct upstream_answer *, upstream_answer_free);

enum upstream_circuit { UPSTREAM_CLOSED, UPSTREAM_OPEN, UPSTREAM_HALF_OPEN };

/* For /api/providers and /metrics; plain value. */
struct upstream_status {
    enum upstream_circuit circuit;
    int64_t circuit_until_ms; /* wall */
    int64_t backoff_until_ms; /* wall; 0: none */
    char mirror[128];         /* the one in use */
    uint64_t requests, cache_hits, revalidated, stale_served, coalesced;
    uint64_t retries, failures, throttled, bytes_in;
    uint64_t used_hour, used_day, budget_hour, budget_day;
    uint32_t rate_per_1000s;
    uint32_t in_flight, waiting;
    int64_t last_success_ms, last_failure_ms; /* wall; 0: never */
    char last_error[240];
};
void upstream_status(struct upstream *upstream, struct upstream_status *out);

/* Closes the circuit and ends back-off and waits; budgets stay. */
void upstream_reset(struct upstream *upstream);
