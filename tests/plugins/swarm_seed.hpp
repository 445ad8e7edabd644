/* SPDX-License-Identifier: MIT
 *
 * Torrents made of files, and peers that have them: those of libtorrent, on loopback alone, and
 * what our own peer needs to know. */
#pragma once

#include <libtorrent/session.hpp>
#include <libtorrent/torrent_info.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "swarm.h"
#include "swarm_peer.hpp"
#include "swarm_tracker.hpp"

namespace swarm_peers
{

/* The bytes of a .torrent with these files, whose contents are in `folder`; throws. */
std::vector<char> make_torrent(lt::file_storage &files, const std::string &folder, int piece_length,
                               swarm_format format, const std::vector<std::string> &trackers = {});
/* As trackers and peers speak of it. */
Hashes hashes_of(const lt::torrent_info &info);
/* "magnet:?xt=...&", for what else belongs there. */
std::string magnet_of(const lt::torrent_info &info);
std::string hex(const std::string &bytes);

std::unique_ptr<lt::session> make_session();
/* Back when it lets others in. */
lt::torrent_handle seed(lt::session &session, const std::shared_ptr<lt::torrent_info> &info,
                        const std::string &folder);
Offer offer_of(const std::shared_ptr<lt::torrent_info> &info, const std::string &folder);

} // namespace swarm_peers
