/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: reading files of torrents.  Whatever peers and disks do, each byte that is
 * read is the original's. */
#include "../test.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stream_test.h"

static void read_everything(const struct world *world, struct engine *engine)
{
    for (size_t i = 0; i < SWARM_FILES; i++) {
        struct engine_stream *stream = open_stream(engine, world, i);
        assert_int_equal(compare(world, stream, i, 0, MUCH), 0);
        engine_stream_close(stream);
    }
}

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

static void learn_only(const struct world *world)
{
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_seed(world->swarm);
    engine_stream_close(open_stream(engine, world, 2));
    engine_close(engine);
    swarm_forget_peers(world->swarm);
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

static void fetch_everything(const struct world *world)
{
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_seed(world->swarm);
    read_everything(world, engine);
    engine_close(engine);
}

static void what_was_fetched_needs_no_peers(enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;

    fetch_everything(world);
    swarm_forget_peers(world->swarm);
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    read_everything(world, engine);
    engine_close(engine);
    unmake(&state);
}

static void what_was_fetched_of_v1_needs_no_peers_after_a_restart(void **state UNUSED)
{
    what_was_fetched_needs_no_peers(SWARM_V1);
}

static void what_was_fetched_of_v2_needs_no_peers_after_a_restart(void **state UNUSED)
{
    what_was_fetched_needs_no_peers(SWARM_V2);
}

static void what_was_fetched_of_a_hybrid_needs_no_peers_after_a_restart(void **state UNUSED)
{
    what_was_fetched_needs_no_peers(SWARM_HYBRID);
}

static char *path_of(const struct world *world, size_t file)
{
    return mem_format("%s/data/%s/%s", world->folder, swarm_hash(world->swarm),
                      swarm_path(world->swarm, file));
}

enum damage { FLIP, FLIP_UNSEEN, TRUNCATE, REMOVE, GROW };

static void damage_file(const char *path, enum damage how)
{
    struct stat before;
    const int fd = open(path, O_RDWR | O_CLOEXEC);

    assert_true(fd >= 0 && fstat(fd, &before) == 0);
    if (how == FLIP || how == FLIP_UNSEEN)
        assert_int_equal(pwrite(fd, "damage", 6, 100000), 6);
    if (how == TRUNCATE)
        assert_int_equal(ftruncate(fd, 400000), 0);
    if (how == GROW)
        assert_int_equal(ftruncate(fd, 3000000), 0);
    if (how == REMOVE)
        assert_int_equal(unlink(path), 0);
    if (how == FLIP_UNSEEN) {
        const struct timespec times[] = { before.st_atim, before.st_mtim };
        assert_int_equal(futimens(fd, times), 0);
    }
    close(fd);
}

static void damage_is_mended(enum swarm_format format, enum damage how)
{
    void *state = make_world(format);
    const struct world *world = state;
    CLEANUP(mem_free) char *path = path_of(world, 0);

    fetch_everything(world);
    damage_file(path, how);
    struct engine *engine = make_engine(world, LOOPBACK, 0);
    read_everything(world, engine);
    engine_close(engine);
    unmake(&state);
}

static void damage_on_disk_is_mended_after_a_restart(void **state UNUSED)
{
    damage_is_mended(SWARM_V1, FLIP);
    damage_is_mended(SWARM_V2, FLIP);
    damage_is_mended(SWARM_HYBRID, FLIP);
}

static void damage_to_v1_that_left_no_trace_is_mended(void **state UNUSED)
{
    damage_is_mended(SWARM_V1, FLIP_UNSEEN);
}

static void damage_to_v2_that_left_no_trace_is_mended(void **state UNUSED)
{
    damage_is_mended(SWARM_V2, FLIP_UNSEEN);
}

static void damage_to_a_hybrid_that_left_no_trace_is_mended(void **state UNUSED)
{
    damage_is_mended(SWARM_HYBRID, FLIP_UNSEEN);
}

static void a_file_cut_off_is_mended(void **state UNUSED)
{
    damage_is_mended(SWARM_V1, TRUNCATE);
    damage_is_mended(SWARM_HYBRID, TRUNCATE);
}

static void a_file_that_is_gone_comes_again(void **state UNUSED)
{
    damage_is_mended(SWARM_V1, REMOVE);
    damage_is_mended(SWARM_V2, REMOVE);
}

static void a_file_that_grew_is_read_as_it_should_be(void **state UNUSED)
{
    damage_is_mended(SWARM_V1, GROW);
}

/* Under the running engine: what it reads is not there any more. */
static void a_file_cut_off_while_it_is_read_is_mended(void **state)
{
    const struct world *world = *state;
    CLEANUP(mem_free) char *path = path_of(world, 0);
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_seed(world->swarm);
    read_everything(world, engine);
    damage_file(path, TRUNCATE);
    read_everything(world, engine);
    damage_file(path, REMOVE);
    read_everything(world, engine);
    engine_close(engine);
}

static void nonsense_for_resume_data_costs_only_time(void **state)
{
    static const char *const nonsense[] = { "", "nonsense", "de", "d13:miauflix files0:e",
                                            "d11:file-format22:libtorrent resume file"
                                            "12:file-versioni1ee" };
    const struct world *world = *state;
    CLEANUP(mem_free)
    char *path = mem_format("%s/%s.resume", world->folder, swarm_hash(world->swarm));

    fetch_everything(world);
    swarm_forget_peers(world->swarm);
    for (size_t i = 0; i < ARRAY_LEN(nonsense); i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(nonsense[i], file);
        fclose(file);
        struct engine *engine = make_engine(world, LOOPBACK, 0);
        read_everything(world, engine);
        engine_close(engine);
    }
}

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

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_of_a_v1_torrent_is_the_originals),
        cmocka_unit_test(each_byte_of_a_v2_torrent_is_the_originals),
        cmocka_unit_test(each_byte_of_a_hybrid_torrent_is_the_originals),
        IN_V1(a_reader_may_go_where_it_likes),
        IN_V1(many_readers_share_a_torrent),
        IN_V1(a_file_that_is_not_there_is_not_found),
        IN_V1(without_peers_the_time_runs_out),
        IN_V1(a_read_is_cancelled_from_another_thread),
        IN_V1(a_corrupt_peer_among_honest_ones_spoils_no_byte),
        IN_V1(from_corrupt_peers_alone_comes_no_byte),
        cmocka_unit_test(what_was_fetched_of_v1_needs_no_peers_after_a_restart),
        cmocka_unit_test(what_was_fetched_of_v2_needs_no_peers_after_a_restart),
        cmocka_unit_test(what_was_fetched_of_a_hybrid_needs_no_peers_after_a_restart),
        cmocka_unit_test(damage_on_disk_is_mended_after_a_restart),
        cmocka_unit_test(damage_to_v1_that_left_no_trace_is_mended),
        cmocka_unit_test(damage_to_v2_that_left_no_trace_is_mended),
        cmocka_unit_test(damage_to_a_hybrid_that_left_no_trace_is_mended),
        cmocka_unit_test(a_file_cut_off_is_mended),
        cmocka_unit_test(a_file_that_is_gone_comes_again),
        cmocka_unit_test(a_file_that_grew_is_read_as_it_should_be),
        IN_V1(a_file_cut_off_while_it_is_read_is_mended),
        IN_V1(nonsense_for_resume_data_costs_only_time),
        IN_V1(a_torrent_is_forgotten_when_nobody_reads_it),
        IN_V1(the_torrent_file_is_handed_out),
        IN_V1(the_state_says_what_is_there),
        IN_V1(the_extension_reads_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
