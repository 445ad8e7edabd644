/* SPDX-License-Identifier: MIT */
#include "provider/registry.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "routes.h"
#include "service/events.h"

static void set_time(json_t *object, const char *key, int64_t wall_ms)
{
    char text[CLOCK_TEXT_LEN];
    js_set(object, key, wall_ms ? json_string(clock_format(wall_ms, text)) : json_null());
}

static void set_count(json_t *object, const char *key, uint64_t value)
{
    js_set(object, key, json_integer((json_int_t)value));
}

/* Upstream texts: masked, and never the reason why nothing can be shown. */
static void set_text(json_t *object, const char *key, const char *text)
{
    CLEANUP(mem_free) char *masked = mem_dup_text(text);
    log_mask(masked);
    json_t *value = json_string(masked);
    js_set(object, key,
           text_is_empty(text) ? json_null()
           : value             ? value
                               : json_string("(binary)"));
    if (text_is_empty(text))
        json_decref(value);
}

static const char *circuit_name(enum upstream_circuit circuit)
{
    return circuit == UPSTREAM_OPEN        ? "open"
           : circuit == UPSTREAM_HALF_OPEN ? "half_open"
                                           : "closed";
}

static json_t *can_of(uint32_t can)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } rows[] = { { PROVIDER_CAN_SEARCH, "search" }, { PROVIDER_CAN_FETCH, "fetch" },
                 { PROVIDER_CAN_SYNC, "sync" },     { PROVIDER_CAN_RESOLVE, "resolve_magnet" },
                 { PROVIDER_CAN_IMAGES, "images" }, { PROVIDER_CAN_CHECK_SWARMS, "availability" },
                 { PROVIDER_CAN_STREAM, "stream" } };
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (can & rows[i].bit)
            json_array_append_new(list, json_string(rows[i].name));
    }
    return list;
}

static json_t *budget_of(const struct upstream_status *status)
{
    json_t *budget = json_object();
    set_count(budget, "used_hour", status->used_hour);
    set_count(budget, "used_day", status->used_day);
    js_set(budget, "limit_hour",
           status->budget_hour ? json_integer((json_int_t)status->budget_hour) : json_null());
    js_set(budget, "limit_day",
           status->budget_day ? json_integer((json_int_t)status->budget_day) : json_null());
    js_set(budget, "rate_per_s",
           status->rate_per_1000s ? json_real(status->rate_per_1000s / 1000.0) : json_null());
    return budget;
}

static json_t *upstream_of(const struct upstream_status *status)
{
    json_t *upstream = json_object();
    set_text(upstream, "mirror", status->mirror);
    js_set(upstream, "circuit", json_string(circuit_name(status->circuit)));
    set_time(upstream, "circuit_until", status->circuit_until_ms);
    set_time(upstream, "backoff_until", status->backoff_until_ms);
    js_set(upstream, "budget", budget_of(status));
    set_count(upstream, "requests", status->requests);
    set_count(upstream, "cache_hits", status->cache_hits);
    set_count(upstream, "revalidated", status->revalidated);
    set_count(upstream, "stale_served", status->stale_served);
    set_count(upstream, "coalesced", status->coalesced);
    set_count(upstream, "retries", status->retries);
    set_count(upstream, "failures", status->failures);
    set_count(upstream, "throttled", status->throttled);
    set_count(upstream, "bytes_in", status->bytes_in);
    set_count(upstream, "in_flight", status->in_flight);
    set_count(upstream, "waiting", status->waiting);
    set_time(upstream, "last_success_at", status->last_success_ms);
    set_time(upstream, "last_failure_at", status->last_failure_ms);
    set_text(upstream, "last_error", status->last_error);
    return upstream;
}

static json_t *show(struct provider_entry *entry)
{
    CLEANUP(mem_free) struct provider_status *status = mem_new(struct provider_status);
    provider_entry_status(entry, status);
    json_t *shown = json_object();
    js_set(shown, "name", json_string(status->name));
    set_text(shown, "version", status->version);
    set_text(shown, "summary", status->summary);
    js_set(shown, "state", json_string(provider_state_name(status->state)));
    set_text(shown, "reason", status->reason);
    set_text(shown, "file", status->file);
    js_set(shown, "can", can_of(status->can));
    set_count(shown, "calls", status->calls);
    set_count(shown, "failures", status->failures);
    set_count(shown, "timeouts", status->timeouts);
    set_count(shown, "documents", status->documents);
    set_count(shown, "refused", status->refused);
    set_count(shown, "deaths", status->deaths);
    set_count(shown, "running", status->running);
    set_time(shown, "last_success_at", status->last_success_ms);
    set_time(shown, "last_failure_at", status->last_failure_ms);
    set_text(shown, "last_error", status->last_error);
    js_set(shown, "upstream", upstream_of(&status->upstream));
    return shown;
}

void providers_all(struct app *app, struct request *request UNUSED, struct reply *reply)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(app->services.registry, &entries);
    json_t *results = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(results, show(entries[i]));
        provider_entry_unref(entries[i]);
    }
    json_t *answer = json_object();
    js_set(answer, "results", results);
    reply_value(reply, 200, answer);
}

/* A reference, or NULL and a 404. */
static struct provider_entry *find(struct app *app, const struct request *request,
                                   struct reply *reply)
{
    struct provider_entry *entry = registry_find(app->services.registry, request->arguments[0]);
    struct problem problem;
    if (entry)
        return entry;
    problem_set(&problem, 404, "not_found", "no provider has this name");
    reply_problem(reply, &problem);
    return NULL;
}

void providers_one(struct app *app, struct request *request, struct reply *reply)
{
    CLEANUP(provider_entry_unref) struct provider_entry *entry = find(app, request, reply);
    if (entry)
        reply_value(reply, 200, show(entry));
}

/* Shows what came of it, and tells the listeners. */
static void conclude(struct app *app, struct provider_entry *entry, int result,
                     const struct error *err, struct reply *reply)
{
    reply->max_age_s = -1;
    if (result) {
        reply_error(reply, err);
        return;
    }
    reply_value(reply, 200, show(entry));
    if (app->services.events)
        events_send(app->services.events, "provider", text_string(&reply->body));
}

static bool has_no_member_but(const json_t *body, const char *known, struct problem *problem)
{
    bool ok = true;
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
        if (!text_equal(key, known))
            ok = problem_field(problem, key, "is not known here");
    }
    return ok;
}

void providers_reset(struct app *app, struct request *request, struct reply *reply)
{
    const json_t *body;
    struct problem problem = { 0 };
    struct error err = { 0 };
    if (!request_object(request, &body, &problem) || !has_no_member_but(body, NULL, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    CLEANUP(provider_entry_unref) struct provider_entry *entry = find(app, request, reply);
    if (entry)
        conclude(app, entry, provider_entry_reset(entry, &err), &err, reply);
}

void providers_change(struct app *app, struct request *request, struct reply *reply)
{
    const json_t *body;
    struct problem problem = { 0 };
    struct error err = { 0 };
    bool ok =
        request_object(request, &body, &problem) && has_no_member_but(body, "enabled", &problem);
    const json_t *enabled = ok ? json_object_get(body, "enabled") : NULL;
    if (ok && !json_is_boolean(enabled))
        ok = problem_field(&problem, "enabled", "expected true or false");
    if (!ok) {
        reply_problem(reply, &problem);
        return;
    }
    CLEANUP(provider_entry_unref) struct provider_entry *entry = find(app, request, reply);
    if (entry)
        conclude(app, entry, provider_entry_set_enabled(entry, json_is_true(enabled), &err), &err,
                 reply);
}
