/* SPDX-License-Identifier: MIT
 *
 * What everybody does who asks a swarm something: come, knock at the DHT, and go again. */
#pragma once

#include <algorithm>

#include "webtorrent/engine.hpp"

namespace webtorrent
{

/* A use of a torrent in the session, which ends with the scope. */
class Use
{
  public:
    Use(engine &e, std::unique_lock<std::mutex> &held, TorrentPtr torrent)
        : e_(e), held_(held), torrent_(std::move(torrent))
    {
    }
    Use(const Use &) = delete;
    Use &operator=(const Use &) = delete;
    ~Use()
    {
        engine_error ignored;
        if (!held_.owns_lock())
            held_.lock();
        guarded(&ignored, [&] { leave(e_, *torrent_); });
    }
    Torrent &operator*() const
    {
        return *torrent_;
    }

  private:
    engine &e_;
    std::unique_lock<std::mutex> &held_;
    TorrentPtr torrent_;
};

/* A torrent that was added before the DHT is up is announced there a quarter of an hour later, so
 * it is announced again and again, ever more rarely.  Who still hears nothing asks the trackers
 * again too: a peer they name once more is given another try. */
class Kicks
{
  public:
    void kick_when_due(const Torrent &torrent)
    {
        const Clock::time_point now = Clock::now();

        if (now < due_)
            return;
        torrent.handle.force_dht_announce();
        if (pause_ >= longest_)
            torrent.handle.force_reannounce(); /* as soon as a tracker lets us */
        due_ = now + pause_;
        pause_ = std::min(2 * pause_, longest_);
    }

  private:
    static constexpr std::chrono::milliseconds longest_{ 5000 };
    std::chrono::milliseconds pause_{ 100 };
    Clock::time_point due_ = Clock::now() + std::chrono::milliseconds(50);
};

} // namespace webtorrent
