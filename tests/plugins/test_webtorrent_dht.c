/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: peers found without a tracker, through a DHT on loopback, and what it must
 * not be told. */
#include "../test.h"

#include <unistd.h>

#include "stream_test.h"

#define NOBODYS "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c"
#define NOBODYS_EITHER "ad8255ecdc7ca55fb0bbf81323d87062db1f6d1c"

/* Waits until the DHT was asked for a torrent, however slow the machine is, and a little then. */
struct until {
    const struct swarm *swarm;
    const char *hash;
    unsigned (*n)(const struct swarm *swarm, const char *hash);
    struct patience before, after;
};

static uint32_t spend_until(void *context)
{
    struct until *until = context;

    return spend(until->n(until->swarm, until->hash) > 0 ? &until->after : &until->before);
}

static struct until until_sought(const struct swarm *swarm, const char *hash)
{
    return (struct until){ swarm, hash, swarm_dht_n_sought, { MUCH }, { LITTLE } };
}

static struct until until_announced(const struct swarm *swarm, const char *hash)
{
    return (struct until){ swarm, hash, swarm_dht_n_announced, { MUCH }, { 0 } };
}

static struct engine_options with_dht(const struct world *world)
{
    struct engine_options options = engine_options_of(world);

    options.dht = 1;
    options.dht_nodes = swarm_dht_gate(world->swarm);
    return options;
}

/* Without trackers, unless it is told some. */
static int open_by_hash(struct engine *engine, const struct world *world, const char *tracker,
                        const struct engine_wait *wait, struct engine_stream **out)
{
    struct engine_magnet magnet = magnet_of(world, &tracker);
    struct engine_error err = { .code = 0 };

    magnet.n_trackers = tracker != NULL;
    const int code = engine_stream_open(engine, &magnet, 0, wait, out, &err);
    free((void *)(uintptr_t)magnet.v2);
    return code;
}

static void assert_streams_by_hash(struct engine *engine, const struct world *world)
{
    struct patience patience = { .steps = MUCH };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_stream *stream = NULL;

    assert_int_equal(open_by_hash(engine, world, NULL, &wait, &stream), 0);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    engine_stream_close(stream);
}

/* The DHT is asked for it, and nobody is found who has it. */
static void assert_finds_nobody(struct engine *engine, const struct world *world)
{
    struct until until = until_sought(world->swarm, swarm_hash(world->swarm));
    const struct engine_wait wait = { spend_until, &until };
    struct engine_stream *stream = NULL;

    assert_int_equal(open_by_hash(engine, world, NULL, &wait, &stream), PROVIDER_ETIME);
    assert_true(swarm_dht_n_sought(world->swarm, swarm_hash(world->swarm)) > 0);
}

/* After it the DHT is known to be in use, and to have heard all it was told before. */
static void announce(struct engine *engine, const struct swarm *swarm, const char *hash)
{
    struct until until = until_announced(swarm, hash);
    const struct engine_wait wait = { spend_until, &until };
    const struct engine_magnet magnet = { .v1 = hash };
    struct engine_metainfo *torrent = NULL;
    struct engine_error err;

    assert_int_equal(engine_resolve(engine, &magnet, &wait, &torrent, &err), PROVIDER_ETIME);
    assert_true(swarm_dht_n_announced(swarm, hash) > 0);
}

/* --- Found. */

static void found_without_a_tracker(enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;

    swarm_start_dht(world->swarm, "gate honest honest");
    swarm_add_seed(world->swarm);
    const struct engine_options options = with_dht(world);
    struct engine *engine = start_engine(&options);
    assert_streams_by_hash(engine, world);
    engine_close(engine);
    assert_int_equal(swarm_n_asked(world->swarm), 0);
    unmake(&state);
}

static void a_v1_torrent_is_found_without_a_tracker(void **state UNUSED)
{
    found_without_a_tracker(SWARM_V1);
}

static void a_v2_torrent_is_found_without_a_tracker(void **state UNUSED)
{
    found_without_a_tracker(SWARM_V2);
}

static int check_by_hash(const struct world *world, const char *dht, struct provider_swarm *out)
{
    struct fake_host *host = make_host(world);
    char magnet[100];

    snprintf(magnet, sizeof(magnet), "magnet:?xt=urn:btih:%s", swarm_hash(world->swarm));
    fake_host_set_option(host, "dht", dht);
    fake_host_set_option(host, "dht_nodes", swarm_dht_gate(world->swarm));
    assert_int_equal(fake_host_open(host), 0);
    const struct provider_availability *availability =
        fake_host_info(host)->api->extension(PROVIDER_AVAILABILITY);
    *out = (struct provider_swarm){ .size = sizeof(*out) };
    const int code =
        availability->check(fake_host_provider(host), fake_host_call(host), magnet, out);
    fake_host_free(host);
    return code;
}

static void a_swarm_without_a_tracker_is_met(void **state)
{
    const struct world *world = *state;
    struct provider_swarm swarm;
    int code = PROVIDER_ETIME;

    swarm_start_dht(world->swarm, "gate honest honest");
    swarm_add_seed(world->swarm);
    /* It gives up after a few seconds, which a loaded machine may need for less. */
    for (size_t i = 0; i < 10 && (code != 0 || swarm.metadata_ms < 0); i++)
        code = check_by_hash(world, "true", &swarm);
    assert_int_equal(code, 0);
    assert_true(swarm.dht_peers >= 1);
    assert_true(swarm.met >= 1);
    assert_true(swarm.metadata_ms >= 0);
    assert_int_equal(swarm.seeds, -1);
    assert_int_equal(swarm.answers, 0);
}

static void without_the_dht_nobody_is_met(void **state)
{
    const struct world *world = *state;
    struct provider_swarm swarm;

    swarm_start_dht(world->swarm, "gate honest honest");
    swarm_add_seed(world->swarm);
    assert_int_equal(check_by_hash(world, "false", &swarm), PROVIDER_ETIME);
    assert_int_equal(swarm_dht_n_asked(world->swarm), 0);
}

/* --- Not found, or not at once. */

static void without_the_dht_it_is_not_asked(void **state)
{
    const struct world *world = *state;
    struct patience patience = { .steps = LITTLE };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_stream *stream = NULL;

    swarm_start_dht(world->swarm, "gate honest honest");
    swarm_add_seed(world->swarm);
    struct engine_options options = with_dht(world);
    options.dht = 0;
    struct engine *engine = start_engine(&options);
    assert_int_equal(open_by_hash(engine, world, NULL, &wait, &stream), PROVIDER_ETIME);
    engine_close(engine);
    assert_int_equal(swarm_dht_n_asked(world->swarm), 0);
}

static void nodes_that_talk_rubbish_or_lie_do_no_harm(void **state)
{
    const struct world *world = *state;

    swarm_start_dht(world->swarm, "gate rubbish lying honest");
    swarm_add_dead_peer(world->swarm);
    swarm_add_peer(world->swarm, "lying");
    swarm_add_seed(world->swarm);
    const struct engine_options options = with_dht(world);
    struct engine *engine = start_engine(&options);
    assert_streams_by_hash(engine, world);
    engine_close(engine);
}

static void where_all_nodes_lie_a_tracker_still_helps(void **state)
{
    const struct world *world = *state;
    struct patience patience = { .steps = MUCH };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_stream *stream = NULL;

    swarm_start_dht(world->swarm, "gate rubbish lying");
    const struct engine_options options = with_dht(world);
    struct engine *engine = start_engine(&options);
    assert_finds_nobody(engine, world);
    swarm_add_seed(world->swarm);
    assert_int_equal(open_by_hash(engine, world, swarm_tracker(world->swarm), &wait, &stream), 0);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    engine_stream_close(stream);
    engine_close(engine);
}

static void a_peer_in_a_network_that_is_not_allowed_is_not_gone_to(void **state)
{
    const struct world *world = *state;

    swarm_start_dht(world->swarm, "gate honest");
    swarm_add_seed(world->swarm);
    struct engine_options options = with_dht(world);
    options.allow_networks = NULL;
    struct engine *engine = start_engine(&options);
    assert_finds_nobody(engine, world);
    engine_close(engine);
}

/* --- What the DHT is told. */

static void who_looks_for_a_torrent_is_announced(void **state)
{
    const struct world *world = *state;

    swarm_start_dht(world->swarm, "gate honest");
    const struct engine_options options = with_dht(world);
    struct engine *engine = start_engine(&options);
    announce(engine, world->swarm, NOBODYS);
    engine_close(engine);
    assert_int_equal(swarm_dht_n_sought(world->swarm, swarm_hash(world->swarm)), 0);
}

static void survey(struct engine *engine, const struct world *world)
{
    const char *const trackers[] = { swarm_tracker(world->swarm) };
    const struct engine_magnet magnet = magnet_of(world, trackers);
    struct patience patience = { .steps = LITTLE };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_survey found;
    struct engine_error err;

    if (engine_ask_swarm(engine, &magnet, &wait, &found, &err) == 0)
        assert_int_equal(found.dht_peers, -1);
}

static void the_dht_is_never_told_of_a_private_torrent(void **state UNUSED)
{
    void *own = make_world(SWARM_PRIVATE);
    const struct world *world = own;
    const char *hash = swarm_hash(world->swarm);

    swarm_start_dht(world->swarm, "gate honest");
    swarm_add_seed(world->swarm);
    swarm_put_torrent(world->swarm, world->folder);
    const struct engine_options options = with_dht(world);
    struct engine *engine = start_engine(&options);
    announce(engine, world->swarm, NOBODYS);
    survey(engine, world);
    assert_streams_by_hash(engine, world); /* its file names the tracker */
    survey(engine, world);
    announce(engine, world->swarm, NOBODYS_EITHER);
    engine_close(engine);
    assert_int_equal(swarm_dht_n_sought(world->swarm, hash), 0);
    assert_int_equal(swarm_dht_n_announced(world->swarm, hash), 0);
    unmake(&own);
}

/* --- Kept. */

static void remove_file(const struct world *world, const char *name, const char *suffix)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s%s", world->folder, name, suffix);

    assert_int_equal(unlink(path), 0);
}

/* Who was met once is gone to again, when those one begins with are dead and when there are none.
 */
static void the_nodes_it_met_are_kept(void **state)
{
    const struct world *world = *state;
    static const char *const gone[] = { "127.0.0.1:1", NULL };

    swarm_start_dht(world->swarm, "gate honest honest");
    struct engine_options options = with_dht(world);
    struct engine *engine = start_engine(&options);
    announce(engine, world->swarm, NOBODYS);
    engine_close(engine);

    swarm_add_seed(world->swarm);
    for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
        options.dht_nodes = gone[i];
        engine = start_engine(&options);
        assert_streams_by_hash(engine, world);
        engine_close(engine);
        remove_file(world, swarm_hash(world->swarm), ".torrent"); /* to be asked for again */
    }
}

static void without_what_it_kept_it_knows_nobody(void **state)
{
    const struct world *world = *state;
    struct patience patience = { .steps = LITTLE };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_stream *stream = NULL;

    swarm_start_dht(world->swarm, "gate honest honest");
    struct engine_options options = with_dht(world);
    struct engine *engine = start_engine(&options);
    announce(engine, world->swarm, NOBODYS);
    engine_close(engine);
    remove_file(world, "session", ".state");

    swarm_add_seed(world->swarm);
    options.dht_nodes = NULL;
    engine = start_engine(&options);
    assert_int_equal(open_by_hash(engine, world, NULL, &wait, &stream), PROVIDER_ETIME);
    engine_close(engine);
    assert_int_equal(swarm_dht_n_sought(world->swarm, swarm_hash(world->swarm)), 0);
}

static void what_it_kept_may_be_damaged(void **state)
{
    const struct world *world = *state;
    CLEANUP(mem_free) char *path = mem_format("%s/session.state", world->folder);
    static const char *const damages[] = { "", "d", "d9:dht statei7ee",
                                           "d9:dht stated5:nodesl3:abc6:abcdefee" };

    swarm_start_dht(world->swarm, "gate honest");
    const struct engine_options options = with_dht(world);
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(damages[i], file);
        fclose(file);
        struct engine *engine = start_engine(&options);
        announce(engine, world->swarm, NOBODYS);
        engine_close(engine);
    }
}

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_v1_torrent_is_found_without_a_tracker),
        cmocka_unit_test(a_v2_torrent_is_found_without_a_tracker),
        IN_V1(a_swarm_without_a_tracker_is_met),
        IN_V1(without_the_dht_nobody_is_met),
        IN_V1(without_the_dht_it_is_not_asked),
        IN_V1(nodes_that_talk_rubbish_or_lie_do_no_harm),
        IN_V1(where_all_nodes_lie_a_tracker_still_helps),
        IN_V1(a_peer_in_a_network_that_is_not_allowed_is_not_gone_to),
        IN_V1(who_looks_for_a_torrent_is_announced),
        cmocka_unit_test(the_dht_is_never_told_of_a_private_torrent),
        IN_V1(the_nodes_it_met_are_kept),
        IN_V1(without_what_it_kept_it_knows_nobody),
        IN_V1(what_it_kept_may_be_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
