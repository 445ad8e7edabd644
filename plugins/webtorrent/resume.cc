/* SPDX-License-Identifier: MIT
 *
 * What is there, across a restart.  The session believes its resume data whatever the files look
 * like, so their sizes and times stand beside it, and with any difference all is read anew.  Even
 * then a piece counts as right only once its hash was seen (stream.cc). */
#include "webtorrent/engine.hpp"

#include <libtorrent/bdecode.hpp>
#include <libtorrent/bencode.hpp>
#include <libtorrent/read_resume_data.hpp>
#include <libtorrent/write_resume_data.hpp>

#include <sys/stat.h>

namespace webtorrent
{

namespace
{

constexpr size_t max_resume_len = 64 << 20;
constexpr const char *files_key = "miauflix files";

std::string resume_path(const engine &e, const std::string &hash)
{
    return e.folder + '/' + hash + ".resume";
}

/* "" for one that is not there. */
std::string look_at(const std::string &path)
{
    struct stat about;

    if (lstat(path.c_str(), &about) != 0)
        return "";
    return std::to_string(about.st_size) + ' ' + std::to_string(about.st_mtim.tv_sec) + '.' +
           std::to_string(about.st_mtim.tv_nsec);
}

std::string look_at_files(const engine &e, const lt::torrent_info &info)
{
    const lt::file_storage &files = info.files();
    const std::string folder = data_path(e, hash_of(info.info_hashes()));
    std::string out;

    for (const lt::file_index_t i : files.file_range())
        if (!files.pad_file_at(i))
            out += look_at(files.file_path(i, folder)) + '\n';
    return out;
}

/* Whether the resume data can be taken at its word. */
bool parse(const std::vector<char> &bytes, const engine &e, const lt::torrent_info &info,
           lt::add_torrent_params *out)
{
    lt::error_code bad;
    const lt::bdecode_node node = lt::bdecode(bytes, bad);

    if (bad || node.type() != lt::bdecode_node::dict_t)
        return false;
    lt::add_torrent_params params = lt::read_resume_data(node, bad);
    if (bad || params.info_hashes != info.info_hashes())
        return false;
    *out = std::move(params);
    /* Hashes of v2 pieces are not in the description: what is there has to be read anew. */
    return info.v1() &&
           node.dict_find_string_value(files_key) == lt::string_view(look_at_files(e, info));
}

/* What stays are the hashes of v2 pieces, which prove themselves. */
void forget_pieces(lt::add_torrent_params *params)
{
    params->have_pieces.clear();
    params->verified_pieces.clear();
    params->unfinished_pieces.clear();
}

} // namespace

void write_resume(const engine &e, const Torrent &torrent, const lt::add_torrent_params &params)
{
    lt::entry entry = lt::write_resume_data(params);
    std::vector<char> bytes;

    entry[files_key] = look_at_files(e, *torrent.info);
    lt::bencode(std::back_inserter(bytes), entry);
    write_file(resume_path(e, hash_of(torrent.hashes)), bytes.data(), bytes.size());
}

/* What a torrent is entered with, whatever its resume data says. */
void complete(const engine &e, const Torrent &torrent, lt::add_torrent_params *params)
{
    params->ti = std::make_shared<lt::torrent_info>(*torrent.info);
    params->save_path = data_path(e, hash_of(torrent.hashes));
    params->trackers = torrent.announce;
    params->tracker_tiers.clear();
    params->url_seeds.clear();
    params->http_seeds.clear();
    params->dht_nodes.clear();
    params->banned_peers.clear(); /* honest ones are among them (fetch.cc) */
    params->flags = {};
    params->download_limit = params->upload_limit = -1;
}

lt::add_torrent_params read_resume(const engine &e, const Torrent &torrent, bool is_doubted)
{
    lt::add_torrent_params params;
    std::vector<char> bytes;

    if (!read_file(resume_path(e, hash_of(torrent.hashes)), max_resume_len, &bytes) ||
        !parse(bytes, e, *torrent.info, &params) || is_doubted)
        forget_pieces(&params);
    complete(e, torrent, &params);
    return params;
}

} // namespace webtorrent
