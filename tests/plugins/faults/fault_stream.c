/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include "stream.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Torrents and streams without a swarm: what goes wrong depends on the file (stream.h).  In what
 * state() answers, `peers` are the streams that are open, `seeds` the reads that are waiting, and
 * `rate` is how many streams were cancelled: tests see from outside what happened inside. */

static const char v1[] = "00112233445566778899aabbccddeeff00112233";

struct provider_stream {
    uint32_t file;
    int canceled; /* atomic */
};

static uint32_t n_open, n_waiting, n_canceled; /* atomic */

static int stream_resolve(struct provider *self, struct provider_call *call, const char *magnet)
{
    static char json[4096];
    struct provider_document document = { .size = sizeof document,
                                          .kind = PROVIDER_TORRENT,
                                          .json = json };
    int n = snprintf(json, sizeof json,
                     "{\"infohash\":\"%s\",\"name\":\"Fault\",\"size\":%d,\"piece_length\":65536,"
                     "\"pieces\":%d,\"private\":false,\"trackers\":[\"http://192.0.2.1/announce\"],"
                     "\"files\":[",
                     v1, FAULT_STREAM_SIZE * (FAULT_STREAM_FILES - 1),
                     FAULT_STREAM_SIZE * (FAULT_STREAM_FILES - 1) / 65536 + 1);
    (void)self;
    if (!strstr(magnet, v1))
        return fault_explain(call, PROVIDER_ETIME, "nobody has it");
    for (int i = 0; i < FAULT_STREAM_FILES; i++)
        n += snprintf(json + n, sizeof json - (size_t)n,
                      "%s{\"index\":%d,\"path\":\"Fault.S01E%02d.mp4\",\"size\":%d}", i ? "," : "",
                      i, i + 1, i == FAULT_STREAM_EMPTY ? 0 : FAULT_STREAM_SIZE);
    snprintf(json + n, sizeof json - (size_t)n, "]}");
    return call->host->emit(call, &document);
}

static int stream_open(struct provider *self, struct provider_call *call, const char *magnet,
                       uint32_t file, struct provider_stream **out)
{
    (void)self;
    if (!strstr(magnet, v1) || file == FAULT_STREAM_MISSING || file >= FAULT_STREAM_FILES)
        return fault_explain(call, PROVIDER_ENOTFOUND, "it has no such file");
    if (file == FAULT_STREAM_NOTHING)
        return 0;
    if (file == FAULT_STREAM_FULL ||
        (file == FAULT_STREAM_CROWDED && __atomic_load_n(&n_open, __ATOMIC_SEQ_CST)))
        return fault_explain(call, PROVIDER_EFULL, "no room is left on the disk");
    while (file == FAULT_STREAM_SLOW)
        if (call->host->remaining_ms(call) == 0)
            return fault_explain(call, PROVIDER_ETIME, "nobody has it");
        else
            usleep(1000);
    *out = calloc(1, sizeof **out);
    if (!*out)
        return PROVIDER_ENOMEM;
    (*out)->file = file;
    __atomic_add_fetch(&n_open, 1u, __ATOMIC_SEQ_CST);
    return 0;
}

static int wait_for_bytes(struct provider_call *call, struct provider_stream *stream)
{
    int code = PROVIDER_ETIME;
    __atomic_add_fetch(&n_waiting, 1u, __ATOMIC_SEQ_CST);
    while (call->host->remaining_ms(call) > 0) {
        if (__atomic_load_n(&stream->canceled, __ATOMIC_SEQ_CST)) {
            code = PROVIDER_ECANCEL;
            break;
        }
        usleep(1000);
    }
    __atomic_sub_fetch(&n_waiting, 1u, __ATOMIC_SEQ_CST);
    return fault_explain(call, code,
                         code == PROVIDER_ETIME ? "no peer has it" : "it was cancelled");
}

/* At most a step, and not across the break: what is behind it is not there yet. */
static size_t fill(const struct provider_stream *stream, uint64_t offset, char *to, size_t len)
{
    uint64_t end = stream->file != FAULT_STREAM_GOOD && offset < FAULT_STREAM_BREAK
                       ? FAULT_STREAM_BREAK
                       : FAULT_STREAM_SIZE;
    size_t n = 0;
    for (; n < len && n < FAULT_STREAM_STEP && offset + n < end; n++)
        to[n] = fault_stream_byte(stream->file, offset + n);
    return n;
}

static int read_behind_the_break(struct provider_call *call, struct provider_stream *stream)
{
    if (stream->file == FAULT_STREAM_BREAKS)
        return wait_for_bytes(call, stream);
    return stream->file == FAULT_STREAM_FAILS
               ? fault_explain(call, PROVIDER_EIO, "the disk is broken")
               : 0;
}

static int stream_read(struct provider *self, struct provider_call *call,
                       struct provider_stream *stream, uint64_t offset, void *bytes, size_t len,
                       size_t *out)
{
    int is_behind = offset >= FAULT_STREAM_BREAK;
    int code = 0;
    (void)self;
    if (__atomic_load_n(&stream->canceled, __ATOMIC_SEQ_CST))
        return fault_explain(call, PROVIDER_ECANCEL, "it was cancelled");
    if (stream->file == FAULT_STREAM_STALLS)
        return wait_for_bytes(call, stream);
    if (is_behind)
        code = read_behind_the_break(call, stream);
    *out = stream->file == FAULT_STREAM_TOO_MANY ? len + 1 : 0;
    if (code == 0 && *out == 0 && !(is_behind && stream->file == FAULT_STREAM_ENDS))
        *out = fill(stream, offset, bytes, len);
    return code;
}

static int stream_state(struct provider *self, struct provider_call *call,
                        struct provider_stream *stream, struct provider_stream_state *out)
{
    uint32_t n = out->n_ranges < 2 ? out->n_ranges : 2;
    uint32_t is_good = stream->file == FAULT_STREAM_GOOD;
    (void)self;
    (void)call;
    out->ready = is_good;
    out->eta_ms = is_good ? 0 : -1;
    out->peers = __atomic_load_n(&n_open, __ATOMIC_SEQ_CST);
    out->seeds = __atomic_load_n(&n_waiting, __ATOMIC_SEQ_CST);
    out->rate = __atomic_load_n(&n_canceled, __ATOMIC_SEQ_CST);
    out->file_size = FAULT_STREAM_SIZE;
    out->have = FAULT_STREAM_BREAK;
    out->n_ranges = n;
    if (n > 0)
        out->ranges[0] = (struct provider_range){ .first = 0, .len = FAULT_STREAM_BREAK - 3 };
    if (n > 1)
        out->ranges[1] = (struct provider_range){ .first = FAULT_STREAM_SIZE - 3, .len = 3 };
    if (n > 1 && stream->file == FAULT_STREAM_RANGES)
        out->ranges[1].first = 5;
    return 0;
}

static void stream_cancel(struct provider *self, struct provider_stream *stream)
{
    (void)self;
    if (!__atomic_exchange_n(&stream->canceled, 1, __ATOMIC_SEQ_CST))
        __atomic_add_fetch(&n_canceled, 1u, __ATOMIC_SEQ_CST);
}

static void stream_close(struct provider *self, struct provider_stream *stream)
{
    (void)self;
    free(stream);
    __atomic_sub_fetch(&n_open, 1u, __ATOMIC_SEQ_CST);
}

static int stream_metainfo(struct provider *self, struct provider_call *call, const char *infohash,
                           void (*take)(void *context, const char *bytes, size_t len),
                           void *context)
{
    (void)self;
    if (strcmp(infohash, v1) != 0)
        return fault_explain(call, PROVIDER_ENOTFOUND, "nobody resolved it");
    take(context, "d4:infod0:ee", 12);
    return 0;
}

static int stream_forget(struct provider *self, struct provider_call *call, const char *infohash)
{
    (void)self;
    (void)infohash;
    return __atomic_load_n(&n_open, __ATOMIC_SEQ_CST)
               ? fault_explain(call, PROVIDER_EBUSY, "it is read")
               : 0;
}

static int stream_learn(struct provider *self, struct provider_call *call, const char *infohash,
                        const char *bytes, size_t len)
{
    (void)self;
    if (strcmp(infohash, v1) != 0 || len != 12 || memcmp(bytes, "d4:infod0:ee", len) != 0)
        return fault_explain(call, PROVIDER_EINVAL, "it is another torrent's");
    return 0;
}

static const struct provider_streams streams = {
    .size = sizeof streams,
    .open = stream_open,
    .read = stream_read,
    .state = stream_state,
    .cancel = stream_cancel,
    .close = stream_close,
    .metainfo = stream_metainfo,
    .forget = stream_forget,
    .learn = stream_learn,
};

static int stream_check(struct provider *self, struct provider_call *call, const char *magnet,
                        struct provider_swarm *out)
{
    (void)self;
    if (!strstr(magnet, v1))
        return fault_explain(call, PROVIDER_ETIME, "nobody answered");
    *out = (struct provider_swarm){ .size = out->size,
                                    .seeds = 7,
                                    .peers = 3,
                                    .dht_peers = -1,
                                    .trackers = 2,
                                    .answers = 1,
                                    .metadata_ms = -1 };
    return 0;
}

static const struct provider_availability availability = { .size = sizeof availability,
                                                           .check = stream_check };

static const void *stream_extension(const char *name)
{
    if (strcmp(name, PROVIDER_AVAILABILITY) == 0)
        return &availability;
    return strcmp(name, PROVIDER_STREAMS) == 0 ? &streams : NULL;
}

static const struct provider_api api = { .size = sizeof api,
                                         .resolve_magnet = stream_resolve,
                                         .extension = stream_extension };

FAULT_INFO("fault_stream", api);
