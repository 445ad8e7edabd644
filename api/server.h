/* SPDX-License-Identifier: MIT
 *
 * The HTTP server: one thin interface over CivetWeb, the only file that knows it.  A connection
 * owns a thread; the handler runs on it and sees one exchange at a time, which is valid until it
 * returns. Everything here is raw: request.h reads strictly what is in an exchange, reply.h writes
 * answers. server_open() and server_close() on one thread; server_drain() on any; exchange_
 * functions only on the thread of their handler. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct server;
struct exchange;

/* Answers one request with exchange_write().  What it leaves of the body is discarded. */
typedef void server_handler(struct exchange *exchange, void *context);

/* Answers what was no request at all (a broken header, a time-out): `status` is what to say.  The
 * connection is closed afterwards; method and headers of the exchange may be missing. */
typedef void server_refuse(struct exchange *exchange, int status, const char *reason,
                           void *context);

struct server_options {
    const char *address;            /* IPv4 addresses, commas between; NULL: 127.0.0.1; "*": all */
    uint16_t port;                  /* 0: any free one, see server_port() */
    uint32_t threads;               /* connections served at once; 0: 64 */
    uint32_t request_timeout_ms;    /* for the whole header, and for the whole body; 0: 10 s */
    uint32_t keep_alive_timeout_ms; /* 0: 10 s */
    server_handler *handler;
    server_refuse *refuse; /* NULL: a plain answer */
    void *context;
};

/* PROVIDER_EINVAL: an address that is none; PROVIDER_EIO: cannot listen there, with the reason. */
int server_open(const struct server_options *options, struct server **out, struct error *err);

/* The real port of the first address. */
uint16_t server_port(const struct server *server);

/* From now on every answer ends its connection; waits until none is under way, or the deadline
 * (steady ms).  False when the deadline came first. */
bool server_drain(struct server *server, int64_t deadline_ms);
bool server_is_draining(const struct server *server);
uint32_t server_in_flight(const struct server *server);

/* Stops listening, cuts what is still under way, joins all threads. */
void server_close(struct server *server);
DEFINE_CLEANUP(struct server *, server_close);

/* --- One request */

enum { EXCHANGE_MAX_HEADERS = 64 };

struct exchange_header {
    const char *name, *value;
};

struct exchange {
    const char *method;    /* "" when it could not be read */
    const char *path;      /* as sent: percent signs, dots and double slashes are still in it */
    const char *query;     /* as sent, without '?'; NULL: there was none */
    const char *version;   /* "1.1" */
    const char *authority; /* of a target as for a proxy, "http://HOST/path"; NULL: it was a path */
    const char *remote;    /* address of the peer */
    const struct exchange_header *headers; /* in their order; CivetWeb drops what is beyond 64 */
    size_t n_headers;
    int64_t content_length; /* -1: not given, or chunked */
    bool chunked;
    const char *wish; /* what the header Connection says; NULL: nothing */
    struct server *server;
    void *connection; /* CivetWeb's */
    int socket;       /* found by exchange_socket(); -1: not looked for yet */
    bool torn;        /* the headers are not all that was sent */
    bool closing;     /* this answer is the connection's last */
    bool body_begun;
    struct text
        *scratch; /* the thread's own buffer, empty at start: for putting an answer together */
};

/* The first of that name, or NULL; names ignore case. */
const char *exchange_header(const struct exchange *exchange, const char *name);

/* Reads the whole body, at most `limit` bytes, within the server's request timeout in all; asks for
 * it first when the client expects that.  PROVIDER_ELIMIT, PROVIDER_ETIME, PROVIDER_EINVAL (a
 * broken chunk), PROVIDER_ECANCEL (the client went away).  The connection ends with the answer
 * after any failure. */
int exchange_read_body(struct exchange *exchange, size_t limit, struct text *out,
                       struct error *err);

/* Sends bytes as they are, head and body in one call for speed; false when the client is gone. */
bool exchange_write(struct exchange *exchange, const void *bytes, size_t len);

/* For answers that take minutes, on the connection's own socket.  Whether nobody waits for the
 * answer any more: the client hung up, or the server is draining. */
bool exchange_is_over(struct exchange *exchange);

/* As exchange_write(), but a client may rest for `patience_ms` before it takes the next byte, and
 * one that hung up is noticed at once.  `more`: what follows soon may travel with it. */
bool exchange_write_patiently(struct exchange *exchange, const void *bytes, size_t len, bool more,
                              int64_t patience_ms);

/* The peer's socket, -1 when it is gone; for the two above. */
int exchange_socket(struct exchange *exchange);

/* The connection ends when the handler returns, whatever was promised (a length that was announced
 * and not sent is a cut-off answer); unread input is not waited for. */
void exchange_close(struct exchange *exchange);

/* Whether the connection may serve another request after this one: what "Connection" should say. */
bool exchange_keeps_alive(const struct exchange *exchange);
