/* SPDX-License-Identifier: MIT */
#include "ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int ports_write(const char *addresses, uint16_t port, struct text *out, struct error *err)
{
    char one[INET_ADDRSTRLEN + 1];
    struct in_addr parsed;
    for (const char *at = addresses; *at;) {
        size_t skip = strspn(at, ", "), len = strcspn(at + skip, ", ");
        at += skip;
        if (!len)
            break;
        snprintf(one, sizeof one, "%.*s", (int)MIN(len, sizeof one - 1), at);
        if (strcmp(one, "*") == 0)
            snprintf(one, sizeof one, "0.0.0.0");
        if (inet_pton(AF_INET, one, &parsed) != 1)
            return error_set(err, PROVIDER_EINVAL, "cannot listen on '%.*s': it is no IPv4 address",
                             (int)len, at);
        text_add_format(out, "%s%s:%u", out->len ? "," : "", one, port);
        at += len;
    }
    if (!out->len || out->overflow)
        return error_set(err, PROVIDER_EINVAL, "no address to listen on");
    return 0;
}

int ports_explain(const char *ports, struct error *err)
{
    char address[INET_ADDRSTRLEN + 1];
    unsigned port;
    for (const char *at = ports; sscanf(at, "%16[0-9.]:%u", address, &port) == 2; at++) {
        struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
        inet_pton(AF_INET, address, &own.sin_addr);
        CLEANUP(fd_close) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int on = 1;
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0 || listen(fd, 1) != 0)
            return error_errno(err, errno, "cannot listen on %s:%u", address, port);
        at = strchr(at, ',');
        if (!at)
            break;
    }
    return error_set(err, PROVIDER_EIO, "cannot start the HTTP server on %s", ports);
}
