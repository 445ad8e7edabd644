/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent among peers that mean it badly, none of which is libtorrent: never a wrong
 * byte, never a lie believed, and whoever is honest wins. */
#include "../test.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "stream_test.h"

static void read_file(const struct world *world, struct engine *engine, size_t file)
{
    struct engine_stream *stream = open_stream(engine, world, file);

    assert_int_equal(compare(world, stream, file, 0, MUCH), 0);
    engine_stream_close(stream);
}

static void nothing_is_lost_beside(const char *manner, enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_peer(world->swarm, manner);
    swarm_add_seed(world->swarm);
    swarm_add_seed(world->swarm);
    for (size_t i = 0; i < SWARM_FILES; i++)
        read_file(world, engine, i);
    engine_close(engine);
    unmake(&state);
}

static void beside_one_that_corrupts_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("corrupt", SWARM_V1);
}

static void beside_one_that_corrupts_a_hybrid_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("corrupt", SWARM_HYBRID);
}

static void beside_one_that_corrupts_v2_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("corrupt", SWARM_V2);
}

static void beside_false_hashes_of_a_hybrid_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("false_hashes", SWARM_HYBRID);
}

static void beside_false_hashes_of_v2_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("false_hashes", SWARM_V2);
}

static void beside_one_that_stalls_v2_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("stalling", SWARM_V2);
}

static void beside_one_that_lies_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("lying", SWARM_V1);
}

static void beside_one_that_stalls_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("stalling", SWARM_V1);
}

static void beside_one_that_is_silent_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("silent", SWARM_V1);
}

static void beside_one_that_describes_hugely_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("huge_metadata", SWARM_V1);
}

static void beside_one_that_breaks_off_each_byte_is_right(void **state UNUSED)
{
    nothing_is_lost_beside("resetting", SWARM_V1);
}

static void beside_all_of_them_each_byte_is_right(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    const char *const manners[] = { "corrupt", "lying",         "stalling",
                                    "silent",  "huge_metadata", "resetting" };

    for (size_t i = 0; i < ARRAY_LEN(manners); i++)
        swarm_add_peer(world->swarm, manners[i]);
    for (size_t i = 0; i < 3; i++)
        swarm_add_seed(world->swarm);
    read_file(world, engine, 0);
    engine_close(engine);
}

static void a_peer_that_is_no_libtorrent_is_enough(enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_peer(world->swarm, "honest");
    for (size_t i = 0; i < SWARM_FILES; i++)
        read_file(world, engine, i);
    engine_close(engine);
    unmake(&state);
}

static void a_peer_that_is_no_libtorrent_is_enough_for_v1(void **state UNUSED)
{
    a_peer_that_is_no_libtorrent_is_enough(SWARM_V1);
}

static void a_peer_that_is_no_libtorrent_is_enough_for_a_hybrid(void **state UNUSED)
{
    a_peer_that_is_no_libtorrent_is_enough(SWARM_HYBRID);
}

static void a_peer_that_is_no_libtorrent_is_enough_for_v2(void **state UNUSED)
{
    a_peer_that_is_no_libtorrent_is_enough(SWARM_V2);
}

/* What is alone cannot even say what the torrent is, or says what nobody believes. */
static void nothing_opens_with(const char *manner)
{
    void *state = make_world(SWARM_V1);
    const struct world *world = state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct engine_stream *stream = NULL;
    struct engine_error err = { .code = 0 };

    swarm_add_peer(world->swarm, manner);
    assert_int_equal(try_open(engine, world, 0, LITTLE, &stream, &err), PROVIDER_ETIME);
    assert_null(stream);
    assert_true(err.text[0] != '\0');
    engine_close(engine);
    unmake(&state);
}

static void one_that_lies_alone_opens_nothing(void **state UNUSED)
{
    nothing_opens_with("lying");
}

static void one_that_is_silent_alone_opens_nothing(void **state UNUSED)
{
    nothing_opens_with("silent");
}

static void one_that_describes_hugely_alone_opens_nothing(void **state UNUSED)
{
    nothing_opens_with("huge_metadata");
}

static void one_that_stalls_alone_opens_nothing(void **state UNUSED)
{
    nothing_opens_with("stalling");
}

/* The description is right, so it opens; but no byte of it is. */
static void no_byte_comes_from(const char *manner, enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    char bytes[100];
    size_t n = 77;

    swarm_add_peer(world->swarm, manner);
    struct engine_stream *stream = open_stream(engine, world, 0);
    assert_int_equal(read_at(stream, 0, bytes, sizeof(bytes), LITTLE, &n), PROVIDER_ETIME);
    assert_int_equal(n, 77);
    engine_stream_close(stream);
    engine_close(engine);
    unmake(&state);
}

static void from_one_that_corrupts_alone_comes_no_byte(void **state UNUSED)
{
    no_byte_comes_from("corrupt", SWARM_V1);
}

static void from_one_that_corrupts_v2_alone_comes_no_byte(void **state UNUSED)
{
    no_byte_comes_from("corrupt", SWARM_V2);
}

static void from_false_hashes_alone_comes_no_byte(void **state UNUSED)
{
    no_byte_comes_from("false_hashes", SWARM_V2);
}

/* It is banned for its first, wrong piece, and there is nobody else: it is given another chance. So
 * do honest ones come back that were banned among others. */
static void who_was_banned_is_met_again(enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_peer(world->swarm, "repenting");
    for (size_t i = 0; i < SWARM_FILES; i++)
        read_file(world, engine, i);
    engine_close(engine);
    unmake(&state);
}

static void who_was_banned_is_met_again_for_v1(void **state UNUSED)
{
    who_was_banned_is_met_again(SWARM_V1);
}

static void who_was_banned_is_met_again_for_a_hybrid(void **state UNUSED)
{
    who_was_banned_is_met_again(SWARM_HYBRID);
}

static void who_was_banned_is_met_again_for_v2(void **state UNUSED)
{
    who_was_banned_is_met_again(SWARM_V2);
}

enum { MAX_SOCKETS = 1024 };

static bool is_prompt(int fd)
{
    int value = 0;
    socklen_t len = sizeof(value);

    return getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &len) == 0 && value != 0;
}

static bool are_two_ends(int a, int b)
{
    struct sockaddr_in own, peer;
    socklen_t own_len = sizeof(own), peer_len = sizeof(peer);

    return getsockname(a, (struct sockaddr *)&own, &own_len) == 0 &&
           getpeername(b, (struct sockaddr *)&peer, &peer_len) == 0 && own.sin_family == AF_INET &&
           peer.sin_family == AF_INET && own.sin_port == peer.sin_port;
}

/* The seed is of this process too; its end of the connection is left as it is. */
static void what_is_said_to_a_peer_leaves_at_once(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    unsigned n_prompt = 0;
    unsigned char byte;
    size_t n = 0;

    swarm_add_seed(world->swarm);
    struct engine_stream *stream = open_stream(engine, world, 0);
    assert_int_equal(read_at(stream, 0, &byte, 1, MUCH, &n), 0);
    for (int fd = 0; fd < MAX_SOCKETS; fd++) {
        if (!is_prompt(fd))
            continue;
        n_prompt++;
        for (int other = 0; other < MAX_SOCKETS; other++)
            assert_false(are_two_ends(fd, other) && is_prompt(other));
    }
    assert_true(n_prompt > 0);
    engine_stream_close(stream);
    engine_close(engine);
}

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beside_one_that_corrupts_each_byte_is_right),
        cmocka_unit_test(beside_one_that_corrupts_a_hybrid_each_byte_is_right),
        cmocka_unit_test(beside_one_that_corrupts_v2_each_byte_is_right),
        cmocka_unit_test(beside_false_hashes_of_a_hybrid_each_byte_is_right),
        cmocka_unit_test(beside_false_hashes_of_v2_each_byte_is_right),
        cmocka_unit_test(beside_one_that_stalls_v2_each_byte_is_right),
        cmocka_unit_test(beside_one_that_lies_each_byte_is_right),
        cmocka_unit_test(beside_one_that_stalls_each_byte_is_right),
        cmocka_unit_test(beside_one_that_is_silent_each_byte_is_right),
        cmocka_unit_test(beside_one_that_describes_hugely_each_byte_is_right),
        cmocka_unit_test(beside_one_that_breaks_off_each_byte_is_right),
        IN_V1(beside_all_of_them_each_byte_is_right),
        cmocka_unit_test(a_peer_that_is_no_libtorrent_is_enough_for_v1),
        cmocka_unit_test(a_peer_that_is_no_libtorrent_is_enough_for_a_hybrid),
        cmocka_unit_test(a_peer_that_is_no_libtorrent_is_enough_for_v2),
        cmocka_unit_test(one_that_lies_alone_opens_nothing),
        cmocka_unit_test(one_that_is_silent_alone_opens_nothing),
        cmocka_unit_test(one_that_describes_hugely_alone_opens_nothing),
        cmocka_unit_test(one_that_stalls_alone_opens_nothing),
        cmocka_unit_test(from_one_that_corrupts_alone_comes_no_byte),
        cmocka_unit_test(from_one_that_corrupts_v2_alone_comes_no_byte),
        cmocka_unit_test(from_false_hashes_alone_comes_no_byte),
        cmocka_unit_test(who_was_banned_is_met_again_for_v1),
        cmocka_unit_test(who_was_banned_is_met_again_for_a_hybrid),
        cmocka_unit_test(who_was_banned_is_met_again_for_v2),
        IN_V1(what_is_said_to_a_peer_leaves_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
