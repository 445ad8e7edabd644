/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: reading files of torrents.  Whatever peers do, each byte that is read is the
 * original's. */
#include "webtorrent_stream_test.h"

#include <stdio.h>
#include <unistd.h>

#include <pthread.h>

#include "stream_test.h"

static void each_byte_is_the_originals(enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_seed(world->swarm);
    read_everything(world, engine);
    engine_close(engine);
    unmake(&state);
}

static void each_byte_of_a_v1_torrent_is_the_originals(void **state UNUSED)
{
    each_byte_is_the_originals(SWARM_V1);
}

static void each_byte_of_a_v2_torrent_is_the_originals(void **state UNUSED)
{
    each_byte_is_the_originals(SWARM_V2);
}

static void each_byte_of_a_hybrid_torrent_is_the_originals(void **state UNUSED)
{
    each_byte_is_the_originals(SWARM_HYBRID);
}

static void a_reader_may_go_where_it_likes(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    swarm_add_seed(world->swarm);
    struct engine_stream *stream = open_stream(engine, world, 0);
    const uint64_t places[] = { 1500006, 32767, 1200000, 32768, 0, 700001, 1400000, 5 };
    size_t len, n = 0;
    const unsigned char *expected = swarm_bytes(world->swarm, 0, &len);
    unsigned char bytes[100];

    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        assert_int_equal(read_at(stream, places[i], bytes, sizeof(bytes), MUCH, &n), 0);
        assert_true(n > 0 && n <= sizeof(bytes));
        assert_memory_equal(bytes, expected + places[i], n);
    }
    assert_int_equal(read_at(stream, len, bytes, sizeof(bytes), MUCH, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(read_at(stream, UINT64_MAX, bytes, sizeof(bytes), MUCH, &n), 0);
    assert_int_equal(n, 0);
    engine_stream_close(stream);
    engine_close(engine);
}

struct reader {
    pthread_t thread;
    const struct world *world;
    struct engine_stream *stream;
    size_t file;
    uint64_t from;
    int code;
};

static void *read_in_thread(void *context)
{
    struct reader *reader = context;

    reader->code = compare(reader->world, reader->stream, reader->file, reader->from, MUCH);
    return NULL;
}

static void many_readers_share_a_torrent(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct reader readers[6];
    swarm_add_seed(world->swarm);

    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        readers[i] = (struct reader){ .world = world, .file = i % 3, .from = 6000 * i };
        readers[i].stream = open_stream(engine, world, i % 3);
    }
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_in_thread, &readers[i]), 0);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].code, 0);
        engine_stream_close(readers[i].stream);
    }
    engine_close(engine);
}

static void a_file_that_is_not_there_is_not_found(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct engine_stream *stream = NULL;
    struct engine_error err;
    swarm_add_seed(world->swarm);

    assert_int_equal(try_open(engine, world, SWARM_FILES, MUCH, &stream, &err), PROVIDER_ENOTFOUND);
    assert_int_equal(try_open(engine, world, UINT64_MAX, MUCH, &stream, &err), PROVIDER_ENOTFOUND);
    assert_null(stream);
    engine_close(engine);
}

static void without_peers_the_time_runs_out(void **state)
{
    const struct world *world = *state;
    size_t n = 77;
    char byte;

    learn_only(world);
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct engine_stream *stream = open_stream(engine, world, 0);
    assert_int_equal(read_at(stream, 800000, &byte, 1, LITTLE, &n), PROVIDER_ETIME);
    assert_int_equal(n, 77);
    engine_stream_close(stream);
    engine_close(engine);
}

static void put_torrent_without_trackers(const struct world *world)
{
    CLEANUP(mem_free)
    char *path = mem_format("%s/%s.torrent", world->folder, swarm_hash(world->swarm));
    static char bytes[100000];

    swarm_put_torrent(world->swarm, world->folder);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    const size_t len = fread(bytes, 1, sizeof(bytes), file);
    const char *info = memmem(bytes, len, "4:info", 6);
    assert_true(len < sizeof(bytes) && info != NULL);
    const size_t rest = len - (size_t)(info - bytes);
    rewind(file);
    assert_true(fputc('d', file) == 'd' && fwrite(info, 1, rest, file) == rest);
    assert_int_equal(fflush(file) || ftruncate(fileno(file), (off_t)rest + 1), 0);
    fclose(file);
}

/* The first reader knows of no tracker, the second brings one. */
static void trackers_of_a_later_reader_are_asked(void **state)
{
    const struct world *world = *state;
    const struct engine_magnet bare = { .v1 = swarm_hash(world->swarm) };
    struct patience patience = { .steps = MUCH };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_stream *first = NULL;
    struct engine_error err = { .code = 0 };
    size_t n;
    char byte;

    put_torrent_without_trackers(world);
    swarm_add_seed(world->swarm);
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    assert_int_equal(engine_stream_open(engine, &bare, 0, &wait, &first, &err), 0);
    assert_int_equal(read_at(first, 800000, &byte, 1, LITTLE, &n), PROVIDER_ETIME);
    struct engine_stream *second = open_stream(engine, world, 0);
    assert_int_equal(compare(world, first, 0, 0, MUCH), 0);
    engine_stream_close(second);
    engine_stream_close(first);
    engine_close(engine);
}

/* Before the read or in the midst of it: both end it. */
static void a_read_is_cancelled_from_another_thread(void **state)
{
    const struct world *world = *state;

    learn_only(world);
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct reader reader = { .world = world, .from = 800000 };
    reader.stream = open_stream(engine, world, 0);
    assert_int_equal(pthread_create(&reader.thread, NULL, read_in_thread, &reader), 0);
    engine_stream_cancel(reader.stream);
    pthread_join(reader.thread, NULL);
    assert_int_equal(reader.code, PROVIDER_ECANCEL);
    engine_stream_close(reader.stream);
    engine_close(engine);
}

static void a_corrupt_peer_among_honest_ones_spoils_no_byte(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_corrupt_seed(world->swarm);
    swarm_add_seed(world->swarm);
    swarm_add_seed(world->swarm);
    read_everything(world, engine);
    engine_close(engine);
}

static void from_corrupt_peers_alone_comes_no_byte(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    struct engine_stream *stream;
    char bytes[100];
    size_t n;

    swarm_add_corrupt_seed(world->swarm);
    stream = open_stream(engine, world, 0);
    assert_int_equal(read_at(stream, 0, bytes, sizeof(bytes), LITTLE, &n), PROVIDER_ETIME);
    engine_stream_close(stream);
    engine_close(engine);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_byte_of_a_v1_torrent_is_the_originals),
    cmocka_unit_test(each_byte_of_a_v2_torrent_is_the_originals),
    cmocka_unit_test(each_byte_of_a_hybrid_torrent_is_the_originals),
    IN_V1(a_reader_may_go_where_it_likes),
    IN_V1(many_readers_share_a_torrent),
    IN_V1(a_file_that_is_not_there_is_not_found),
    IN_V1(without_peers_the_time_runs_out),
    IN_V1(trackers_of_a_later_reader_are_asked),
    IN_V1(a_read_is_cancelled_from_another_thread),
    IN_V1(a_corrupt_peer_among_honest_ones_spoils_no_byte),
    IN_V1(from_corrupt_peers_alone_comes_no_byte),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), webtorrent_stream_disk_part,
                                       webtorrent_stream_state_part };

    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
