/* SPDX-License-Identifier: MIT */
#include "swarm.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "swarm_dht.hpp"
#include "swarm_seed.hpp"

namespace
{

const char *const paths[SWARM_FILES] = { "Show.S01/Show.S01E01.mkv", "Show.S01/Show.S01E02.mkv",
                                         "Show.S01/sample/sample.mkv" };
/* None ends where a piece ends. */
const size_t sizes[SWARM_FILES] = { 1500007, 1100003, 40001 };

constexpr int piece_length = 32 << 10;

[[noreturn]] void die(const char *why)
{
    std::fprintf(stderr, "swarm: %s\n", why);
    std::abort();
}

void put(const std::string &path, const std::vector<unsigned char> &bytes)
{
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char *>(bytes.data()), static_cast<long>(bytes.size()));
    if (!out)
        die("cannot write a file");
}

} // namespace

struct swarm {
    std::string folder, hash, magnet, tracker, udp_tracker, dht_gate;
    std::vector<std::vector<unsigned char>> contents;
    std::shared_ptr<lt::torrent_info> info;
    swarm_peers::Hashes hashes;
    std::unique_ptr<swarm_peers::Tracker> announcer;
    std::unique_ptr<swarm_peers::Dht> dht;
    std::vector<std::unique_ptr<lt::session>> seeds;
    std::vector<std::unique_ptr<swarm_peers::Peer>> peers;
};

namespace
{

void invent_files(swarm &s)
{
    std::mt19937 chance(20261122);

    for (size_t i = 0; i < SWARM_FILES; i++) {
        std::vector<unsigned char> bytes(sizes[i]);
        for (unsigned char &byte : bytes)
            byte = static_cast<unsigned char>(chance());
        s.contents.push_back(bytes);
        put(s.folder + "/honest/" + paths[i], bytes);
    }
}

void describe_torrent(swarm &s, swarm_format format)
{
    lt::file_storage files;

    for (size_t i = 0; i < SWARM_FILES; i++)
        files.add_file(paths[i], static_cast<int64_t>(sizes[i]));
    s.info = std::make_shared<lt::torrent_info>(
        swarm_peers::make_torrent(files, s.folder + "/honest", piece_length, format),
        lt::from_span);
    s.hashes = swarm_peers::hashes_of(*s.info);
    s.hash = swarm_peers::hex(s.hashes.front());
    s.tracker = "http://127.0.0.1:" + std::to_string(s.announcer->port()) + "/announce";
    s.udp_tracker = "udp://127.0.0.1:" + std::to_string(s.announcer->udp_port());
    s.magnet = swarm_peers::magnet_of(*s.info) + "dn=Show&tr=" + s.tracker;
}

/* One that has everything, for who asks the tracker or the DHT. */
void name_peer(swarm &s, int port)
{
    s.announcer->add_seed(s.hashes, port);
    if (s.dht)
        s.dht->add_peer(s.hashes, port);
}

void seed_from(swarm &s, const std::string &folder)
{
    auto session = swarm_peers::make_session();

    swarm_peers::seed(*session, s.info, folder);
    name_peer(s, session->listen_port());
    s.seeds.push_back(std::move(session));
}

} // namespace

struct swarm *swarm_new(enum swarm_format format)
{
    auto s = std::make_unique<swarm>();
    char folder[] = "/tmp/miauflix-swarm-XXXXXX";

    if (!mkdtemp(folder))
        die("cannot make a folder");
    s->folder = folder;
    s->announcer = std::make_unique<swarm_peers::Tracker>();
    invent_files(*s);
    describe_torrent(*s, format);
    return s.release();
}

void swarm_free(struct swarm *swarm)
{
    if (!swarm)
        return;
    swarm->seeds.clear();
    swarm->peers.clear();
    std::filesystem::remove_all(swarm->folder);
    delete swarm;
}

const char *swarm_hash(const struct swarm *swarm)
{
    return swarm->hash.c_str();
}

const char *swarm_magnet(const struct swarm *swarm)
{
    return swarm->magnet.c_str();
}

const char *swarm_tracker(const struct swarm *swarm)
{
    return swarm->tracker.c_str();
}

const char *swarm_udp_tracker(const struct swarm *swarm)
{
    return swarm->udp_tracker.c_str();
}

void swarm_put_torrent(const struct swarm *swarm, const char *folder)
{
    const auto section = swarm->info->info_section();
    std::ofstream out(std::string(folder) + '/' + swarm->hash + ".torrent", std::ios::binary);

    out << "d8:announce" << swarm->tracker.size() << ':' << swarm->tracker << "4:info";
    out.write(section.data(), static_cast<long>(section.size())) << 'e';
}

const unsigned char *swarm_bytes(const struct swarm *swarm, size_t index, size_t *len)
{
    *len = sizes[index];
    return swarm->contents[index].data();
}

const char *swarm_path(const struct swarm *, size_t index)
{
    return paths[index];
}

void swarm_add_seed(struct swarm *swarm)
{
    seed_from(*swarm, swarm->folder + "/honest");
}

/* It believes that its files are right: it is told so, and asked not to look. */
void swarm_add_corrupt_seed(struct swarm *swarm)
{
    const std::string folder = swarm->folder + "/corrupt" + std::to_string(swarm->seeds.size());

    for (size_t i = 0; i < SWARM_FILES; i++) {
        std::vector<unsigned char> bytes = swarm->contents[i];
        for (unsigned char &byte : bytes)
            byte ^= 0x5a;
        put(folder + '/' + paths[i], bytes);
    }
    seed_from(*swarm, folder);
    lt::settings_pack pack;
    pack.set_bool(lt::settings_pack::disable_hash_checks, true);
    swarm->seeds.back()->apply_settings(pack);
}

void swarm_add_peer(struct swarm *swarm, const char *manner)
{
    const swarm_peers::Manner which = swarm_peers::manner_of(manner);

    if (which == swarm_peers::N_MANNERS)
        die("no peer behaves like that");
    swarm->peers.push_back(std::make_unique<swarm_peers::Peer>(
        which, swarm_peers::offer_of(swarm->info, swarm->folder + "/honest")));
    name_peer(*swarm, swarm->peers.back()->port());
}

void swarm_add_dead_peer(struct swarm *swarm)
{
    name_peer(*swarm, 1);
}

void swarm_forget_peers(struct swarm *swarm)
{
    swarm->announcer->forget_peers();
    if (swarm->dht)
        swarm->dht->forget_peers();
}

void swarm_claim(struct swarm *swarm, int32_t seeds, int32_t peers)
{
    swarm->announcer->claim(seeds, peers);
}

unsigned swarm_n_asked(const struct swarm *swarm)
{
    return swarm->announcer->n_asked();
}

void swarm_start_dht(struct swarm *swarm, const char *manners)
{
    std::vector<swarm_peers::NodeManner> all;
    std::istringstream words(manners);
    std::string word;

    while (words >> word) {
        all.push_back(swarm_peers::node_manner_of(word));
        if (all.back() == swarm_peers::N_NODE_MANNERS)
            die("no node behaves like that");
    }
    swarm->dht = std::make_unique<swarm_peers::Dht>(all);
    swarm->dht_gate = "127.0.0.1:" + std::to_string(swarm->dht->port());
}

const char *swarm_dht_gate(const struct swarm *swarm)
{
    return swarm->dht_gate.c_str();
}

unsigned swarm_dht_n_asked(const struct swarm *swarm)
{
    return swarm->dht->n_asked();
}

unsigned swarm_dht_n_sought(const struct swarm *swarm, const char *hash)
{
    return swarm->dht->n_sought(hash);
}

unsigned swarm_dht_n_announced(const struct swarm *swarm, const char *hash)
{
    return swarm->dht->n_announced(hash);
}
