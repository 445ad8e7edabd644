/* SPDX-License-Identifier: MIT
 *
 * Room on the disk.  What a stream will fill is set aside when it is opened.  Torrents that nobody
 * reads give way to it, the least recently used first; if that is not enough, those that are read
 * share what there is, and give up what was played (trim.cc). */
#include "webtorrent/engine.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace webtorrent
{

namespace
{

constexpr uint64_t most_margin = 256 << 20; /* left to others on the same disk */

/* One that is read, or is about to be. */
struct Claim {
    TorrentPtr torrent; /* NULL: it is not in the session yet */
    bool is_own;        /* the one to be opened */
    uint64_t wanted, least, allowance;
};

struct Books {
    std::vector<Stored> idle;
    std::vector<Claim> claims;
    uint64_t stored = 0, idle_bytes = 0, wanted = 0;
};

uint64_t piece_bytes(const lt::torrent_info &info)
{
    return static_cast<uint64_t>(info.piece_length());
}

/* What those who read, and who is about to read `more`, will have filled: whole files. */
uint64_t set_aside(const Torrent &torrent, const window *more)
{
    std::vector<const window *> windows(torrent.windows.begin(), torrent.windows.end());
    uint64_t n_pieces = 0;

    if (more)
        windows.push_back(more);
    for (size_t i = 0; i < torrent.have.size(); i++)
        n_pieces += torrent.have[i] ||
                    std::any_of(windows.begin(), windows.end(),
                                [&](const window *w) { return w->first <= i && i < w->end; });
    return n_pieces * piece_bytes(*torrent.info);
}

uint64_t least_room(const lt::torrent_info &info, size_t n_readers)
{
    return n_readers * WINDOW_LEAST * piece_bytes(info);
}

TorrentPtr find_by_hash(const engine &e, const std::string &hash)
{
    for (const auto &entry : e.torrents)
        if (hash_of(entry.second->hashes) == hash)
            return entry.second;
    return nullptr;
}

Claim claim_own(const TorrentPtr &live, const lt::torrent_info &info, const window &first)
{
    const bool is_read = live && live->downloads && live->users > 0;
    const uint64_t file = (first.end - first.first) * piece_bytes(info);

    return { is_read ? live : nullptr, true, is_read ? set_aside(*live, &first) : file,
             least_room(info, 1 + (is_read ? live->windows.size() : 0)), 0 };
}

Books read_books(engine &e, const lt::torrent_info &info, const window &first)
{
    Books books;
    const std::string own = hash_of(info.info_hashes());

    books.claims.push_back(claim_own(find(e, info.info_hashes()), info, first));
    for (const Stored &one : list_stored(e)) {
        books.stored += one.bytes;
        if (one.hash == own)
            books.claims[0].wanted = std::max(books.claims[0].wanted, one.bytes);
        else
            books.idle.push_back(one);
    }
    for (const auto &entry : e.torrents) {
        const TorrentPtr &torrent = entry.second;
        const std::string hash = hash_of(torrent->hashes);
        const auto same = std::find_if(books.idle.begin(), books.idle.end(),
                                       [&](const Stored &one) { return one.hash == hash; });
        if (!torrent->downloads || torrent->users == 0 || hash == own)
            continue;
        uint64_t wanted = set_aside(*torrent, nullptr);
        if (same != books.idle.end()) {
            wanted = std::max(wanted, same->bytes);
            books.idle.erase(same);
        }
        books.claims.push_back(
            { torrent, false, wanted, least_room(*torrent->info, torrent->windows.size()), 0 });
    }
    for (const Stored &one : books.idle)
        books.idle_bytes += one.bytes;
    for (const Claim &claim : books.claims)
        books.wanted += claim.wanted;
    return books;
}

/* disk_limit, or less when the disk has not that much. */
uint64_t find_limit(const engine &e, uint64_t stored)
{
    const uint64_t limit = e.options.disk_limit ? e.options.disk_limit : UINT64_MAX;
    struct statvfs disk;

    if (statvfs(e.folder.c_str(), &disk) != 0)
        return limit;
    const uint64_t size = static_cast<uint64_t>(disk.f_blocks) * disk.f_frsize;
    const uint64_t room = stored + static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize;
    return std::min(limit, room - std::min({ room, most_margin, size / 16 }));
}

void evict_idle(engine &e, Books &books, uint64_t limit, const std::string &own)
{
    std::sort(books.idle.begin(), books.idle.end(), [](const Stored &a, const Stored &b) {
        return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec
                                              : a.used.tv_nsec < b.used.tv_nsec;
    });
    for (const Stored &one : books.idle) {
        const TorrentPtr live = find_by_hash(e, one.hash);
        if (books.wanted <= limit && books.idle_bytes <= limit - books.wanted)
            return;
        if (live && live->users > 0)
            continue; /* somebody asks what it is */
        if (live)
            withdraw(e, *live);
        remove_files(e, one.hash);
        books.idle_bytes -= one.bytes;
        log(e, PROVIDER_LOG_NOTICE, "torrent '%s' gave way to '%s'", one.hash.c_str(), own.c_str());
    }
}

/* Who wants less than an equal part has it; the others share what is left.  False when that is
 * less than one of them needs. */
bool share(std::vector<Claim> &claims, uint64_t room)
{
    size_t n = claims.size();

    std::sort(claims.begin(), claims.end(),
              [](const Claim &a, const Claim &b) { return a.wanted < b.wanted; });
    for (Claim &claim : claims) {
        const uint64_t part = room / n--;
        claim.allowance = claim.wanted <= part ? 0 : part;
        if (claim.allowance && claim.allowance < claim.least)
            return false;
        room -= std::min(claim.wanted, part);
    }
    return true;
}

} // namespace

uint64_t make_room(engine &e, const Known &known, const window &first)
{
    const std::string own = hash_of(known.info->info_hashes());
    uint64_t allowance = 0;

    utimensat(AT_FDCWD, metainfo_path(e, own).c_str(), nullptr, 0);
    Books books = read_books(e, *known.info, first);
    const uint64_t limit = find_limit(e, books.stored);
    evict_idle(e, books, limit, own);
    const bool is_enough = share(books.claims, limit);
    const bool is_short = books.wanted > limit;
    if (!is_enough || (is_short && !can_punch(e)))
        throw Failure(PROVIDER_EFULL,
                      "no room for it within disk_mib and on the disk: with what is being read, " +
                          std::to_string(books.wanted >> 20) + " MiB are wanted of " +
                          std::to_string(limit >> 20));
    for (const Claim &claim : books.claims) {
        if (claim.is_own) {
            allowance = claim.allowance;
            continue;
        }
        claim.torrent->allowance = claim.allowance;
        bound_windows(*claim.torrent);
        replan(*claim.torrent);
        trim_when_due(e, *claim.torrent);
    }
    return allowance;
}

} // namespace webtorrent
