/* SPDX-License-Identifier: MIT
 *
 * From a magnet to what is behind it. */
#include "webtorrent/use.hpp"

#include <libtorrent/torrent_status.hpp>

#include <algorithm>

namespace webtorrent
{

namespace
{

/* "nobody told what it is: 3 peers met, 2 of them lied" */
std::string explain(const Torrent &torrent)
{
    const lt::torrent_status status = torrent.handle.status();

    return "nobody told in time what it is: " + std::to_string(status.num_peers) + " peers met, " +
           std::to_string(torrent.bad_metadata->load()) + " false answers";
}

void wait_for_metadata(std::unique_lock<std::mutex> &held, Torrent &torrent,
                       const engine_wait &wait)
{
    Kicks kicks;

    while (!torrent.info) {
        kicks.kick_when_due(torrent);
        try {
            wait_a_step(held, torrent, wait);
        } catch (const Failure &failure) {
            if (failure.code != PROVIDER_ETIME)
                throw;
            throw Failure(PROVIDER_ETIME, explain(torrent));
        }
    }
}

} // namespace

std::vector<std::string> read_trackers(const engine_magnet &magnet)
{
    return std::vector<std::string>(magnet.trackers, magnet.trackers + magnet.n_trackers);
}

Known resolve(engine &e, const engine_magnet &magnet, const engine_wait &wait)
{
    const lt::info_hash_t hashes = read_hashes(magnet);
    const std::vector<std::string> trackers = read_trackers(magnet);
    Known known;
    const bool is_new = !load_metainfo(e, hash_of(hashes), &known);

    if (is_new) {
        std::unique_lock<std::mutex> held(e.lock);
        const Use torrent(e, held, join(e, hashes, trackers, false));
        wait_for_metadata(held, *torrent, wait);
        known.info = (*torrent).info;
    }
    const size_t n_before = known.trackers.size();
    /* Whoever runs a private torrent alone says where its peers meet. */
    if (is_new || !known.info->priv())
        add_trackers(&known.trackers, trackers);
    if (is_new || known.trackers.size() != n_before)
        save_metainfo(e, known);
    return known;
}

} // namespace webtorrent

int engine_resolve(engine *e, const engine_magnet *magnet, const engine_wait *wait,
                   engine_metainfo **out, engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] { *out = describe(resolve(*e, *magnet, *wait)); });
}
