/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cache/answers.h"
#include "door.h"
#include "openapi.h"
#include "ready.h"
#include "router.h"

const uint64_t app_latency_us[APP_LATENCIES] = { 100,   250,    500,    1000,    5000,
                                                 25000, 100000, 500000, 2500000, UINT64_MAX };

struct app *app_new(const struct app_services *services)
{
    struct app *app = mem_new(struct app);
    app->services = *services;
    app->throttle = throttle_new((uint32_t)services->conf->rate_per_minute,
                                 (uint32_t)services->conf->rate_burst);
    app->started_at_ms = clock_wall_ms();
    app->openapi.limit = 4 << 20;
    openapi_write(&app->openapi);
    return app;
}

void app_free(struct app *app)
{
    if (!app)
        return;
    throttle_free(app->throttle);
    text_done(&app->openapi);
    free(app);
}

void app_set_limits(struct app *app, const struct conf *conf)
{
    throttle_set(app->throttle, (uint32_t)conf->rate_per_minute, (uint32_t)conf->rate_burst);
}

void app_wish(const struct app *app, const struct request *request, struct language_wish *out)
{
    const struct conf_list *languages = &app->services.conf->languages;
    language_wish_make(request_param(request, "language"), request->accept_language,
                       languages->values, languages->n, out, NULL);
}

static void count(struct app *app, const struct reply *reply, int64_t began_us)
{
    struct app_counters *counters = &app->counters;
    uint64_t took = (uint64_t)(clock_steady_us() - began_us);
    size_t slot = 0;
    while (took > app_latency_us[slot])
        slot++;
    __atomic_add_fetch(&counters->by_latency[slot], 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&counters->latency_us, took, __ATOMIC_RELAXED);
    __atomic_add_fetch(&counters->by_class[reply->status / 100 % 6], 1, __ATOMIC_RELAXED);
}

/* Whether If-Match holds against what GET on the same path shows now. */
static bool is_expected_state(struct app *app, struct request *request, struct problem *problem)
{
    if (!request->if_match || !(request->method & (REQUEST_PUT | REQUEST_DELETE)))
        return true;
    uint32_t allow;
    CLEANUP(reply_done) struct reply now;
    const char *arguments[ARRAY_LEN(request->arguments)];
    reply_init(&now);
    memcpy(arguments, request->arguments, sizeof arguments);
    const struct route *get = router_find_method(request, REQUEST_GET, &allow);
    if (get)
        get->handler(app, request, &now);
    memcpy(request->arguments, arguments, sizeof arguments);
    reply_tag(&now);
    char packed[REPLY_ETAG_LEN + 4];
    snprintf(packed, sizeof packed, "%s-gz", now.etag);
    if (get && now.status == 200 &&
        (request_etag_matches(request->if_match, now.etag) ||
         request_etag_matches(request->if_match, packed)))
        return true;
    return problem_set(problem, 412, "precondition_failed",
                       "it is not in the state that 'If-Match' names");
}

/* Runs the handler, and keeps what may be kept. */
static void run(struct app *app, const struct route *route, struct request *request,
                struct reply *reply, const char *key, size_t key_len)
{
    reply->speaks = route->flags & ROUTE_SPEAKS;
    reply->shared = app->services.conf->anonymous_read && route->scope == SCOPE_READ &&
                    !(route->flags & ROUTE_USER);
    if (key_len)
        reply->since = store_revision(app->services.store);
    route->handler(app, request, reply);
    if (!key_len || !reply->keep)
        return;
    reply_tag(reply);
    reply_pack(reply, request);
    ready_put(app->services.answers, key, key_len, reply);
}

/* From a ready answer when there is one, else from the handler. */
static void serve(struct app *app, const struct route *route, struct request *request,
                  struct reply *reply)
{
    char key[READY_KEY_LEN];
    size_t key_len = 0;
    if (route->flags & ROUTE_READY && app->services.answers)
        key_len = ready_key(request, key);
    CLEANUP(answer_unref)
    struct answer *ready = key_len ? ready_get(app->services.answers, key, key_len, reply) : NULL;
    if (ready)
        __atomic_add_fetch(&app->counters.ready, 1, __ATOMIC_RELAXED);
    else
        run(app, route, request, reply, key, key_len);
    reply_send(reply, request);
}

static bool admit(struct app *app, const struct route *route, struct request *request,
                  struct reply *reply, struct problem *problem)
{
    request->max_body = (size_t)app->services.conf->http_max_body;
    return door_enter(app, route, request, reply, problem) &&
           router_check(route, request, problem) &&
           ((route->flags & ROUTE_BODY) || request_no_body(request, problem)) &&
           is_expected_state(app, request, problem);
}

static void answer(struct app *app, struct request *request, struct reply *reply)
{
    struct problem problem;
    problem.status = 0; /* the rest is not looked at before it is set; it is large */
    uint32_t allow = 0;
    door_cors(app, request, reply);
    const struct route *route = router_find(request, &allow);
    if (route && admit(app, route, request, reply, &problem)) {
        serve(app, route, request, reply);
        return;
    }
    if (!route && request->method == REQUEST_OPTIONS && allow) {
        door_options(request, allow, reply);
        reply_send(reply, request);
        return;
    }
    if (!route && allow) {
        problem_set(&problem, 405, "method_not_allowed", "this path does not do that");
        problem.allow = allow;
    } else if (!route) {
        problem_set(&problem, 404, "not_found", "there is nothing at this path");
    }
    /* An unread body would be read to its end before the connection goes on. */
    if (request->exchange->content_length > 0 || request->exchange->chunked)
        exchange_close(request->exchange);
    reply_problem(reply, &problem);
    reply_send(reply, request);
}

void app_handle(struct exchange *exchange, void *context)
{
    struct app *app = context;
    int64_t began_us = clock_steady_us();
    CLEANUP(request_done) struct request request;
    CLEANUP(reply_done) struct reply reply;
    struct problem problem;
    problem.status = 0;
    reply_init(&reply);
    if (request_read(exchange, &request, &problem)) {
        answer(app, &request, &reply);
    } else {
        reply_problem(&reply, &problem);
        reply_send(&reply, &request);
    }
    count(app, &reply, began_us);
    log_debug("http", "%s %s -> %d", exchange->method, exchange->path, reply.status);
}

void app_refuse(struct exchange *exchange, int status, const char *reason, void *context)
{
    struct app *app = context;
    CLEANUP(reply_done) struct reply reply;
    struct request request = { .exchange = exchange };
    struct problem problem;
    reply_init(&reply);
    /* What CivetWeb says may quote the request; it goes to the log only. */
    log_debug("http", "refused a request: %s", reason);
    problem_set(&problem, status, "invalid", "this is no request that can be understood");
    reply_problem(&reply, &problem);
    reply_send(&reply, &request);
    count(app, &reply, clock_steady_us());
}
