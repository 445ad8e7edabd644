/* SPDX-License-Identifier: MIT */
#include "service/events.h"

#include <string.h>

#include "base/clock.h"
#include "reply_head.h"
#include "routes.h"

/* A listener holds a thread, so there are few; each is probed for life at every heartbeat. */
enum { MAX_LISTENERS = 32, HEARTBEAT_MS = 15000, DRAIN_LOOK_MS = 250, LINE_LIMIT = 64 << 10 };

static bool enter(struct app *app, struct problem *problem)
{
    if (__atomic_add_fetch(&app->counters.listeners, 1, __ATOMIC_SEQ_CST) <= MAX_LISTENERS)
        return true;
    __atomic_sub_fetch(&app->counters.listeners, 1, __ATOMIC_SEQ_CST);
    return problem_set(problem, 503, "busy", "%d clients are listening already", MAX_LISTENERS);
}

/* The header, or the parameter for clients that cannot set it; 0: only what is new. */
static uint64_t last_seen(const struct request *request)
{
    int64_t seen = request_int(request, "last_event_id", 0);
    text_to_int(request->last_event_id, 0, INT64_MAX, &seen);
    return (uint64_t)seen;
}

static bool send_head(struct request *request, const struct reply *reply)
{
    struct text *out = request->exchange->scratch;
    text_add_string(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                         "Cache-Control: no-store\r\nConnection: close\r\n"
                         "X-Content-Type-Options: nosniff\r\nX-Accel-Buffering: no\r\n");
    reply_head_pace(reply, out);
    if (reply->cors)
        text_add_format(out, "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n", reply->cors);
    text_add_string(out, "\r\nretry: 2000\n\n");
    return exchange_write(request->exchange, out->bytes, out->len);
}

static bool send_event(struct request *request, uint64_t id, const char *type,
                       const struct text *data)
{
    struct text *out = request->exchange->scratch;
    text_clear(out);
    text_add_format(out, "id: %llu\nevent: %s\ndata: ", (unsigned long long)id, type);
    text_add_string(out, data->len ? data->bytes : "{}");
    text_add_string(out, "\n\n");
    return exchange_write(request->exchange, out->bytes, out->len);
}

/* Until the client leaves, or the server wants to stop. */
static void listen_on(struct app *app, struct request *request)
{
    uint64_t after = last_seen(request);
    int64_t beat_ms = clock_steady_ms() + HEARTBEAT_MS;
    CLEANUP(text_done) struct text data = TEXT_INIT(LINE_LIMIT);
    bool there = true;
    while (there && !server_is_draining(request->exchange->server)) {
        char type[16] = "";
        struct error err = { 0 };
        text_clear(&data);
        int result = events_next(app->services.events, &after, clock_steady_ms() + DRAIN_LOOK_MS,
                                 type, &data, &err);
        if (result == PROVIDER_ECANCEL)
            return;
        if (!result)
            there = send_event(request, after, type, &data);
        else if (result == PROVIDER_ELIMIT)
            there = send_event(request, after, "missed", &data);
        else if (clock_steady_ms() >= beat_ms)
            there = exchange_write(request->exchange, ": alive\n\n", 9);
        else
            continue;
        beat_ms = clock_steady_ms() + HEARTBEAT_MS;
    }
}

void events_stream(struct app *app, struct request *request, struct reply *reply)
{
    struct problem problem = { 0 };
    if (!enter(app, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    reply->status = 200;
    reply->sent = true;
    exchange_close(request->exchange);
    if (send_head(request, reply) && request->method != REQUEST_HEAD)
        listen_on(app, request);
    __atomic_sub_fetch(&app->counters.listeners, 1, __ATOMIC_SEQ_CST);
}
