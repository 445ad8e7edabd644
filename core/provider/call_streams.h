/* SPDX-License-Identifier: MIT
 *
 * Calls of miauflix.availability/1 and miauflix.stream/1, under the same discipline as those of
 * call.h: a deadline, a way to end them, the death marker, and quarantine for a plugin that does
 * not come back.  Any thread.
 *
 * A stream is its opener's until call_stream_close().  When its provider is reloaded or taken out
 * of service the plugin's side of it is closed, and every further call answers PROVIDER_ECANCEL:
 * open it again. */
#pragma once

#include "base/text.h"
#include "provider/call.h"

struct call_stream;

/* Where read bytes go.  It is the call's while a read is under way: a plugin that never comes back
 * keeps it, then `bytes` is NULL and the next read makes room anew. */
struct call_buffer {
    char *bytes;
    size_t size;
};
void call_buffer_done(struct call_buffer *buffer);
DEFINE_CLEANUP_VALUE(struct call_buffer, call_buffer_done);

/* Asks the swarm behind a magnet; out->size need not be set.  What a provider's table lacks is -1
 * or 0. */
int call_check_swarm(struct provider_entry *provider, const char *magnet,
                     const struct call_wait *wait, struct provider_swarm *out, struct error *err);

int call_stream_open(struct provider_entry *provider, const char *magnet, uint32_t file,
                     const struct call_wait *wait, struct call_stream **out, struct error *err);

/* At most buffer->size bytes from `offset` into the buffer; *out 0: the end of the file.
 * PROVIDER_ETIME: there were none in time. */
int call_stream_read(struct call_stream *stream, uint64_t offset, struct call_buffer *buffer,
                     const struct call_wait *wait, size_t *out, struct error *err);

/* `ranges` has room for n_ranges (may be 0), both set by the caller as the plugin's own; those
 * answered are ascending, apart and within the file. */
int call_stream_state(struct call_stream *stream, const struct call_wait *wait,
                      struct provider_stream_state *out, struct error *err);

/* Ends reads under way and to come. */
void call_stream_cancel(struct call_stream *stream);

/* Whether the plugin's side is still there; it may go at any time. */
bool call_stream_lives(struct call_stream *stream);

/* When nobody is inside another call of it; NULL is fine. */
void call_stream_close(struct call_stream *stream);
DEFINE_CLEANUP(struct call_stream *, call_stream_close);

/* The metainfo file of a torrent that this provider resolved. */
int call_metainfo(struct provider_entry *provider, const char *infohash,
                  const struct call_wait *wait, struct text *out, struct error *err);

/* Tells it that file, of one that came from elsewhere; at least one byte. */
int call_learn(struct provider_entry *provider, const char *infohash, const char *bytes, size_t len,
               const struct call_wait *wait, struct error *err);

/* Removes a torrent and its files; PROVIDER_EBUSY while a stream of it is open. */
int call_forget(struct provider_entry *provider, const char *infohash, const struct call_wait *wait,
                struct error *err);
