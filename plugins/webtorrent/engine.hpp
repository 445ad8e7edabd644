/* SPDX-License-Identifier: MIT
 *
 * The engine from inside.  `lock` guards every field but those said to be constant; the session is
 * safe by itself, and its network thread never takes the lock, so waiting for it under the lock
 * ends.  Failures travel as Failure between the engine's files and become codes in guarded(), at
 * the plain C border. */
#pragma once

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/alert.hpp>
#include <libtorrent/bdecode.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/torrent_handle.hpp>
#include <libtorrent/torrent_info.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "webtorrent/engine.h"
#include "webtorrent/window.h"

namespace webtorrent
{

using Clock = std::chrono::steady_clock;

struct Failure : std::runtime_error {
    int code;
    Failure(int code_, const std::string &text) : std::runtime_error(text), code(code_)
    {
    }
};

int fail(engine_error *err, int code, const char *text) noexcept;

template <class Work> int guarded(engine_error *err, Work work) noexcept
{
    try {
        work();
        return PROVIDER_OK;
    } catch (const Failure &failure) {
        return fail(err, failure.code, failure.what());
    } catch (const std::bad_alloc &) {
        return fail(err, PROVIDER_ENOMEM, "no memory");
    } catch (const std::exception &surprise) {
        return fail(err, PROVIDER_EIO, surprise.what());
    } catch (...) {
        return fail(err, PROVIDER_EIO, "the engine failed without a reason");
    }
}

struct Tracker {
    bool has_told = false; /* or failed to: nothing more is waited for */
    bool has_answered = false;
};

/* What tells whether a file was changed: inode, size, and the time of the last change. */
using FileLook = std::array<int64_t, 4>;

using FailureCount = std::shared_ptr<std::atomic<unsigned>>;

/* A torrent in the session.  It is there while somebody uses it, and for a while after. */
struct Torrent {
    lt::torrent_handle handle;
    lt::info_hash_t hashes;
    std::shared_ptr<const lt::torrent_info> info; /* NULL: not known yet */
    std::condition_variable changed;              /* with the engine's lock */
    unsigned users = 0;
    /* Answers that were not what the hash promises; the session's thread looks at it too. */
    FailureCount bad_metadata = std::make_shared<std::atomic<unsigned>>(0);
    int failure = 0; /* a PROVIDER_E code that only a new start ends */
    std::string reason;

    /* For a survey. */
    std::map<std::string, Tracker> trackers; /* by URL */
    int dht_peers = -1;

    /* For readers.  Without, it is in upload mode and fetches nothing but the description. */
    bool downloads = false;
    bool is_checked = false;  /* `have` is what is there */
    bool is_retiring = false; /* it goes when its resume data is written */
    bool is_renewing = false; /* then it leaves the session and enters anew */
    bool is_trickling = false;
    uint64_t allowance = 0;   /* what its pieces may take of the disk; 0: all that is read */
    unsigned n_withdrawn = 0; /* from the session: then something may have been taken away */
    std::vector<std::string> announce;
    std::vector<uint8_t> have;    /* by piece, as the next four */
    std::vector<uint8_t> trusted; /* its hash was seen to be right by this process */
    std::vector<uint8_t> claimed; /* the resume file said that it is there, nobody looked */
    std::vector<uint8_t> wished, ranked;
    std::map<lt::file_index_t, FileLook> settled; /* those that are whole, as they were then */
    std::vector<window *> windows;
    uint32_t anchor_from = 0;
    Clock::time_point last_read, next_save;
    /* How long nothing came for those who wait, and what is done about it. */
    /* Wrong pieces came since it entered: whoever sent right ones may be banned with them. */
    bool is_spoiled = false;
    Clock::time_point last_piece;
    std::chrono::seconds patience;
};

using TorrentPtr = std::shared_ptr<Torrent>;

/* What a torrent is, as kept on disk. */
struct Known {
    std::shared_ptr<const lt::torrent_info> info;
    std::vector<std::string> trackers;
};

} // namespace webtorrent

struct engine {
    /* Constant once opened. */
    engine_options options{};
    std::string folder;
    bool is_temporary = false;
    bool may_meet_loopback = false;

    std::mutex lock;
    std::map<lt::torrent_handle, webtorrent::TorrentPtr> torrents;
    /* Peers met before, by the torrent's hash. */
    std::map<std::string, std::vector<lt::tcp::endpoint>> acquaintances;
    std::unique_ptr<lt::session> session;
    unsigned n_saving = 0; /* resume data asked for and not yet written */
    std::condition_variable saved;

    /* The alert thread, woken by the session. */
    std::thread listener;
    std::mutex bell_lock;
    std::condition_variable bell;
    bool has_rung = false, is_closing = false; /* under bell_lock */
};

namespace webtorrent
{

/* session.cc: settings and the alert thread. */
void log(engine &e, int level, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* network.cc */
lt::ip_filter make_filter(const char *allow_networks, bool *meets_loopback);

/* prompt.cc: nothing waits in the kernel for a fuller packet.  Before it is entered; so the next.
 */
void speak_promptly(lt::add_torrent_params *params);

/* queue.cc: little is under way from a peer, so that a jump does not wait for it. */
constexpr int max_requests = 64; /* of 16 KiB */
void keep_queues_short(lt::add_torrent_params *params);
void limit_queue(const lt::bdecode_node &handshake); /* in place */

/* torrents.cc: what is in the session.  Under the lock. */
TorrentPtr join(engine &e, const lt::info_hash_t &hashes, const std::vector<std::string> &trackers,
                bool is_private);
void leave(engine &e, Torrent &torrent);
bool is_left(const Torrent &torrent); /* nobody uses it, and nobody will */
TorrentPtr find(engine &e, const lt::info_hash_t &hashes);
void enter(engine &e, const TorrentPtr &torrent, lt::add_torrent_params params);
void withdraw(engine &e, Torrent &torrent); /* from the session, its peers remembered */
void fail_torrent(Torrent &torrent, int code, const std::string &reason);

/* Until something changed or a step of the wait passed; throws when the time is over or the torrent
 * failed. */
void wait_a_step(std::unique_lock<std::mutex> &held, Torrent &torrent, const engine_wait &wait);

/* witness.cc: parts from who told false things of what the torrent is.  Before it is entered. */
void watch_answers(const Torrent &torrent, lt::add_torrent_params *params);

/* alerts.cc.  Under the lock. */
void hear(engine &e, lt::alert *alert);

/* fetch.cc: torrents that fetch for readers.  Under the lock. */
TorrentPtr join_to_read(engine &e, const Known &known, window *first, uint64_t allowance);
void remove_window(engine &e, Torrent &torrent, const window *window);
void replan(Torrent &torrent);
void take_check(engine &e, Torrent &torrent); /* the session looked at what is there */
void take_piece(engine &e, Torrent &torrent,
                uint32_t piece); /* it arrived, and its hash is right */
/* All of it is looked at again; false when that is under way. */
bool distrust(engine &e, const TorrentPtr &torrent);
/* It leaves the session and enters it again, without what was played if room is short; nobody is
 * banned then.  It is asked for, and done when the session told what there is. */
void ask_for_renewal(engine &e, Torrent &torrent);
void renew(engine &e, const TorrentPtr &torrent, lt::add_torrent_params params);
void save_resume(engine &e, Torrent &torrent, bool is_last);
void look_after(engine &e); /* once a second */
void save_all(engine &e, std::unique_lock<std::mutex> &held);

/* trim.cc: less room than the files need.  Under the lock. */
constexpr uint64_t window_bytes = 64 << 20; /* the most that is fetched ahead of a reader */
void bound_windows(Torrent &torrent);
void trim_when_due(engine &e, Torrent &torrent);
void trim(const engine &e, Torrent &torrent, lt::add_torrent_params *params);
bool can_punch(const engine &e); /* whether the file system knows holes */

/* resume.cc: what is there, across a restart. */
void complete(const engine &e, const Torrent &torrent, lt::add_torrent_params *params);
void write_resume(const engine &e, const Torrent &torrent, const lt::add_torrent_params &params);
lt::add_torrent_params read_resume(const engine &e, const Torrent &torrent, bool is_doubted);

/* settled.cc: files that are whole, and whether somebody changed one since.  Under the lock. */
void settle_files_of(const engine &e, Torrent &torrent, size_t piece);
void settle_all_files(const engine &e, Torrent &torrent);
bool is_as_settled(const Torrent &torrent, lt::file_index_t file, int fd);

/* room.cc: room for one that is about to be read; answers its allowance.  Under the lock. */
uint64_t make_room(engine &e, const Known &known, const window &first);

/* disk.cc */
struct Stored {
    std::string hash;
    uint64_t bytes;
    struct timespec used;
};
std::vector<Stored> list_stored(const engine &e);
void remove_files(const engine &e, const std::string &hash);
std::string data_path(const engine &e, const std::string &hash);

/* metainfo.cc: what a torrent is, in memory and on disk. */
std::string hash_of(const lt::info_hash_t &hashes);
/* A hybrid is known by two. */
std::set<std::string> names_of(const lt::info_hash_t &hashes);
void check_hash(const std::string &hash); /* throws unless it is one: it becomes part of a path */
std::string metainfo_path(const engine &e, const std::string &hash);
bool is_shown(const lt::file_storage &files, lt::file_index_t index);
lt::info_hash_t read_hashes(const engine_magnet &magnet);
bool load_metainfo(const engine &e, const std::string &hash, Known *out);
void save_metainfo(const engine &e, const Known &known);
engine_metainfo *describe(const Known &known);
/* Those of `more` that are not there yet, while there is room. */
void add_trackers(std::vector<std::string> *trackers, const std::vector<std::string> &more);

/* swarm.cc */
std::vector<std::string> read_trackers(const engine_magnet &magnet);
Known resolve(engine &e, const engine_magnet &magnet, const engine_wait &wait);

/* file.cc */
void write_file(const std::string &path, const char *bytes, size_t len);
bool read_file(const std::string &path, size_t limit, std::vector<char> *out);

} // namespace webtorrent
