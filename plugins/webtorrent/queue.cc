/* SPDX-License-Identifier: MIT
 *
 * How much is under way from one peer.  A peer says how many requests it takes (`reqq`), and
 * libtorrent takes that for its own limit, whatever max_out_request_queue says: 2,000 blocks, or 32
 * MB, which a reader who jumps waits for before anything new is asked for.  So the number is
 * lowered in the peer's handshake before libtorrent reads it there. */
#include "webtorrent/engine.hpp"

#include <libtorrent/extensions.hpp>
#include <libtorrent/peer_connection_handle.hpp>

#include <algorithm>
#include <cstdio>

namespace webtorrent
{

namespace
{

/* It is in the session's receive buffer: as many digits as before, with zeros in front. */
void overwrite(lt::span<const char> number, int value)
{
    char digits[24];
    const int len = static_cast<int>(number.size()) - 2; /* i...e */

    if (len < 1 || std::snprintf(digits, sizeof(digits), "%0*d", len, value) != len)
        return;
    std::copy(digits, digits + len, const_cast<char *>(number.data()) + 1);
}

class Queue : public lt::peer_plugin
{
  public:
    bool on_extension_handshake(const lt::bdecode_node &handshake) override
    {
        limit_queue(handshake);
        return true; /* a peer may say it anew */
    }
};

class Queues : public lt::torrent_plugin
{
  public:
    std::shared_ptr<lt::peer_plugin> new_connection(const lt::peer_connection_handle &) override
    {
        return std::make_shared<Queue>();
    }
};

} // namespace

void limit_queue(const lt::bdecode_node &handshake)
{
    const lt::bdecode_node reqq = handshake.dict_find_int("reqq");

    if (reqq && reqq.int_value() > max_requests)
        overwrite(reqq.data_section(), max_requests);
}

void keep_queues_short(lt::add_torrent_params *params)
{
    params->extensions.push_back(
        [](const lt::torrent_handle &, lt::client_data_t) { return std::make_shared<Queues>(); });
}

} // namespace webtorrent
