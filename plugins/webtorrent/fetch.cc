/* SPDX-License-Identifier: MIT
 *
 * Torrents that fetch: what their readers want goes to the session, what arrives comes to them. */
#include "webtorrent/engine.hpp"

#include <libtorrent/download_priority.hpp>
#include <libtorrent/torrent_status.hpp>

#include <algorithm>

namespace webtorrent
{

namespace
{

constexpr int deadline_step_ms = 100;
constexpr int trickle_rate = 16 << 10;
constexpr std::chrono::seconds warm(30); /* how long after a reader the peers are kept */
constexpr std::chrono::seconds save_pause(30);
constexpr std::chrono::seconds save_patience(5);
constexpr std::chrono::seconds least_patience(3), most_patience(60); /* with peers */

lt::download_priority_t priority(uint8_t wish)
{
    return static_cast<lt::download_priority_t>(wish);
}

lt::piece_index_t index_of(size_t piece)
{
    return lt::piece_index_t(static_cast<int>(piece));
}

bool is_warm(const Torrent &torrent)
{
    return !torrent.windows.empty() || Clock::now() - torrent.last_read < warm;
}

/* Whether everything that is wanted is there. */
bool plan(const Torrent &torrent, std::vector<uint8_t> *wish, std::vector<uint8_t> *rank)
{
    wish->resize(torrent.have.size());
    rank->resize(torrent.have.size());
    if (is_warm(torrent))
        return window_plan(torrent.have.data(), static_cast<uint32_t>(torrent.have.size()),
                           torrent.windows.data(), torrent.windows.size(), torrent.anchor_from,
                           wish->data(), rank->data());
    std::fill(wish->begin(), wish->end(), WINDOW_NOT);
    std::fill(rank->begin(), rank->end(), 0);
    return true;
}

/* A deadline raises a piece by itself, and the piece stays raised when the deadline is taken back;
 * so what lost one is told its priority in any case. */
void tell_session(Torrent &torrent, const std::vector<uint8_t> &wish,
                  const std::vector<uint8_t> &rank)
{
    std::vector<std::pair<lt::piece_index_t, lt::download_priority_t>> changes;

    for (size_t i = 0; i < wish.size(); i++) {
        const bool is_late = torrent.ranked[i] && !rank[i] && !torrent.have[i];
        if (is_late)
            torrent.handle.reset_piece_deadline(index_of(i));
        if (is_late || torrent.wished[i] != wish[i])
            changes.emplace_back(index_of(i), priority(wish[i]));
    }
    if (!changes.empty())
        torrent.handle.prioritize_pieces(changes);
    for (size_t i = 0; i < wish.size(); i++)
        if (rank[i] && rank[i] != torrent.ranked[i])
            torrent.handle.set_piece_deadline(index_of(i), (rank[i] - 1) * deadline_step_ms);
}

void set_trickle(Torrent &torrent, bool trickles)
{
    if (torrent.is_trickling != trickles)
        torrent.handle.set_download_limit(trickles ? trickle_rate : -1);
    torrent.is_trickling = trickles;
}

/* Into the session, with what is wanted now: it never looks finished. */
void enter_wanting(engine &e, const TorrentPtr &torrent, lt::add_torrent_params params)
{
    std::vector<uint8_t> wish, rank;

    torrent->is_checked = torrent->is_trickling = torrent->is_retiring = false;
    torrent->settled.clear();
    plan(*torrent, &wish, &rank);
    params.piece_priorities.clear();
    for (const uint8_t one : wish)
        params.piece_priorities.push_back(priority(one));
    torrent->wished = wish;
    std::fill(torrent->ranked.begin(), torrent->ranked.end(), 0);
    speak_promptly(&params);
    keep_queues_short(&params);
    enter(e, torrent, std::move(params));
    tell_session(*torrent, wish, rank);
    torrent->ranked = rank;
}

void forget_state(Torrent &torrent)
{
    const size_t n = static_cast<size_t>(torrent.info->num_pieces());

    torrent.downloads = true;
    torrent.is_renewing = torrent.is_spoiled = false;
    torrent.failure = 0;
    torrent.have.assign(n, 0);
    torrent.trusted.assign(n, 0);
    torrent.claimed.assign(n, 0);
    torrent.wished.assign(n, WINDOW_NOT);
    torrent.ranked.assign(n, 0);
    torrent.next_save = Clock::now() + save_pause;
    torrent.last_piece = Clock::now();
    torrent.patience = least_patience;
}

void enter_to_read(engine &e, const TorrentPtr &torrent, bool is_doubted)
{
    forget_state(*torrent);
    lt::add_torrent_params params = read_resume(e, *torrent, is_doubted);
    for (size_t i = 0; i < torrent->claimed.size(); i++)
        torrent->claimed[i] = static_cast<int>(i) < params.have_pieces.size() &&
                              params.have_pieces.get_bit(index_of(i));
    enter_wanting(e, torrent, std::move(params));
}

/* Whoever comes later may know of trackers that those before did not. */
void announce_also(Torrent &torrent, const std::vector<std::string> &trackers)
{
    const size_t n = torrent.announce.size();

    add_trackers(&torrent.announce, trackers);
    for (size_t i = n; i < torrent.announce.size(); i++)
        torrent.handle.add_tracker(lt::announce_entry(torrent.announce[i]));
}

bool is_wanting(const Torrent &torrent)
{
    return torrent.downloads && torrent.is_checked && !torrent.failure && !torrent.is_trickling &&
           !torrent.is_renewing && !torrent.windows.empty();
}

/* Nothing comes for those who wait.  Where wrong pieces came, the session banned who sent parts of
 * them, honest ones among them: only with a new start it meets them again.  Otherwise whoever may
 * know of peers is asked once more; what was added before the DHT was up is not announced there by
 * itself for a quarter of an hour. */
void end_standstill(engine &e, Torrent &torrent)
{
    const Clock::time_point now = Clock::now();

    if (now - torrent.last_piece < torrent.patience)
        return;
    torrent.last_piece = now;
    torrent.patience = std::min(2 * torrent.patience, most_patience);
    if (torrent.is_spoiled) {
        log(e, PROVIDER_LOG_NOTICE,
            "'%s': wrong pieces came and then nothing, its peers are met anew",
            hash_of(torrent.hashes).c_str());
        torrent.is_spoiled = false;
        ask_for_renewal(e, torrent);
        return;
    }
    torrent.handle.force_dht_announce();
    torrent.handle.force_reannounce(); /* as soon as a tracker lets us */
}

} // namespace

TorrentPtr join_to_read(engine &e, const Known &known, window *first, uint64_t allowance)
{
    TorrentPtr torrent = find(e, known.info->info_hashes());
    const bool is_new = !torrent || !torrent->downloads || torrent->failure;

    if (!torrent)
        torrent = std::make_shared<Torrent>();
    else if (is_new)
        withdraw(e, *torrent); /* a fresh start also forgets who was banned */
    torrent->windows.push_back(first);
    torrent->users++;
    torrent->allowance = allowance;
    torrent->is_retiring = false;
    try {
        if (is_new) {
            torrent->info = known.info;
            torrent->hashes = known.info->info_hashes();
            torrent->announce = known.trackers;
            bound_windows(*torrent);
            enter_to_read(e, torrent, false);
        } else {
            announce_also(*torrent, known.trackers);
            bound_windows(*torrent);
            replan(*torrent);
            trim_when_due(e, *torrent);
        }
    } catch (...) {
        torrent->windows.pop_back();
        torrent->users--;
        fail_torrent(*torrent, PROVIDER_EIO, "it could not be started again");
        throw;
    }
    return torrent;
}

void remove_window(engine &e, Torrent &torrent, const window *window)
{
    auto &all = torrent.windows;

    all.erase(std::remove(all.begin(), all.end(), window), all.end());
    torrent.anchor_from = window->at;
    torrent.last_read = Clock::now();
    if (!torrent.windows.empty())
        bound_windows(torrent);
    if (e.torrents.count(torrent.handle))
        replan(torrent);
}

void replan(Torrent &torrent)
{
    std::vector<uint8_t> wish, rank;
    const bool is_whole = plan(torrent, &wish, &rank);

    tell_session(torrent, wish, rank);
    set_trickle(torrent, is_whole && torrent.is_checked);
    torrent.wished.swap(wish);
    torrent.ranked.swap(rank);
}

void take_check(engine &e, Torrent &torrent)
{
    const lt::torrent_status status = torrent.handle.status(lt::torrent_handle::query_pieces);

    if (!torrent.downloads)
        return;
    for (size_t i = 0; i < torrent.have.size(); i++) {
        const bool is_there =
            static_cast<int>(i) < status.pieces.size() && status.pieces.get_bit(index_of(i));
        torrent.trusted[i] = is_there && (torrent.trusted[i] || !torrent.claimed[i]);
        torrent.have[i] = is_there;
    }
    torrent.is_checked = true;
    settle_all_files(e, torrent);
    /* What it was told before it looked may be forgotten. */
    std::fill(torrent.wished.begin(), torrent.wished.end(), UINT8_MAX);
    std::fill(torrent.ranked.begin(), torrent.ranked.end(), 0);
    replan(torrent);
    torrent.changed.notify_all();
}

void take_piece(engine &e, Torrent &torrent, uint32_t piece)
{
    /* Pieces out of the resume file are announced as if they had arrived; take_check() counts them.
     */
    if (piece >= torrent.have.size() || !torrent.is_checked)
        return;
    torrent.have[piece] = torrent.trusted[piece] = 1;
    settle_files_of(e, torrent, piece);
    torrent.last_piece = Clock::now();
    torrent.patience = least_patience;
    replan(torrent);
    torrent.changed.notify_all();
    trim_when_due(e, torrent);
}

/* A fresh start and not the session's own second look: that would part from all peers and meet
 * them again a minute later. */
bool distrust(engine &e, const TorrentPtr &torrent)
{
    if (!torrent->downloads || !torrent->is_checked || torrent->failure)
        return false; /* it is being looked at */
    withdraw(e, *torrent);
    try {
        enter_to_read(e, torrent, true);
    } catch (const std::exception &why) {
        fail_torrent(*torrent, PROVIDER_EIO, why.what());
    }
    return true;
}

void ask_for_renewal(engine &e, Torrent &torrent)
{
    torrent.is_renewing = true;
    torrent.handle.save_resume_data(lt::torrent_handle::flush_disk_cache);
    e.n_saving++;
}

void renew(engine &e, const TorrentPtr &torrent, lt::add_torrent_params params)
{
    torrent->is_renewing = false;
    try {
        withdraw(e, *torrent);
        trim(e, *torrent, &params);
        write_resume(e, *torrent, params);
        complete(e, *torrent, &params);
        for (size_t i = 0; i < torrent->have.size(); i++)
            torrent->claimed[i] = torrent->have[i] && !torrent->trusted[i];
        enter_wanting(e, torrent, std::move(params));
    } catch (const std::exception &why) {
        fail_torrent(*torrent, PROVIDER_EIO, why.what());
    }
}

void save_resume(engine &e, Torrent &torrent, bool is_last)
{
    torrent.next_save = Clock::now() + save_pause;
    torrent.is_retiring = is_last;
    torrent.handle.save_resume_data(is_last ? lt::torrent_handle::flush_disk_cache
                                            : lt::torrent_handle::only_if_modified |
                                                  lt::torrent_handle::flush_disk_cache);
    e.n_saving++;
}

void look_after(engine &e)
{
    const Clock::time_point now = Clock::now();
    std::vector<TorrentPtr> left;

    for (const auto &entry : e.torrents) {
        Torrent &torrent = *entry.second;
        if (is_left(torrent))
            left.push_back(entry.second);
        if (!torrent.downloads || torrent.is_retiring)
            continue;
        if (is_wanting(torrent))
            end_standstill(e, torrent);
        if (torrent.users == 0 && now - torrent.last_read > std::chrono::seconds(e.options.share_s))
            save_resume(e, torrent, true);
        else if (now > torrent.next_save)
            save_resume(e, torrent, false);
        if (torrent.users == 0)
            replan(torrent); /* it cools down */
    }
    for (const TorrentPtr &torrent : left)
        withdraw(e, *torrent);
}

void save_all(engine &e, std::unique_lock<std::mutex> &held)
{
    e.session->pause();
    for (const auto &entry : e.torrents)
        if (entry.second->downloads && !entry.second->is_retiring)
            save_resume(e, *entry.second, true);
    e.saved.wait_for(held, save_patience, [&] { return e.n_saving == 0; });
}

} // namespace webtorrent
