/* SPDX-License-Identifier: MIT
 *
 * Files that are whole while their torrent is in the session: the session writes them no more, so
 * whatever changes one from then on is a stranger, and its bytes are not those whose hashes were
 * seen.  The kernel's own time of the last change is compared, which nobody can set. */
#include "webtorrent/engine.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace webtorrent
{

namespace
{

FileLook look_of(const struct stat &about)
{
    return { static_cast<int64_t>(about.st_ino), about.st_size, about.st_ctim.tv_sec,
             about.st_ctim.tv_nsec };
}

/* From behind `piece` on, since what comes next is mostly what is missing. */
bool is_whole(const Torrent &torrent, lt::file_index_t file, size_t piece)
{
    const lt::file_storage &files = torrent.info->files();
    const auto piece_len = static_cast<uint64_t>(torrent.info->piece_length());
    const auto from = static_cast<uint64_t>(files.file_offset(file));
    const size_t first = from / piece_len;
    const size_t last = (from + static_cast<uint64_t>(files.file_size(file)) - 1) / piece_len;

    for (size_t i = std::max(piece + 1, first); i <= last; i++)
        if (!torrent.have[i])
            return false;
    for (size_t i = first; i <= std::min(piece, last); i++)
        if (!torrent.have[i])
            return false;
    return true;
}

/* How it was when it became whole is what counts. */
void settle(const engine &e, Torrent &torrent, lt::file_index_t file)
{
    const std::string path =
        torrent.info->files().file_path(file, data_path(e, hash_of(torrent.hashes)));
    struct stat about;

    if (lstat(path.c_str(), &about) == 0)
        torrent.settled.emplace(file, look_of(about));
}

bool has_bytes(const Torrent &torrent, lt::file_index_t file)
{
    const lt::file_storage &files = torrent.info->files();
    return !files.pad_file_at(file) && files.file_size(file) > 0;
}

} // namespace

void settle_files_of(const engine &e, Torrent &torrent, size_t piece)
{
    const lt::piece_index_t index(static_cast<int>(piece));

    for (const lt::file_slice &slice :
         torrent.info->map_block(index, 0, torrent.info->piece_size(index)))
        if (has_bytes(torrent, slice.file_index) && is_whole(torrent, slice.file_index, piece))
            settle(e, torrent, slice.file_index);
}

void settle_all_files(const engine &e, Torrent &torrent)
{
    for (const lt::file_index_t file : torrent.info->files().file_range())
        if (has_bytes(torrent, file) && is_whole(torrent, file, 0))
            settle(e, torrent, file);
        else
            torrent.settled.erase(file);
}

bool is_as_settled(const Torrent &torrent, lt::file_index_t file, int fd)
{
    const auto found = torrent.settled.find(file);
    struct stat about;

    return found == torrent.settled.end() ||
           (fstat(fd, &about) == 0 && look_of(about) == found->second);
}

} // namespace webtorrent
