/* SPDX-License-Identifier: MIT
 *
 * What the parts of the tests of plugins/webtorrent about streams share. */
#pragma once

#include "../test.h"

#include "stream_test.h"

#include "../parts.h"

static inline void read_everything(const struct world *world, struct engine *engine)
{
    for (size_t i = 0; i < SWARM_FILES; i++) {
        struct engine_stream *stream = open_stream(engine, world, i);
        assert_int_equal(compare(world, stream, i, 0, MUCH), 0);
        engine_stream_close(stream);
    }
}

static inline void learn_only(const struct world *world)
{
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_seed(world->swarm);
    engine_stream_close(open_stream(engine, world, 2));
    engine_close(engine);
    swarm_forget_peers(world->swarm);
}

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

extern const struct test_part webtorrent_stream_disk_part;
extern const struct test_part webtorrent_stream_state_part;
