/* SPDX-License-Identifier: MIT
 *
 * Room on the disk.  What a stream will fill is set aside when it is opened; torrents that nobody
 * reads give way to it, the least recently used first. */
#include "webtorrent/engine.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

namespace webtorrent
{

namespace
{

namespace fs = std::filesystem;

struct Stored {
    std::string hash;
    uint64_t bytes;
    struct timespec used;
};

/* As the disk sees it: a file has holes where nothing was fetched. */
uint64_t bytes_below(const std::string &folder)
{
    uint64_t bytes = 0;
    std::error_code bad;

    for (fs::recursive_directory_iterator at(folder, bad), end; !bad && at != end;
         at.increment(bad)) {
        struct stat about;
        if (lstat(at->path().c_str(), &about) == 0)
            bytes += static_cast<uint64_t>(about.st_blocks) * 512;
    }
    return bytes;
}

std::vector<Stored> list_stored(const engine &e)
{
    std::vector<Stored> all;
    std::error_code bad;

    for (const fs::directory_entry &entry : fs::directory_iterator(e.folder + "/data", bad)) {
        const std::string hash = entry.path().filename();
        struct stat about {
        };
        stat(metainfo_path(e, hash).c_str(), &about);
        all.push_back({ hash, bytes_below(entry.path()), about.st_mtim });
    }
    std::sort(all.begin(), all.end(), [](const Stored &a, const Stored &b) {
        return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec
                                              : a.used.tv_nsec < b.used.tv_nsec;
    });
    return all;
}

TorrentPtr find_by_hash(engine &e, const std::string &hash)
{
    for (const auto &entry : e.torrents)
        if (hash_of(entry.second->hashes) == hash)
            return entry.second;
    return nullptr;
}

/* What those who read, and who is about to read `more`, will have filled: whole files. */
uint64_t set_aside(const Torrent &torrent, const window *more)
{
    const uint64_t piece_len = static_cast<uint64_t>(torrent.info->piece_length());
    std::vector<const window *> windows = torrent.windows;
    uint64_t n_pieces = 0;

    if (more)
        windows.push_back(more);
    for (size_t i = 0; i < torrent.have.size(); i++)
        n_pieces += torrent.have[i] ||
                    std::any_of(windows.begin(), windows.end(),
                                [&](const window *w) { return w->first <= i && i < w->end; });
    return n_pieces * piece_len;
}

} // namespace

std::string data_path(const engine &e, const std::string &hash)
{
    return e.folder + "/data/" + hash;
}

void remove_files(const engine &e, const std::string &hash)
{
    std::error_code bad;

    fs::remove(e.folder + '/' + hash + ".resume", bad);
    fs::remove_all(data_path(e, hash), bad);
    if (bad)
        throw Failure(PROVIDER_EIO, "cannot remove '" + data_path(e, hash) + "': " + bad.message());
}

void forget(engine &e, const std::string &hash)
{
    Known known;

    check_hash(hash);
    if (!load_metainfo(e, hash, &known))
        throw Failure(PROVIDER_ENOTFOUND, "no torrent '" + hash + "' is known");
    const TorrentPtr live = find(e, known.info->info_hashes());
    if (live && live->users > 0)
        throw Failure(PROVIDER_EBUSY, "somebody is using it");
    if (live)
        withdraw(e, *live);
    for (const std::string &name : names_of(known.info->info_hashes())) {
        remove_files(e, name);
        fs::remove(metainfo_path(e, name));
    }
}

void make_room(engine &e, const Known &known, const window &first)
{
    const std::string own = hash_of(known.info->info_hashes());
    const uint64_t file_bytes = static_cast<uint64_t>(first.end - first.first) *
                                static_cast<uint64_t>(known.info->piece_length());
    uint64_t used = 0;

    utimensat(AT_FDCWD, metainfo_path(e, own).c_str(), nullptr, 0);
    if (e.options.disk_limit == 0)
        return;
    fs::create_directories(data_path(e, own));
    const std::vector<Stored> all = list_stored(e);
    for (const Stored &one : all) {
        const TorrentPtr live = find_by_hash(e, one.hash);
        const bool is_live = live && live->downloads;
        const uint64_t reserved = is_live ? set_aside(*live, one.hash == own ? &first : nullptr)
                                  : one.hash == own ? file_bytes
                                                    : 0;
        used += std::max(one.bytes, reserved);
    }
    for (const Stored &one : all) {
        const TorrentPtr live = find_by_hash(e, one.hash);
        if (used <= e.options.disk_limit)
            return;
        if (one.hash == own || (live && live->users > 0))
            continue;
        used -=
            std::min(used, live && live->downloads ? std::max(one.bytes, set_aside(*live, nullptr))
                                                   : one.bytes);
        if (live)
            withdraw(e, *live);
        remove_files(e, one.hash);
        log(e, PROVIDER_LOG_NOTICE, "torrent '%s' gave way to '%s'", one.hash.c_str(), own.c_str());
    }
    if (used > e.options.disk_limit)
        throw Failure(PROVIDER_EFULL, "disk_mib has no room for it: with what is being read, " +
                                          std::to_string(used >> 20) + " MiB are wanted");
}

} // namespace webtorrent

int engine_forget(engine *e, const char *hash, engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] {
        const std::lock_guard<std::mutex> held(e->lock);
        forget(*e, hash);
    });
}
