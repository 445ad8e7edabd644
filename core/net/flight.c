/* SPDX-License-Identifier: MIT */
#include "net/flight.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/gate.h"
#include "net/target.h"

static struct flight *new_flight(struct upstream *upstream, const struct provider_request *request,
                                 const struct flight_key *key) REQUIRES(upstream->lock)
{
    struct flight *flight = mem_new(struct flight);
    flight->upstream = upstream;
    flight->key = *key;
    flight->set = upstream->set;
    flight->has_base = text_starts_with(request->url, TARGET_BASE);
    flight->only_foreign = true;
    flight->mirror = -1;
    lock_condition_init(&flight->changed);
    return flight;
}

static void free_flight(struct flight *flight)
{
    response_unref(flight->answer);
    response_unref(flight->cached);
    response_unref(flight->failure);
    free(flight->host);
    free(flight->url);
    free(flight->redirect);
    lock_condition_done(&flight->changed);
    free(flight);
}

static void unlist(struct flight *flight) REQUIRES(flight->upstream->lock)
{
    if (flight->listed)
        HASH_DEL(flight->upstream->flights, flight);
    flight->listed = false;
}

static void finish(struct flight *flight)
{
    LOCK_SCOPE(&flight->upstream->lock);
    unlist(flight);
    flight->done = true;
    lock_broadcast(&flight->changed);
}

void flight_finish(struct flight *flight, struct response *answer)
{
    flight->answer = answer;
    finish(flight);
}

int flight_fail(struct flight *flight, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    error_vset(&flight->error, code, fmt, args);
    va_end(args);
    log_mask(flight->error.text);
    flight->code = code;
    finish(flight);
    return code;
}

/* Only what changes nothing upstream may be one question for many. */
static bool is_shareable(const struct provider_request *request)
{
    return !request->body_len && (!request->method || strcmp(request->method, "GET") == 0 ||
                                  strcmp(request->method, "HEAD") == 0);
}

static struct flight *join(struct upstream *upstream, const struct provider_request *request,
                           const struct upstream_wait *wait)
{
    struct flight_key key;
    memset(&key, 0, sizeof key);
    fresh_key_of(upstream, request, &key.question);
    key.genuine = request->genuine;
    key.max_body = request->max_body ? request->max_body : upstream->net->options.max_body;
    struct flight *flight = NULL;
    bool shareable = is_shareable(request);
    LOCK_SCOPE(&upstream->lock);
    if (shareable)
        HASH_FIND(hh, upstream->flights, &key, sizeof key, flight);
    if (flight) {
        upstream->counted.coalesced++;
    } else {
        flight = new_flight(upstream, request, &key);
        flight->listed = shareable;
        if (shareable)
            HASH_ADD(hh, upstream->flights, key, sizeof key, flight);
    }
    flight->waiters++;
    if (!wait->background)
        gate_hurry(upstream, &flight->place);
    return flight;
}

/* `code` is why the caller stops, or 0; the last one ends what is still under way. */
static void leave(struct flight *flight, int code)
{
    struct upstream *upstream = flight->upstream;
    {
        LOCK_SCOPE(&upstream->lock);
        if (--flight->waiters) {
            /* Somebody else has to lead now. */
            lock_broadcast(&flight->changed);
            return;
        }
        unlist(flight);
    }
    if (flight->transfer)
        flight_abandon(flight, code);
    free_flight(flight);
}

/* Waits while somebody else leads.  0: it is done; TAKE_LEAD; else why this one stops. */
enum { TAKE_LEAD = 1 };

static int follow(struct flight *flight, const struct upstream_wait *wait, struct error *err)
{
    struct upstream *upstream = flight->upstream;
    LOCK_SCOPE(&upstream->lock);
    while (!flight->done && flight->led) {
        int code = upstream_gave_up(upstream, wait, err);
        if (code)
            return code;
        lock_wait_until(&flight->changed, &upstream->lock, upstream_look_again_ms(wait, INT64_MAX));
    }
    if (flight->done)
        return 0;
    flight->led = true;
    return TAKE_LEAD;
}

static void step_down(struct flight *flight)
{
    LOCK_SCOPE(&flight->upstream->lock);
    flight->led = false;
}

/* 0 with an answer, which may be a substitute when this caller alone had to stop. */
static int attend(struct flight *flight, const struct provider_request *request,
                  const struct upstream_wait *wait, struct response **out, struct error *err)
{
    int code = follow(flight, wait, err);
    if (code == TAKE_LEAD) {
        code = flight_lead(flight, request, wait, err);
        struct response *substitute =
            code && code != PROVIDER_ECANCEL ? flight_substitute(flight) : NULL;
        step_down(flight);
        if (substitute) {
            *out = substitute;
            return 0;
        }
    }
    if (code)
        return code;
    if (flight->code)
        return error_set(err, flight->code, "%s", flight->error.text);
    *out = response_ref(flight->answer);
    return 0;
}

/* A question asked with more patience may have been answered from the cache. */
static bool is_too_old(const struct response *answer, const struct provider_request *request)
{
    const struct provider_response *public = &answer->public.response;
    return !public->stale && public->age_s && public->age_s >= request->max_age_s;
}

int flight_fetch(struct upstream *upstream, const struct provider_request *request,
                 const struct upstream_wait *wait, struct response **out, struct error *err)
{
    for (;;) {
        CLEANUP(response_unref) struct response *answer = NULL;
        struct flight *flight = join(upstream, request, wait);
        int code = attend(flight, request, wait, &answer, err);
        leave(flight, code);
        if (code)
            return code;
        if (!is_too_old(answer, request)) {
            *out = steal(answer);
            return 0;
        }
    }
}
