/* SPDX-License-Identifier: MIT
 *
 * The bytes of torrents' files while they arrive.  A stream is one reader of one file; several may
 * read the same file.  What one leaves stays open for a while, so that who comes next (a player
 * that seeks asks anew) finds the swarm as it was; a file that was prepared is kept the same way.
 * A thread of its own closes what nobody came back for.
 *
 * Any thread; one stream is read on one thread at a time.  streams_stop() before whoever reads is
 * waited for, streams_free() before the registry goes. */
#pragma once

#include "base/text.h"
#include "provider/call_streams.h"
#include "service/torrents.h"
#include "torrent/torrent_file.h"

struct registry;
struct store;
struct streams;
struct stream;

enum { STREAMS_DEFAULT_MAX = 64, STREAMS_MAX_RANGES = 1000 };

/* At most `max` are read at once; 0: STREAMS_DEFAULT_MAX. */
struct streams *streams_new(struct store *store, struct registry *registry, uint32_t max);

/* Ends reads under way and to come; nothing is opened any more. */
void streams_stop(struct streams *streams);
void streams_free(struct streams *streams);
DEFINE_CLEANUP(struct streams *, streams_free);

/* A file of a torrent that is known. */
struct stream_file {
    char hash[TORRENTS_HASH_SIZE]; /* the torrent's first */
    uint32_t index;
    uint64_t size;
    const char *mime; /* never NULL, not owned */
    char *name;       /* without its folders */
    char *magnet;
    char provider[32]; /* who resolved it */
};

/* PROVIDER_ENOTFOUND: no such torrent, or no such file in it.  stream_file_done() in any case. */
int streams_find(struct streams *streams, const char *infohash, int64_t index,
                 struct stream_file *out, struct error *err);

/* The index of the file to play; PROVIDER_ENOTFOUND: no such torrent, or it has nothing of that. */
int streams_choose(struct streams *streams, const char *infohash, const struct torrent_wish *wish,
                   int64_t *out, struct error *err);
void stream_file_done(struct stream_file *file);
DEFINE_CLEANUP_VALUE(struct stream_file, stream_file_done);

/* PROVIDER_EBUSY: too many are open, or the provider is out of service; PROVIDER_ENOTSUP: no
 * provider streams; PROVIDER_ETIME: the swarm did not answer in time; PROVIDER_EFULL. */
int streams_open(struct streams *streams, const struct stream_file *file,
                 const struct call_wait *wait, struct stream **out, struct error *err);

/* At least one byte from `offset`, at most buffer->size; 0 only at the file's end.
 * PROVIDER_ETIME: there was none in time, a later read may have more luck; PROVIDER_ECANCEL: it was
 * ended. */
int streams_read(struct stream *stream, uint64_t offset, struct call_buffer *buffer,
                 const struct call_wait *wait, size_t *out, struct error *err);

void streams_close(struct stream *stream); /* NULL is fine */
DEFINE_CLEANUP(struct stream *, streams_close);

/* How far a file is. */
struct stream_state {
    bool is_open;     /* somebody reads it or had it prepared; else the rest is not known */
    uint32_t readers; /* at this moment */
    struct provider_stream_state now;
    struct provider_range ranges[STREAMS_MAX_RANGES];
};
int streams_look(struct streams *streams, const struct stream_file *file,
                 const struct call_wait *wait, struct stream_state *out, struct error *err);

/* Begins to fetch head and tail, keeps that up for `keep_ms`, and tells how far it is. */
int streams_prepare(struct streams *streams, const struct stream_file *file, int64_t keep_ms,
                    const struct call_wait *wait, struct stream_state *out, struct error *err);

/* Closes what is kept of a torrent and ends what is read of it, before it is removed; waits a few
 * seconds at most until all of it is closed. */
void streams_end(struct streams *streams, const char hash[TORRENTS_HASH_SIZE]);

/* Of a torrent: "streaming" while any of its files is read, "open" while one is kept for who comes
 * next, or because it was prepared; else "idle". */
const char *streams_state(struct streams *streams, const char hash[TORRENTS_HASH_SIZE]);

/* How many are read at this moment. */
uint32_t streams_count(struct streams *streams);
