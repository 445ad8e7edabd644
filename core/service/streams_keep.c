/* SPDX-License-Identifier: MIT */
#include "service/streams_inside.h"

#include <string.h>

#include "base/clock.h"

enum { MAX_KEPT = 32, END_MS = 5000 };

/* --- The list; what leaves it is closed once the lock is free. */

bool stream_is_of(const struct stream *stream, const char *hash, uint32_t file)
{
    return stream->file == file && strcmp(stream->hash, hash) == 0;
}

static void unlink_stream(struct streams *streams, struct stream *stream) REQUIRES(streams->lock)
{
    for (struct stream **at = &streams->first; *at; at = &(*at)->next)
        if (*at == stream) {
            *at = stream->next;
            return;
        }
}

static void stream_free(struct stream *stream)
{
    struct streams *streams = stream->owner;
    call_stream_close(stream->inside);
    free(stream);
    LOCK_SCOPE(&streams->lock);
    streams->n_closing--;
    lock_broadcast(&streams->changed);
}

void stream_unref(struct stream *stream)
{
    bool last;
    {
        LOCK_SCOPE(&stream->owner->lock);
        last = --stream->refs == 0;
    }
    if (last)
        stream_free(stream);
}

void stream_condemn(struct stream *stream, struct stream **out_condemned)
{
    struct streams *streams = stream->owner;
    unlink_stream(streams, stream);
    streams->n_kept--;
    streams->n_closing++;
    stream->next = *out_condemned;
    *out_condemned = stream;
}

void streams_execute(struct stream *condemned)
{
    while (condemned) {
        struct stream *next = condemned->next;
        stream_unref(condemned);
        condemned = next;
    }
}

/* --- What nobody comes back for */

/* The time of the next one to go; INT64_MAX: none. */
static int64_t collect_expired(struct streams *streams, struct stream **out_condemned)
    REQUIRES(streams->lock)
{
    int64_t now_ms = clock_steady_ms(), next_ms = INT64_MAX;
    for (struct stream *stream = streams->first, *next; stream; stream = next) {
        next = stream->next;
        if (!stream->is_kept)
            continue;
        if (stream->until_ms <= now_ms)
            stream_condemn(stream, out_condemned);
        else
            next_ms = MIN(next_ms, stream->until_ms);
    }
    return next_ms;
}

static void *keep_house(void *argument)
{
    struct streams *streams = argument;
    lock_take(&streams->lock);
    while (!streams->is_over) {
        struct stream *condemned = NULL;
        int64_t next_ms = collect_expired(streams, &condemned);
        if (condemned) {
            lock_release(&streams->lock);
            streams_execute(condemned);
            lock_take(&streams->lock);
        } else if (next_ms == INT64_MAX) {
            lock_wait(&streams->changed, &streams->lock);
        } else {
            lock_wait_until(&streams->changed, &streams->lock, next_ms);
        }
    }
    lock_release(&streams->lock);
    return NULL;
}

struct streams *streams_new(struct store *store, struct registry *registry, uint32_t max)
{
    struct streams *streams = mem_new(struct streams);
    *streams = (struct streams){ .store = store,
                                 .registry = registry,
                                 .max = max ? max : STREAMS_DEFAULT_MAX };
    lock_init(&streams->lock);
    lock_condition_init(&streams->changed);
    streams->keeper = lock_thread_start("streams", keep_house, streams);
    return streams;
}

/* Ends what is read of a torrent (NULL: of all) and collects what is kept. */
static struct stream *end_all(struct streams *streams, const char *hash)
{
    struct stream *condemned = NULL;
    CLEANUP(mem_free) struct stream **held = NULL;
    size_t n = 0;
    {
        LOCK_SCOPE(&streams->lock);
        held = mem_alloc_array(streams->n_read + 1, sizeof(struct stream *));
        for (struct stream *stream = streams->first, *next; stream; stream = next) {
            next = stream->next;
            if (hash && strcmp(stream->hash, hash) != 0)
                continue;
            stream->is_ended = true;
            if (stream->is_kept) {
                stream_condemn(stream, &condemned);
            } else {
                stream->refs++;
                held[n++] = stream;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        call_stream_cancel(held[i]->inside);
        stream_unref(held[i]);
    }
    return condemned;
}

void streams_stop(struct streams *streams)
{
    {
        LOCK_SCOPE(&streams->lock);
        streams->is_stopping = true;
    }
    streams_execute(end_all(streams, NULL));
}

static bool has_one_of(const struct streams *streams, const char *hash) REQUIRES(streams->lock)
{
    for (const struct stream *stream = streams->first; stream; stream = stream->next)
        if (strcmp(stream->hash, hash) == 0)
            return true;
    return false;
}

void streams_end(struct streams *streams, const char hash[TORRENTS_HASH_SIZE])
{
    int64_t until_ms = clock_steady_ms() + END_MS;
    streams_execute(end_all(streams, hash));
    LOCK_SCOPE(&streams->lock);
    while ((has_one_of(streams, hash) || streams->n_closing > 0) &&
           lock_wait_until(&streams->changed, &streams->lock, until_ms)) {
    }
}

bool streams_make_room(struct streams *streams)
{
    struct stream *condemned = NULL;
    {
        LOCK_SCOPE(&streams->lock);
        int64_t now_ms = clock_steady_ms();
        for (struct stream *stream = streams->first, *next; stream; stream = next) {
            next = stream->next;
            if (stream->is_kept && stream->prepared_until_ms <= now_ms)
                stream_condemn(stream, &condemned);
        }
    }
    bool any = condemned != NULL;
    streams_execute(condemned);
    return any;
}

void streams_free(struct streams *streams)
{
    if (!streams)
        return;
    streams_stop(streams);
    {
        LOCK_SCOPE(&streams->lock);
        streams->is_over = true;
        lock_broadcast(&streams->changed);
    }
    pthread_join(streams->keeper, NULL);
    lock_condition_done(&streams->changed);
    lock_done(&streams->lock);
    free(streams);
}

/* The one that would go next; `stream` is one of them. */
static struct stream *oldest_kept(struct stream *stream) REQUIRES(stream->owner->lock)
{
    struct stream *oldest = stream;
    for (stream = stream->owner->first; stream; stream = stream->next)
        if (stream->is_kept && stream->until_ms < oldest->until_ms)
            oldest = stream;
    return oldest;
}

static bool is_another_kept(const struct streams *streams, const struct stream *like)
    REQUIRES(streams->lock)
{
    for (const struct stream *stream = streams->first; stream; stream = stream->next)
        if (stream->is_kept && stream != like && stream_is_of(stream, like->hash, like->file))
            return true;
    return false;
}

void stream_leave(struct stream *stream, int64_t keep_ms)
{
    struct streams *streams = stream->owner;
    struct stream *condemned = NULL;
    {
        LOCK_SCOPE(&streams->lock);
        streams->n_read--;
        streams->n_kept++;
        stream->is_kept = true;
        stream->until_ms = MAX(stream->prepared_until_ms, clock_steady_ms() + keep_ms);
        if (stream->is_ended || streams->is_stopping || is_another_kept(streams, stream))
            stream_condemn(stream, &condemned);
        else if (streams->n_kept > MAX_KEPT)
            stream_condemn(oldest_kept(stream), &condemned);
        lock_broadcast(&streams->changed);
    }
    streams_execute(condemned);
}
