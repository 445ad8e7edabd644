/* SPDX-License-Identifier: MIT */
#include "raw.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"

enum { PATIENCE_MS = 10000 };

int raw_connect(uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

bool raw_send(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* 1: something came, 0: the end, -1: the deadline. */
static int read_some(int fd, struct text *out, int64_t deadline_ms)
{
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    int64_t left = deadline_ms - clock_steady_ms();
    if (left <= 0 || poll(&wait, 1, (int)left) <= 0)
        return -1;
    char bytes[4096];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);
    if (n > 0)
        text_add(out, bytes, (size_t)n);
    return n > 0;
}

/* Takes one byte at a time from the head so that a pipelined answer behind it stays in the socket.
 */
static bool read_head(int fd, struct text *out, int64_t deadline_ms)
{
    while (out->len < 4 || memcmp(out->bytes + out->len - 4, "\r\n\r\n", 4) != 0) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int64_t left = deadline_ms - clock_steady_ms();
        char c;
        if (left <= 0 || poll(&wait, 1, (int)left) <= 0 || recv(fd, &c, 1, 0) != 1 ||
            !text_add_char(out, c))
            return false;
    }
    return true;
}

bool raw_read_answer(int fd, bool head_only, struct text *out)
{
    int64_t deadline_ms = clock_steady_ms() + PATIENCE_MS;
    if (!read_head(fd, out, deadline_ms))
        return false;
    int64_t left = 0;
    const char *length = raw_header(text_string(out), "Content-Length");
    if (!head_only && length)
        text_to_int(length, 0, INT32_MAX, &left);
    while (left > 0) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int64_t time_left = deadline_ms - clock_steady_ms();
        char bytes[4096];
        if (time_left <= 0 || poll(&wait, 1, (int)time_left) <= 0)
            return false;
        ssize_t n = recv(fd, bytes, MIN((size_t)left, sizeof bytes), 0);
        if (n <= 0)
            return false;
        text_add(out, bytes, (size_t)n);
        left -= n;
    }
    return true;
}

bool raw_read_all(int fd, struct text *out)
{
    int64_t deadline_ms = clock_steady_ms() + PATIENCE_MS;
    for (;;) {
        int came = read_some(fd, out, deadline_ms);
        if (came <= 0)
            return came == 0;
    }
}

int raw_status(const char *answer)
{
    int64_t status = 0;
    char digits[4] = "";
    if (strncmp(answer, "HTTP/1.1 ", 9) == 0)
        snprintf(digits, sizeof digits, "%.3s", answer + 9);
    text_to_int(digits, 100, 599, &status);
    return (int)status;
}

const char *raw_header(const char *answer, const char *name)
{
    static _Thread_local char value[512];
    size_t len = strlen(name);
    for (const char *line = strstr(answer, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncmp(line, "\r\n", 2) == 0)
            return NULL;
        if (strncasecmp(line, name, len) != 0 || line[len] != ':')
            continue;
        line += len + 1 + strspn(line + len + 1, " ");
        snprintf(value, sizeof value, "%.*s", (int)strcspn(line, "\r"), line);
        return value;
    }
    return NULL;
}

const char *raw_body(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    return end ? end + 4 : "";
}

int raw_ask(uint16_t port, const char *request, struct text *out)
{
    CLEANUP(fd_close) int fd = raw_connect(port);
    if (fd < 0 || !raw_send(fd, request, strlen(request)))
        return 0;
    raw_read_answer(fd, strncmp(request, "HEAD ", 5) == 0, out);
    return raw_status(text_string(out));
}
