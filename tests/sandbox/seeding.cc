/* SPDX-License-Identifier: MIT */
#include "seeding.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "swarm_seed.hpp"

namespace
{

constexpr int piece_length = 64 << 10;

/* A line of reels.tsv, and what became of it. */
struct Torrent {
    std::string name, format, imdb, quality, infohash, magnet;
    std::vector<char> metainfo;
    std::shared_ptr<lt::torrent_info> info;
    lt::torrent_handle handle;
};

struct Seeding {
    reels told{};
    std::string folder, http_tracker, udp_tracker;
    swarm_peers::Tracker tracker;
    std::vector<Torrent> torrents;
    std::vector<reel> rows;
    std::mutex lock; /* of all below */
    std::unique_ptr<lt::session> session;
    std::vector<std::unique_ptr<swarm_peers::Peer>> peers;

    Seeding(const char *where, int tracker_port) : folder(where), tracker(true, tracker_port)
    {
    }
};

swarm_format format_of(const std::string &name)
{
    if (name == "v1")
        return SWARM_V1;
    if (name == "v2")
        return SWARM_V2;
    if (name == "hybrid")
        return SWARM_HYBRID;
    throw std::runtime_error("reels.tsv: '" + name + "' is no format");
}

/* In an order of their own, so that the infohash is the same wherever they are. */
lt::file_storage files_of(const std::string &folder, const std::string &name)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> paths;
    lt::file_storage files;

    if (fs::is_directory(folder + '/' + name)) {
        for (const auto &entry : fs::recursive_directory_iterator(folder + '/' + name)) {
            if (entry.is_regular_file())
                paths.push_back(entry.path());
        }
        std::sort(paths.begin(), paths.end());
    } else {
        paths.push_back(folder + '/' + name);
    }
    for (const fs::path &path : paths)
        files.add_file(fs::relative(path, folder).string(),
                       static_cast<int64_t>(fs::file_size(path)));
    return files;
}

void make_torrent(Seeding &seeding, Torrent &torrent)
{
    lt::file_storage files = files_of(seeding.folder, torrent.name);

    torrent.metainfo =
        swarm_peers::make_torrent(files, seeding.folder, piece_length, format_of(torrent.format),
                                  { seeding.http_tracker, seeding.udp_tracker });
    torrent.info = std::make_shared<lt::torrent_info>(torrent.metainfo, lt::from_span);
    torrent.infohash = swarm_peers::hex(swarm_peers::hashes_of(*torrent.info).front());
    torrent.magnet = swarm_peers::magnet_of(*torrent.info) + "dn=" + torrent.name +
                     "&tr=" + seeding.http_tracker + "&tr=" + seeding.udp_tracker;
    torrent.handle = swarm_peers::seed(*seeding.session, torrent.info, seeding.folder);
}

void read_reels(Seeding &seeding)
{
    std::ifstream in(seeding.folder + "/reels.tsv");

    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        Torrent torrent;
        words >> torrent.name >> torrent.format >> torrent.imdb >> torrent.quality;
        make_torrent(seeding, torrent);
        seeding.torrents.push_back(std::move(torrent));
    }
    if (seeding.torrents.empty())
        throw std::runtime_error(seeding.folder + "/reels.tsv names no films");
}

void announce(Seeding &seeding)
{
    for (const Torrent &torrent : seeding.torrents)
        seeding.tracker.add_seed(swarm_peers::hashes_of(*torrent.info),
                                 seeding.session->listen_port());
}

bool add_peer(void *context, size_t index, const char *manner)
{
    auto &seeding = *static_cast<Seeding *>(context);
    const Torrent &torrent = seeding.torrents[index];
    const swarm_peers::Manner which = swarm_peers::manner_of(manner);

    if (which == swarm_peers::N_MANNERS)
        return false;
    const std::lock_guard<std::mutex> held(seeding.lock);
    seeding.peers.push_back(std::make_unique<swarm_peers::Peer>(
        which, swarm_peers::offer_of(torrent.info, seeding.folder)));
    seeding.tracker.add_seed(swarm_peers::hashes_of(*torrent.info), seeding.peers.back()->port());
    return true;
}

/* Paused, they part from everybody and let nobody in. */
void set_honest(void *context, bool there)
{
    auto &seeding = *static_cast<Seeding *>(context);
    const std::lock_guard<std::mutex> held(seeding.lock);

    if (there) {
        seeding.session->resume();
        announce(seeding);
    } else {
        seeding.tracker.remove_seed(seeding.session->listen_port());
        seeding.session->pause();
    }
}

void heal(void *context)
{
    auto &seeding = *static_cast<Seeding *>(context);
    {
        const std::lock_guard<std::mutex> held(seeding.lock);
        for (const auto &peer : seeding.peers)
            seeding.tracker.remove_seed(peer->port());
        seeding.peers.clear();
    }
    set_honest(context, true);
}

const char *or_null(const std::string &text)
{
    return text.empty() || text == "-" ? nullptr : text.c_str();
}

void tell(Seeding &seeding)
{
    for (const Torrent &torrent : seeding.torrents) {
        reel row{};
        row.name = torrent.name.c_str();
        row.format = torrent.format.c_str();
        row.imdb = or_null(torrent.imdb);
        row.quality = or_null(torrent.quality);
        row.infohash = torrent.infohash.c_str();
        row.magnet = torrent.magnet.c_str();
        row.size = torrent.info->total_size();
        row.metainfo = torrent.metainfo.data();
        row.metainfo_len = torrent.metainfo.size();
        seeding.rows.push_back(row);
    }
    seeding.told.rows = seeding.rows.data();
    seeding.told.n = seeding.rows.size();
    seeding.told.trackers[0] = seeding.http_tracker.c_str();
    seeding.told.trackers[1] = seeding.udp_tracker.c_str();
    seeding.told.add_peer = add_peer;
    seeding.told.set_honest = set_honest;
    seeding.told.heal = heal;
    seeding.told.context = &seeding;
}

} // namespace

const struct reels *seeding_open(const char *folder, int tracker_port, char why[SEEDING_WHY])
{
    try {
        auto seeding = std::make_unique<Seeding>(folder, tracker_port);
        seeding->http_tracker =
            "http://127.0.0.1:" + std::to_string(seeding->tracker.port()) + "/announce";
        seeding->udp_tracker = "udp://127.0.0.1:" + std::to_string(seeding->tracker.udp_port());
        seeding->session = swarm_peers::make_session();
        read_reels(*seeding);
        announce(*seeding);
        tell(*seeding);
        return &seeding.release()->told;
    } catch (const std::exception &wrong) {
        std::snprintf(why, SEEDING_WHY, "%s", wrong.what());
        return nullptr;
    }
}

void seeding_close(const struct reels *reels)
{
    if (reels)
        delete static_cast<Seeding *>(reels->context);
}
