/* SPDX-License-Identifier: MIT
 *
 * What the session says of its torrents.  An alert is gone with the next round: nothing of it is
 * kept. */
#include "webtorrent/engine.hpp"

#include <libtorrent/alert_types.hpp>
#include <libtorrent/operations.hpp>

#include <algorithm>
#include <sys/statvfs.h>

namespace webtorrent
{

namespace
{

TorrentPtr find_by_handle(engine &e, const lt::torrent_handle &handle)
{
    const auto entry = e.torrents.find(handle);

    return entry == e.torrents.end() ? nullptr : entry->second;
}

void hear_of_metadata(Torrent &torrent)
{
    torrent.info = torrent.handle.torrent_file();
    if (!torrent.info)
        return;
    torrent.hashes = torrent.info->info_hashes();
    torrent.changed.notify_all();
}

/* A write of which a part found room is told as an error without a number. */
bool is_full(const engine &e, const lt::error_code &error)
{
    struct statvfs disk;

    return error == boost::system::errc::no_space_on_device || error.value() == EDQUOT ||
           (statvfs(e.folder.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < 1 << 20);
}

/* It would go on trying, hundreds of times a second. */
void hear_of_disk_trouble(engine &e, const TorrentPtr &torrent, const lt::file_error_alert &trouble)
{
    if (trouble.op == lt::operation_t::file_read) {
        distrust(e, torrent);
        return;
    }
    torrent->handle.pause();
    if (is_full(e, trouble.error))
        fail_torrent(*torrent, PROVIDER_EFULL, "the disk is full");
    else
        fail_torrent(*torrent, PROVIDER_EIO, trouble.message());
}

void hear_of_tracker(Torrent &torrent, const lt::tracker_alert &from, bool has_answered)
{
    Tracker &tracker = torrent.trackers[from.tracker_url()];

    tracker.has_answered |= has_answered;
    torrent.changed.notify_all();
}

void hear_of_scrape(Torrent &torrent, const lt::tracker_alert &from, bool has_answered)
{
    torrent.trackers[from.tracker_url()].has_told = true;
    hear_of_tracker(torrent, from, has_answered);
}

bool hear_of_swarm(Torrent &torrent, lt::alert *alert)
{
    if (lt::alert_cast<lt::metadata_received_alert>(alert))
        hear_of_metadata(torrent);
    else if (lt::alert_cast<lt::metadata_failed_alert>(alert))
        ++*torrent.bad_metadata;
    else if (const auto *scrape = lt::alert_cast<lt::scrape_reply_alert>(alert))
        hear_of_scrape(torrent, *scrape, true);
    else if (const auto *failed = lt::alert_cast<lt::scrape_failed_alert>(alert))
        hear_of_scrape(torrent, *failed, false);
    else if (const auto *dht = lt::alert_cast<lt::dht_reply_alert>(alert))
        torrent.dht_peers = std::max(torrent.dht_peers, dht->num_peers);
    else if (const auto *reply = lt::alert_cast<lt::tracker_reply_alert>(alert))
        hear_of_tracker(torrent, *reply, true);
    else
        return false;
    return true;
}

void count_save(engine &e)
{
    e.n_saving -= e.n_saving > 0;
    e.saved.notify_all();
}

void end_save(engine &e, Torrent &torrent)
{
    count_save(e);
    if (torrent.is_retiring && torrent.users == 0)
        withdraw(e, torrent);
    torrent.is_retiring = torrent.is_renewing = false;
}

void hear_of_save(engine &e, const TorrentPtr &torrent, const lt::save_resume_data_alert &saved)
{
    engine_error err{};

    if (torrent->is_renewing && !torrent->is_retiring) {
        count_save(e);
        renew(e, torrent, saved.params);
        return;
    }
    if (guarded(&err, [&] { write_resume(e, *torrent, saved.params); }) != PROVIDER_OK)
        log(e, PROVIDER_LOG_WARNING, "%s", err.text);
    end_save(e, *torrent);
}

bool hear_of_pieces(engine &e, const TorrentPtr &torrent, lt::alert *alert)
{
    if (const auto *piece = lt::alert_cast<lt::piece_finished_alert>(alert))
        take_piece(e, *torrent, static_cast<uint32_t>(static_cast<int>(piece->piece_index)));
    else if (lt::alert_cast<lt::hash_failed_alert>(alert))
        torrent->is_spoiled = true;
    else if (lt::alert_cast<lt::torrent_checked_alert>(alert))
        take_check(e, *torrent);
    else if (lt::alert_cast<lt::fastresume_rejected_alert>(alert))
        std::fill(torrent->claimed.begin(), torrent->claimed.end(), 0);
    else if (const auto *saved = lt::alert_cast<lt::save_resume_data_alert>(alert))
        hear_of_save(e, torrent, *saved);
    else if (lt::alert_cast<lt::save_resume_data_failed_alert>(alert))
        end_save(e, *torrent); /* nothing had changed */
    else
        return false;
    return true;
}

/* Some alerts were lost: what they would have said is asked for. */
void look_again(engine &e)
{
    log(e, PROVIDER_LOG_NOTICE, "the session said too much at once, asking it for its state");
    for (const auto &entry : e.torrents) {
        Torrent &torrent = *entry.second;
        if (!torrent.info)
            hear_of_metadata(torrent);
        if (torrent.is_checked)
            take_check(e, torrent);
    }
    e.n_saving = 0;
    e.saved.notify_all();
}

} // namespace

void hear(engine &e, lt::alert *alert)
{
    const auto *about = dynamic_cast<lt::torrent_alert *>(alert);
    const TorrentPtr torrent = about ? find_by_handle(e, about->handle) : nullptr;

    if (lt::alert_cast<lt::alerts_dropped_alert>(alert))
        look_again(e);
    if (!torrent && (lt::alert_cast<lt::save_resume_data_alert>(alert) ||
                     lt::alert_cast<lt::save_resume_data_failed_alert>(alert)))
        count_save(e); /* of one that was withdrawn meanwhile */
    if (!torrent || hear_of_swarm(*torrent, alert) || hear_of_pieces(e, torrent, alert))
        return;
    if (const auto *trouble = lt::alert_cast<lt::file_error_alert>(alert))
        hear_of_disk_trouble(e, torrent, *trouble);
    else if (const auto *error = lt::alert_cast<lt::torrent_error_alert>(alert))
        fail_torrent(*torrent, is_full(e, error->error) ? PROVIDER_EFULL : PROVIDER_EIO,
                     error->message());
    else if (lt::alert_cast<lt::torrent_conflict_alert>(alert))
        fail_torrent(*torrent, PROVIDER_ECONFLICT, "it is here already, under its other hash");
}

} // namespace webtorrent
