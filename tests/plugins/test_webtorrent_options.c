/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: what an operator or a torrent's author asks for is kept to, and peers that
 * are banned with a liar come back. */
#include "../test.h"

#include "stream_test.h"

static int open_and_compare(const struct world *world, const struct engine_options *options,
                            unsigned steps)
{
    struct engine *engine = start_engine(options);
    struct engine_stream *stream = NULL;
    struct engine_error err;
    int code = try_open(engine, world, 0, steps, &stream, &err);

    if (code == 0)
        code = compare(world, stream, 0, 0, steps);
    engine_stream_close(stream);
    engine_close(engine);
    return code;
}

static void a_proxy_that_is_down_lets_nothing_out(void **state)
{
    const struct world *world = *state;
    struct engine_options options = engine_options_of(world);
    static const char *const proxies[] = { "socks5://127.0.0.1:1", "http://127.0.0.1:1" };

    swarm_add_seed(world->swarm);
    for (size_t i = 0; i < ARRAY_LEN(proxies); i++) {
        options.proxy = proxies[i];
        assert_int_equal(open_and_compare(world, &options, LITTLE), PROVIDER_ETIME);
        assert_int_equal(swarm_n_asked(world->swarm), 0);
    }
    options.proxy = NULL;
    assert_int_equal(open_and_compare(world, &options, MUCH), 0);
    assert_true(swarm_n_asked(world->swarm) > 0);
}

static void with_encryption_required_plain_peers_are_not_talked_to(void **state)
{
    const struct world *world = *state;
    struct engine_options options = engine_options_of(world);

    swarm_add_peer(world->swarm, "honest"); /* it knows no encryption */
    options.encryption = ENGINE_ENCRYPTED;
    assert_int_equal(open_and_compare(world, &options, LITTLE), PROVIDER_ETIME);
    options.encryption = ENGINE_PLAIN;
    assert_int_equal(open_and_compare(world, &options, MUCH), 0);
}

static void with_encryption_required_each_byte_comes_from_who_knows_it(void **state)
{
    const struct world *world = *state;
    struct engine_options options = engine_options_of(world);

    swarm_add_seed(world->swarm);
    options.encryption = ENGINE_ENCRYPTED;
    assert_int_equal(open_and_compare(world, &options, MUCH), 0);
}

static size_t n_trackers_after(struct engine *engine, const struct world *world,
                               const char *const *trackers, size_t n, int *is_private)
{
    const struct engine_magnet magnet = { .v1 = swarm_hash(world->swarm),
                                          .trackers = trackers,
                                          .n_trackers = n };
    struct patience patience = { .steps = MUCH };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_metainfo *torrent = NULL;
    struct engine_error err;

    if (engine_resolve(engine, &magnet, &wait, &torrent, &err) != 0)
        fail_msg("%s", err.text);
    n = torrent->n_trackers;
    *is_private = torrent->is_private;
    engine_metainfo_free(torrent);
    return n;
}

/* Whoever runs a private torrent says where its peers meet: what a link adds later is not asked. */
static void others_trackers(enum swarm_format format, bool is_private)
{
    void *state = make_world(format);
    const struct world *world = state;
    struct engine_options options = engine_options_of(world);
    const char *const trackers[] = { swarm_tracker(world->swarm), "http://127.0.0.1:1/announce" };
    struct engine *engine = start_engine(&options);
    int says;

    swarm_add_seed(world->swarm);
    swarm_put_torrent(world->swarm, world->folder);
    assert_int_equal(n_trackers_after(engine, world, trackers, 1, &says), 1);
    assert_int_equal(says, is_private);
    assert_int_equal(n_trackers_after(engine, world, trackers, 2, &says), is_private ? 1 : 2);
    engine_close(engine);
    assert_int_equal(open_and_compare(world, &options, MUCH), 0);
    unmake(&state);
}

static void a_private_torrent_keeps_to_its_own_trackers(void **state UNUSED)
{
    others_trackers(SWARM_PRIVATE, true);
}

static void another_torrent_takes_what_trackers_it_is_told(void **state UNUSED)
{
    others_trackers(SWARM_V1, false);
}

/* Only wrong pieces come: after a while all peers are met anew, those that were banned and those
 * that came meanwhile.  Nothing else would ask the tracker again for half an hour. */
static void after_wrong_pieces_alone_peers_are_met_anew(void **state)
{
    const struct world *world = *state;
    struct engine_options options = engine_options_of(world);
    struct engine *engine = start_engine(&options);
    size_t n;
    char byte;

    swarm_add_corrupt_seed(world->swarm);
    struct engine_stream *stream = open_stream(engine, world, 0);
    assert_int_equal(read_at(stream, 0, &byte, 1, LITTLE, &n), PROVIDER_ETIME);
    swarm_forget_peers(world->swarm);
    swarm_add_seed(world->swarm);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    engine_stream_close(stream);
    engine_close(engine);
}

static void it_listens_where_it_is_told(void **state)
{
    const struct world *world = *state;
    struct engine_options options = engine_options_of(world);
    struct engine *engine = start_engine(&options);
    const int port = engine_port(engine);
    CLEANUP(mem_free) char *listen = mem_format("127.0.0.1:%d", port);

    assert_true(port > 0);
    engine_close(engine);
    options.listen = listen;
    engine = start_engine(&options);
    assert_int_equal(engine_port(engine), port);
    engine_close(engine);
}

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_V1(a_proxy_that_is_down_lets_nothing_out),
        IN_V1(with_encryption_required_plain_peers_are_not_talked_to),
        IN_V1(with_encryption_required_each_byte_comes_from_who_knows_it),
        cmocka_unit_test(a_private_torrent_keeps_to_its_own_trackers),
        cmocka_unit_test(another_torrent_takes_what_trackers_it_is_told),
        IN_V1(after_wrong_pieces_alone_peers_are_met_anew),
        IN_V1(it_listens_where_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
