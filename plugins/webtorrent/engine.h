/* SPDX-License-Identifier: MIT
 *
 * The engine: one libtorrent session behind plain C.  This header is all the rest of the plugin
 * knows of it, and no exception leaves it.
 *
 * Threads: any function on any thread, also side by side on one object, but nothing beside or after
 * engine_close(), and nothing beside engine_stream_close() of the same stream except
 * engine_stream_cancel() before it.  The session brings its own two threads, whatever the number of
 * torrents.
 *
 * Errors: 0 or a negative PROVIDER_E code, the reason in *err; outputs are untouched then.
 *
 * Ownership: what comes out of a function is freed by the caller with the function named beside it;
 * what goes in is borrowed until the call returns.
 *
 * Units: sizes and offsets in bytes, rates in bytes per second, times in milliseconds unless the
 * name says otherwise.  A file's index counts the files a person sees: padding is not among them.
 *
 * On disk, under the folder: HASH.torrent (metainfo), HASH.resume (what is there, and what the
 * files looked like then), data/HASH/ (the files), session.state.  HASH is the torrent's infohash
 * of 40 digits: v1 where there is one, else the first 20 bytes of v2. */
#pragma once

#include <miauflix/provider.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ENGINE_HASH_SIZE = 41, ENGINE_V2_SIZE = 65, ENGINE_MAX_TRACKERS = 100 };

struct engine;
struct engine_stream;

struct engine_error {
    int code;
    char text[240];
};

enum engine_encryption { ENGINE_PLAIN, ENGINE_EITHER, ENGINE_ENCRYPTED };

struct engine_options {
    const char *folder;         /* NULL: a temporary one that goes with the engine */
    const char *listen;         /* "0.0.0.0:6881,[::]:6881"; port 0: any */
    const char *allow_networks; /* "127.0.0.0/8 fd00::/8": not public, but wanted; may be NULL */
    const char *dht_nodes;      /* "host:port host:port", where the DHT begins; may be NULL */
    const char *proxy;          /* "socks5://user:password@host:1080", "http://..."; may be NULL */
    int dht, lsd, utp, port_mapping;
    enum engine_encryption encryption;
    long connections;
    long download_rate, upload_rate; /* 0: no limit */
    uint64_t disk_limit;             /* of the files of all torrents; 0: none */
    long share_s; /* how long a torrent goes on after its last stream was closed */

    /* One line for the operator; a PROVIDER_LOG_ level.  Any thread, until engine_close(). */
    void (*log)(void *context, int level, const char *line);
    void *context;
};

/* Whether the options can be used; PROVIDER_EINVAL names the one that is wrong. */
int engine_check(const struct engine_options *options, struct engine_error *err);

/* Starts the session. */
int engine_open(const struct engine_options *options, struct engine **out,
                struct engine_error *err);
/* Saves what is there; NULL is fine. */
void engine_close(struct engine *engine);

/* The port it listens on for TCP. */
int engine_port(struct engine *engine);

/* Asked every 100 ms while a function waits; 0 ends the wait with PROVIDER_ETIME. */
struct engine_wait {
    uint32_t (*remaining_ms)(void *context);
    void *context;
};

/* The parts of a magnet, checked: lower-case hex or NULL, http, https and udp announce URLs.  The
 * engine is never handed a link, because it would read a wrong hash without a word. */
struct engine_magnet {
    const char *v1, *v2; /* 40 and 64 digits; at least one */
    const char *const *trackers;
    size_t n_trackers;
};

struct engine_file {
    const char *path; /* relative, '/' between folders */
    uint64_t size;
};

struct engine_metainfo {
    char hash[ENGINE_HASH_SIZE];
    char v1[ENGINE_HASH_SIZE], v2[ENGINE_V2_SIZE]; /* "": none */
    const char *name;
    uint64_t size; /* of all files */
    uint64_t piece_length, n_pieces;
    int is_private;
    const char *const *trackers;
    size_t n_trackers;
    const struct engine_file *files;
    size_t n_files;
};
void engine_metainfo_free(struct engine_metainfo *metainfo);

/* What is behind a magnet: from the disk when it was seen before, else from its peers, found
 * through trackers and the DHT.  Nothing of the files is fetched.  A peer that lies about it is
 * left aside; PROVIDER_ETIME when nobody told the truth in time, and how many lied. */
int engine_resolve(struct engine *engine, const struct engine_magnet *magnet,
                   const struct engine_wait *wait, struct engine_metainfo **out,
                   struct engine_error *err);

/* What a swarm says of itself.  Figures of trackers are claims: the largest of any tracker, never
 * their sum, because they count the same peers; what is out of bounds does not count. */
struct engine_survey {
    int32_t seeds, peers;           /* claimed; -1: no tracker told */
    int32_t dht_peers;              /* named by the DHT; -1: it named none */
    uint32_t n_trackers, n_answers; /* asked, and how many of them answered */
    uint32_t n_met, n_seeds_met;    /* at once, after a handshake; of these with all pieces */
    int32_t metadata_ms; /* until somebody told what it is; -1: nobody, or it was known */
};

/* Asks trackers and the DHT and goes to the peers, for a few seconds at most.  PROVIDER_ETIME when
 * nobody at all answered before the call's time was over. */
int engine_ask_swarm(struct engine *engine, const struct engine_magnet *magnet,
                     const struct engine_wait *wait, struct engine_survey *out,
                     struct engine_error *err);

/* Opens a file for reading; it resolves the magnet first when need be, and the fetching begins
 * with the file's head and tail.  Many streams may be open on one torrent and on one file.
 * PROVIDER_ENOTFOUND: no such file; PROVIDER_EFULL: no room is left for it within disk_limit, or
 * on the disk. */
int engine_stream_open(struct engine *engine, const struct engine_magnet *magnet, uint64_t file,
                       const struct engine_wait *wait, struct engine_stream **out,
                       struct engine_error *err);
void engine_stream_close(struct engine_stream *stream); /* NULL is fine */

/* Up to `len` bytes from `offset`: as many as there are without waiting again, at least one; 0 at
 * the file's end.  Each was checked against its hash.  Waits for the swarm until the time is over
 * (PROVIDER_ETIME), engine_stream_cancel() (PROVIDER_ECANCEL) or trouble with the disk. */
int engine_stream_read(struct engine_stream *stream, uint64_t offset, void *bytes, size_t len,
                       const struct engine_wait *wait, size_t *out, struct engine_error *err);

/* Ends reads under way and to come. */
void engine_stream_cancel(struct engine_stream *stream);

struct engine_range {
    uint64_t first, len;
};

struct engine_stream_state {
    uint64_t size, have; /* of the file; what of it is there */
    uint64_t rate;       /* of the whole torrent, without what the protocol needs */
    uint32_t n_peers, n_seeds;
    int is_ready;    /* head and tail are there */
    int32_t eta_ms;  /* until then at this rate; -1: unknown */
    size_t n_ranges; /* in: room at `ranges`; out: how many there are to fill it, ascending */
    struct engine_range *ranges;
};
int engine_stream_look(struct engine_stream *stream, struct engine_stream_state *out,
                       struct engine_error *err);

/* The .torrent file of one that was resolved; free() *out.  PROVIDER_ENOTFOUND. */
int engine_metainfo_file(struct engine *engine, const char *hash, char **out, size_t *out_len,
                         struct engine_error *err);

/* Keeps such a file unless the torrent is known.  PROVIDER_EINVAL: it is not its. */
int engine_learn(struct engine *engine, const char *hash, const char *bytes, size_t len,
                 struct engine_error *err);

/* Takes it from the session and the disk.  PROVIDER_EBUSY while a stream is open;
 * PROVIDER_ENOTFOUND. */
int engine_forget(struct engine *engine, const char *hash, struct engine_error *err);

#ifdef __cplusplus
}
#endif
