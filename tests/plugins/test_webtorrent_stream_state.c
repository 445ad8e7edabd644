/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: what a stream tells, hands out and forgets. */
#include "webtorrent_stream_test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine_inside.h"
#include "stream_test.h"

static bool is_on_disk(const struct world *world, const char *hash)
{
    CLEANUP(mem_free) char *path = mem_format("%s/data/%s", world->folder, hash);

    return access(path, F_OK) == 0;
}

static void a_torrent_is_forgotten_when_nobody_reads_it(void **state)
{
    const struct world *world = *state;
    const char *hash = swarm_hash(world->swarm);
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct engine_error err;

    swarm_add_seed(world->swarm);
    assert_int_equal(engine_forget(engine, hash, &err), PROVIDER_ENOTFOUND);
    struct engine_stream *stream = open_stream(engine, world, 0);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    assert_int_equal(engine_forget(engine, hash, &err), PROVIDER_EBUSY);
    engine_stream_close(stream);
    assert_int_equal(engine_forget(engine, hash, &err), 0);
    assert_false(is_on_disk(world, hash));
    assert_int_equal(engine_forget(engine, hash, &err), PROVIDER_ENOTFOUND);
    assert_int_equal(engine_forget(engine, "../../etc", &err), PROVIDER_EINVAL);
    engine_close(engine);
}

static void the_torrent_file_is_handed_out(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct engine_error err;
    char *bytes = NULL;
    size_t len = 0;

    assert_int_equal(engine_metainfo_file(engine, swarm_hash(world->swarm), &bytes, &len, &err),
                     PROVIDER_ENOTFOUND);
    swarm_add_seed(world->swarm);
    engine_stream_close(open_stream(engine, world, 0));
    assert_int_equal(engine_metainfo_file(engine, swarm_hash(world->swarm), &bytes, &len, &err), 0);
    assert_true(len > 100);
    assert_memory_equal(bytes, "d8:announce", 11);
    free(bytes);
    assert_int_equal(engine_metainfo_file(engine, "../x", &bytes, &len, &err), PROVIDER_EINVAL);
    engine_close(engine);
}

static void the_state_says_what_is_there(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct engine_range ranges[4];
    struct engine_stream_state now = { .n_ranges = 4, .ranges = ranges };
    struct engine_error err;
    size_t len;

    swarm_bytes(world->swarm, 0, &len);
    learn_only(world);
    struct engine_stream *stream = open_stream(engine, world, 0);
    assert_int_equal(engine_stream_look(stream, &now, &err), 0);
    assert_int_equal(now.size, len);
    assert_true(now.have < len);
    assert_int_equal(now.is_ready, 0);
    engine_stream_close(stream);

    swarm_add_seed(world->swarm);
    engine_close(engine);
    engine = make_engine(world, LOOPBACK, 0);
    stream = open_stream(engine, world, 0);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    now.n_ranges = 4;
    assert_int_equal(engine_stream_look(stream, &now, &err), 0);
    assert_int_equal(now.have, len);
    assert_int_equal(now.is_ready, 1);
    assert_int_equal(now.eta_ms, 0);
    assert_int_equal(now.n_ranges, 1);
    assert_int_equal(ranges[0].first, 0);
    assert_int_equal(ranges[0].len, len);
    engine_stream_close(stream);
    engine_close(engine);
}

struct taken {
    char bytes[10000];
    size_t len;
};

static void take_bytes(void *context, const char *bytes, size_t len)
{
    struct taken *taken = context;

    assert_true(len > 0 && len <= sizeof(taken->bytes) && bytes[0] == 'd');
    memcpy(taken->bytes, bytes, len);
    taken->len = len;
}

/* What was learnt is handed out as what was resolved; what is another's is not. */
static void learn_again(const struct provider_streams *streams, struct provider *self,
                        struct provider_call *call, const char *hash, const struct taken *taken)
{
    static const char other[] = "0123456789abcdef0123456789abcdef01234567";
    static struct taken again;

    assert_int_equal(streams->metainfo(self, call, hash, take_bytes, &again), PROVIDER_ENOTFOUND);
    assert_int_equal(streams->learn(self, call, hash, "d4:infodee", 10), PROVIDER_EINVAL);
    assert_int_equal(streams->learn(self, call, hash, taken->bytes, taken->len - 1),
                     PROVIDER_EINVAL);
    assert_int_equal(streams->learn(self, call, other, taken->bytes, taken->len), PROVIDER_EINVAL);
    assert_int_equal(streams->learn(self, call, "../x", taken->bytes, taken->len), PROVIDER_EINVAL);
    assert_int_equal(streams->metainfo(self, call, hash, take_bytes, &again), PROVIDER_ENOTFOUND);
    assert_int_equal(streams->learn(self, call, hash, taken->bytes, taken->len), 0);
    assert_int_equal(streams->learn(self, call, hash, taken->bytes, taken->len), 0);
    assert_int_equal(streams->metainfo(self, call, hash, take_bytes, &again), 0);
    assert_int_equal(again.len, taken->len);
    assert_memory_equal(again.bytes, taken->bytes, taken->len);
}

/* Through the module's own table, as the host does. */
static void the_extension_reads_a_file(void **state)
{
    const struct world *world = *state;
    struct fake_host *host = make_host(world);
    struct provider_stream *stream = NULL;
    struct provider_range range;
    struct provider_stream_state now = { .size = sizeof(now), .n_ranges = 1, .ranges = &range };
    static struct taken taken;
    size_t len, n = 0;
    const unsigned char *expected = swarm_bytes(world->swarm, 2, &len);
    unsigned char bytes[1000];

    swarm_add_seed(world->swarm);
    assert_int_equal(fake_host_open(host), 0);
    const struct provider_streams *streams = fake_host_info(host)->api->extension(PROVIDER_STREAMS);
    struct provider *self = fake_host_provider(host);
    struct provider_call *call = fake_host_call(host);
    assert_int_equal(streams->open(self, call, "magnet:?", 2, &stream), PROVIDER_EINVAL);
    assert_int_equal(streams->open(self, call, swarm_magnet(world->swarm), 9, &stream),
                     PROVIDER_ENOTFOUND);
    assert_int_equal(streams->open(self, call, swarm_magnet(world->swarm), 2, &stream), 0);
    assert_int_equal(streams->read(self, call, stream, 39500, bytes, sizeof(bytes), &n), 0);
    assert_int_equal(n, 501);
    assert_memory_equal(bytes, expected + 39500, n);
    assert_int_equal(streams->state(self, call, stream, &now), 0);
    assert_int_equal(now.file_size, len);
    assert_true(now.have > 0 && now.n_ranges == 1);
    assert_int_equal(streams->forget(self, call, swarm_hash(world->swarm)), PROVIDER_EBUSY);
    assert_int_equal(streams->metainfo(self, call, swarm_hash(world->swarm), take_bytes, &taken),
                     0);
    streams->cancel(self, stream);
    fake_host_set_remaining(host, 0);
    streams->close(self, stream);
    assert_int_equal(streams->forget(self, call, swarm_hash(world->swarm)), 0);
    fake_host_set_remaining(host, 60000);
    learn_again(streams, self, call, swarm_hash(world->swarm), &taken);
    fake_host_free(host);
}

/* A deadline that is told in the moment in which the last piece arrives has libtorrent ask for
 * what chooses among them. */
static void a_whole_torrent_can_still_be_asked_for_pieces(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_seed(world->swarm);
    read_everything(world, engine);
    assert_true(engine_is_whole_and_chooses(engine));
    engine_close(engine);
}

static const struct CMUnitTest tests[] = {
    IN_V1(a_torrent_is_forgotten_when_nobody_reads_it),
    IN_V1(the_torrent_file_is_handed_out),
    IN_V1(the_state_says_what_is_there),
    IN_V1(the_extension_reads_a_file),
    IN_V1(a_whole_torrent_can_still_be_asked_for_pieces),
};

const struct test_part webtorrent_stream_state_part = TEST_PART(tests);
