/* SPDX-License-Identifier: MIT
 *
 * Pages that a kill or a full disk cut off.  pwrite() is ours here, and writes as much of a page as
 * it is told to. */
#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "store/inside.h"
#include "store/maintenance.h"
#include "store/pages.h"

#include "../place.h"
enum { PAGE_LEN = ENVIRONMENT_PAGE_LEN, KERNEL_PAGE_LEN = 4096, N_KEPT = 16 };

/* --- What becomes of the page that is written */

enum fate { WHOLE, CUT, REFUSED, KILLED, FULL };

static struct {
    enum fate fate;
    unsigned countdown; /* the first page it happens to; 0: every one */
    size_t len;         /* as much is written */
} coming;

/* Further writes, of whatever kind, find no room behind this. */
static void end_disk_at(off_t at)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = (rlim_t)at;
    setrlimit(RLIMIT_FSIZE, &limit);
}

ssize_t __real_pwrite(int fd, const void *bytes, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    if (len != PAGE_LEN || coming.fate == WHOLE || (coming.countdown && --coming.countdown))
        return __real_pwrite(fd, bytes, len, at);
    if (coming.fate == FULL) {
        coming.fate = WHOLE;
        end_disk_at(at + (off_t)coming.len);
    }
    ssize_t n = coming.fate == REFUSED ? -1 : __real_pwrite(fd, bytes, coming.len, at);
    if (coming.fate == KILLED)
        raise(SIGKILL);
    errno = ENOSPC;
    return n;
}

/* --- A file of two versions */

struct world {
    char folder[64];
    struct pages *pages;
    int fd;
};

static void make_page(char version, char out[PAGE_LEN])
{
    memset(out, version, PAGE_LEN);
    memcpy(out, "position", 8);
    out[8] = version;
}

static void open_world(struct world *world)
{
    snprintf(world->folder, sizeof world->folder, "/tmp/miauflix-pages-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    CLEANUP(mem_free) char *file = mem_format("%s/rows.db", world->folder);
    world->fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(world->fd >= 0);
    assert_int_equal(pages_guard(world->folder, &world->pages, NULL), 0);
}

static void close_world(struct world *world)
{
    coming.fate = WHOLE;
    pages_release(world->pages);
    close(world->fd);
    assert_int_equal(remove_folder(world->folder), 0);
}

/* As a process that was killed leaves it, and the next one finds it. */
static void begin_anew(struct world *world)
{
    coming.fate = WHOLE;
    pages_release(world->pages);
    assert_int_equal(pages_guard(world->folder, &world->pages, NULL), 0);
}

static ssize_t write_version(const struct world *world, char version, unsigned page, enum fate fate,
                             size_t len)
{
    static char bytes[PAGE_LEN];
    make_page(version, bytes);
    coming.fate = fate;
    coming.countdown = 0;
    coming.len = len;
    ssize_t n = pages_write(world->fd, bytes, PAGE_LEN, (off_t)page * PAGE_LEN);
    coming.fate = WHOLE;
    return n;
}

/* What stands there; '?' for a mixture. */
static char version_of(const struct world *world, unsigned page)
{
    static char found[PAGE_LEN], whole[PAGE_LEN];
    assert_int_equal(pread(world->fd, found, PAGE_LEN, (off_t)page * PAGE_LEN), PAGE_LEN);
    make_page(found[8], whole);
    return memcmp(found, whole, PAGE_LEN) ? '?' : found[8];
}

/* --- Completing */

static void what_is_half_written_is_completed(void **state UNUSED)
{
    for (size_t len = KERNEL_PAGE_LEN; len < PAGE_LEN; len += KERNEL_PAGE_LEN) {
        struct world world;
        open_world(&world);
        assert_int_equal(write_version(&world, 'a', 0, WHOLE, 0), PAGE_LEN);
        assert_int_equal(write_version(&world, 'b', 0, CUT, len), len);
        assert_int_equal(write_version(&world, 'a', 7, CUT, len), len); /* the file's new end */
        assert_int_equal(version_of(&world, 0), '?');
        begin_anew(&world);
        assert_int_equal(version_of(&world, 0), 'b');
        assert_int_equal(version_of(&world, 7), 'a');
        close_world(&world);
    }
}

static void what_was_not_begun_stays_as_it_was(void **state UNUSED)
{
    struct world world;
    open_world(&world);
    assert_int_equal(write_version(&world, 'a', 0, WHOLE, 0), PAGE_LEN);
    assert_int_equal(write_version(&world, 'b', 0, REFUSED, 0), -1);
    assert_int_equal(write_version(&world, 'b', 5, REFUSED, 0), -1);
    begin_anew(&world);
    assert_int_equal(version_of(&world, 0), 'a');
    assert_int_equal(lseek(world.fd, 0, SEEK_END), PAGE_LEN);
    close_world(&world);
}

/* By another program, or by Berkeley DB when it tried again. */
static void a_newer_page_is_left_alone(void **state UNUSED)
{
    struct world world;
    static char newer[PAGE_LEN];
    open_world(&world);
    assert_int_equal(write_version(&world, 'a', 0, CUT, KERNEL_PAGE_LEN), KERNEL_PAGE_LEN);
    make_page('c', newer);
    newer[PAGE_LEN - 1] = '!';
    assert_int_equal(__real_pwrite(world.fd, newer, PAGE_LEN, 0), PAGE_LEN);
    begin_anew(&world);
    static char found[PAGE_LEN];
    assert_int_equal(pread(world.fd, found, PAGE_LEN, 0), PAGE_LEN);
    assert_memory_equal(found, newer, PAGE_LEN);
    close_world(&world);
}

static void spoil_copies(const struct world *world, off_t at)
{
    CLEANUP(mem_free) char *file = mem_format("%s/pages", world->folder);
    CLEANUP(fd_close) int fd = open(file, O_RDWR | O_CLOEXEC);
    assert_int_equal(__real_pwrite(fd, "x", 1, at), 1);
}

/* The kill came while the copy was written, or the copy is of a time before. */
static void a_copy_that_is_damaged_is_not_used(void **state UNUSED)
{
    static const off_t places[] = { 0, 8, 20, 100, 16400 };
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        struct world world;
        open_world(&world);
        assert_int_equal(write_version(&world, 'a', 0, WHOLE, 0), PAGE_LEN);
        assert_int_equal(write_version(&world, 'b', 0, CUT, KERNEL_PAGE_LEN), KERNEL_PAGE_LEN);
        spoil_copies(&world, places[i]);
        begin_anew(&world);
        assert_int_equal(version_of(&world, 0), '?');
        close_world(&world);
    }
}

static void a_file_that_is_gone_is_not_made_again(void **state UNUSED)
{
    struct world world;
    open_world(&world);
    assert_int_equal(write_version(&world, 'a', 0, CUT, KERNEL_PAGE_LEN), KERNEL_PAGE_LEN);
    CLEANUP(mem_free) char *file = mem_format("%s/rows.db", world.folder);
    assert_int_equal(unlink(file), 0);
    begin_anew(&world);
    assert_int_not_equal(access(file, F_OK), 0);
    close_world(&world);
}

static void a_folder_that_is_not_there_is_said(void **state UNUSED)
{
    struct pages *pages = NULL;
    struct error err = { 0 };
    assert_int_equal(pages_guard("/tmp/miauflix-pages-nowhere", &pages, &err), PROVIDER_ENOTFOUND);
    assert_non_null(strstr(err.text, "nowhere/pages"));
    assert_null(pages);
}

/* --- A full disk, on which writing goes on */

static void each_page_that_was_cut_off_keeps_its_copy(void **state UNUSED)
{
    struct world world;
    open_world(&world);
    for (unsigned i = 0; i < N_KEPT; i++)
        assert_int_equal(write_version(&world, 'a', i, CUT, KERNEL_PAGE_LEN), KERNEL_PAGE_LEN);
    assert_int_equal(write_version(&world, 'a', N_KEPT, WHOLE, 0), -1); /* not one more */
    begin_anew(&world);
    for (unsigned i = 0; i < N_KEPT; i++)
        assert_int_equal(version_of(&world, i), 'a');
    close_world(&world);
}

static void a_page_that_is_whole_again_needs_none(void **state UNUSED)
{
    struct world world;
    static char page[PAGE_LEN];
    open_world(&world);
    for (unsigned i = 0; i < N_KEPT; i++)
        assert_int_equal(write_version(&world, 'a', i, CUT, KERNEL_PAGE_LEN), KERNEL_PAGE_LEN);
    make_page('a', page); /* Berkeley DB's other way */
    assert_int_equal(__real_pwrite(world.fd, page, PAGE_LEN, 3 * PAGE_LEN), PAGE_LEN);
    assert_int_equal(write_version(&world, 'b', 5, WHOLE, 0), PAGE_LEN);
    for (unsigned i = 20; i < 30; i++)
        assert_int_equal(write_version(&world, 'a', i, WHOLE, 0), PAGE_LEN);
    begin_anew(&world);
    for (unsigned i = 0; i < N_KEPT; i++)
        assert_int_equal(version_of(&world, i), i == 5 ? 'b' : 'a');
    close_world(&world);
}

/* --- What is none of it */

static void other_files_and_other_lengths_are_written_once(void **state UNUSED)
{
    struct world world, other;
    open_world(&world);
    open_world(&other);
    begin_anew(&other);
    pages_release(world.pages);
    world.pages = NULL;
    assert_int_equal(write_version(&world, 'a', 0, CUT, KERNEL_PAGE_LEN), KERNEL_PAGE_LEN);
    assert_int_equal(pages_write(other.fd, "short", 5, 0), 5);
    assert_int_equal(pages_guard(world.folder, &world.pages, NULL), 0);
    char found[8];
    assert_int_equal(pread(world.fd, found, 8, PAGE_LEN - 8), 0); /* nobody completed it */
    assert_int_equal(pread(other.fd, found, 5, 0), 5);
    assert_memory_equal(found, "short", 5);
    close_world(&other);
    close_world(&world);
}

/* --- The store, killed at every page it writes */

enum { N_TITLES = 12, BODY_LEN = 15000, STEP = 4 };

struct round {
    char path[64];
    unsigned number; /* of the version that is written; the one before is there */
};

static void make_body(unsigned version, unsigned title, char out[BODY_LEN + 1])
{
    for (size_t i = 0; i < BODY_LEN; i++)
        out[i] = (char)('a' + (version * 7 + title * 3 + i) % 26);
    out[BODY_LEN] = '\0';
}

static int put_version(struct store_txn *txn, void *context, struct error *err)
{
    const struct round *round = context;
    static char body[BODY_LEN + 1];
    char key[16];
    int failed = 0;
    for (unsigned i = 0; i < N_TITLES && !failed; i++) {
        make_body(round->number, i, body);
        snprintf(key, sizeof key, "body%u", i);
        failed = store_txn_put(txn, STORE_STATE, key, strlen(key), body, BODY_LEN, err);
    }
    return failed;
}

/* In a process of its own.  Ends by the kill, or with 0 when there was no such page. */
static void write_a_version(struct round *round, enum fate fate, bool while_recovering,
                            unsigned countdown)
{
    struct store *store = NULL;
    struct store_options options = { .path = round->path };
    signal(SIGXFSZ, SIG_IGN);
    coming.countdown = countdown;
    coming.len = KERNEL_PAGE_LEN * (1 + round->number % 3);
    if (while_recovering)
        coming.fate = fate;
    if (store_open(&options, &store, NULL))
        _exit(2);
    if (while_recovering)
        _exit(0);
    if (store_write(store, put_version, round, NULL))
        _exit(3);
    coming.fate = fate;
    int failed = environment_checkpoint(&store->environment, true, NULL);
    _exit(failed ? 1 : 0);
}

/* How the process ended: 0 and 1 are its own word, SIGKILL is 128 + 9. */
static int run_apart(struct round *round, enum fate fate, bool while_recovering, unsigned countdown)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child)
        write_a_version(round, fate, while_recovering, countdown);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void say(const char *finding, void *context UNUSED)
{
    print_error("%s\n", finding);
}

static void expect_version(const struct round *round)
{
    struct store *store = NULL;
    struct store_options options = { .path = round->path };
    struct maintenance_checks checks = { .report = say };
    static char body[BODY_LEN + 1];
    char key[16];
    uint64_t n = 0;
    assert_int_equal(maintenance_verify(round->path, &checks, &n, NULL), 0);
    assert_int_equal(n, 0);
    assert_int_equal(store_open(&options, &store, NULL), 0);
    for (unsigned i = 0; i < N_TITLES; i++) {
        CLEANUP(text_done) struct text found = TEXT_INIT(1 << 20);
        make_body(round->number, i, body);
        snprintf(key, sizeof key, "body%u", i);
        assert_int_equal(store_get(store, STORE_STATE, key, strlen(key), &found, NULL), 0);
        assert_string_equal(text_string(&found), body);
    }
    store_close(store);
}

static void begin_rounds(struct round *round)
{
    *round = (struct round){ .number = 1 };
    snprintf(round->path, sizeof round->path, "/tmp/miauflix-pages-XXXXXX");
    assert_non_null(mkdtemp(round->path));
}

static void a_kill_within_a_page_loses_nothing(void **state UNUSED)
{
    struct round round;
    begin_rounds(&round);
    unsigned n_killed = 0;
    for (unsigned page = 1;; page += STEP) {
        int end = run_apart(&round, KILLED, false, page);
        assert_true(end == 0 || end == 128 + SIGKILL);
        if (!end)
            break;
        n_killed++;
        expect_version(&round);
        round.number++;
    }
    assert_true(n_killed >= N_TITLES / STEP);
    expect_version(&round);
    assert_int_equal(remove_folder(round.path), 0);
}

/* What recovery itself writes may be cut off as well. */
static void nor_does_one_while_it_recovers(void **state UNUSED)
{
    struct round round;
    begin_rounds(&round);
    assert_int_equal(run_apart(&round, KILLED, false, 1), 128 + SIGKILL);
    for (unsigned page = 1; page <= N_TITLES; page += STEP) {
        int end = run_apart(&round, KILLED, true, page);
        assert_true(end == 0 || end == 128 + SIGKILL);
    }
    expect_version(&round);
    assert_int_equal(remove_folder(round.path), 0);
}

/* Other pages are tried behind the one that was cut off, and then the process ends. */
static void nor_does_a_disk_that_is_full_within_a_page(void **state UNUSED)
{
    struct round round;
    begin_rounds(&round);
    for (unsigned page = 2; page < N_TITLES; page += STEP) {
        int end = run_apart(&round, FULL, false, page);
        assert_in_range(end, 0, 1);
        expect_version(&round);
        round.number++;
    }
    assert_int_equal(remove_folder(round.path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_half_written_is_completed),
        cmocka_unit_test(what_was_not_begun_stays_as_it_was),
        cmocka_unit_test(a_newer_page_is_left_alone),
        cmocka_unit_test(a_copy_that_is_damaged_is_not_used),
        cmocka_unit_test(a_file_that_is_gone_is_not_made_again),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
        cmocka_unit_test(each_page_that_was_cut_off_keeps_its_copy),
        cmocka_unit_test(a_page_that_is_whole_again_needs_none),
        cmocka_unit_test(other_files_and_other_lengths_are_written_once),
        cmocka_unit_test(a_kill_within_a_page_loses_nothing),
        cmocka_unit_test(nor_does_one_while_it_recovers),
        cmocka_unit_test(nor_does_a_disk_that_is_full_within_a_page),
    };
    log_set_level(LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
