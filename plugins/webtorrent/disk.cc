/* SPDX-License-Identifier: MIT
 *
 * What lies on the disk. */
#include "webtorrent/engine.hpp"

#include <filesystem>
#include <sys/stat.h>

namespace webtorrent
{

namespace fs = std::filesystem;

namespace
{

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

} // namespace

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
    return all;
}

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

} // namespace webtorrent

int engine_forget(engine *e, const char *hash, engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] {
        const std::lock_guard<std::mutex> held(e->lock);
        forget(*e, hash);
    });
}
