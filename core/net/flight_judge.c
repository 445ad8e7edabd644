/* SPDX-License-Identifier: MIT */
#include "net/flight.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/gate.h"
#include "net/target.h"

enum {
    MAX_HOPS = 3,
    HANGS_MS = 3000, /* a try that was given that long says something when it is given up */
};

/* How a try ended, while it is judged. */
struct verdict {
    struct flight *flight;
    const struct provider_request *request;
    struct response *response; /* NULL: none */
    struct gate_end end;
    char what[160]; /* "503", "timed out" */
};

static void settle(struct verdict *verdict, enum gate_outcome outcome)
{
    verdict->end.outcome = outcome;
    gate_leave(verdict->flight->upstream, &verdict->end);
}

/* For the status and the error: what happened to whom, with secrets masked. */
static void note_trouble(struct verdict *verdict, int code)
{
    struct flight *flight = verdict->flight;
    struct upstream *upstream = flight->upstream;
    error_set(&flight->trouble, code, "%s: %s after %u %s", flight->host, verdict->what,
              flight->tries, flight->tries == 1 ? "try" : "tries");
    log_mask(flight->trouble.text);
    LOCK_SCOPE(&upstream->lock);
    upstream->counted.failures++;
    upstream->counted.last_failure_ms = clock_wall_ms();
    memcpy(upstream->counted.last_error, flight->trouble.text, sizeof flight->trouble.text);
}

/* The stale copy, the 5xx itself, or the error. */
static void give_up(struct flight *flight)
{
    struct response *substitute = flight_substitute(flight);
    if (!substitute) {
        flight_fail(flight, flight->trouble.code, "%s", flight->trouble.text);
        return;
    }
    if (substitute->public.response.stale)
        upstream_note_ailing(flight->upstream, flight->trouble.text,
                             "serving stale copies where there are some");
    flight_finish(flight, substitute);
}

static bool has_another_mirror(struct flight *flight)
{
    struct upstream *upstream = flight->upstream;
    if (flight->mirror < 0)
        return false;
    flight->tried |= 1u << flight->mirror;
    LOCK_SCOPE(&upstream->lock);
    return mirrors_next(&upstream->mirrors, flight->tried) >= 0;
}

/* This try came to nothing: the next mirror, another round after a rest, or the end. */
static void go_on(struct verdict *verdict, bool foreign)
{
    struct flight *flight = verdict->flight;
    bool safe = retry_is_safe(verdict->request);
    const char *after =
        verdict->response ? response_header(verdict->response, "Retry-After") : NULL;
    bool another = has_another_mirror(flight);
    flight->only_foreign = flight->only_foreign && foreign;
    free(steal(flight->redirect));
    flight->stranger = false;
    flight->hops = 0;
    note_trouble(verdict, foreign ? PROVIDER_EPARSE : PROVIDER_EUPSTREAM);
    settle(verdict, safe && another ? GATE_NEUTRAL : GATE_FAILED);
    if (safe && another)
        return;
    flight->tried = 0;
    if (!safe || flight->only_foreign || ++flight->rounds > flight->set.retries) {
        give_up(flight);
        return;
    }
    flight->only_foreign = true;
    int64_t delay_ms = retry_delay_ms(flight->rounds, randombytes_random());
    flight->not_before_ms =
        clock_steady_ms() + MAX(delay_ms, retry_after_ms(after, clock_wall_ms()));
}

static void take_answer(struct verdict *verdict)
{
    struct flight *flight = verdict->flight;
    struct upstream *upstream = flight->upstream;
    settle(verdict, GATE_WELL);
    if (flight->mirror >= 0) {
        LOCK_SCOPE(&upstream->lock);
        if (flight->mirrors_generation == upstream->mirrors.generation)
            mirrors_prefer(&upstream->mirrors, (size_t)flight->mirror);
    }
    if (fresh_is_cacheable(upstream, verdict->request))
        fresh_store(upstream, &flight->key.question, verdict->request, verdict->response);
    flight_finish(flight, steal(verdict->response));
}

/* 304: the copy we have is good again. */
static void renew(struct verdict *verdict)
{
    struct flight *flight = verdict->flight;
    struct upstream *upstream = flight->upstream;
    response_unref(verdict->response);
    verdict->response = steal(flight->cached);
    verdict->response->stored_ms = clock_wall_ms();
    {
        LOCK_SCOPE(&upstream->lock);
        upstream->counted.revalidated++;
    }
    take_answer(verdict);
}

/* Anything but a look could do its work twice. */
static bool only_looks(const struct provider_request *request)
{
    return !request->method || strcmp(request->method, "GET") == 0 ||
           strcmp(request->method, "HEAD") == 0;
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* False when it is an answer like any other. */
static bool follow(struct verdict *verdict)
{
    struct flight *flight = verdict->flight;
    const char *location = response_header(verdict->response, "Location");
    if (!is_redirect(verdict->response->public.response.status) || !location)
        return false;
    CLEANUP(mem_free) char *to = NULL;
    enum target_hop hop = target_redirect(flight->url, location, &to);
    bool stays = flight->has_base || flight->set.one_host;
    bool away = hop == TARGET_NOWHERE || (stays && hop == TARGET_OTHER_HOST);
    if (!away && !only_looks(verdict->request))
        return false;
    if (away || ++flight->hops > MAX_HOPS) {
        snprintf(verdict->what, sizeof verdict->what, "%s",
                 away ? "redirected elsewhere" : "redirected too often");
        go_on(verdict, true);
        return true;
    }
    free(flight->redirect);
    flight->redirect = steal(to);
    flight->stranger = flight->stranger || hop == TARGET_OTHER_HOST;
    settle(verdict, GATE_NEUTRAL);
    return true;
}

static bool is_genuine(const struct verdict *verdict)
{
    return !verdict->request->genuine ||
           verdict->request->genuine(&verdict->response->public.response);
}

static void judge_answer(struct verdict *verdict)
{
    struct flight *flight = verdict->flight;
    int status = verdict->response->public.response.status;
    verdict->response->stored_ms = clock_wall_ms();
    snprintf(verdict->what, sizeof verdict->what, "HTTP %d", status);
    if (status == 429) {
        verdict->end.retry_after_ms =
            retry_after_ms(response_header(verdict->response, "Retry-After"), clock_wall_ms());
        settle(verdict, GATE_THROTTLED);
    } else if (status == 304 && flight->cached && !flight->stranger) {
        renew(verdict);
    } else if (retry_is_failure(status)) {
        response_unref(flight->failure);
        flight->failure = response_ref(verdict->response);
        go_on(verdict, false);
    } else if (follow(verdict)) {
        return;
    } else if (is_genuine(verdict)) {
        take_answer(verdict);
    } else {
        snprintf(verdict->what, sizeof verdict->what, "HTTP %d, but not from the service", status);
        go_on(verdict, true);
    }
}

static void judge_end(struct verdict *verdict, enum transfer_end end)
{
    struct flight *flight = verdict->flight;
    switch (end) {
    case TRANSFER_DONE:
        judge_answer(verdict);
        return;
    case TRANSFER_ABORTED:
        settle(verdict, GATE_NEUTRAL);
        flight_fail(flight, PROVIDER_ECANCEL, "%s: the daemon is stopping", flight->host);
        return;
    case TRANSFER_TOO_LARGE:
        settle(verdict, GATE_NEUTRAL);
        flight_fail(flight, PROVIDER_ELIMIT, "%s: the answer is larger than %llu bytes",
                    flight->host, (unsigned long long)flight->key.max_body);
        return;
    case TRANSFER_REFUSED:
        settle(verdict, GATE_NEUTRAL);
        flight_fail(flight, PROVIDER_EDENIED, "%s: not a public address", flight->host);
        return;
    case TRANSFER_TIMEOUT:
    case TRANSFER_FAILED:
        go_on(verdict, false);
        return;
    }
}

void flight_judge(struct flight *flight, const struct provider_request *request)
{
    struct transfer *transfer = steal(flight->transfer);
    enum transfer_end end = transfer_end(transfer);
    struct verdict verdict = {
        .flight = flight,
        .request = request,
        .end = { .was_test = flight->is_test,
                 .left_ms = flight->left_ms,
                 .retry_after_ms = -1,
                 .bytes = transfer_bytes(transfer) },
    };
    if (end == TRANSFER_DONE)
        verdict.response = transfer_take_response(transfer);
    const char *problem = transfer_problem(transfer);
    snprintf(verdict.what, sizeof verdict.what, "%s", *problem ? problem : "no answer");
    transfer_free(transfer);
    judge_end(&verdict, end);
    response_unref(verdict.response);
}

static void prefer_another_mirror(struct flight *flight)
{
    struct upstream *upstream = flight->upstream;
    if (!has_another_mirror(flight))
        return;
    LOCK_SCOPE(&upstream->lock);
    if (flight->mirrors_generation == upstream->mirrors.generation)
        mirrors_prefer(&upstream->mirrors, (size_t)mirrors_next(&upstream->mirrors, flight->tried));
}

void flight_abandon(struct flight *flight, int code)
{
    int64_t waited_ms = clock_steady_ms() - flight->left_ms;
    struct verdict verdict = {
        .flight = flight,
        .end = { .was_test = flight->is_test, .left_ms = flight->left_ms, .retry_after_ms = -1 },
    };
    transfer_free(steal(flight->transfer));
    if (code != PROVIDER_ETIME || waited_ms < MIN(HANGS_MS, (int64_t)flight->set.timeout_ms)) {
        settle(&verdict, GATE_NEUTRAL);
        return;
    }
    prefer_another_mirror(flight);
    snprintf(verdict.what, sizeof verdict.what, "no answer within %lld ms", (long long)waited_ms);
    note_trouble(&verdict, PROVIDER_EUPSTREAM);
    settle(&verdict, GATE_FAILED);
}
