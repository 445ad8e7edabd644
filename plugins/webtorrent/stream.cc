/* SPDX-License-Identifier: MIT
 *
 * Reading a file of a torrent.  A read waits for its piece and then reads the file: with this disk
 * back-end what is said to be there is in the file.  A piece that this process did not see arrive
 * is hashed before its first byte is served. */
#include "webtorrent/engine.hpp"

#include <libtorrent/hasher.hpp>
#include <libtorrent/torrent_status.hpp>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <unistd.h>

struct engine_stream {
    engine *e = nullptr;
    webtorrent::TorrentPtr torrent;
    std::shared_ptr<const lt::torrent_info> info;
    lt::file_index_t file{ 0 };
    std::string path;
    uint64_t offset = 0, size = 0; /* of the file, in the torrent */
    window ahead{};                /* under the engine's lock */
    std::atomic<bool> is_canceled{ false };
};

namespace webtorrent
{

namespace
{

/* A file that is open while the object lives. */
class Opened
{
  public:
    explicit Opened(const std::string &path)
        : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW))
    {
    }
    Opened(const Opened &) = delete;
    Opened &operator=(const Opened &) = delete;
    ~Opened()
    {
        if (fd_ >= 0)
            close(fd_);
    }
    int fd() const
    {
        return fd_;
    }
    /* False when the file does not hold that much. */
    bool read(uint64_t offset, char *out, size_t len) const
    {
        while (len > 0) {
            const ssize_t got = pread(fd_, out, len, static_cast<off_t>(offset));
            if (got <= 0)
                return false;
            offset += static_cast<uint64_t>(got);
            out += got;
            len -= static_cast<size_t>(got);
        }
        return true;
    }

  private:
    int fd_;
};

/* Which file of the session's a person means with the index-th. */
lt::file_index_t find_file(const lt::torrent_info &info, uint64_t index)
{
    const lt::file_storage &files = info.files();

    for (const lt::file_index_t i : files.file_range())
        if (is_shown(files, i) && index-- == 0)
            return i;
    throw Failure(PROVIDER_ENOTFOUND, "it has no such file");
}

/* Against its v1 hash; a v2 piece is only known by what the session saw itself. */
bool piece_is_right(const engine &e, const lt::torrent_info &info, lt::piece_index_t piece)
{
    const int len = info.piece_size(piece);
    const std::string folder = data_path(e, hash_of(info.info_hashes()));
    std::vector<char> bytes(static_cast<size_t>(len));
    char *at = bytes.data();

    if (!info.v1())
        return false;
    for (const lt::file_slice &slice : info.map_block(piece, 0, len)) {
        const size_t n = static_cast<size_t>(slice.size);
        if (!info.files().pad_file_at(slice.file_index) &&
            !Opened(info.files().file_path(slice.file_index, folder))
                 .read(static_cast<uint64_t>(slice.offset), at, n))
            return false;
        at += n;
    }
    return lt::hasher(bytes).final() == info.hash_for_piece(piece);
}

void doubt(engine_stream &s)
{
    if (distrust(*s.e, s.torrent))
        log(*s.e, PROVIDER_LOG_WARNING, "'%s' was changed on disk, looking at all of it again",
            s.path.c_str());
}

/* Waits until the piece is there and its hash was seen to be right. */
void wait_for_piece(std::unique_lock<std::mutex> &held, engine_stream &s, uint32_t piece,
                    const engine_wait &wait)
{
    Torrent &torrent = *s.torrent;

    while (!torrent.have[piece] || !torrent.trusted[piece]) {
        if (s.is_canceled)
            throw Failure(PROVIDER_ECANCEL, "the stream was cancelled");
        if (!torrent.have[piece]) {
            wait_a_step(held, torrent, wait);
            continue;
        }
        const unsigned n_withdrawn = torrent.n_withdrawn;
        held.unlock();
        const bool is_right =
            piece_is_right(*s.e, *s.info, lt::piece_index_t(static_cast<int>(piece)));
        held.lock();
        if (n_withdrawn != torrent.n_withdrawn)
            continue;
        if (is_right)
            torrent.trusted[piece] = torrent.have[piece];
        else
            doubt(s);
    }
}

/* How many bytes from `offset` need no more waiting, at most `len`. */
size_t count_ready(const engine_stream &s, uint64_t offset, size_t len)
{
    const uint64_t piece_len = static_cast<uint64_t>(s.info->piece_length());
    const uint64_t from = s.offset + offset;
    uint64_t end = from;

    for (size_t piece = from / piece_len; piece < s.torrent->have.size() && end < from + len;
         piece++) {
        if (!s.torrent->have[piece] || !s.torrent->trusted[piece])
            break;
        end = (piece + 1) * piece_len;
    }
    return static_cast<size_t>(std::min<uint64_t>({ end - from, len, s.size - offset }));
}

size_t read_some(engine_stream &s, uint64_t offset, char *out, size_t len, const engine_wait &wait)
{
    const auto piece =
        static_cast<uint32_t>((s.offset + offset) / static_cast<uint64_t>(s.info->piece_length()));
    std::unique_lock<std::mutex> held(s.e->lock);

    if (offset >= s.size || len == 0)
        return 0;
    if (window_move(&s.ahead, piece))
        replan(*s.torrent);
    while (true) {
        wait_for_piece(held, s, piece, wait);
        const size_t n = count_ready(s, offset, len);
        const unsigned n_withdrawn = s.torrent->n_withdrawn;
        held.unlock();
        const Opened file(s.path);
        const bool is_read = file.read(offset, out, n);
        held.lock();
        if (n_withdrawn != s.torrent->n_withdrawn)
            continue; /* meanwhile some of it may have been taken away */
        if (is_read && is_as_settled(*s.torrent, s.file, file.fd()))
            return n;
        doubt(s);
    }
}

void open_stream(engine &e, engine_stream &s, const Known &known, uint64_t index)
{
    const std::lock_guard<std::mutex> held(e.lock);
    s.e = &e;
    s.info = known.info;
    s.file = find_file(*known.info, index);
    s.size = static_cast<uint64_t>(known.info->files().file_size(s.file));
    s.offset = static_cast<uint64_t>(known.info->files().file_offset(s.file));
    s.path =
        known.info->files().file_path(s.file, data_path(e, hash_of(known.info->info_hashes())));
    if (s.size == 0)
        return; /* nothing to fetch, and no piece to stand on */
    s.ahead = window_open(s.offset, s.size, static_cast<uint64_t>(known.info->piece_length()),
                          window_bytes);
    s.torrent = join_to_read(e, known, &s.ahead, make_room(e, known, s.ahead));
}

void close_stream(engine_stream &s)
{
    const std::lock_guard<std::mutex> held(s.e->lock);

    if (!s.torrent)
        return;
    remove_window(*s.e, *s.torrent, &s.ahead);
    leave(*s.e, *s.torrent);
}

/* Runs of pieces that are there, as bytes of the file. */
void list_ranges(const engine_stream &s, engine_stream_state *out)
{
    const uint64_t piece_len = static_cast<uint64_t>(s.info->piece_length());
    const size_t room = out->n_ranges;
    uint64_t end = UINT64_MAX;

    out->n_ranges = 0;
    for (uint32_t i = s.ahead.first; i < s.ahead.end; i++) {
        if (!s.torrent->have[i])
            continue;
        const uint64_t first = std::max(i * piece_len, s.offset) - s.offset;
        const uint64_t next = std::min((i + 1) * piece_len, s.offset + s.size) - s.offset;
        out->have += next - first;
        if (first != end)
            out->n_ranges++;
        if (out->n_ranges <= room && out->n_ranges > 0) {
            engine_range &range = out->ranges[out->n_ranges - 1];
            range = first != end ? engine_range{ first, next - first }
                                 : engine_range{ range.first, next - range.first };
        }
        end = next;
    }
    out->n_ranges = std::min(out->n_ranges, room);
}

/* Head and tail are what is waited for; they come first, so the rate is theirs. */
int32_t guess_eta(const engine_stream &s, uint64_t rate)
{
    const uint64_t piece_len = static_cast<uint64_t>(s.info->piece_length());
    const uint64_t missing = window_n_missing(&s.ahead, s.torrent->have.data()) * piece_len;

    if (missing == 0)
        return 0;
    return rate == 0 ? -1
                     : static_cast<int32_t>(std::min<uint64_t>(missing * 1000 / rate, 86400000));
}

void look(engine_stream &s, engine_stream_state *out)
{
    const size_t room = out->n_ranges;
    engine_range *ranges = out->ranges;
    const std::lock_guard<std::mutex> held(s.e->lock);

    *out = engine_stream_state{};
    out->n_ranges = room;
    out->ranges = ranges;
    out->size = s.size;
    if (!s.torrent) {
        out->is_ready = 1;
        out->n_ranges = 0;
        return;
    }
    if (s.torrent->failure)
        throw Failure(s.torrent->failure, s.torrent->reason);
    const lt::torrent_status status = s.torrent->handle.status({});
    out->rate = static_cast<uint64_t>(std::max(status.download_payload_rate, 0));
    out->n_peers = static_cast<uint32_t>(status.num_peers);
    out->n_seeds = static_cast<uint32_t>(status.num_seeds);
    list_ranges(s, out);
    out->eta_ms = guess_eta(s, out->rate);
    out->is_ready = out->eta_ms == 0;
}

} // namespace

} // namespace webtorrent

int engine_stream_open(engine *e, const engine_magnet *magnet, uint64_t file,
                       const engine_wait *wait, engine_stream **out, engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] {
        const Known known = resolve(*e, *magnet, *wait);
        auto stream = std::make_unique<engine_stream>();
        open_stream(*e, *stream, known, file);
        *out = stream.release();
    });
}

void engine_stream_close(engine_stream *stream)
{
    engine_error ignored{};

    if (!stream)
        return;
    webtorrent::guarded(&ignored, [&] { webtorrent::close_stream(*stream); });
    delete stream;
}

int engine_stream_read(engine_stream *stream, uint64_t offset, void *bytes, size_t len,
                       const engine_wait *wait, size_t *out, engine_error *err)
{
    using namespace webtorrent;

    return guarded(
        err, [&] { *out = read_some(*stream, offset, static_cast<char *>(bytes), len, *wait); });
}

void engine_stream_cancel(engine_stream *stream)
{
    engine_error ignored{};

    webtorrent::guarded(&ignored, [&] {
        const std::lock_guard<std::mutex> held(stream->e->lock);
        stream->is_canceled = true;
        if (stream->torrent)
            stream->torrent->changed.notify_all();
    });
}

int engine_stream_look(engine_stream *stream, engine_stream_state *out, engine_error *err)
{
    using namespace webtorrent;

    return guarded(err, [&] { look(*stream, out); });
}
