/* SPDX-License-Identifier: MIT */
#include "webtorrent/engine.hpp"

#include <libtorrent/load_torrent.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace webtorrent
{

namespace
{

constexpr size_t max_metainfo_len = 16 << 20;

/* Owns the texts that its plain C part points to. */
struct Metainfo : engine_metainfo {
    std::string own_name;
    std::vector<std::string> texts; /* paths of files, then trackers */
    std::vector<const char *> announce;
    std::vector<engine_file> shown;
};

constexpr char digits[] = "0123456789abcdef";

template <class Hash> std::string hex(const Hash &hash)
{
    std::string out;

    for (const unsigned char byte : hash) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

/* Lower-case digits, exactly as many as the hash has; false otherwise. */
template <class Hash> bool read_hex(const char *text, Hash *out)
{
    const size_t len = std::strlen(text);

    if (len != 2 * out->size() || std::strspn(text, digits) != len)
        return false;
    for (size_t i = 0; i < out->size(); i++) {
        const auto high = std::strchr(digits, text[2 * i]) - digits;
        const auto low = std::strchr(digits, text[2 * i + 1]) - digits;
        (*out)[i] = static_cast<unsigned char>(high << 4 | low);
    }
    return true;
}

std::string bencode(const std::string &text)
{
    return std::to_string(text.size()) + ':' + text;
}

/* By hand from the info dictionary as it came: the engine's own writer refuses a v2 torrent whose
 * piece layers are still with the peers, and writing it anew would change its hash. */
std::string compose(const lt::torrent_info &info, const std::vector<std::string> &trackers)
{
    const auto section = info.info_section();
    std::string out = "d";

    if (!trackers.empty()) {
        out += "8:announce" + bencode(trackers[0]) + "13:announce-listl";
        for (const std::string &tracker : trackers)
            out += 'l' + bencode(tracker) + 'e';
        out += 'e';
    }
    out += "4:info";
    out.append(section.data(), static_cast<size_t>(section.size()));
    return out + 'e';
}

void list_files(const lt::torrent_info &info, Metainfo &out)
{
    const lt::file_storage &files = info.files();

    for (const lt::file_index_t i : files.file_range()) {
        if (!is_shown(files, i))
            continue;
        out.texts.push_back(files.file_path(i));
        out.shown.push_back({ nullptr, static_cast<uint64_t>(files.file_size(i)) });
        out.size += static_cast<uint64_t>(files.file_size(i));
    }
}

template <size_t N> void copy(char (&out)[N], const std::string &text)
{
    std::snprintf(out, N, "%s", text.c_str());
}

} // namespace

std::string metainfo_path(const engine &e, const std::string &hash)
{
    return e.folder + '/' + hash + ".torrent";
}

void check_hash(const std::string &hash)
{
    if (hash.size() != ENGINE_HASH_SIZE - 1 || hash.find_first_not_of(digits) != std::string::npos)
        throw Failure(PROVIDER_EINVAL, "an infohash has 40 lower-case hex digits");
}

bool is_shown(const lt::file_storage &files, lt::file_index_t index)
{
    return !files.pad_file_at(index) && !(files.file_flags(index) & lt::file_storage::flag_symlink);
}

std::string hash_of(const lt::info_hash_t &hashes)
{
    return hex(hashes.has_v1() ? hashes.v1 : hashes.get_best());
}

lt::info_hash_t read_hashes(const engine_magnet &magnet)
{
    lt::info_hash_t hashes;

    if (magnet.v1 && !read_hex(magnet.v1, &hashes.v1))
        throw Failure(PROVIDER_EINVAL, "a v1 hash has 40 lower-case hex digits");
    if (magnet.v2 && !read_hex(magnet.v2, &hashes.v2))
        throw Failure(PROVIDER_EINVAL, "a v2 hash has 64 lower-case hex digits");
    if (!hashes.has_v1() && !hashes.has_v2())
        throw Failure(PROVIDER_EINVAL, "a magnet has a hash that is not zero");
    return hashes;
}

std::set<std::string> names_of(const lt::info_hash_t &hashes)
{
    return { hash_of(hashes), hex(hashes.get_best()) };
}

bool load_metainfo(const engine &e, const std::string &hash, Known *out)
{
    std::vector<char> bytes;

    if (!read_file(metainfo_path(e, hash), max_metainfo_len, &bytes))
        return false;
    try {
        const lt::add_torrent_params params = lt::load_torrent_buffer(bytes);
        if (names_of(params.info_hashes).count(hash) == 0)
            return false;
        *out = { params.ti, params.trackers };
        return true;
    } catch (const lt::system_error &) {
        return false; /* damaged: the peers are asked again */
    }
}

void save_metainfo(const engine &e, const Known &known)
{
    const lt::info_hash_t hashes = known.info->info_hashes();
    const std::string bytes = compose(*known.info, known.trackers);

    for (const std::string &name : names_of(hashes))
        write_file(metainfo_path(e, name), bytes.data(), bytes.size());
}

void add_trackers(std::vector<std::string> *trackers, const std::vector<std::string> &more)
{
    for (const std::string &tracker : more)
        if (trackers->size() < ENGINE_MAX_TRACKERS &&
            std::find(trackers->begin(), trackers->end(), tracker) == trackers->end())
            trackers->push_back(tracker);
}

engine_metainfo *describe(const Known &known)
{
    auto out = std::make_unique<Metainfo>();
    const lt::torrent_info &info = *known.info;
    const lt::info_hash_t hashes = info.info_hashes();

    static_cast<engine_metainfo &>(*out) = engine_metainfo{};
    list_files(info, *out);
    out->texts.insert(out->texts.end(), known.trackers.begin(), known.trackers.end());
    /* The texts stand still from here on. */
    for (size_t i = 0; i < out->texts.size(); i++) {
        if (i < out->shown.size())
            out->shown[i].path = out->texts[i].c_str();
        else
            out->announce.push_back(out->texts[i].c_str());
    }
    copy(out->hash, hash_of(hashes));
    copy(out->v1, hashes.has_v1() ? hex(hashes.v1) : "");
    copy(out->v2, hashes.has_v2() ? hex(hashes.v2) : "");
    out->own_name = info.name();
    out->name = out->own_name.c_str();
    out->piece_length = static_cast<uint64_t>(info.piece_length());
    out->n_pieces = static_cast<uint64_t>(info.num_pieces());
    out->is_private = info.priv();
    out->trackers = out->announce.data();
    out->n_trackers = out->announce.size();
    out->files = out->shown.data();
    out->n_files = out->shown.size();
    return out.release();
}

namespace
{

std::vector<char> read_metainfo(const engine &e, const std::string &hash)
{
    std::vector<char> bytes;

    check_hash(hash);
    if (!read_file(metainfo_path(e, hash), max_metainfo_len, &bytes))
        throw Failure(PROVIDER_ENOTFOUND, "no torrent '" + hash + "' is known");
    return bytes;
}

} // namespace

} // namespace webtorrent

int engine_metainfo_file(engine *e, const char *hash, char **out, size_t *out_len,
                         engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] {
        const std::vector<char> bytes = read_metainfo(*e, hash);
        char *copy = static_cast<char *>(std::malloc(bytes.size() + 1));
        if (!copy)
            throw std::bad_alloc();
        std::copy(bytes.begin(), bytes.end(), copy);
        *out = copy;
        *out_len = bytes.size();
    });
}

int engine_learn(engine *e, const char *hash, const char *bytes, size_t len, engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] {
        Known known;
        check_hash(hash);
        if (load_metainfo(*e, hash, &known))
            return;
        try {
            const lt::add_torrent_params params =
                lt::load_torrent_buffer({ bytes, static_cast<long>(len) });
            known = { params.ti, params.trackers };
        } catch (const lt::system_error &why) {
            throw Failure(PROVIDER_EINVAL, why.what());
        }
        if (names_of(known.info->info_hashes()).count(hash) == 0)
            throw Failure(PROVIDER_EINVAL, "it is another torrent's");
        save_metainfo(*e, known);
    });
}

void engine_metainfo_free(engine_metainfo *metainfo)
{
    if (metainfo)
        delete static_cast<webtorrent::Metainfo *>(metainfo);
}
