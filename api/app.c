/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <sodium.h>
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
    app->languages = &services->conf->languages;
    app->started_at_ms = clock_wall_ms();
    randombytes_buf(app->ticket_key, sizeof app->ticket_key);
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

void app_set_conf(struct app *app, const struct conf *conf)
{
    throttle_set(app->throttle, (uint32_t)conf->rate_per_minute, (uint32_t)conf->rate_burst);
    __atomic_store_n(&app->languages, &conf->languages, __ATOMIC_RELEASE);
}

const struct conf_list *app_languages(const struct app *app)
{
    return __atomic_load_n(&app->languages, __ATOMIC_ACQUIRE);
}

void app_wish(const struct app *app, const struct request *request, struct language_wish *out)
{
    const struct conf_list *languages = app_languages(app);
    language_wish_make(request_param(request, "language"), request->accept_language,
                       languages->values, languages->n, out, NULL);
}

static void count(struct app *app, const struct reply *reply, int64_t began_us)
{
    struct app_traffic *traffic = &app->counters.places[lock_place()].traffic;
    uint64_t took = (uint64_t)(clock_steady_us() - began_us);
    size_t slot = 0;
    while (took > app_latency_us[slot])
        slot++;
    __atomic_add_fetch(&traffic->by_latency[slot], 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&traffic->latency_us, took, __ATOMIC_RELAXED);
    if (reply->is_ready)
        __atomic_add_fetch(&traffic->ready, 1, __ATOMIC_RELAXED);
    /* The last: who sees the answer counted sees all of it counted. */
    __atomic_add_fetch(&traffic->by_class[reply->status / 100 % 6], 1, __ATOMIC_RELEASE);
}

static void add_up(uint64_t *sums, const uint64_t *counters, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sums[i] += __atomic_load_n(&counters[i], __ATOMIC_ACQUIRE);
}

void app_traffic(const struct app_counters *counters, struct app_traffic *out)
{
    *out = (struct app_traffic){ 0 };
    for (size_t i = 0; i < LOCK_PLACES; i++) {
        const struct app_traffic *traffic = &counters->places[i].traffic;
        add_up(out->by_class, traffic->by_class, ARRAY_LEN(out->by_class));
        add_up(out->by_latency, traffic->by_latency, ARRAY_LEN(out->by_latency));
        add_up(&out->latency_us, &traffic->latency_us, 1);
        add_up(&out->ready, &traffic->ready, 1);
    }
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
    now.plain = true; /* both forms are told apart below */
    reply_finish(&now, request);
    char packed[REPLY_ETAG_LEN + 4];
    snprintf(packed, sizeof packed, "%s-gz", now.etag);
    if (get && now.status == 200 &&
        (request_etag_matches(request->if_match, now.etag) ||
         request_etag_matches(request->if_match, packed))) {
        request->seen = now.body;
        now.body = (struct text){ 0 };
        return true;
    }
    return problem_precondition(problem);
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
    reply_finish(reply, request);
    ready_put(app->services.answers, key, key_len, route, reply);
}

/* From the handler; what it makes may be ready for the next. */
static void serve(struct app *app, const struct route *route, struct request *request,
                  struct reply *reply)
{
    char key[READY_KEY_LEN];
    size_t key_len = 0;
    if (route->flags & ROUTE_READY && app->services.answers)
        key_len = ready_key(request, key);
    if (key_len)
        answers_miss(app->services.answers, key, key_len);
    run(app, route, request, reply, key, key_len);
    reply_send(reply, request);
}

bool app_prepare(struct app *app, const char *key, size_t key_len)
{
    char buffer[READY_KEY_LEN];
    struct exchange_header headers[READY_HEADERS];
    struct exchange exchange;
    CLEANUP(request_done) struct request request;
    CLEANUP(reply_done) struct reply reply;
    struct problem problem;
    uint32_t allow;
    ready_exchange(key, key_len, buffer, headers, &exchange);
    reply_init(&reply);
    if (!request_read_head(&exchange, &request, &problem) ||
        !request_read_target(&request, &problem))
        return false;
    const struct route *route = router_find(&request, &allow);
    if (!route || !(route->flags & ROUTE_READY) || !router_check(route, &request, &problem))
        return false;
    request.is_own = true;
    door_cors(app, &request, &reply);
    run(app, route, &request, &reply, key, key_len);
    return reply.keep && reply.status == 200;
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

/* The short way: a target that was answered before and is still true needs no routing and no
 * checking of its parameters; who asks is looked at all the same. */
static bool answer_ready(struct app *app, struct request *request, struct reply *reply)
{
    char key[READY_KEY_LEN];
    const struct route *route;
    if (!(request->method & (REQUEST_GET | REQUEST_HEAD)) || !app->services.answers ||
        request->exchange->content_length > 0 || request->exchange->chunked)
        return false;
    size_t key_len = ready_key(request, key);
    CLEANUP(answer_unref)
    struct answer *ready =
        key_len ? ready_get(app->services.answers, key, key_len, &route, reply) : NULL;
    if (!ready)
        return false;
    struct problem problem;
    problem.status = 0;
    door_cors(app, request, reply);
    if (!door_enter(app, route, request, reply, &problem))
        reply_problem(reply, &problem);
    reply_send(reply, request);
    return true;
}

void app_handle(struct exchange *exchange, void *context)
{
    struct app *app = context;
    int64_t began_us = clock_steady_us();
    CLEANUP(request_done) struct request request;
    CLEANUP(reply_done) struct reply reply;
    struct problem problem;
    problem.status = 0; /* the rest is not looked at before it is set; it is large */
    reply_init(&reply);
    bool ok = request_read_head(exchange, &request, &problem);
    if (!ok || !answer_ready(app, &request, &reply)) {
        if (ok && request_read_target(&request, &problem)) {
            answer(app, &request, &reply);
        } else {
            reply_problem(&reply, &problem);
            reply_send(&reply, &request);
        }
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
