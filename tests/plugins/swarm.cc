/* SPDX-License-Identifier: MIT */
#include "swarm.h"

#include <libtorrent/alert_types.hpp>
#include <libtorrent/create_torrent.hpp>
#include <libtorrent/posix_disk_io.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/torrent_info.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "swarm_peers.hpp"

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

std::unique_ptr<lt::session> make_session()
{
    lt::settings_pack pack;

    pack.set_str(lt::settings_pack::listen_interfaces, "127.0.0.1:0");
    pack.set_bool(lt::settings_pack::enable_dht, false);
    pack.set_bool(lt::settings_pack::enable_lsd, false);
    pack.set_bool(lt::settings_pack::enable_upnp, false);
    pack.set_bool(lt::settings_pack::enable_natpmp, false);
    pack.set_bool(lt::settings_pack::enable_incoming_utp, false);
    pack.set_bool(lt::settings_pack::enable_outgoing_utp, false);
    pack.set_bool(lt::settings_pack::allow_multiple_connections_per_ip, true);
    pack.set_bool(lt::settings_pack::close_redundant_connections, false);
    lt::session_params params(pack);
    params.disk_io_constructor = lt::posix_disk_io_constructor;
    return std::make_unique<lt::session>(std::move(params));
}

} // namespace

struct swarm {
    std::string folder, hash, magnet, tracker, udp_tracker;
    std::vector<std::vector<unsigned char>> contents;
    std::shared_ptr<lt::torrent_info> info;
    std::unique_ptr<swarm_peers::Tracker> announcer;
    std::vector<std::unique_ptr<lt::session>> seeds;
    std::vector<std::unique_ptr<swarm_peers::Liar>> liars;
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

void make_torrent(swarm &s, swarm_format format)
{
    lt::file_storage files;
    const lt::create_flags_t flags = format == SWARM_V1   ? lt::create_torrent::v1_only
                                     : format == SWARM_V2 ? lt::create_torrent::v2_only
                                                          : lt::create_flags_t{};
    for (size_t i = 0; i < SWARM_FILES; i++)
        files.add_file(paths[i], static_cast<int64_t>(sizes[i]));
    lt::create_torrent maker(files, piece_length, flags);
    lt::set_piece_hashes(maker, s.folder + "/honest");
    std::vector<char> bytes;
    lt::bencode(std::back_inserter(bytes), maker.generate());
    s.info = std::make_shared<lt::torrent_info>(bytes, lt::from_span);
}

template <class Hash> std::string hex(const Hash &hash)
{
    std::string out;
    char two[3];

    for (const unsigned char byte : hash) {
        std::snprintf(two, sizeof(two), "%02x", byte);
        out += two;
    }
    return out;
}

void name_torrent(swarm &s)
{
    const lt::info_hash_t hashes = s.info->info_hashes();

    s.hash = hex(hashes.has_v1() ? hashes.v1 : hashes.get_best());
    s.magnet = "magnet:?";
    if (hashes.has_v1())
        s.magnet += "xt=urn:btih:" + hex(hashes.v1) + '&';
    if (hashes.has_v2())
        s.magnet += "xt=urn:btmh:1220" + hex(hashes.v2) + '&';
    s.tracker = "http://127.0.0.1:" + std::to_string(s.announcer->port()) + "/announce";
    s.udp_tracker = "udp://127.0.0.1:" + std::to_string(s.announcer->udp_port());
    s.magnet += "dn=Show&tr=" + s.tracker;
}

/* Until it has looked at its files it turns everybody away. */
void wait_until_it_seeds(lt::session &session, const lt::torrent_handle &torrent)
{
    std::vector<lt::alert *> alerts;

    while (torrent.status().state != lt::torrent_status::seeding) {
        session.wait_for_alert(std::chrono::milliseconds(20));
        session.pop_alerts(&alerts);
    }
}

void seed_from(swarm &s, const std::string &folder)
{
    auto session = make_session();
    lt::add_torrent_params params;

    params.ti = s.info;
    params.save_path = folder;
    params.flags = lt::torrent_flags::seed_mode;
    wait_until_it_seeds(*session, session->add_torrent(params));
    s.announcer->add_peer(session->listen_port());
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
    make_torrent(*s, format);
    name_torrent(*s);
    return s.release();
}

void swarm_free(struct swarm *swarm)
{
    if (!swarm)
        return;
    swarm->seeds.clear();
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

void swarm_add_liar(struct swarm *swarm)
{
    const auto section = swarm->info->info_section();

    swarm->liars.push_back(
        std::make_unique<swarm_peers::Liar>(static_cast<size_t>(section.size())));
    swarm->announcer->add_peer(swarm->liars.back()->port());
}

void swarm_add_dead_peer(struct swarm *swarm)
{
    swarm->announcer->add_peer(1);
}

void swarm_forget_peers(struct swarm *swarm)
{
    swarm->announcer->forget_peers();
}

void swarm_claim(struct swarm *swarm, int32_t seeds, int32_t peers)
{
    swarm->announcer->claim(seeds, peers);
}

unsigned swarm_n_asked(const struct swarm *swarm)
{
    return swarm->announcer->n_asked();
}
