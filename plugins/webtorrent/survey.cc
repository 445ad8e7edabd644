/* SPDX-License-Identifier: MIT
 *
 * What a swarm says of itself. */
#include <libtorrent/announce_entry.hpp>
#include <libtorrent/peer_info.hpp>

#include "webtorrent/use.hpp"

namespace webtorrent
{

namespace
{

constexpr int most_believed = 10000000;
constexpr std::chrono::seconds patience(8);

void believe(int32_t *figure, int claim)
{
    if (claim >= 0 && claim <= most_believed)
        *figure = std::max(*figure, claim);
}

/* From scrapes and from announces, of each address the session listens at. */
void ask_trackers(const Torrent &torrent, engine_survey *out)
{
    const std::vector<lt::announce_entry> all = torrent.handle.trackers();

    out->n_trackers = static_cast<uint32_t>(all.size());
    for (const lt::announce_entry &tracker : all) {
        for (const lt::announce_endpoint &endpoint : tracker.endpoints) {
            for (const lt::announce_infohash &told : endpoint.info_hashes) {
                believe(&out->seeds, told.scrape_complete);
                believe(&out->peers, told.scrape_incomplete);
            }
        }
    }
    out->n_answers = 0;
    for (const auto &entry : torrent.trackers)
        out->n_answers += entry.second.has_answered;
}

void count_peers(const Torrent &torrent, engine_survey *out)
{
    std::vector<lt::peer_info> peers;
    uint32_t n = 0, n_seeds = 0;

    torrent.handle.get_peer_info(peers);
    for (const lt::peer_info &peer : peers) {
        if (peer.flags & (lt::peer_info::connecting | lt::peer_info::handshake))
            continue;
        n++;
        n_seeds += static_cast<bool>(peer.flags & lt::peer_info::seed);
    }
    out->n_met = std::max(out->n_met, n);
    out->n_seeds_met = std::max(out->n_seeds_met, n_seeds);
}

bool all_have_told(const Torrent &torrent, size_t n_trackers)
{
    size_t n = 0;

    for (const auto &entry : torrent.trackers)
        n += entry.second.has_told;
    return n >= n_trackers;
}

void scrape(const Torrent &torrent, size_t n_trackers)
{
    for (size_t i = 0; i < n_trackers; i++)
        torrent.handle.scrape_tracker(static_cast<int>(i));
}

int32_t ms_since(Clock::time_point start)
{
    return static_cast<int32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

bool is_evidence(const engine_survey &survey)
{
    return survey.n_answers > 0 || survey.n_met > 0 || survey.dht_peers >= 0;
}

/* False when the time is over: what was heard until then counts. */
bool wait_for_more(std::unique_lock<std::mutex> &held, Torrent &torrent, const engine_wait &wait)
{
    try {
        wait_a_step(held, torrent, wait);
        return true;
    } catch (const Failure &failure) {
        if (failure.code != PROVIDER_ETIME)
            throw;
        return false;
    }
}

/* Until all that can be known is known, or patience ends. */
void watch(std::unique_lock<std::mutex> &held, Torrent &torrent, bool was_known,
           const engine_wait &wait, engine_survey *out)
{
    const Clock::time_point start = Clock::now();
    const size_t n_trackers = torrent.handle.trackers().size();
    Kicks kicks;

    scrape(torrent, n_trackers);
    do {
        kicks.kick_when_due(torrent);
        count_peers(torrent, out);
        if (!was_known && torrent.info && out->metadata_ms < 0)
            out->metadata_ms = ms_since(start);
        if (all_have_told(torrent, n_trackers) && out->n_met > 0 && torrent.info)
            break;
    } while (wait_for_more(held, torrent, wait) && Clock::now() - start < patience);
    count_peers(torrent, out); /* a seed is known for one once it is known what there is to have */
    ask_trackers(torrent, out);
    out->dht_peers = torrent.dht_peers;
}

void survey(engine &e, const engine_magnet &magnet, const engine_wait &wait, engine_survey *out)
{
    const lt::info_hash_t hashes = read_hashes(magnet);
    engine_survey found{};
    Known known;

    found.seeds = found.peers = found.dht_peers = found.metadata_ms = -1;
    const bool was_known = load_metainfo(e, hash_of(hashes), &known);
    const bool is_private = was_known && known.info->priv();
    const auto trackers = is_private ? known.trackers : read_trackers(magnet);
    std::unique_lock<std::mutex> held(e.lock);
    const Use torrent(e, held, join(e, hashes, trackers, is_private));
    watch(held, *torrent, was_known, wait, &found);
    if (!is_evidence(found))
        throw Failure(PROVIDER_ETIME, "no tracker, no DHT node and no peer answered in time");
    *out = found;
}

} // namespace

} // namespace webtorrent

int engine_ask_swarm(engine *e, const engine_magnet *magnet, const engine_wait *wait,
                     engine_survey *out, engine_error *err)
{
    return webtorrent::guarded(err, [&] { webtorrent::survey(*e, *magnet, *wait, out); });
}
