/* SPDX-License-Identifier: MIT
 *
 * miauflix.stream/1.  A stream of the provider is a stream of the engine under another name. */
#include <stdlib.h>

#include "common/host.h"
#include "webtorrent/link.h"
#include "webtorrent/webtorrent.h"

enum { MAX_RANGES = 4096 };

static struct engine_stream *inside(struct provider_stream *stream)
{
    return (struct engine_stream *)stream;
}

static int open_parts(struct provider *self, struct provider_call *call,
                      const struct engine_magnet *magnet, uint32_t file,
                      struct provider_stream **out)
{
    const struct engine_wait wait = webtorrent_wait(call);
    struct engine_stream *stream = NULL;
    struct engine_error err = { .code = 0 };
    struct engine *engine = NULL;
    int code = webtorrent_engine(self, call, &engine);

    if (code)
        return code;
    code = engine_stream_open(engine, magnet, file, &wait, &stream, &err);
    if (code)
        return host_fail(call, code, "%s: %s", magnet->v1 ? magnet->v1 : magnet->v2, err.text);
    *out = (struct provider_stream *)stream;
    return PROVIDER_OK;
}

static int open_file(struct provider *self, struct provider_call *call, const char *magnet,
                     uint32_t file, struct provider_stream **out)
{
    struct link link;
    int code;

    if (link_read(magnet, &link)) {
        const struct engine_magnet parts = link_magnet(&link);
        code = open_parts(self, call, &parts, file, out);
    } else {
        code = host_fail(call, PROVIDER_EINVAL, "no magnet with one hash beyond doubt");
    }
    link_done(&link);
    return code;
}

static int read_bytes(struct provider *self, struct provider_call *call,
                      struct provider_stream *stream, uint64_t offset, void *bytes, size_t len,
                      size_t *out)
{
    const struct engine_wait wait = webtorrent_wait(call);
    struct engine_error err = { .code = 0 };
    const int code = engine_stream_read(inside(stream), offset, bytes, len, &wait, out, &err);

    (void)self;
    return code ? host_fail(call, code, "%s", err.text) : PROVIDER_OK;
}

static void copy_ranges(const struct engine_stream_state *from, struct provider_range *to)
{
    for (size_t i = 0; i < from->n_ranges; i++)
        to[i] =
            (struct provider_range){ .first = from->ranges[i].first, .len = from->ranges[i].len };
}

static int tell_state(struct provider *self, struct provider_call *call,
                      struct provider_stream *stream, struct provider_stream_state *out)
{
    const uint32_t room = out->n_ranges < MAX_RANGES ? out->n_ranges : MAX_RANGES;
    struct engine_stream_state state = { .n_ranges = room,
                                         .ranges = calloc(room + 1, sizeof(*state.ranges)) };
    struct engine_error err = { .code = 0 };
    int code = PROVIDER_ENOMEM;

    (void)self;
    if (!state.ranges)
        return host_fail(call, code, "no memory");
    code = out->size < sizeof(*out) ? PROVIDER_EINVAL
                                    : engine_stream_look(inside(stream), &state, &err);
    if (code == PROVIDER_OK) {
        copy_ranges(&state, out->ranges);
        *out = (struct provider_stream_state){
            .size = out->size,
            .ready = (uint32_t)state.is_ready,
            .eta_ms = state.eta_ms,
            .peers = state.n_peers,
            .seeds = state.n_seeds,
            .n_ranges = (uint32_t)state.n_ranges,
            .file_size = state.size,
            .have = state.have,
            .rate = state.rate,
            .ranges = out->ranges,
        };
    }
    free(state.ranges);
    return code ? host_fail(call, code, "%s", err.text) : PROVIDER_OK;
}

static void cancel(struct provider *self, struct provider_stream *stream)
{
    (void)self;
    engine_stream_cancel(inside(stream));
}

static void close_file(struct provider *self, struct provider_stream *stream)
{
    (void)self;
    engine_stream_close(inside(stream));
}

static int hand_metainfo(struct provider *self, struct provider_call *call, const char *infohash,
                         void (*take)(void *context, const char *bytes, size_t len), void *context)
{
    struct engine_error err = { .code = 0 };
    struct engine *engine = NULL;
    char *bytes = NULL;
    size_t len = 0;
    int code = webtorrent_engine(self, call, &engine);

    if (code)
        return code;
    code = engine_metainfo_file(engine, infohash, &bytes, &len, &err);
    if (code)
        return host_fail(call, code, "%s", err.text);
    take(context, bytes, len);
    free(bytes);
    return PROVIDER_OK;
}

static int forget(struct provider *self, struct provider_call *call, const char *infohash)
{
    struct engine_error err = { .code = 0 };
    struct engine *engine = NULL;
    int code = webtorrent_engine(self, call, &engine);

    if (code)
        return code;
    code = engine_forget(engine, infohash, &err);
    return code ? host_fail(call, code, "%s", err.text) : PROVIDER_OK;
}

static int learn(struct provider *self, struct provider_call *call, const char *infohash,
                 const char *bytes, size_t len)
{
    struct engine_error err = { .code = 0 };
    struct engine *engine = NULL;
    int code = webtorrent_engine(self, call, &engine);

    if (code)
        return code;
    code = engine_learn(engine, infohash, bytes, len, &err);
    return code ? host_fail(call, code, "%s", err.text) : PROVIDER_OK;
}

const struct provider_streams webtorrent_streams = {
    .size = sizeof(webtorrent_streams),
    .open = open_file,
    .read = read_bytes,
    .state = tell_state,
    .cancel = cancel,
    .close = close_file,
    .metainfo = hand_metainfo,
    .forget = forget,
    .learn = learn,
};
