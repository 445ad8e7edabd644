/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: whether a swarm is alive, by what trackers claim and by who is met. */
#include "../test.h"

#include <stdlib.h>
#include <string.h>

#include "webtorrent_test.h"

static int ask(struct fake_host *host, const char *magnet, struct provider_swarm *out)
{
    assert_int_equal(fake_host_open(host), 0);
    const struct provider_availability *availability =
        fake_host_info(host)->api->extension(PROVIDER_AVAILABILITY);

    assert_non_null(availability);
    *out = (struct provider_swarm){ .size = sizeof(*out) };
    return availability->check(fake_host_provider(host), fake_host_call(host), magnet, out);
}

static char *both_trackers(const struct world *world)
{
    return mem_format("%s&tr=%s", swarm_magnet(world->swarm), swarm_udp_tracker(world->swarm));
}

static void a_living_swarm_is_met(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    struct provider_swarm swarm;

    swarm_add_seed(world->swarm);
    swarm_claim(world->swarm, 7, 3);
    if (ask(host, swarm_magnet(world->swarm), &swarm) != 0)
        fail_msg("%s", fake_host_error(host));
    assert_int_equal(swarm.seeds, 7);
    assert_int_equal(swarm.peers, 3);
    assert_int_equal(swarm.trackers, 1);
    assert_int_equal(swarm.answers, 1);
    assert_int_equal(swarm.met, 1);
    assert_int_equal(swarm.seeds_met, 1);
    assert_true(swarm.metadata_ms >= 0);
    assert_int_equal(swarm.dht_peers, -1);
    fake_host_free(host);
}

static void figures_of_two_trackers_are_not_added_up(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    struct provider_swarm swarm;
    CLEANUP(mem_free) char *magnet = both_trackers(world);

    swarm_add_seed(world->swarm);
    swarm_claim(world->swarm, 20, 5);
    assert_int_equal(ask(host, magnet, &swarm), 0);
    assert_int_equal(swarm.seeds, 20);
    assert_int_equal(swarm.peers, 5);
    assert_int_equal(swarm.trackers, 2);
    assert_int_equal(swarm.answers, 2);
    fake_host_free(host);
}

static void figures_nobody_can_have_do_not_count(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    struct provider_swarm swarm;
    CLEANUP(mem_free) char *magnet = both_trackers(world);

    swarm_add_seed(world->swarm);
    swarm_claim(world->swarm, 2000000000, -5);
    assert_int_equal(ask(host, magnet, &swarm), 0);
    assert_int_equal(swarm.seeds, -1);
    assert_int_equal(swarm.peers, -1);
    assert_int_equal(swarm.met, 1);
    fake_host_free(host);
}

static void a_tracker_may_claim_what_nobody_meets(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    struct provider_swarm swarm;

    swarm_add_dead_peer(world->swarm);
    swarm_claim(world->swarm, 900, 80);
    assert_int_equal(ask(host, swarm_magnet(world->swarm), &swarm), 0);
    assert_int_equal(swarm.seeds, 900);
    assert_int_equal(swarm.met, 0);
    assert_int_equal(swarm.metadata_ms, -1);
    fake_host_free(host);
}

static void a_liar_is_no_seed(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    struct provider_swarm swarm;

    swarm_add_peer(world->swarm, "lying");
    assert_int_equal(ask(host, swarm_magnet(world->swarm), &swarm), 0);
    assert_int_equal(swarm.seeds_met, 0);
    assert_int_equal(swarm.metadata_ms, -1);
    fake_host_free(host);
}

static void where_nobody_answers_nothing_is_claimed(void **state)
{
    struct fake_host *host = make_host(*state);
    struct provider_swarm swarm;

    fake_host_set_remaining(host, 0);
    assert_int_equal(
        ask(host, "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c", &swarm),
        PROVIDER_ETIME);
    assert_string_not_equal(fake_host_error(host), "");
    fake_host_free(host);
}

static void a_link_in_doubt_and_a_short_table_are_refused(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    struct provider_swarm swarm;

    assert_int_equal(ask(host, "magnet:?xt=urn:btih:1234", &swarm), PROVIDER_EINVAL);
    const struct provider_availability *availability =
        fake_host_info(host)->api->extension(PROVIDER_AVAILABILITY);
    swarm.size = 8;
    assert_int_equal(availability->check(fake_host_provider(host), fake_host_call(host),
                                         swarm_magnet(world->swarm), &swarm),
                     PROVIDER_EINVAL);
    assert_null(fake_host_info(host)->api->extension("miauflix.availability/2"));
    fake_host_free(host);
}

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_V1(a_living_swarm_is_met),
        IN_V1(figures_of_two_trackers_are_not_added_up),
        IN_V1(figures_nobody_can_have_do_not_count),
        IN_V1(a_tracker_may_claim_what_nobody_meets),
        IN_V1(a_liar_is_no_seed),
        IN_V1(where_nobody_answers_nothing_is_claimed),
        IN_V1(a_link_in_doubt_and_a_short_table_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
