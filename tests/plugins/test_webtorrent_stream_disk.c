/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: what was fetched and lies on the disk, whatever became of it there. */
#include "webtorrent_stream_test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream_test.h"

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
/* What was read once is in the session, and everybody thinks it known. */
static void damage_while_it_is_known_is_mended(void **state)
{
    static const enum damage damages[] = { FLIP, FLIP_UNSEEN, TRUNCATE, GROW, REMOVE };
    const struct world *world = *state;
    CLEANUP(mem_free) char *path = path_of(world, 0);
    struct engine *engine = make_engine(world, LOOPBACK, 0);

    swarm_add_seed(world->swarm);
    read_everything(world, engine);
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        damage_file(path, damages[i]);
        read_everything(world, engine);
    }
    engine_close(engine);
}

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

static const struct CMUnitTest tests[] = {
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
    IN_V1(damage_while_it_is_known_is_mended),
    IN_V1(nonsense_for_resume_data_costs_only_time),
};

const struct test_part webtorrent_stream_disk_part = TEST_PART(tests);
