/* SPDX-License-Identifier: MIT */
#include "net/flight.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/gate.h"
#include "net/target.h"

struct response *flight_substitute(struct flight *flight)
{
    struct upstream *upstream = flight->upstream;
    if (flight->cached && fresh_may_be_stale(flight->cached, flight->set.stale_if_error_s)) {
        struct response *stale = response_copy(flight->cached);
        stale->public.response.stale = 1;
        stale->public.response.age_s = (uint32_t)MIN(fresh_age_s(stale), UINT32_MAX);
        LOCK_SCOPE(&upstream->lock);
        upstream->counted.stale_served++;
        return stale;
    }
    return flight->failure ? response_ref(flight->failure) : NULL;
}

/* Answers from the cache when that will do, and keeps what could still be revalidated. */
static void look_up(struct flight *flight, const struct provider_request *request)
{
    struct upstream *upstream = flight->upstream;
    flight->looked_up = true;
    if (!fresh_is_cacheable(upstream, request))
        return;
    flight->cached = fresh_load(upstream, &flight->key.question, flight->key.max_body);
    if (!flight->cached ||
        !fresh_will_do(flight->cached, request->max_age_s, flight->set.not_found_ttl_s))
        return;
    {
        LOCK_SCOPE(&upstream->lock);
        upstream->counted.cache_hits++;
    }
    flight->cached->public.response.age_s = (uint32_t)fresh_age_s(flight->cached);
    flight_finish(flight, steal(flight->cached));
}

static bool is_known_down(struct upstream *upstream)
{
    LOCK_SCOPE(&upstream->lock);
    return circuit_ready_ms(&upstream->circuit, clock_steady_ms()) > clock_steady_ms();
}

/* Sleeps until the next try is due.  A pause beyond the deadline ends here. */
static int rest(struct flight *flight, const struct upstream_wait *wait, struct error *err)
{
    struct upstream *upstream = flight->upstream;
    LOCK_SCOPE(&upstream->lock);
    while (clock_steady_ms() < flight->not_before_ms) {
        int code = upstream_gave_up(upstream, wait, err);
        if (code)
            return code;
        if (flight->not_before_ms > wait->deadline_ms)
            return error_set(err, flight->trouble.code, "%s", flight->trouble.text);
        lock_wait_until(&flight->changed, &upstream->lock,
                        upstream_look_again_ms(wait, flight->not_before_ms));
    }
    return 0;
}

/* The mirror to ask now, its URL and its guard. */
static int aim(struct flight *flight, const struct provider_request *request,
               const struct guard **out_guard, struct error *err)
{
    struct upstream *upstream = flight->upstream;
    CLEANUP(mem_free) char *base = NULL;
    {
        LOCK_SCOPE(&upstream->lock);
        if (flight->mirrors_generation != upstream->mirrors.generation) {
            flight->mirrors_generation = upstream->mirrors.generation;
            flight->tried = 0;
        }
        flight->mirror = flight->has_base ? mirrors_next(&upstream->mirrors, flight->tried) : -1;
        if (flight->mirror >= 0)
            base = mem_dup_text(upstream->mirrors.bases[flight->mirror]);
        /* The mirrors are the operator's own choice. */
        bool guarded = upstream->guards && !flight->has_base;
        *out_guard = guarded ? upstream->guards->guard : NULL;
    }
    free(steal(flight->url));
    if (flight->redirect)
        flight->url = mem_dup_text(flight->redirect);
    else if (target_expand(request->url, base, &flight->url, err))
        return err->code;
    struct target target;
    if (!target_parse(flight->url, &target))
        return error_set(err, PROVIDER_EINVAL, "not a URL");
    free(flight->host);
    flight->host = mem_dup_text(target.host);
    return 0;
}

static void launch(struct flight *flight, const struct provider_request *request,
                   const struct guard *guard)
{
    struct upstream *upstream = flight->upstream;
    CLEANUP(mem_free) char *condition = flight->cached ? fresh_condition(flight->cached) : NULL;
    const struct transfer_spec spec = {
        .url = flight->url,
        .host = flight->host,
        .method = request->method ? request->method : "GET",
        .headers = flight->stranger ? NULL : request->headers,
        .condition = flight->stranger ? NULL : condition,
        .body = request->body,
        .body_len = request->body_len,
        .max_body = flight->key.max_body,
        .timeout_ms = flight->set.timeout_ms,
        .once = !retry_is_safe(request),
        .guard = guard,
    };
    flight->tries++;
    flight->left_ms = clock_steady_ms();
    flight->transfer = engine_start(upstream->net->engine, &spec);
    log_debug("net", "%s: %s %.*s", upstream->name, spec.method,
              request->flags & PROVIDER_HTTP_SECRET ? (int)strcspn(flight->url, "?") : 1024,
              flight->url);
}

static int begin_try(struct flight *flight, const struct provider_request *request,
                     const struct upstream_wait *wait, struct error *err)
{
    struct upstream *upstream = flight->upstream;
    int code = rest(flight, wait, err);
    if (code)
        return code;
    if (flight->cached && is_known_down(upstream)) {
        struct response *stale = flight_substitute(flight);
        if (stale) {
            flight_finish(flight, stale);
            return 0;
        }
    }
    const struct guard *guard;
    struct error problem = { 0 };
    if (aim(flight, request, &guard, &problem)) {
        flight_fail(flight, problem.code, "%s", problem.text);
        return 0;
    }
    code = gate_enter(upstream, wait, &flight->place, &flight->is_test, err);
    if (code) {
        /* Having failed says more than having to wait for another try. */
        if (code == PROVIDER_EBUSY && flight->trouble.code)
            return error_set(err, flight->trouble.code, "%s", flight->trouble.text);
        return code;
    }
    upstream_save_budget(upstream);
    if (flight->tries) {
        LOCK_SCOPE(&upstream->lock);
        upstream->counted.retries++;
    }
    launch(flight, request, guard);
    return 0;
}

static int await_try(struct flight *flight, const struct upstream_wait *wait, struct error *err)
{
    while (!transfer_wait(flight->transfer, upstream_look_again_ms(wait, INT64_MAX))) {
        int code = upstream_gave_up(flight->upstream, wait, err);
        if (code)
            return error_prefix(err, "%s", flight->host);
    }
    return 0;
}

int flight_lead(struct flight *flight, const struct provider_request *request,
                const struct upstream_wait *wait, struct error *err)
{
    if (!flight->looked_up)
        look_up(flight, request);
    while (!flight->done) {
        int code = 0;
        if (!flight->transfer)
            code = begin_try(flight, request, wait, err);
        if (!code && flight->transfer)
            code = await_try(flight, wait, err);
        if (code)
            return code;
        if (flight->transfer)
            flight_judge(flight, request);
    }
    return 0;
}
