/* SPDX-License-Identifier: MIT */
#include "service/streams.h"

#include <string.h>

#include "base/clock.h"
#include "provider/registry.h"
#include "service/streams_inside.h"

/* Long enough for a player that seeks. */
enum { KEEP_READ_MS = 30 * 1000 };

/* --- Opening and closing */

/* One that is kept of this file and still good. */
static struct stream *take_kept(struct streams *streams, const struct stream_file *file,
                                struct stream **out_condemned) REQUIRES(streams->lock)
{
    for (struct stream *stream = streams->first, *next; stream; stream = next) {
        next = stream->next;
        if (!stream->is_kept || !stream_is_of(stream, file->hash, file->index))
            continue;
        if (call_stream_lives(stream->inside)) {
            stream->is_kept = false;
            streams->n_kept--;
            return stream;
        }
        stream_condemn(stream, out_condemned);
    }
    return NULL;
}

/* A place among those that are read, and a stream that was kept, if there is one. */
static int enter(struct streams *streams, const struct stream_file *file, struct stream **out,
                 struct error *err)
{
    struct stream *condemned = NULL;
    int failed = 0;
    {
        LOCK_SCOPE(&streams->lock);
        if (streams->is_stopping)
            failed = error_set(err, PROVIDER_ECANCEL, "the daemon is stopping");
        else if (streams->n_read >= streams->max)
            failed = error_set(err, PROVIDER_EBUSY,
                               "%u streams are read at this moment, no more "
                               "are served at once",
                               streams->n_read);
        if (!failed) {
            streams->n_read++;
            *out = take_kept(streams, file, &condemned);
        }
    }
    streams_execute(condemned);
    return failed;
}

/* Who resolved it knows its swarm; another who streams can find it too. */
static struct provider_entry *find_provider(const struct streams *streams, const char *first,
                                            struct error *err)
{
    struct provider_entry **providers, *found = NULL;
    size_t n = registry_list(streams->registry, &providers);
    bool can = false;
    for (size_t i = 0; i < n; i++) {
        bool streamer = provider_entry_can(providers[i], PROVIDER_CAN_STREAM);
        bool is_first = strcmp(provider_entry_name(providers[i]), first) == 0;
        can = can || streamer;
        if (streamer && provider_entry_in_service(providers[i]) && (!found || is_first)) {
            provider_entry_unref(found);
            found = providers[i];
        } else {
            provider_entry_unref(providers[i]);
        }
    }
    free(providers);
    if (!found)
        error_set(err, can ? PROVIDER_EBUSY : PROVIDER_ENOTSUP,
                  can ? "no provider that streams is in service" : "no provider here streams");
    return found;
}

static int open_anew(struct streams *streams, const struct stream_file *file,
                     const struct call_wait *wait, struct stream **out, struct error *err)
{
    struct error why = { 0 };
    struct call_stream *inside = NULL;
    CLEANUP(provider_entry_unref)
    struct provider_entry *provider = find_provider(streams, file->provider, &why);
    int failed = provider
                     ? call_stream_open(provider, file->magnet, file->index, wait, &inside, &why)
                     : why.code;
    if (failed)
        return error_set(err, failed, "%s", why.text);
    struct stream *made = mem_new(struct stream);
    *made = (struct stream){
        .owner = streams, .file = file->index, .size = file->size, .inside = inside, .refs = 1
    };
    memcpy(made->hash, file->hash, sizeof made->hash);
    LOCK_SCOPE(&streams->lock);
    made->is_ended = streams->is_stopping;
    made->next = streams->first;
    streams->first = made;
    *out = made;
    return 0;
}

int streams_open(struct streams *streams, const struct stream_file *file,
                 const struct call_wait *wait, struct stream **out, struct error *err)
{
    struct stream *stream = NULL;
    int failed = enter(streams, file, &stream, err);
    if (failed)
        return failed;
    if (!stream)
        failed = open_anew(streams, file, wait, &stream, err);
    /* What is open only in case somebody comes back holds room that somebody wants now. */
    if (failed == PROVIDER_EFULL && streams_make_room(streams))
        failed = open_anew(streams, file, wait, &stream, err);
    if (failed) {
        LOCK_SCOPE(&streams->lock);
        streams->n_read--;
        return failed;
    }
    *out = stream;
    return 0;
}

void streams_close(struct stream *stream)
{
    if (stream)
        stream_leave(stream, KEEP_READ_MS);
}

/* --- Reading */

int streams_read(struct stream *stream, uint64_t offset, struct call_buffer *buffer,
                 const struct call_wait *wait, size_t *out, struct error *err)
{
    *out = 0;
    if (offset >= stream->size)
        return 0;
    int failed = call_stream_read(stream->inside, offset, buffer, wait, out, err);
    if (!failed && *out == 0)
        failed = error_set(err, PROVIDER_EPARSE, "the file ends at %llu of %llu bytes",
                           (unsigned long long)offset, (unsigned long long)stream->size);
    if (!failed)
        *out = (size_t)MIN((uint64_t)*out, stream->size - offset);
    /* One that stalls may go on; the others are of no use to anybody. */
    if (failed && failed != PROVIDER_ETIME) {
        LOCK_SCOPE(&stream->owner->lock);
        stream->is_ended = true;
    }
    return failed;
}

/* --- Looking */

static struct stream *hold_any(struct streams *streams, const struct stream_file *file,
                               struct stream_state *out)
{
    struct stream *found = NULL;
    LOCK_SCOPE(&streams->lock);
    for (struct stream *stream = streams->first; stream; stream = stream->next) {
        if (!stream_is_of(stream, file->hash, file->index) || stream->is_ended)
            continue;
        out->readers += !stream->is_kept;
        found = found ? found : stream;
    }
    if (found)
        found->refs++;
    return found;
}

int streams_look(struct streams *streams, const struct stream_file *file,
                 const struct call_wait *wait, struct stream_state *out, struct error *err)
{
    out->is_open = false;
    out->readers = 0;
    out->now =
        (struct provider_stream_state){ .n_ranges = STREAMS_MAX_RANGES, .ranges = out->ranges };
    struct stream *stream = hold_any(streams, file, out);
    if (!stream)
        return 0;
    int failed = call_stream_state(stream->inside, wait, &out->now, err);
    out->is_open = !failed;
    stream_unref(stream);
    /* Its provider went meanwhile: nobody has it open any more. */
    return failed == PROVIDER_ECANCEL ? 0 : failed;
}

int streams_prepare(struct streams *streams, const struct stream_file *file, int64_t keep_ms,
                    const struct call_wait *wait, struct stream_state *out, struct error *err)
{
    struct stream *stream = NULL;
    int failed = streams_open(streams, file, wait, &stream, err);
    if (failed)
        return failed;
    stream->prepared_until_ms = clock_steady_ms() + keep_ms;
    stream_leave(stream, keep_ms);
    return streams_look(streams, file, wait, out, err);
}

const char *streams_state(struct streams *streams, const char hash[TORRENTS_HASH_SIZE])
{
    const char *state = "idle";
    LOCK_SCOPE(&streams->lock);
    for (const struct stream *stream = streams->first; stream; stream = stream->next) {
        if (stream->is_ended || strcmp(stream->hash, hash) != 0)
            continue;
        if (!stream->is_kept)
            return "streaming";
        state = "open";
    }
    return state;
}

uint32_t streams_count(struct streams *streams)
{
    LOCK_SCOPE(&streams->lock);
    return streams->n_read;
}
