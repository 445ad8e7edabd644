/* SPDX-License-Identifier: MIT */
#include "fake_upstream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/text.h"

enum { MAX_ROUTES = 64, MAX_CONNECTIONS = 512, MAX_REQUEST = 65536 };

struct route {
    char *target;
    const struct fake_answer *answers;
    size_t n;
    unsigned seen;
    char *last_request;
};

struct connection {
    struct fake_upstream *fake;
    int fd;
    pthread_t thread;
};

struct fake_upstream {
    int listener, port;
    char url[64];
    pthread_t thread;

    struct lock lock;
    struct lock_condition changed;
    bool stopping, released;
    struct route routes[MAX_ROUTES];
    size_t n_routes;
    const struct fake_answer *rest;
    unsigned seen, now, peak;
    struct connection connections[MAX_CONNECTIONS];
    size_t n_connections;
};

static struct route *find_route(struct fake_upstream *fake, const char *target)
{
    for (size_t i = 0; i < fake->n_routes; i++)
        if (strcmp(fake->routes[i].target, target) == 0)
            return &fake->routes[i];
    return NULL;
}

static struct route *find_or_add_route(struct fake_upstream *fake, const char *target)
{
    struct route *route = find_route(fake, target);
    if (route || fake->n_routes == MAX_ROUTES)
        return route;
    route = &fake->routes[fake->n_routes++];
    route->target = mem_dup_text(target);
    return route;
}

static bool send_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* Until `until_ms`, or the server stops: then false. */
static bool sleep_until(struct fake_upstream *fake, int64_t until_ms)
{
    LOCK_SCOPE(&fake->lock);
    while (!fake->stopping && clock_steady_ms() < until_ms)
        lock_wait_until(&fake->changed, &fake->lock, until_ms);
    return !fake->stopping;
}

static bool await_release(struct fake_upstream *fake)
{
    LOCK_SCOPE(&fake->lock);
    while (!fake->stopping && !fake->released)
        lock_wait(&fake->changed, &fake->lock);
    return !fake->stopping;
}

static bool trickle(struct fake_upstream *fake, int fd, const char *body, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!send_all(fd, body + i, 1) || !sleep_until(fake, clock_steady_ms() + 20))
            return false;
    return true;
}

/* Whether it is to be sent at all.  From then on it no longer counts as being answered: its first
 * bytes may bring the next request before its last ones are out. */
static bool await_turn(struct fake_upstream *fake, const struct fake_answer *answer)
{
    bool send = answer->manner != FAKE_DROP;
    if (answer->manner == FAKE_HANG)
        send = sleep_until(fake, INT64_MAX / 2);
    if (answer->manner == FAKE_HOLD)
        send = await_release(fake);
    LOCK_SCOPE(&fake->lock);
    fake->now--;
    return send;
}

/* False when the connection is to be closed. */
static bool send_answer(struct fake_upstream *fake, int fd, const struct fake_answer *answer,
                        bool head_only)
{
    size_t len = answer->body_len || !answer->body ? answer->body_len : strlen(answer->body);
    CLEANUP(text_done) struct text out = TEXT_INIT(64u << 20);
    text_add_format(&out, "HTTP/1.1 %d Scripted\r\n%s", answer->status,
                    answer->headers ? answer->headers : "");
    if (answer->status != 304)
        text_add_format(&out, "Content-Length: %zu\r\n", len);
    text_add_string(&out, "\r\n");
    if (head_only || !len)
        return send_all(fd, out.bytes, out.len);
    if (answer->manner == FAKE_TRICKLE)
        return send_all(fd, out.bytes, out.len) && trickle(fake, fd, answer->body, len);
    text_add(&out, answer->body, answer->manner == FAKE_CUT_OFF ? len / 2 : len);
    return send_all(fd, out.bytes, out.len) && answer->manner != FAKE_CUT_OFF;
}

static size_t content_length(const char *request)
{
    const char *at = strcasestr(request, "\r\nContent-Length:");
    return at ? (size_t)strtoul(at + 17, NULL, 10) : 0;
}

/* One whole request; false at the end of the connection. */
static bool read_request(int fd, struct text *request)
{
    char buffer[4096];
    for (;;) {
        const char *end = request->len ? strstr(request->bytes, "\r\n\r\n") : NULL;
        if (end &&
            request->len >= (size_t)(end + 4 - request->bytes) + content_length(request->bytes))
            return true;
        ssize_t n = recv(fd, buffer, sizeof buffer, 0);
        if (n <= 0 || !text_add(request, buffer, (size_t)n))
            return false;
    }
}

/* Counts the request and chooses its answer. */
static struct fake_answer note_request(struct fake_upstream *fake, const char *request)
{
    static const struct fake_answer not_found = { .status = 404, .body = "not scripted" };
    const char *target = strchr(request, ' ');
    target = target ? target + 1 : "";
    CLEANUP(mem_free) char *asked = mem_dup(target, strcspn(target, " \r"));
    LOCK_SCOPE(&fake->lock);
    fake->seen++;
    fake->now++;
    fake->peak = MAX(fake->peak, fake->now);
    struct route *route = find_or_add_route(fake, asked);
    lock_broadcast(&fake->changed);
    if (!route || !route->n) {
        if (route)
            route->seen++;
        return fake->rest ? *fake->rest : not_found;
    }
    free(route->last_request);
    route->last_request = mem_dup_text(request);
    size_t step = MIN(route->seen, route->n - 1);
    route->seen++;
    return route->answers[step];
}

static void *serve(void *context)
{
    struct connection *connection = context;
    struct fake_upstream *fake = connection->fake;
    CLEANUP(text_done) struct text request = TEXT_INIT(MAX_REQUEST);
    bool open = true;
    while (open && read_request(connection->fd, &request)) {
        struct fake_answer answer = note_request(fake, request.bytes);
        bool head_only = text_starts_with(request.bytes, "HEAD ");
        text_clear(&request);
        open = await_turn(fake, &answer) && send_answer(fake, connection->fd, &answer, head_only);
    }
    shutdown(connection->fd, SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *context)
{
    struct fake_upstream *fake = context;
    for (;;) {
        int fd = accept4(fake->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            return NULL;
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        LOCK_SCOPE(&fake->lock);
        if (fake->stopping || fake->n_connections == MAX_CONNECTIONS) {
            close(fd);
            continue;
        }
        struct connection *connection = &fake->connections[fake->n_connections++];
        connection->fake = fake;
        connection->fd = fd;
        connection->thread = lock_thread_start("fake", serve, connection);
    }
}

struct fake_upstream *fake_upstream_start(void)
{
    struct fake_upstream *fake = mem_new(struct fake_upstream);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fake->listener, (struct sockaddr *)&address, sizeof address) ||
        listen(fake->listener, 512) ||
        getsockname(fake->listener, (struct sockaddr *)&address, &len))
        abort();
    fake->port = ntohs(address.sin_port);
    snprintf(fake->url, sizeof fake->url, "http://127.0.0.1:%d", fake->port);
    lock_init(&fake->lock);
    lock_condition_init(&fake->changed);
    fake->thread = lock_thread_start("fake-accept", accept_all, fake);
    return fake;
}

void fake_upstream_stop(struct fake_upstream *fake)
{
    if (!fake)
        return;
    {
        LOCK_SCOPE(&fake->lock);
        fake->stopping = true;
        lock_broadcast(&fake->changed);
    }
    shutdown(fake->listener, SHUT_RDWR);
    pthread_join(fake->thread, NULL);
    close(fake->listener);
    for (size_t i = 0; i < fake->n_connections; i++) {
        shutdown(fake->connections[i].fd, SHUT_RDWR);
        pthread_join(fake->connections[i].thread, NULL);
        close(fake->connections[i].fd);
    }
    for (size_t i = 0; i < fake->n_routes; i++) {
        free(fake->routes[i].target);
        free(fake->routes[i].last_request);
    }
    lock_condition_done(&fake->changed);
    lock_done(&fake->lock);
    free(fake);
}

const char *fake_upstream_url(const struct fake_upstream *fake)
{
    return fake->url;
}

int fake_upstream_port(const struct fake_upstream *fake)
{
    return fake->port;
}

void fake_upstream_script(struct fake_upstream *fake, const char *target,
                          const struct fake_answer *answers, size_t n)
{
    LOCK_SCOPE(&fake->lock);
    struct route *route = find_or_add_route(fake, target);
    if (!route)
        abort();
    route->answers = answers;
    route->n = n;
    route->seen = 0;
}

void fake_upstream_script_rest(struct fake_upstream *fake, const struct fake_answer *answer)
{
    LOCK_SCOPE(&fake->lock);
    fake->rest = answer;
}

void fake_upstream_release(struct fake_upstream *fake)
{
    LOCK_SCOPE(&fake->lock);
    fake->released = true;
    lock_broadcast(&fake->changed);
}

static unsigned seen(struct fake_upstream *fake, const char *target)
{
    const struct route *route = target ? find_route(fake, target) : NULL;
    if (!target)
        return fake->seen;
    return route ? route->seen : 0;
}

unsigned fake_upstream_seen(struct fake_upstream *fake, const char *target)
{
    LOCK_SCOPE(&fake->lock);
    return seen(fake, target);
}

bool fake_upstream_await(struct fake_upstream *fake, const char *target, unsigned n)
{
    int64_t until_ms = clock_steady_ms() + 5000;
    LOCK_SCOPE(&fake->lock);
    while (seen(fake, target) < n && clock_steady_ms() < until_ms)
        lock_wait_until(&fake->changed, &fake->lock, until_ms);
    return seen(fake, target) >= n;
}

unsigned fake_upstream_peak(struct fake_upstream *fake)
{
    LOCK_SCOPE(&fake->lock);
    return fake->peak;
}

bool fake_upstream_header(struct fake_upstream *fake, const char *target, const char *name,
                          char *out, size_t out_size)
{
    LOCK_SCOPE(&fake->lock);
    const struct route *route = find_route(fake, target);
    if (!route || !route->last_request)
        return false;
    CLEANUP(mem_free) char *line = mem_format("\r\n%s: ", name);
    const char *at = strcasestr(route->last_request, line);
    if (!at)
        return false;
    at += strlen(line);
    snprintf(out, out_size, "%.*s", (int)strcspn(at, "\r"), at);
    return true;
}
