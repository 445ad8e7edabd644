/* SPDX-License-Identifier: MIT
 *
 * The torrents in the session: who joins, what the session says of them, who leaves. */
#include "webtorrent/engine.hpp"

#include <libtorrent/alert_types.hpp>
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

TorrentPtr find(engine &e, const lt::info_hash_t &hashes)
{
    for (const auto &entry : e.torrents)
        if (are_one(entry.second->hashes, hashes))
            return entry.second;
    return nullptr;
}

TorrentPtr find(engine &e, const lt::torrent_handle &handle)
{
    const auto entry = e.torrents.find(handle);

    return entry == e.torrents.end() ? nullptr : entry->second;
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

void fail_torrent(Torrent &torrent, int code, const std::string &reason)
{
    torrent.failure = code;
    torrent.reason = reason;
    torrent.changed.notify_all();
}

void hear_of_metadata(Torrent &torrent)
{
    torrent.info = torrent.handle.torrent_file();
    if (!torrent.info)
        return;
    torrent.hashes = torrent.info->info_hashes();
    torrent.changed.notify_all();
}

} // namespace

/* Paused first and then resumed: only a start announces and connects at once, all else waits for
 * the session's next second. */
TorrentPtr join(engine &e, const lt::info_hash_t &hashes, const std::vector<std::string> &trackers)
{
    TorrentPtr torrent = find(e, hashes);
    lt::add_torrent_params params;

    if (torrent) {
        for (const std::string &tracker : trackers)
            torrent->handle.add_tracker(lt::announce_entry(tracker));
        torrent->users++;
        return torrent;
    }
    torrent = std::make_shared<Torrent>();
    params.info_hashes = torrent->hashes = hashes;
    params.trackers = trackers;
    params.save_path = e.folder + "/data/" + hash_of(hashes);
    params.peers = e.acquaintances[hash_of(hashes)];
    params.flags = lt::torrent_flags::paused | lt::torrent_flags::apply_ip_filter |
                   lt::torrent_flags::upload_mode | lt::torrent_flags::duplicate_is_error;
    torrent->handle = e.session->add_torrent(std::move(params));
    torrent->users = 1;
    e.torrents[torrent->handle] = torrent;
    torrent->handle.resume();
    return torrent;
}

void leave(engine &e, Torrent &torrent)
{
    if (--torrent.users > 0)
        return;
    remember_peers(e, torrent);
    e.session->remove_torrent(torrent.handle);
    e.torrents.erase(torrent.handle);
}

void hear(engine &e, lt::alert *alert)
{
    const auto *about = dynamic_cast<lt::torrent_alert *>(alert);
    const TorrentPtr torrent = about ? find(e, about->handle) : nullptr;

    if (!torrent)
        return;
    if (lt::alert_cast<lt::metadata_received_alert>(alert)) {
        hear_of_metadata(*torrent);
    } else if (lt::alert_cast<lt::metadata_failed_alert>(alert)) {
        torrent->bad_metadata++;
    } else if (const auto *error = lt::alert_cast<lt::torrent_error_alert>(alert)) {
        fail_torrent(*torrent, PROVIDER_EIO, error->message());
    } else if (lt::alert_cast<lt::torrent_conflict_alert>(alert)) {
        fail_torrent(*torrent, PROVIDER_ECONFLICT, "it is here already, under its other hash");
    }
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
