/* SPDX-License-Identifier: MIT
 *
 * What is said to a peer leaves at once, and what it says is confirmed soon.  After a jump both
 * sides send short messages: what is cancelled, what is rejected, what is requested.  The kernel
 * holds each until the one before is confirmed, which the other kernel puts off for 40 ms (RFC 896
 * and RFC 1122).  libtorrent has no setting against that, and its socket is no part of its binary
 * interface: it is found among the open files. */
#include "webtorrent/engine.hpp"

#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>

#include <cstdlib>
#include <filesystem>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace webtorrent
{

namespace
{

#ifndef TCP_DELACK_MAX_US
#define TCP_DELACK_MAX_US 46 /* Linux since 6.15; others do without */
#endif

constexpr int longest_delay_us = 8000; /* the kernel takes no less than two of its ticks */

bool is_connected_to(int fd, const lt::tcp::endpoint &peer)
{
    lt::tcp::endpoint there;
    socklen_t len = static_cast<socklen_t>(there.capacity());

    return getpeername(fd, there.data(), &len) == 0 && len == peer.size() && there == peer;
}

/* Slower without it, but not wrong. */
void set_option(int fd, int name, int value)
{
    setsockopt(fd, IPPROTO_TCP, name, &value, sizeof(value));
}

void hurry(const lt::tcp::endpoint &peer)
{
    std::error_code bad;

    for (std::filesystem::directory_iterator at("/proc/self/fd", bad), end; !bad && at != end;
         at.increment(bad)) {
        const int fd = std::atoi(at->path().filename().c_str());
        if (is_connected_to(fd, peer)) {
            set_option(fd, TCP_NODELAY, 1);
            set_option(fd, TCP_DELACK_MAX_US, longest_delay_us);
        }
    }
}

class Hurrier : public lt::peer_plugin
{
  public:
    explicit Hurrier(const lt::peer_connection_handle &peer) : peer_(peer)
    {
    }
    bool on_handshake(lt::span<const char>) override
    {
        hurry(peer_.remote());
        return false; /* it has done what it is for */
    }

  private:
    lt::peer_connection_handle peer_;
};

class Hurry : public lt::torrent_plugin
{
  public:
    std::shared_ptr<lt::peer_plugin> new_connection(const lt::peer_connection_handle &peer) override
    {
        return std::make_shared<Hurrier>(peer);
    }
};

} // namespace

void speak_promptly(lt::add_torrent_params *params)
{
    params->extensions.push_back(
        [](const lt::torrent_handle &, lt::client_data_t) { return std::make_shared<Hurry>(); });
}

} // namespace webtorrent
