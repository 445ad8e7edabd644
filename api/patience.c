/* SPDX-License-Identifier: MIT
 *
 * Answers that take minutes.  CivetWeb gives up on a client that rests for as long as a request may
 * take, and notices one that hung up with the next write only; a player that pauses is the one, a
 * film that nobody watches any more the other. */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "server.h"

enum { LOOK_AGAIN_MS = 250 };

static const short hung_up = POLLRDHUP | POLLHUP | POLLERR | POLLNVAL;

/* Whether it may be written to, or is gone; what poll() says, 0 when the time was over. */
static short await(int fd, short events, int ms)
{
    struct pollfd one = { .fd = fd, .events = events };
    return poll(&one, 1, ms) > 0 ? one.revents : 0;
}

bool exchange_is_over(struct exchange *exchange)
{
    int fd = exchange_socket(exchange);
    return fd < 0 || server_is_draining(exchange->server) || await(fd, POLLRDHUP, 0) & hung_up;
}

/* Until there is room for more; false: it is over. */
static bool wait_for_room(struct exchange *exchange, int64_t until_ms)
{
    while (!server_is_draining(exchange->server)) {
        int64_t left_ms = until_ms - clock_steady_ms();
        if (left_ms <= 0)
            return false;
        short what =
            await(exchange->socket, POLLOUT | POLLRDHUP, (int)MIN(left_ms, (int64_t)LOOK_AGAIN_MS));
        if (what)
            return !(what & hung_up);
    }
    return false;
}

bool exchange_write_patiently(struct exchange *exchange, const void *bytes, size_t len, bool more,
                              int64_t patience_ms)
{
    const char *at = bytes;
    int fd = exchange_socket(exchange);
    bool well = fd >= 0;
    while (well && len > 0) {
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        } else {
            well = (errno == EAGAIN || errno == EINTR) &&
                   wait_for_room(exchange, clock_steady_ms() + patience_ms);
        }
    }
    if (!well)
        exchange->closing = true;
    return well;
}
