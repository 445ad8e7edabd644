/* SPDX-License-Identifier: MIT
 *
 * The torrents in the session: who joins, who leaves. */
#include "webtorrent/engine.hpp"

#include <libtorrent/peer_info.hpp>

#include <algorithm>

namespace webtorrent
{

namespace
{

constexpr size_t max_acquaintances = 256; /* torrents whose peers are remembered */
constexpr size_t max_peers = 50;
constexpr std::chrono::milliseconds step(100);

bool are_one(const lt::info_hash_t &a, const lt::info_hash_t &b)
{
    return (a.has_v1() && a.v1 == b.v1) || (a.has_v2() && a.v2 == b.v2);
}

/* Those we went to: of one that came to us the port is not where it listens. */
void remember_peers(engine &e, const Torrent &torrent)
{
    std::vector<lt::peer_info> peers;
    std::vector<lt::tcp::endpoint> met;

    torrent.handle.get_peer_info(peers);
    for (const lt::peer_info &peer : peers)
        if (peer.flags & lt::peer_info::local_connection &&
            !(peer.flags & (lt::peer_info::connecting | lt::peer_info::handshake)) &&
            met.size() < max_peers)
            met.push_back(peer.ip);
    if (met.empty())
        return;
    if (e.acquaintances.size() >= max_acquaintances)
        e.acquaintances.erase(e.acquaintances.begin());
    e.acquaintances[hash_of(torrent.hashes)] = met;
}

} // namespace

TorrentPtr find(engine &e, const lt::info_hash_t &hashes)
{
    for (const auto &entry : e.torrents)
        if (are_one(entry.second->hashes, hashes))
            return entry.second;
    return nullptr;
}

bool is_left(const Torrent &torrent)
{
    return torrent.users == 0 && !torrent.downloads;
}

void fail_torrent(Torrent &torrent, int code, const std::string &reason)
{
    torrent.failure = code;
    torrent.reason = reason;
    torrent.changed.notify_all();
}

/* Paused first and then resumed: only a start announces and connects at once, all else waits for
 * the session's next second. */
void enter(engine &e, const TorrentPtr &torrent, lt::add_torrent_params params)
{
    params.peers = e.acquaintances[hash_of(torrent->hashes)];
    params.flags |= lt::torrent_flags::paused | lt::torrent_flags::apply_ip_filter |
                    lt::torrent_flags::duplicate_is_error;
    torrent->handle = e.session->add_torrent(std::move(params));
    e.torrents[torrent->handle] = torrent;
    torrent->handle.resume();
}

TorrentPtr join(engine &e, const lt::info_hash_t &hashes, const std::vector<std::string> &trackers,
                bool is_private)
{
    TorrentPtr torrent = find(e, hashes);
    lt::add_torrent_params params;

    if (torrent && is_left(*torrent)) {
        withdraw(e, *torrent); /* what was heard then is old */
        torrent = nullptr;
    }
    if (torrent) {
        for (const std::string &tracker : trackers)
            torrent->handle.add_tracker(lt::announce_entry(tracker));
    } else {
        torrent = std::make_shared<Torrent>();
        params.info_hashes = torrent->hashes = hashes;
        params.trackers = trackers;
        params.save_path = data_path(e, hash_of(hashes));
        params.flags = lt::torrent_flags::upload_mode;
        if (is_private) /* by its hash alone the session does not know it for one */
            params.flags |= lt::torrent_flags::disable_dht | lt::torrent_flags::disable_lsd |
                            lt::torrent_flags::disable_pex;
        watch_answers(*torrent, &params);
        enter(e, torrent, std::move(params));
    }
    torrent->users++;
    return torrent;
}

void withdraw(engine &e, Torrent &torrent)
{
    torrent.n_withdrawn++;
    remember_peers(e, torrent);
    e.session->remove_torrent(torrent.handle);
    e.session->is_paused(); /* answered after that: from here on it writes to no file */
    e.torrents.erase(torrent.handle);
}

/* What readers used stays a while: they come again, and the swarm is given something back.  What
 * was only asked about goes with the next look after all, so that nobody waits for its farewell. */
void leave(engine &e, Torrent &torrent)
{
    torrent.users--;
    if (torrent.users == 0 && !torrent.downloads && !torrent.info)
        withdraw(e, torrent);
}

void wait_a_step(std::unique_lock<std::mutex> &held, Torrent &torrent, const engine_wait &wait)
{
    const std::chrono::milliseconds left(wait.remaining_ms(wait.context));

    if (torrent.failure)
        throw Failure(torrent.failure, torrent.reason);
    if (left.count() == 0)
        throw Failure(PROVIDER_ETIME, "the time is over");
    torrent.changed.wait_for(held, std::min(left, step));
}

} // namespace webtorrent
