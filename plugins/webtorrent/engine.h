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

#ifdef __cplusplus
}
#endif
