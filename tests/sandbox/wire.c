/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <string.h>

#include "base/clock.h"
#include "base/lock.h"

enum { HANG_MS = 10 * 60 * 1000, TRICKLE_MS = 200, STEP_MS = 20 };

/* False when the sandbox is stopping. */
static bool wait_ms(const struct wire *wire, int64_t ms)
{
    int64_t until = clock_steady_ms() + ms;

    while (clock_steady_ms() < until) {
        if (__atomic_load_n(&wire->stopping, __ATOMIC_ACQUIRE))
            return false;
        struct timespec step = { .tv_nsec = MIN(STEP_MS, until - clock_steady_ms() + 1) * 1000000 };
        nanosleep(&step, NULL);
    }
    return true;
}

static const char *reason_of(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 429:
        return "Too Many Requests";
    default:
        return status < 500 ? "Refused" : "Failed";
    }
}

static void write_head(const struct exchange *exchange, const struct sandbox_reply *reply,
                       struct text *out)
{
    text_add_format(out, "HTTP/1.1 %d %s\r\nserver: openresty\r\n", reply->status,
                    reason_of(reply->status));
    text_add_format(out, "connection: %s\r\n",
                    exchange_keeps_alive(exchange) ? "keep-alive" : "close");
    if (reply->status != 304)
        text_add_format(out, "content-type: %s\r\ncontent-length: %zu\r\n", reply->content_type,
                        reply->body.len);
    if (reply->max_age >= 0 && reply->status < 400)
        text_add_format(out, "cache-control: public, max-age=%d\r\n", reply->max_age);
    if (reply->etag[0])
        text_add_format(out, "etag: %s\r\n", reply->etag);
    if (reply->gzipped)
        text_add_string(out, "content-encoding: gzip\r\n");
    if (reply->retry_after[0])
        text_add_format(out, "retry-after: %s\r\n", reply->retry_after);
    if (reply->location[0])
        text_add_format(out, "location: %s\r\n", reply->location);
    text_add_string(out, "vary: accept-encoding, Origin\r\n\r\n");
}

static void trickle(struct exchange *exchange, const struct wire *wire,
                    const struct sandbox_reply *reply)
{
    for (size_t i = 0; i < reply->body.len; i++) {
        if (!wait_ms(wire, TRICKLE_MS) || !exchange_write(exchange, reply->body.bytes + i, 1))
            break;
    }
    exchange_close(exchange);
}

static void send(struct exchange *exchange, const struct wire *wire,
                 const struct sandbox_reply *reply)
{
    CLEANUP(text_done) struct text head = TEXT_INIT(SIZE_MAX / 2);
    bool has_body = strcmp(exchange->method, "HEAD") != 0 && reply->status != 304;

    if (reply->fault == SANDBOX_FAULT_HANG) {
        wait_ms(wire, HANG_MS);
        exchange_close(exchange);
        return;
    }
    if (reply->fault != SANDBOX_FAULT_NONE)
        exchange_close(exchange);
    write_head(exchange, reply, &head);
    if (!has_body || reply->fault == SANDBOX_FAULT_TRICKLE) {
        exchange_write(exchange, head.bytes, head.len);
        if (has_body)
            trickle(exchange, wire, reply);
        return;
    }
    size_t len = reply->fault == SANDBOX_FAULT_CUT_OFF ? reply->body.len / 2 : reply->body.len;
    if (len > 0)
        text_add(&head, reply->body.bytes, len);
    exchange_write(exchange, head.bytes, head.len);
}

static bool read_request(struct exchange *exchange, struct sandbox_request *request,
                         struct text *body)
{
    request->method = strcmp(exchange->method, "HEAD") == 0 ? "GET" : exchange->method;
    request->authorization = exchange_header(exchange, "Authorization");
    request->accept_encoding = exchange_header(exchange, "Accept-Encoding");
    request->if_none_match = exchange_header(exchange, "If-None-Match");
    if (exchange_read_body(exchange, SANDBOX_BODY_LIMIT, body, NULL))
        return false;
    request->body = text_string(body);
    request->body_len = body->len;
    return sandbox_request_parse(request, exchange->path, exchange->query);
}

void wire_handle(struct exchange *exchange, void *context)
{
    struct wire *wire = context;
    CLEANUP(text_done) struct text body = TEXT_INIT(SANDBOX_BODY_LIMIT);
    CLEANUP(sandbox_request_done) struct sandbox_request request = { 0 };
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };

    if (read_request(exchange, &request, &body))
        sandbox_answer(wire->sandbox, &request, &reply);
    else
        text_add_string(sandbox_json(&reply, 400, -1), "{\"error\":\"a malformed request\"}");
    if (reply.delay_ms > 0)
        wait_ms(wire, reply.delay_ms);
    send(exchange, wire, &reply);
}
