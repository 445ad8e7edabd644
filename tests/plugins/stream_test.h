/* SPDX-License-Identifier: MIT
 *
 * What the tests of streams share: to open, to read, and to compare each byte. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "webtorrent_test.h"

#define LOOPBACK "127.0.0.0/8"

enum { MUCH = 5000, LITTLE = 20, CHUNK = 50000 };

static inline struct engine_magnet magnet_of(const struct world *world,
                                             const char *const trackers[1])
{
    const bool is_v2 = strstr(swarm_magnet(world->swarm), "btih") == NULL;
    const char *v2 = strstr(swarm_magnet(world->swarm), "1220");

    return (struct engine_magnet){ .v1 = is_v2 ? NULL : swarm_hash(world->swarm),
                                   .v2 = is_v2 ? strndup(v2 + 4, 64) : NULL,
                                   .trackers = trackers,
                                   .n_trackers = 1 };
}

static inline int try_open(struct engine *engine, const struct world *world, uint64_t file,
                           unsigned steps, struct engine_stream **out, struct engine_error *err)
{
    const char *const trackers[] = { swarm_tracker(world->swarm) };
    const struct engine_magnet magnet = magnet_of(world, trackers);
    struct patience patience = { .steps = steps };
    const struct engine_wait wait = patience_wait(&patience);
    const int code = engine_stream_open(engine, &magnet, file, &wait, out, err);

    free((void *)(uintptr_t)magnet.v2);
    return code;
}

static inline struct engine_stream *open_stream(struct engine *engine, const struct world *world,
                                                uint64_t file)
{
    struct engine_stream *stream = NULL;
    struct engine_error err = { .code = 0 };

    if (try_open(engine, world, file, MUCH, &stream, &err) != 0)
        fail_msg("%s", err.text);
    return stream;
}

static inline int read_at(struct engine_stream *stream, uint64_t offset, void *bytes, size_t len,
                          unsigned steps, size_t *out)
{
    struct patience patience = { .steps = steps };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_error err = { .code = 0 };

    return engine_stream_read(stream, offset, bytes, len, &wait, out, &err);
}

/* From `offset` to the end, each byte compared; 0, or what read answered. */
static inline int compare(const struct world *world, struct engine_stream *stream, size_t file,
                          uint64_t offset, unsigned steps)
{
    size_t len, n = 1;
    const unsigned char *expected = swarm_bytes(world->swarm, file, &len);
    CLEANUP(mem_free) char *bytes = mem_alloc_array(CHUNK, 1);

    while (n > 0) {
        const int code = read_at(stream, offset, bytes, CHUNK, steps, &n);
        if (code != 0)
            return code;
        assert_true(offset + n <= len);
        assert_memory_equal(bytes, expected + offset, n);
        offset += n;
    }
    assert_int_equal(offset, len);
    return 0;
}
