/* SPDX-License-Identifier: MIT
 *
 * What the tracker and the peers of a swarm are made of: sockets on 127.0.0.1, numbers and strings
 * as BitTorrent writes them. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace swarm_peers
{

enum Kind { STREAM, DATAGRAM };

/* A socket on 127.0.0.1: at that port when it is free, else at any. */
class Socket
{
  public:
    explicit Socket(Kind kind, int port = 0);
    ~Socket();
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    int fd() const
    {
        return fd_;
    }
    int port() const;

  private:
    int fd_;
};

/* Readable from the moment that nothing is to be waited for any more. */
class Stop
{
  public:
    Stop();
    ~Stop();
    Stop(const Stop &) = delete;
    Stop &operator=(const Stop &) = delete;
    void set();
    int fd() const
    {
        return ends_[0];
    }

  private:
    int ends_[2];
};

enum { FOREVER = -1 };

/* False when the other side left or said nothing for so long, or it was stopped. */
bool receive(int fd, const Stop &stop, char *out, size_t len, int timeout_ms = FOREVER);
/* False when the other side left, or takes nothing any more. */
bool send_all(int fd, const std::string &bytes);

std::string big_endian(uint32_t number);
uint32_t read_number(const char *bytes);
std::string bencode(const std::string &text);

[[noreturn]] void die(const char *why);

} // namespace swarm_peers
