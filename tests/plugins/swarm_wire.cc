/* SPDX-License-Identifier: MIT */
#include "swarm_wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace swarm_peers
{

void die(const char *why)
{
    std::perror(why);
    std::abort();
}

static int bind_to(int fd, int port)
{
    sockaddr_in address{};

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof(address));
}

Socket::Socket(Kind kind, int port)
    : fd_(socket(AF_INET, (kind == STREAM ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0))
{
    const int on = 1;

    if (fd_ < 0)
        die("socket");
    /* The one that had the port before may have closed connections a moment ago. */
    if (port && kind == STREAM)
        setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind_to(fd_, port) != 0 && (port == 0 || bind_to(fd_, 0) != 0))
        die("bind");
    if (kind == STREAM && listen(fd_, 64) != 0)
        die("listen");
}

Socket::~Socket()
{
    close(fd_);
}

int Socket::port() const
{
    sockaddr_in address{};
    socklen_t len = sizeof(address);

    if (getsockname(fd_, reinterpret_cast<sockaddr *>(&address), &len) != 0)
        die("getsockname");
    return ntohs(address.sin_port);
}

Stop::Stop()
{
    if (pipe(ends_) != 0)
        die("pipe");
}

Stop::~Stop()
{
    set();
    close(ends_[0]);
}

void Stop::set()
{
    if (ends_[1] >= 0)
        close(ends_[1]);
    ends_[1] = -1;
}

bool receive(int fd, const Stop &stop, char *out, size_t len, int timeout_ms)
{
    for (size_t n = 0; n < len;) {
        pollfd both[] = { { fd, POLLIN, 0 }, { stop.fd(), POLLIN, 0 } };
        const int ready = poll(both, 2, timeout_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || both[1].revents)
            return false;
        const ssize_t got = recv(fd, out + n, len - n, 0);
        if (got <= 0)
            return false;
        n += static_cast<size_t>(got);
    }
    return true;
}

bool send_all(int fd, const std::string &bytes)
{
    const timeval patience = { 5, 0 };

    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    for (size_t n = 0; n < bytes.size();) {
        const ssize_t sent = send(fd, bytes.data() + n, bytes.size() - n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        n += static_cast<size_t>(sent);
    }
    return true;
}

std::string big_endian(uint32_t number)
{
    const uint32_t swapped = htonl(number);
    return std::string(reinterpret_cast<const char *>(&swapped), 4);
}

uint32_t read_number(const char *bytes)
{
    uint32_t number;
    std::memcpy(&number, bytes, 4);
    return ntohl(number);
}

std::string bencode(const std::string &text)
{
    return std::to_string(text.size()) + ':' + text;
}

} // namespace swarm_peers
