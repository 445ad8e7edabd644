/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <civetweb.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "ports.h"
#include "watchdog.h"

enum {
    DEFAULT_THREADS = 64,
    DEFAULT_TIMEOUT_MS = 10000,
    MAX_LISTEN = 32,
    SCRATCH_LIMIT = 64 << 20,
    SCRATCH_KEPT = 64 << 10, /* a worker does not keep more than that between requests */
    BODY_STEP = 16 << 10,
};

struct server {
    struct mg_context *civetweb;
    struct server_options options;
    struct watchdog *watchdog;
    struct lock lock;
    struct lock_condition idle;
    /* Each atomic; while draining, who leaves says so under lock. */
    struct {
        uint32_t n;
        char apart[LOCK_PLACE_BYTES - sizeof(uint32_t)];
    } in_flight[LOCK_PLACES];
    bool draining; /* atomic */
    uint16_t port;
};

/* --- Requests */

static void *start_thread(const struct mg_context *context UNUSED, int type UNUSED)
{
    struct text *scratch = mem_new(struct text);
    scratch->limit = SCRATCH_LIMIT;
    return scratch;
}

static void end_thread(const struct mg_context *context UNUSED, int type UNUSED, void *pointer)
{
    struct text *scratch = pointer;
    if (scratch)
        text_done(scratch);
    free(scratch);
}

static void enter(struct server *server)
{
    __atomic_add_fetch(&server->in_flight[lock_place()].n, 1, __ATOMIC_SEQ_CST);
}

static void leave(struct server *server)
{
    __atomic_sub_fetch(&server->in_flight[lock_place()].n, 1, __ATOMIC_SEQ_CST);
    if (!server_is_draining(server))
        return;
    LOCK_SCOPE(&server->lock);
    lock_broadcast(&server->idle);
}

/* What the server itself looks at, the first of each name. */
static void note_header(struct exchange *exchange, const struct exchange_header *header)
{
    char first = header->name[0] | 0x20;
    if (first == 't' && strcasecmp(header->name, "Transfer-Encoding") == 0)
        exchange->chunked = true;
    else if (first == 'c' && !exchange->wish && strcasecmp(header->name, "Connection") == 0)
        exchange->wish = header->value;
}

/* CivetWeb's headers, as far as it kept them. */
static void copy_headers(const struct mg_request_info *info,
                         struct exchange_header headers[EXCHANGE_MAX_HEADERS],
                         struct exchange *exchange)
{
    exchange->headers = headers;
    exchange->n_headers = MIN((size_t)MAX(info->num_headers, 0), (size_t)EXCHANGE_MAX_HEADERS);
    for (size_t i = 0; i < exchange->n_headers; i++) {
        headers[i] =
            (struct exchange_header){ info->http_headers[i].name, info->http_headers[i].value };
        note_header(exchange, &headers[i]);
    }
}

/* Nothing but ": " between name and value, and one CRLF between each line and the next: where a
 * line is folded, has blanks before its colon or has no name, CivetWeb stops reading without a word
 * or reads it in its own way.  It puts NULs in place of colons and line ends, and in place of the
 * head's last byte.  `info` has headers. */
static bool is_whole(const struct mg_request_info *info)
{
    const char *end = info->http_version + strlen(info->http_version);
    for (int i = 0; i < info->num_headers; i++) {
        const char *name = info->http_headers[i].name, *value = info->http_headers[i].value;
        const char *colon = name + strlen(name);
        if (name != end + 2 || (value > colon + 1 && !colon[1]))
            return false;
        end = value + strlen(value);
    }
    /* Behind a head that ends with LF LF are at least these bytes of malloc's, too. */
    return !end[1] && end[2] == '\r' && !end[3];
}

/* "http://host/path" to both. */
static void split_absolute(struct exchange *exchange, char *uri)
{
    char *host = strstr(uri, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    if (!path)
        return;
    exchange->path = path;
    char *query = strchr(path, '?'); /* cut off already in what CivetWeb thinks its own */
    if (query) {
        *query = '\0';
        exchange->query = query + 1;
    }
    exchange->authority = memmove(host + 2, host + 3, (size_t)(path - host - 3));
    path[-1] = '\0';
}

static const char *or_else(const char *text, const char *fallback)
{
    return text ? text : fallback;
}

/* What was no request has an info too, with holes. */
static void exchange_init(struct exchange *exchange, struct mg_connection *connection,
                          struct exchange_header headers[EXCHANGE_MAX_HEADERS])
{
    const struct mg_request_info *info = mg_get_request_info(connection);
    struct text *scratch = mg_get_thread_pointer(connection);
    *exchange = (struct exchange){
        .method = or_else(info->request_method, ""),
        .path = or_else(info->request_uri, ""),
        .query = info->query_string,
        .version = or_else(info->http_version, "1.0"),
        .remote = info->remote_addr,
        .content_length = info->content_length,
        .server = mg_get_user_data(mg_get_context(connection)),
        .connection = connection,
        .socket = -1,
        .scratch = scratch,
    };
    copy_headers(info, headers, exchange);
    if (*exchange->path && *exchange->path != '/')
        split_absolute(exchange, (char *)(uintptr_t)info->request_uri);
    if (scratch)
        text_clear(scratch);
}

static void exchange_done(struct exchange *exchange)
{
    if (exchange->closing || server_is_draining(exchange->server))
        mg_disable_connection_keep_alive(exchange->connection);
    if (exchange->scratch && exchange->scratch->capacity > SCRATCH_KEPT)
        text_done(exchange->scratch);
}

static int begin_request(struct mg_connection *connection)
{
    struct exchange_header headers[EXCHANGE_MAX_HEADERS];
    struct exchange exchange;
    exchange_init(&exchange, connection, headers);
    struct server *server = exchange.server;
    const struct mg_request_info *info = mg_get_request_info(connection);
    exchange.closing = !info->local_uri; /* CivetWeb closes it, see answer_before_close() */
    exchange.torn = info->num_headers > 0 && !is_whole(info);
    enter(server);
    server->options.handler(&exchange, server->options.context);
    exchange_done(&exchange);
    leave(server);
    return 200;
}

static void refuse_plainly(struct exchange *exchange, int status)
{
    char answer[160];
    int n =
        snprintf(answer, sizeof answer,
                 "HTTP/1.1 %d Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status);
    exchange_write(exchange, answer, (size_t)n);
}

static int http_error(struct mg_connection *connection, int status, const char *reason)
{
    struct exchange_header headers[EXCHANGE_MAX_HEADERS];
    struct exchange exchange;
    exchange_init(&exchange, connection, headers);
    struct server *server = exchange.server;
    mg_set_user_connection_data(connection, server);
    enter(server);
    exchange.closing = true;
    if (server->options.refuse)
        server->options.refuse(&exchange, status, reason ? reason : "", server->options.context);
    else
        refuse_plainly(&exchange, status);
    exchange_done(&exchange);
    leave(server);
    return 0;
}

/* CivetWeb hangs up on a target that is no path and names another server, or none ("*"), without a
 * word; what it refused itself was told by http_error(). */
static void answer_before_close(const struct mg_connection *closing)
{
    struct mg_connection *connection = (struct mg_connection *)(uintptr_t)closing;
    const struct mg_request_info *info = mg_get_request_info(connection);
    if (info->request_uri && info->http_version && !info->local_uri &&
        !mg_get_user_connection_data(connection))
        begin_request(connection);
}

static int log_message(const struct mg_connection *connection UNUSED, const char *message)
{
    log_debug("http", "%s", message);
    return 1;
}

/* --- Start and stop */

static struct mg_context *start(struct server *server, const char *ports)
{
    char threads[16], timeout[16], keep_alive[16];
    snprintf(threads, sizeof threads, "%u", server->options.threads);
    snprintf(timeout, sizeof timeout, "%u", server->options.request_timeout_ms);
    snprintf(keep_alive, sizeof keep_alive, "%u", server->options.keep_alive_timeout_ms);
    const char *settings[] = {
        "listening_ports",
        ports,
        "num_threads",
        threads,
        "request_timeout_ms",
        timeout,
        "enable_keep_alive",
        "yes",
        "keep_alive_timeout_ms",
        keep_alive,
        "connection_queue",
        "512",
        "listen_backlog",
        "1024",
        "tcp_nodelay",
        "1",
        "enable_auth_domain_check",
        "no",
        "decode_url",
        "no",
        "decode_query_string",
        "no",
        "max_request_size",
        "16384",
        NULL,
    };
    static const struct mg_callbacks callbacks = {
        .begin_request = begin_request,
        .http_error = http_error,
        .connection_close = answer_before_close,
        .log_message = log_message,
        .init_thread = start_thread,
        .exit_thread = end_thread,
    };
    struct mg_init_data init = {
        .callbacks = &callbacks,
        .user_data = server,
        .configuration_options = settings,
    };
    unsigned code = 0;
    char text[160] = "";
    struct mg_error_data said = { .code = &code, .text = text, .text_buffer_size = sizeof text };
    return mg_start2(&init, &said);
}

int server_open(const struct server_options *options, struct server **out, struct error *err)
{
    CLEANUP(text_done) struct text ports = TEXT_INIT(MAX_LISTEN * 24);
    int result =
        ports_write(options->address ? options->address : "127.0.0.1", options->port, &ports, err);
    if (result)
        return result;
    struct server *server = mem_new(struct server);
    server->options = *options;
    if (!options->threads)
        server->options.threads = DEFAULT_THREADS;
    if (!options->request_timeout_ms)
        server->options.request_timeout_ms = DEFAULT_TIMEOUT_MS;
    if (!options->keep_alive_timeout_ms)
        server->options.keep_alive_timeout_ms = DEFAULT_TIMEOUT_MS;
    lock_init(&server->lock);
    lock_condition_init(&server->idle);
    server->watchdog = watchdog_new();
    mg_init_library(0);
    server->civetweb = start(server, text_string(&ports));
    if (!server->civetweb) {
        server_close(server);
        return ports_explain(text_string(&ports), err);
    }
    struct mg_server_port listening[MAX_LISTEN];
    if (mg_get_server_ports(server->civetweb, MAX_LISTEN, listening) > 0)
        server->port = (uint16_t)listening[0].port;
    *out = server;
    return 0;
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

bool server_is_draining(const struct server *server)
{
    return __atomic_load_n(&server->draining, __ATOMIC_SEQ_CST);
}

uint32_t server_in_flight(const struct server *server)
{
    uint32_t n = 0;
    for (size_t i = 0; i < LOCK_PLACES; i++)
        n += __atomic_load_n(&server->in_flight[i].n, __ATOMIC_SEQ_CST);
    return n;
}

bool server_drain(struct server *server, int64_t deadline_ms)
{
    LOCK_SCOPE(&server->lock);
    __atomic_store_n(&server->draining, true, __ATOMIC_SEQ_CST);
    while (server_in_flight(server) > 0) {
        if (!lock_wait_until(&server->idle, &server->lock, deadline_ms))
            return server_in_flight(server) == 0;
    }
    return true;
}

void server_close(struct server *server)
{
    if (!server)
        return;
    if (server->civetweb)
        mg_stop(server->civetweb);
    mg_exit_library();
    watchdog_free(server->watchdog);
    lock_condition_done(&server->idle);
    lock_done(&server->lock);
    free(server);
}

/* --- One exchange */

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->n_headers; i++) {
        const struct exchange_header *header = &exchange->headers[i];
        if ((header->name[0] | 0x20) == (name[0] | 0x20) && strcasecmp(header->name, name) == 0)
            return header->value;
    }
    return NULL;
}

/* Reads until the body is whole; the watchdog ends it when it takes too long. */
static int read_all(struct exchange *exchange, struct text *out, struct error *err)
{
    CLEANUP(mem_free) char *step = mem_alloc(BODY_STEP);
    for (;;) {
        int n = mg_read(exchange->connection, step, BODY_STEP);
        if (n < 0)
            return error_set(err, PROVIDER_EINVAL, "the body is broken");
        if (n == 0)
            break;
        if (!text_add(out, step, (size_t)n))
            return error_set(err, PROVIDER_ELIMIT, "the body is larger than %zu bytes", out->limit);
        /* CivetWeb does not say 0 twice in a row on a chunked body that has ended. */
        if (exchange->content_length >= 0 && out->len == (size_t)exchange->content_length)
            break;
    }
    if (exchange->content_length >= 0 && out->len < (size_t)exchange->content_length)
        return error_set(err, PROVIDER_ECANCEL, "the body ended after %zu of %lld bytes", out->len,
                         (long long)exchange->content_length);
    return 0;
}

int exchange_socket(struct exchange *exchange)
{
    const struct mg_request_info *info = mg_get_request_info(exchange->connection);
    if (exchange->socket < 0)
        exchange->socket = watchdog_find_socket(info->remote_addr, (uint16_t)info->remote_port,
                                                (uint16_t)info->server_port);
    return exchange->socket;
}

static int read_watched(struct exchange *exchange, struct text *out, struct error *err)
{
    struct server *server = exchange->server;
    struct watchdog_wait wait = {
        .fd = exchange_socket(exchange),
        .deadline_ms = clock_steady_ms() + server->options.request_timeout_ms,
    };
    if (wait.fd < 0)
        return error_set(err, PROVIDER_ECANCEL, "the client is gone");
    watchdog_add(server->watchdog, &wait);
    int result = read_all(exchange, out, err);
    if (watchdog_remove(server->watchdog, &wait) && result)
        return error_set(err, PROVIDER_ETIME, "the body did not arrive within %u ms",
                         server->options.request_timeout_ms);
    return result;
}

static bool wants_continue(const struct exchange *exchange)
{
    const char *expect = exchange_header(exchange, "Expect");
    return expect && strcasecmp(expect, "100-continue") == 0;
}

int exchange_read_body(struct exchange *exchange, size_t limit, struct text *out, struct error *err)
{
    if (exchange->body_begun || (exchange->content_length <= 0 && !exchange->chunked))
        return 0;
    if (exchange->content_length > 0 && (uint64_t)exchange->content_length > limit) {
        exchange->closing = true;
        return error_set(err, PROVIDER_ELIMIT, "a body of %lld bytes, at most %zu are accepted",
                         (long long)exchange->content_length, limit);
    }
    exchange->body_begun = true;
    if (wants_continue(exchange))
        exchange_write(exchange, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    out->limit = limit;
    int result = read_watched(exchange, out, err);
    if (result)
        exchange->closing = true;
    return result;
}

bool exchange_write(struct exchange *exchange, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        size_t step = MIN(len, (size_t)1 << 30);
        int n = mg_write(exchange->connection, at, step);
        if (n <= 0 || (size_t)n != step) {
            exchange->closing = true;
            return false;
        }
        at += step;
        len -= step;
    }
    return true;
}

void exchange_close(struct exchange *exchange)
{
    exchange->closing = true;
}

bool exchange_keeps_alive(const struct exchange *exchange)
{
    if (exchange->closing || server_is_draining(exchange->server))
        return false;
    if (exchange->wish)
        return strcasestr(exchange->wish, "close") == NULL &&
               strcasestr(exchange->wish, "keep-alive") != NULL;
    return strcmp(exchange->version, "1.1") == 0;
}
