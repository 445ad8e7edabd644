/* SPDX-License-Identifier: MIT */
#include "swarm_seed.hpp"

#include <libtorrent/alert_types.hpp>
#include <libtorrent/create_torrent.hpp>
#include <libtorrent/hasher.hpp>
#include <libtorrent/posix_disk_io.hpp>
#include <libtorrent/session_params.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace swarm_peers
{

std::vector<char> make_torrent(lt::file_storage &files, const std::string &folder, int piece_length,
                               swarm_format format, const std::vector<std::string> &trackers)
{
    const lt::create_flags_t flags = format == SWARM_HYBRID ? lt::create_flags_t{}
                                     : format == SWARM_V2   ? lt::create_torrent::v2_only
                                                            : lt::create_torrent::v1_only;
    lt::create_torrent maker(files, piece_length, flags);
    std::vector<char> bytes;

    for (const std::string &tracker : trackers)
        maker.add_tracker(tracker);
    maker.set_priv(format == SWARM_PRIVATE);
    lt::set_piece_hashes(maker, folder);
    lt::bencode(std::back_inserter(bytes), maker.generate());
    return bytes;
}

Hashes hashes_of(const lt::torrent_info &info)
{
    const lt::info_hash_t hashes = info.info_hashes();
    Hashes out;

    if (hashes.has_v1())
        out.push_back(hashes.v1.to_string());
    if (hashes.has_v2())
        out.push_back(hashes.v2.to_string().substr(0, 20));
    return out;
}

std::string hex(const std::string &bytes)
{
    std::string out;
    char two[3];

    for (const char byte : bytes) {
        std::snprintf(two, sizeof(two), "%02x", static_cast<unsigned char>(byte));
        out += two;
    }
    return out;
}

std::string magnet_of(const lt::torrent_info &info)
{
    const lt::info_hash_t hashes = info.info_hashes();
    std::string out = "magnet:?";

    if (hashes.has_v1())
        out += "xt=urn:btih:" + hex(hashes.v1.to_string()) + '&';
    if (hashes.has_v2())
        out += "xt=urn:btmh:1220" + hex(hashes.v2.to_string()) + '&';
    return out;
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

/* Until it has looked at its files it turns everybody away. */
lt::torrent_handle seed(lt::session &session, const std::shared_ptr<lt::torrent_info> &info,
                        const std::string &folder)
{
    lt::add_torrent_params params;
    std::vector<lt::alert *> alerts;

    params.ti = info;
    params.save_path = folder;
    params.flags = lt::torrent_flags::seed_mode;
    const lt::torrent_handle torrent = session.add_torrent(params);
    while (torrent.status().state != lt::torrent_status::seeding) {
        session.wait_for_alert(std::chrono::milliseconds(20));
        session.pop_alerts(&alerts);
    }
    return torrent;
}

namespace
{

constexpr size_t block_len = 16 << 10;
constexpr uint32_t max_layer = 16, max_count = 8192;

/* Of the hash tree of these bytes; leaves behind their end are zero (BEP 52). */
std::string node(const std::string &bytes, uint32_t layer, size_t index)
{
    const size_t begin = (index * block_len) << layer;

    if (layer > 0)
        return lt::hasher256(node(bytes, layer - 1, 2 * index) +
                             node(bytes, layer - 1, 2 * index + 1))
            .final()
            .to_string();
    return begin < bytes.size() ? lt::hasher256(bytes.substr(begin, block_len)).final().to_string()
                                : std::string(lt::sha256_hash::size(), '\0');
}

/* The nodes, and whoever stands beside their common ancestors. */
std::string nodes(const std::string &bytes, const HashRange &range)
{
    uint32_t layer = range.layer, n_within = 0;
    size_t index = range.first;
    std::string out;

    if (layer > max_layer || range.count > max_count || range.n_proofs > max_layer)
        return out;
    for (uint32_t i = 0; i < range.count; i++)
        out += node(bytes, layer, range.first + i);
    for (; (1U << n_within) < range.count; n_within++) {
        layer++;
        index >>= 1;
    }
    for (uint32_t i = n_within; i < range.n_proofs; i++) {
        out += node(bytes, layer, index ^ 1);
        layer++;
        index >>= 1;
    }
    return out;
}

std::string contents(const std::string &path)
{
    std::ifstream in(path, std::ios::binary);

    return { std::istreambuf_iterator<char>(in), {} };
}

std::function<std::string(const std::string &, const HashRange &)> hashes_from(
    const std::shared_ptr<lt::torrent_info> &info, const std::string &folder)
{
    if (!info->v2())
        return nullptr;
    return [info, folder](const std::string &root, const HashRange &range) -> std::string {
        const lt::file_storage &files = info->files();
        for (const lt::file_index_t file : files.file_range()) {
            if (!files.pad_file_at(file) && files.root(file).to_string() == root)
                return nodes(contents(files.file_path(file, folder)), range);
        }
        return "";
    };
}

} // namespace

Offer offer_of(const std::shared_ptr<lt::torrent_info> &info, const std::string &folder)
{
    const auto section = info->info_section();
    const auto read = [info, folder](int piece, int begin, int len) {
        const lt::file_storage &files = info->files();
        std::string out;
        for (const lt::file_slice &slice : files.map_block(lt::piece_index_t(piece), begin, len)) {
            std::string bytes(static_cast<size_t>(slice.size), '\0');
            if (!files.pad_file_at(slice.file_index)) {
                std::ifstream in(files.file_path(slice.file_index, folder), std::ios::binary);
                in.seekg(slice.offset);
                in.read(bytes.data(), slice.size);
            }
            out += bytes;
        }
        return out;
    };
    return { std::string(section.begin(), section.end()), info->num_pieces(), read,
             hashes_from(info, folder) };
}

} // namespace swarm_peers
