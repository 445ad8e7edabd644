/* SPDX-License-Identifier: MIT */
#include "provider/call_streams.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "provider/call_inside.h"

enum { MAX_RANGES = 4096 };

struct call_stream {
    struct provider_entry *entry;   /* counted */
    struct instance *instance;      /* entry lock; NULL: the plugin's side is closed */
    struct provider_stream *inside; /* the plugin's */
    struct call_stream *next;       /* entry lock: of the instance's */
    bool is_left;                   /* entry lock: its owner is gone, the instance frees it */
};

void call_buffer_done(struct call_buffer *buffer)
{
    free(steal(buffer->bytes));
}

/* --- Swarms and torrents */

static int take_swarm(struct call_arguments *arguments, int code, void *context,
                      struct error *err UNUSED)
{
    struct provider_swarm *out = context;
    if (code == 0) {
        *out = arguments->swarm;
        out->size = sizeof *out;
    }
    return code;
}

int call_check_swarm(struct provider_entry *provider, const char *magnet,
                     const struct call_wait *wait, struct provider_swarm *out, struct error *err)
{
    return call_provider(provider,
                         &(struct call_order){ .operation = OPERATION_CHECK_SWARM,
                                               .arguments = arguments_of_magnet(magnet),
                                               .wait = wait,
                                               .take = take_swarm,
                                               .context = out },
                         err);
}

static int take_metainfo(struct call_arguments *arguments, int code, void *context,
                         struct error *err)
{
    struct text *out = context, *from = &arguments->metainfo;
    if (code)
        return code;
    text_clear(out);
    if (from->overflow || !text_add(out, text_string(from), from->len))
        return error_set(err, PROVIDER_ELIMIT, "the metainfo file is too large");
    if (out->len == 0)
        return error_set(err, PROVIDER_EPARSE, "metainfo() succeeded without handing anything");
    return 0;
}

int call_metainfo(struct provider_entry *provider, const char *infohash,
                  const struct call_wait *wait, struct text *out, struct error *err)
{
    return call_provider(provider,
                         &(struct call_order){ .operation = OPERATION_METAINFO,
                                               .arguments = arguments_of_infohash(infohash),
                                               .wait = wait,
                                               .take = take_metainfo,
                                               .context = out },
                         err);
}

int call_learn(struct provider_entry *provider, const char *infohash, const char *bytes, size_t len,
               const struct call_wait *wait, struct error *err)
{
    struct call_arguments *arguments = arguments_of_infohash(infohash);
    arguments->metainfo = (struct text)TEXT_INIT(len);
    text_add(&arguments->metainfo, bytes, len);
    return call_provider(
        provider,
        &(struct call_order){ .operation = OPERATION_LEARN, .arguments = arguments, .wait = wait },
        err);
}

int call_forget(struct provider_entry *provider, const char *infohash, const struct call_wait *wait,
                struct error *err)
{
    return call_provider(provider,
                         &(struct call_order){ .operation = OPERATION_FORGET,
                                               .arguments = arguments_of_infohash(infohash),
                                               .wait = wait },
                         err);
}

/* --- Opening and closing */

static int take_stream(struct call_arguments *arguments, int code, void *context, struct error *err)
{
    struct provider_stream **out = context;
    if (code)
        return code;
    if (!arguments->stream)
        return error_set(err, PROVIDER_EPARSE, "stream_open() succeeded without a stream");
    *out = arguments->stream;
    return 0;
}

static struct call_stream *remember(struct provider_entry *provider, struct instance *instance,
                                    struct provider_stream *inside)
{
    struct call_stream *made = mem_new(struct call_stream);
    *made = (struct call_stream){ .entry = entry_ref(provider),
                                  .instance = instance,
                                  .inside = inside };
    LOCK_SCOPE(&provider->lock);
    made->next = instance->open_streams;
    instance->open_streams = made;
    return made;
}

int call_stream_open(struct provider_entry *provider, const char *magnet, uint32_t file,
                     const struct call_wait *wait, struct call_stream **out, struct error *err)
{
    struct provider_stream *inside = NULL;
    struct instance *instance = entry_use(provider, err);
    if (!instance)
        return PROVIDER_EBUSY;
    int code = call_instance(instance,
                             &(struct call_order){ .operation = OPERATION_STREAM_OPEN,
                                                   .arguments = arguments_of_file(magnet, file),
                                                   .wait = wait,
                                                   .take = take_stream,
                                                   .context = &inside },
                             err);
    if (code == 0)
        *out = remember(provider, instance, inside);
    entry_unuse(provider, instance);
    return code;
}

static void close_inside(struct instance *instance, struct provider_stream *inside)
{
    struct error err = { 0 };
    const struct call_wait wait = { .deadline_ms = clock_steady_ms() + CALL_CLOSE_MS };
    if (call_instance(instance,
                      &(struct call_order){ .operation = OPERATION_STREAM_CLOSE,
                                            .arguments = arguments_of_stream(inside),
                                            .wait = &wait },
                      &err) != 0)
        log_warning("provider", "%s, leaving a stream open", err.text);
}

static void forget_in_list(struct instance *instance, const struct call_stream *stream)
{
    for (struct call_stream **at = &instance->open_streams; *at; at = &(*at)->next)
        if (*at == stream) {
            *at = stream->next;
            return;
        }
}

static void stream_free(struct call_stream *stream)
{
    provider_entry_unref(stream->entry);
    free(stream);
}

void call_stream_close(struct call_stream *stream)
{
    if (!stream)
        return;
    struct provider_entry *entry = stream->entry;
    struct instance *instance;
    bool is_ours;
    {
        LOCK_SCOPE(&entry->lock);
        instance = stream->instance;
        is_ours = entry_use_again(entry, instance);
        if (is_ours)
            forget_in_list(instance, stream);
        /* Whoever retires the instance closes what it still has. */
        stream->is_left = !is_ours && instance;
        if (stream->is_left)
            return;
    }
    if (is_ours) {
        close_inside(instance, stream->inside);
        entry_unuse(entry, instance);
    }
    stream_free(stream);
}

/* The next to be closed by the instance itself; NULL when there is none, or no entering any more.
 */
static struct provider_stream *take_next(struct instance *instance, struct call_stream **out_left)
{
    LOCK_SCOPE(&instance->entry->lock);
    struct call_stream *stream = instance->open_streams;
    *out_left = NULL;
    if (!stream || instance->stuck)
        return NULL;
    instance->open_streams = stream->next;
    stream->instance = NULL;
    if (stream->is_left)
        *out_left = stream;
    return stream->inside;
}

void call_streams_end(struct instance *instance)
{
    struct call_stream *left;
    for (struct provider_stream *inside; (inside = take_next(instance, &left));) {
        close_inside(instance, inside);
        if (left)
            stream_free(left);
    }
}

/* --- Reading */

/* The instance of a stream for one call; NULL when the plugin's side is closed. */
static struct instance *use(struct call_stream *stream, struct error *err)
{
    struct provider_entry *entry = stream->entry;
    LOCK_SCOPE(&entry->lock);
    struct instance *instance = stream->instance;
    if (entry_use_again(entry, instance))
        return instance;
    error_set(err, PROVIDER_ECANCEL, "%s: the stream ended with its provider", entry->name);
    return NULL;
}

bool call_stream_lives(struct call_stream *stream)
{
    LOCK_SCOPE(&stream->entry->lock);
    return stream->instance && stream->entry->instance == stream->instance;
}

struct reading {
    struct call_buffer *buffer;
    size_t *out;
};

static int take_bytes(struct call_arguments *arguments, int code, void *context, struct error *err)
{
    struct reading *reading = context;
    reading->buffer->bytes = steal(arguments->bytes);
    if (code)
        return code;
    if (arguments->got > arguments->len)
        return error_set(err, PROVIDER_EPARSE,
                         "stream_read() answered %zu bytes, it had room for "
                         "%zu",
                         arguments->got, arguments->len);
    *reading->out = arguments->got;
    return 0;
}

int call_stream_read(struct call_stream *stream, uint64_t offset, struct call_buffer *buffer,
                     const struct call_wait *wait, size_t *out, struct error *err)
{
    struct instance *instance = use(stream, err);
    if (!instance)
        return PROVIDER_ECANCEL;
    struct call_arguments *arguments = arguments_of_stream(stream->inside);
    arguments->offset = offset;
    arguments->len = buffer->size;
    arguments->bytes = buffer->bytes ? steal(buffer->bytes) : mem_resize(NULL, buffer->size, 1);
    int code = call_instance(instance,
                             &(struct call_order){ .operation = OPERATION_STREAM_READ,
                                                   .arguments = arguments,
                                                   .wait = wait,
                                                   .take = take_bytes,
                                                   .context = &(struct reading){ buffer, out } },
                             err);
    entry_unuse(stream->entry, instance);
    return code;
}

static bool are_ranges_good(const struct provider_stream_state *state,
                            const struct provider_range *ranges, size_t room)
{
    uint64_t end = 0;
    if (state->n_ranges > room || state->have > state->file_size)
        return false;
    for (uint32_t i = 0; i < state->n_ranges; i++) {
        const struct provider_range *range = &ranges[i];
        bool is_within = range->first <= state->file_size && range->len > 0 &&
                         range->len <= state->file_size - range->first;
        if (!is_within || (i > 0 && range->first <= end))
            return false;
        end = range->first + range->len;
    }
    return true;
}

/* Its own ranges are the call's, the caller's are filled from them. */
static int take_state(struct call_arguments *arguments, int code, void *context, struct error *err)
{
    struct provider_stream_state *out = context, *state = &arguments->state;
    if (code)
        return code;
    if (!are_ranges_good(state, arguments->ranges, arguments->len))
        return error_set(err, PROVIDER_EPARSE, "stream_state() answered ranges that are none");
    struct provider_range *ranges = out->ranges;
    if (state->n_ranges)
        memcpy(ranges, arguments->ranges, state->n_ranges * sizeof *ranges);
    *out = *state;
    out->size = sizeof *out;
    out->ranges = ranges;
    return 0;
}

int call_stream_state(struct call_stream *stream, const struct call_wait *wait,
                      struct provider_stream_state *out, struct error *err)
{
    struct instance *instance = use(stream, err);
    if (!instance)
        return PROVIDER_ECANCEL;
    uint32_t room = MIN(out->n_ranges, (uint32_t)MAX_RANGES);
    struct call_arguments *arguments = arguments_of_stream(stream->inside);
    arguments->len = room;
    arguments->ranges = mem_alloc_array(room + 1, sizeof(struct provider_range));
    int code = call_instance(instance,
                             &(struct call_order){ .operation = OPERATION_STREAM_STATE,
                                                   .arguments = arguments,
                                                   .wait = wait,
                                                   .take = take_state,
                                                   .context = out },
                             err);
    entry_unuse(stream->entry, instance);
    return code;
}

void call_stream_cancel(struct call_stream *stream)
{
    struct error err = { 0 };
    struct instance *instance = use(stream, &err);
    if (!instance)
        return;
    const struct call_wait wait = { .deadline_ms = clock_steady_ms() + CALL_CLOSE_MS };
    if (call_instance(instance,
                      &(struct call_order){ .operation = OPERATION_STREAM_CANCEL,
                                            .arguments = arguments_of_stream(stream->inside),
                                            .wait = &wait },
                      &err) != 0)
        log_warning("provider", "%s, a read goes on until its deadline", err.text);
    entry_unuse(stream->entry, instance);
}
