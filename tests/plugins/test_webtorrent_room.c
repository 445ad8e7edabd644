/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: little room, no room, and a sudden end.  Whatever has to go, each byte that
 * is read is the original's. */
#include "../test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stream_test.h"

enum { KIB = 1 << 10, PIECE = 32 << 10, CANNOT = 77 };

static uint64_t bytes_on_disk(const struct world *world)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < SWARM_FILES; i++) {
        CLEANUP(mem_free)
        char *path = mem_format("%s/data/%s/%s", world->folder, swarm_hash(world->swarm),
                                swarm_path(world->swarm, i));
        struct stat about;
        if (stat(path, &about) == 0)
            bytes += (uint64_t)about.st_blocks * 512;
    }
    return bytes;
}

static bool is_on_disk(const struct world *world, const char *hash)
{
    CLEANUP(mem_free) char *path = mem_format("%s/data/%s", world->folder, hash);

    return access(path, F_OK) == 0;
}

static void torrents_nobody_reads_give_way(void **state)
{
    const struct world *world = *state;
    struct world other = *world;
    struct engine *engine = make_engine(world, LOOPBACK, 5 << 19); /* 2.5 MiB */
    struct engine_stream *first, *second;

    other.swarm = swarm_new(SWARM_HYBRID);
    swarm_add_seed(world->swarm);
    swarm_add_seed(other.swarm);
    first = open_stream(engine, world, 0);
    assert_int_equal(compare(world, first, 0, 0, MUCH), 0);
    engine_stream_close(first);
    assert_true(is_on_disk(world, swarm_hash(world->swarm)));
    second = open_stream(engine, &other, 0);
    assert_false(is_on_disk(world, swarm_hash(world->swarm)));
    assert_int_equal(compare(&other, second, 0, 0, MUCH), 0);
    engine_stream_close(second);
    first = open_stream(engine, world, 0); /* and comes again */
    assert_int_equal(compare(world, first, 0, 0, MUCH), 0);
    engine_stream_close(first);
    engine_close(engine);
    swarm_free(other.swarm);
}

static void torrents_that_are_read_share_the_room(void **state)
{
    const struct world *world = *state;
    struct world other = *world;
    struct engine *engine = make_engine(world, LOOPBACK, 5 << 19);
    struct engine_stream *first, *second;

    other.swarm = swarm_new(SWARM_HYBRID);
    swarm_add_seed(world->swarm);
    swarm_add_seed(other.swarm);
    first = open_stream(engine, world, 0);
    assert_int_equal(compare(world, first, 0, 0, MUCH), 0);
    second = open_stream(engine, &other, 0);
    assert_int_equal(compare(&other, second, 0, 0, MUCH), 0);
    assert_int_equal(compare(world, first, 0, 0, MUCH), 0);
    assert_int_equal(compare(&other, second, 0, 700000, MUCH), 0);
    assert_true(bytes_on_disk(world) + bytes_on_disk(&other) <= (5 << 19) + 8 * PIECE);
    engine_stream_close(first);
    engine_stream_close(second);
    engine_close(engine);
    swarm_free(other.swarm);
}

/* Forwards, backwards and again: what was given up comes again, and the room is kept. */
static void a_file_larger_than_the_room_is_played(enum swarm_format format)
{
    void *state = make_world(format);
    const struct world *world = state;
    struct engine *engine = make_engine(world, LOOPBACK, 24 * PIECE);
    struct engine_stream *stream;

    swarm_add_seed(world->swarm);
    stream = open_stream(engine, world, 0);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    assert_true(bytes_on_disk(world) <= (24 + 8) * PIECE);
    assert_int_equal(compare(world, stream, 0, 1000000, MUCH), 0);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    assert_true(bytes_on_disk(world) <= (24 + 8) * PIECE);
    engine_stream_close(stream);
    engine_close(engine);
    /* What stayed is known after a restart. */
    engine = make_engine(world, LOOPBACK, 0);
    stream = open_stream(engine, world, 0);
    assert_int_equal(compare(world, stream, 0, 0, MUCH), 0);
    engine_stream_close(stream);
    engine_close(engine);
    unmake(&state);
}

static void a_v1_file_larger_than_the_room_is_played(void **state UNUSED)
{
    a_file_larger_than_the_room_is_played(SWARM_V1);
}

static void a_v2_file_larger_than_the_room_is_played(void **state UNUSED)
{
    a_file_larger_than_the_room_is_played(SWARM_V2);
}

static void a_hybrid_file_larger_than_the_room_is_played(void **state UNUSED)
{
    a_file_larger_than_the_room_is_played(SWARM_HYBRID);
}

struct reader {
    pthread_t thread;
    const struct world *world;
    struct engine_stream *stream;
    size_t file;
    int code;
};

static void *read_twice(void *context)
{
    struct reader *reader = context;

    for (int i = 0; i < 2 && reader->code == 0; i++)
        reader->code = compare(reader->world, reader->stream, reader->file, 0, MUCH);
    return NULL;
}

static void many_readers_in_little_room_get_their_bytes(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 3 * 16 * PIECE);
    struct reader readers[3];
    swarm_add_seed(world->swarm);

    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        readers[i] = (struct reader){ .world = world,
                                      .file = i % 2,
                                      .stream = open_stream(engine, world, i % 2) };
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_twice, &readers[i]), 0);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].code, 0);
        engine_stream_close(readers[i].stream);
    }
    engine_close(engine);
}

static void a_reader_without_the_least_room_is_refused(void **state)
{
    const struct world *world = *state;
    struct engine *engine = make_engine(world, LOOPBACK, 20 * PIECE);
    struct engine_stream *first, *second = NULL;
    struct engine_error err;

    swarm_add_seed(world->swarm);
    first = open_stream(engine, world, 0);
    assert_int_equal(try_open(engine, world, 1, MUCH, &second, &err), PROVIDER_EFULL);
    assert_non_null(strstr(err.text, "disk_mib"));
    assert_null(second);
    assert_int_equal(compare(world, first, 0, 0, MUCH), 0);
    engine_stream_close(first);
    second = open_stream(engine, world, 1);
    assert_int_equal(compare(world, second, 1, 0, MUCH), 0);
    engine_stream_close(second);
    engine_close(engine);

    engine = make_engine(world, LOOPBACK, 10 * PIECE);
    assert_int_equal(try_open(engine, world, 0, MUCH, &first, &err), PROVIDER_EFULL);
    engine_close(engine);
}

/* What follows runs in processes of its own: this program, started anew, because a process of many
 * threads cannot well go on behind fork(). */
struct child {
    pid_t id;
    int bytes; /* it writes the first file's bytes there as it reads them */
};

static struct child start_child(const struct world *world, const char *role)
{
    struct child child;
    int ends[2];
    char self[256] = "";

    assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
    assert_int_equal(pipe(ends), 0);
    child.id = fork();
    assert_true(child.id >= 0);
    if (child.id == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        if (strstr(role, "disk"))
            execlp("unshare", "unshare", "-rm", self, role, world->folder, swarm_hash(world->swarm),
                   swarm_tracker(world->swarm), NULL);
        else
            execl(self, self, role, world->folder, swarm_hash(world->swarm),
                  swarm_tracker(world->swarm), NULL);
        _exit(CANNOT);
    }
    close(ends[1]);
    child.bytes = ends[0];
    return child;
}

/* How many of `most` bytes came; each is compared. */
static size_t receive(const struct world *world, const struct child *child, size_t most)
{
    size_t len, n = 0;
    ssize_t got = 1;
    const unsigned char *expected = swarm_bytes(world->swarm, 0, &len);
    char bytes[4096];

    while (n < most && got > 0) {
        const size_t room = most - n < sizeof(bytes) ? most - n : sizeof(bytes);
        got = read(child->bytes, bytes, room);
        if (got > 0) {
            assert_true(n + (size_t)got <= len);
            assert_memory_equal(bytes, expected + n, (size_t)got);
            n += (size_t)got;
        }
    }
    return n;
}

static int end_child(struct child *child)
{
    int how = 0;

    close(child->bytes);
    assert_int_equal(waitpid(child->id, &how, 0), child->id);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

/* Each killed process leaves to the next what it had fetched and noted till then. */
static void a_kill_in_the_midst_leaves_no_wrong_byte(void **state)
{
    const struct world *world = *state;
    const size_t n_rounds = getenv("MIAUFLIX_SOAK") ? 20 : 3;
    size_t len;

    swarm_bytes(world->swarm, 0, &len);
    swarm_add_seed(world->swarm);
    for (size_t i = 0; i < n_rounds; i++) {
        const size_t wanted = 1 + i * 397 * KIB % len;
        struct child child = start_child(world, "read");
        assert_int_equal(receive(world, &child, wanted), wanted);
        assert_int_equal(kill(child.id, SIGKILL), 0);
        assert_int_equal(end_child(&child), -1);
    }
    struct child last = start_child(world, "read");
    assert_int_equal(receive(world, &last, SIZE_MAX), len);
    assert_int_equal(end_child(&last), 0);
}

static void a_disk_that_takes_no_more_is_said(void **state)
{
    const struct world *world = *state;
    swarm_add_seed(world->swarm);
    struct child child = start_child(world, "limited");

    assert_int_equal(end_child(&child), 0);
}

static void on_a_disk(const struct world *world, const char *role)
{
    size_t len;

    swarm_bytes(world->swarm, 0, &len);
    swarm_add_seed(world->swarm);
    struct child child = start_child(world, role);
    const size_t n = receive(world, &child, SIZE_MAX);
    const int how = end_child(&child);
    if (how == CANNOT) {
        print_message("SKIPPED: no small disk can be made here\n");
        skip();
    }
    assert_int_equal(how, 0);
    assert_int_equal(n, len);
}

static void on_a_disk_smaller_than_the_file_it_is_played(void **state)
{
    on_a_disk(*state, "small disk");
}

static void a_disk_that_others_filled_is_said_and_overcome(void **state)
{
    on_a_disk(*state, "full disk");
}

/* The child. */
static struct engine_stream *child_opens(struct engine *engine, char **args)
{
    const char *const trackers[] = { args[4] };
    const struct engine_magnet magnet = { .v1 = args[3], .trackers = trackers, .n_trackers = 1 };
    struct patience patience = { .steps = MUCH };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_stream *stream = NULL;
    struct engine_error err = { .code = 0 };

    if (engine_stream_open(engine, &magnet, 0, &wait, &stream, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        _exit(1);
    }
    return stream;
}

static void child_reads(struct engine_stream *stream)
{
    char bytes[4 * KIB];
    size_t n = 1;

    for (uint64_t at = 0; n > 0; at += n)
        if (read_at(stream, at, bytes, sizeof(bytes), MUCH, &n) != 0 ||
            write(STDOUT_FILENO, bytes, n) != (ssize_t)n)
            _exit(2);
}

static void make_disk(const char *folder, const char *how)
{
    if (mount("miauflix", folder, "tmpfs", 0, how) != 0)
        _exit(CANNOT);
}

/* All that is left, so that the next write fails. */
static void fill(const char *path)
{
    static const char bytes[4 * KIB] = { 1 };
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    while (write(fd, bytes, sizeof(bytes)) > 0)
        ;
    close(fd);
}

static void child_meets_full_disk(struct engine *engine, char **args)
{
    CLEANUP(mem_free) char *path = mem_format("%s/of-others", args[2]);
    struct engine_stream *stream = child_opens(engine, args);
    int code = 0;
    char byte;
    size_t n;

    fill(path);
    for (uint64_t at = 0; at < 1400000 && code == 0; at += PIECE)
        code = read_at(stream, at, &byte, 1, MUCH, &n);
    if (code != PROVIDER_EFULL) {
        fprintf(stderr, "the read said %d\n", code);
        _exit(3);
    }
    engine_stream_close(stream);
    unlink(path);
    stream = child_opens(engine, args);
    child_reads(stream);
    engine_stream_close(stream);
}

static void child_meets_limit(struct engine *engine, char **args)
{
    const struct rlimit limit = { 300000, 300000 };
    struct engine_stream *stream = child_opens(engine, args);
    size_t n;
    char byte;

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    if (read_at(stream, 900000, &byte, 1, MUCH, &n) != PROVIDER_EIO)
        _exit(4);
    engine_stream_close(stream);
}

static int be_child(char **args)
{
    struct world world = { .swarm = NULL };
    const char *role = args[1];

    snprintf(world.folder, sizeof(world.folder), "%s", args[2]);
    if (strcmp(role, "small disk") == 0)
        make_disk(world.folder, "size=1200k");
    else if (strcmp(role, "full disk") == 0)
        make_disk(world.folder, "size=8m");
    struct engine *engine = make_engine(&world, LOOPBACK, 0);
    if (strcmp(role, "full disk") == 0) {
        child_meets_full_disk(engine, args);
    } else if (strcmp(role, "limited") == 0) {
        child_meets_limit(engine, args);
    } else {
        struct engine_stream *stream = child_opens(engine, args);
        child_reads(stream);
        engine_stream_close(stream);
    }
    engine_close(engine);
    return 0;
}

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

int main(int argc, char **args)
{
    const struct CMUnitTest tests[] = {
        IN_V1(torrents_nobody_reads_give_way),
        IN_V1(torrents_that_are_read_share_the_room),
        cmocka_unit_test(a_v1_file_larger_than_the_room_is_played),
        cmocka_unit_test(a_v2_file_larger_than_the_room_is_played),
        cmocka_unit_test(a_hybrid_file_larger_than_the_room_is_played),
        IN_V1(many_readers_in_little_room_get_their_bytes),
        IN_V1(a_reader_without_the_least_room_is_refused),
        IN_V1(a_kill_in_the_midst_leaves_no_wrong_byte),
        IN_V1(a_disk_that_takes_no_more_is_said),
        IN_V1(on_a_disk_smaller_than_the_file_it_is_played),
        IN_V1(a_disk_that_others_filled_is_said_and_overcome),
    };

    if (argc == 5)
        return be_child(args);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
