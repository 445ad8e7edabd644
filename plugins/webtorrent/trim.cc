/* SPDX-License-Identifier: MIT
 *
 * A torrent that has less room than its files need gives up what was played.  The session never
 * forgets a piece by itself: the torrent leaves it, holes are made in its files, and it enters anew
 * with the rest (renew() in fetch.cc). */
#include "webtorrent/engine.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace webtorrent
{

namespace
{

uint64_t piece_bytes(const Torrent &torrent)
{
    return static_cast<uint64_t>(torrent.info->piece_length());
}

/* What it has and what is on its way. */
uint64_t count_pieces(const Torrent &torrent)
{
    uint64_t n = 0;

    for (size_t i = 0; i < torrent.have.size(); i++)
        n += torrent.have[i] || torrent.wished[i];
    return n;
}

bool punch(int fd, int64_t offset, int64_t len)
{
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, len) == 0;
}

/* A run of pieces at once: a block of the disk that lies across two of them goes with both. */
void punch_run(const engine &e, const lt::torrent_info &info, size_t first, size_t end)
{
    const std::string folder = data_path(e, hash_of(info.info_hashes()));
    const int64_t from = static_cast<int64_t>(first) * info.piece_length();
    const int64_t to = std::min(static_cast<int64_t>(end) * info.piece_length(), info.total_size());

    for (const lt::file_slice &slice :
         info.files().map_block(lt::piece_index_t(static_cast<int>(first)), 0, to - from)) {
        if (info.files().pad_file_at(slice.file_index) || slice.size == 0)
            continue;
        const std::string path = info.files().file_path(slice.file_index, folder);
        const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        const bool is_done = fd >= 0 && punch(fd, slice.offset, slice.size);
        const int why = errno;
        if (fd >= 0)
            close(fd);
        if (!is_done && why != ENOENT)
            throw Failure(PROVIDER_EIO, "cannot make a hole in '" + path +
                                            "': " + std::generic_category().message(why));
    }
}

uint32_t choose(const Torrent &torrent, std::vector<uint8_t> *drop)
{
    const uint64_t n_keep = torrent.allowance / piece_bytes(torrent) * 3 / 4;

    drop->resize(torrent.have.size());
    return window_drop(torrent.have.data(), torrent.wished.data(),
                       static_cast<uint32_t>(torrent.have.size()), torrent.windows.data(),
                       torrent.windows.size(), static_cast<uint32_t>(n_keep), drop->data());
}

} // namespace

/* Each reader of a torrent has its part of the room, and twice that is for what was played. */
void bound_windows(Torrent &torrent)
{
    for (window *one : torrent.windows)
        window_bound(one, piece_bytes(torrent),
                     torrent.allowance
                         ? std::min(window_bytes, torrent.allowance / 4 / torrent.windows.size())
                         : window_bytes);
}

void trim_when_due(engine &e, Torrent &torrent)
{
    std::vector<uint8_t> drop;

    if (torrent.allowance && torrent.is_checked && !torrent.failure && !torrent.is_renewing &&
        !torrent.is_retiring && count_pieces(torrent) * piece_bytes(torrent) > torrent.allowance &&
        choose(torrent, &drop) > 0)
        ask_for_renewal(e, torrent);
}

void trim(const engine &e, Torrent &torrent, lt::add_torrent_params *params)
{
    std::vector<uint8_t> drop;

    if (torrent.allowance == 0 || choose(torrent, &drop) == 0)
        return;
    for (size_t i = 0; i < drop.size(); i++) {
        if (!drop[i])
            continue;
        torrent.have[i] = torrent.trusted[i] = 0;
        for (auto *bits : { &params->have_pieces, &params->verified_pieces })
            if (static_cast<int>(i) < bits->size())
                bits->clear_bit(lt::piece_index_t(static_cast<int>(i)));
    }
    for (size_t i = 0, end; i < drop.size(); i = end + 1) {
        for (end = i; end < drop.size() && drop[end];)
            end++;
        if (end > i)
            punch_run(e, *torrent.info, i, end);
    }
}

bool can_punch(const engine &e)
{
    const std::string path = e.folder + "/hole.new";
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool can = fd >= 0 && ftruncate(fd, 8192) == 0 && punch(fd, 0, 4096);

    if (fd >= 0)
        close(fd);
    unlink(path.c_str());
    return can;
}

} // namespace webtorrent
