/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/lock.h"
#include "cache/bodies.h"

struct place {
    char folder[64];
    struct bodies *bodies;
    struct net_body_cache cache;
};

static int remove_one(const char *path, const struct stat *facts UNUSED, int type UNUSED,
                      struct FTW *ftw UNUSED)
{
    return remove(path);
}

static void place_done(struct place *place)
{
    bodies_close(place->bodies);
    nftw(place->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
DEFINE_CLEANUP_VALUE(struct place, place_done);

static void reopen(struct place *place, uint64_t max_bytes)
{
    struct error err = { 0 };
    bodies_close(steal(place->bodies));
    if (bodies_open(place->folder, max_bytes, &place->bodies, &err))
        fail_msg("%s", err.text);
    place->cache = bodies_cache(place->bodies);
}

static void place_init(struct place *place, uint64_t max_bytes)
{
    *place = (struct place){ .folder = "/tmp/test-bodies-XXXXXX" };
    assert_non_null(mkdtemp(place->folder));
    reopen(place, max_bytes);
}

static void put(struct place *place, const char *key, const char *body, size_t len)
{
    CLEANUP(text_done) struct text head = TEXT_INIT(100);
    text_add_format(&head, "head of %s", key);
    place->cache.put(place->cache.context, key, &head, body, len);
}

static bool get(struct place *place, const char *key, struct text *out_body)
{
    CLEANUP(text_done) struct text head = TEXT_INIT(100);
    CLEANUP(mem_free) char *expected = mem_format("head of %s", key);
    if (!place->cache.get(place->cache.context, key, &head, out_body))
        return false;
    assert_string_equal(text_string(&head), expected);
    return true;
}

static bool has(struct place *place, const char *key)
{
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    return get(place, key, &body);
}

static struct bodies_status status_of(struct place *place)
{
    struct bodies_status status;
    bodies_status(place->bodies, &status);
    return status;
}

/* The scan of an earlier run's files goes on beside us. */
static bool await_files(struct place *place, uint64_t n)
{
    static const struct timespec moment = { .tv_nsec = 1000000 };
    int64_t until_ms = clock_steady_ms() + 5000;
    while (status_of(place).files != n && clock_steady_ms() < until_ms)
        nanosleep(&moment, NULL);
    return status_of(place).files == n;
}

static bool await_evictions(struct place *place, uint64_t n)
{
    static const struct timespec moment = { .tv_nsec = 1000000 };
    int64_t until_ms = clock_steady_ms() + 20000;
    while (status_of(place).evictions != n && clock_steady_ms() < until_ms)
        nanosleep(&moment, NULL);
    return status_of(place).evictions == n;
}

/* The one file there is. */
static char found_path[256];

static int note_file(const char *path, const struct stat *facts UNUSED, int type,
                     struct FTW *ftw UNUSED)
{
    if (type == FTW_F)
        snprintf(found_path, sizeof found_path, "%s", path);
    return 0;
}

static const char *only_file(struct place *place)
{
    found_path[0] = '\0';
    nftw(place->folder, note_file, 16, FTW_PHYS);
    return found_path;
}

static void a_body_comes_back_as_it_went(void **state UNUSED)
{
    CLEANUP(place_done) struct place place;
    CLEANUP(text_done) struct text body = TEXT_INIT(100);
    place_init(&place, 1 << 20);
    put(&place, "key", "a\0b", 3);
    assert_true(get(&place, "key", &body));
    assert_int_equal(body.len, 3);
    assert_memory_equal(body.bytes, "a\0b", 4);
    assert_false(has(&place, "other"));
    put(&place, "key", "", 0);
    assert_true(get(&place, "key", &body));
    assert_int_equal(body.len, 0);
    struct bodies_status status = status_of(&place);
    assert_int_equal(status.files, 1);
    assert_int_equal(status.hits, 2);
    assert_int_equal(status.misses, 1);
}

static void what_is_removed_is_gone(void **state UNUSED)
{
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    put(&place, "key", "body", 4);
    place.cache.remove(place.cache.context, "key");
    place.cache.remove(place.cache.context, "never there");
    assert_false(has(&place, "key"));
    assert_int_equal(status_of(&place).bytes, 0);
    assert_string_equal(only_file(&place), "");
}

static void any_key_is_a_harmless_file_name(void **state UNUSED)
{
    static const char *const keys[] = { "../../escape", "/etc/passwd", "", "a\nb", "%00", "." };
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        put(&place, keys[i], "body", 4);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        assert_true(has(&place, keys[i]));
    assert_int_equal(status_of(&place).files, ARRAY_LEN(keys));
}

static void the_least_recently_used_go_first(void **state UNUSED)
{
    static char body[1000];
    char key[16];
    CLEANUP(place_done) struct place place;
    place_init(&place, 10500);
    for (int i = 0; i < 9; i++) {
        snprintf(key, sizeof key, "key %d", i);
        put(&place, key, body, sizeof body);
    }
    assert_true(has(&place, "key 0"));
    for (int i = 9; i < 14; i++) {
        snprintf(key, sizeof key, "key %d", i);
        put(&place, key, body, sizeof body);
    }
    assert_true(has(&place, "key 0"));
    assert_false(has(&place, "key 1"));
    assert_true(has(&place, "key 13"));
    struct bodies_status status = status_of(&place);
    assert_true(status.bytes <= 10500);
    assert_int_equal(status.evictions, 14 - status.files);
}

static void a_giant_does_not_drive_out_the_rest(void **state UNUSED)
{
    static char giant[5000];
    CLEANUP(place_done) struct place place;
    place_init(&place, 10000);
    put(&place, "small", "body", 4);
    put(&place, "giant", giant, sizeof giant);
    assert_true(has(&place, "small"));
    assert_false(has(&place, "giant"));
}

static void set_used(const char *path, int64_t seconds)
{
    const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void a_restart_finds_what_was_kept_and_its_order(void **state UNUSED)
{
    static char body[1000];
    CLEANUP(place_done) struct place place;
    place_init(&place, 10000);
    put(&place, "older", body, sizeof body);
    set_used(only_file(&place), 1000000);
    put(&place, "newer", body, sizeof body);
    reopen(&place, 4400);
    assert_true(await_files(&place, 2));
    for (int i = 0; i < 3; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        put(&place, key, body, sizeof body);
    }
    assert_true(has(&place, "newer"));
    assert_false(has(&place, "older"));
}

static void a_smaller_limit_after_a_restart_is_kept_to(void **state UNUSED)
{
    static char body[1000];
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    for (int i = 0; i < 20; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        put(&place, key, body, sizeof body);
    }
    uint64_t each = status_of(&place).bytes / 20;
    reopen(&place, each * 5 + 100);
    assert_true(await_evictions(&place, 15));
    assert_int_equal(status_of(&place).files, 5);
}

static void truncate_to(const char *path, off_t len)
{
    assert_int_equal(truncate(path, len), 0);
}

static void a_torn_file_counts_as_absent_whatever_its_length(void **state UNUSED)
{
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    put(&place, "key", "0123456789", 10);
    struct stat facts;
    assert_int_equal(stat(only_file(&place), &facts), 0);
    for (off_t len = 0; len < facts.st_size; len++) {
        put(&place, "key", "0123456789", 10);
        truncate_to(only_file(&place), len);
        assert_false(has(&place, "key"));
        assert_false(has(&place, "key"));
    }
    put(&place, "key", "0123456789", 10);
    assert_true(has(&place, "key"));
}

static void a_flipped_bit_anywhere_counts_as_absent(void **state UNUSED)
{
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    put(&place, "key", "0123456789", 10);
    struct stat facts;
    assert_int_equal(stat(only_file(&place), &facts), 0);
    for (off_t at = 0; at < facts.st_size; at++) {
        put(&place, "key", "0123456789", 10);
        CLEANUP(fd_close) int fd = open(only_file(&place), O_RDWR);
        char byte;
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 4;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        assert_false(has(&place, "key"));
    }
}

static void another_keys_file_is_not_taken_for_it(void **state UNUSED)
{
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    put(&place, "one", "1", 1);
    CLEANUP(mem_free) char *one = mem_dup_text(only_file(&place));
    CLEANUP(mem_free) char *aside = mem_format("%s.aside", place.folder);
    assert_int_equal(rename(one, aside), 0);
    put(&place, "two", "2", 1);
    assert_int_equal(rename(aside, only_file(&place)), 0);
    assert_false(has(&place, "two"));
}

static void a_body_larger_than_asked_for_is_not_read(void **state UNUSED)
{
    CLEANUP(place_done) struct place place;
    CLEANUP(text_done) struct text body = TEXT_INIT(9);
    place_init(&place, 1 << 20);
    put(&place, "key", "0123456789", 10);
    assert_false(get(&place, "key", &body));
}

static void drafts_of_an_earlier_run_go_and_foreign_files_stay(void **state UNUSED)
{
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    put(&place, "key", "body", 4);
    CLEANUP(mem_free)
    char *draft =
        mem_format("%.*s/draft-7", (int)(strrchr(only_file(&place), '/') - found_path), found_path);
    CLEANUP(mem_free)
    char *foreign =
        mem_format("%.*s/notes", (int)(strrchr(found_path, '/') - found_path), found_path);
    close(open(draft, O_CREAT | O_WRONLY, 0600));
    close(open(foreign, O_CREAT | O_WRONLY, 0600));
    set_used(draft, 1000);
    reopen(&place, 1 << 20);
    assert_true(await_files(&place, 1));
    assert_int_not_equal(access(draft, F_OK), 0);
    assert_int_equal(access(foreign, F_OK), 0);
}

static void a_full_disk_only_means_that_nothing_is_kept(void **state UNUSED)
{
    static char body[4096];
    CLEANUP(place_done) struct place place;
    place_init(&place, 1 << 20);
    put(&place, "before", body, sizeof body);
    /* The kernel refuses to write files larger than this, as a full disk would. */
    struct rlimit whole, none = { .rlim_cur = 100 };
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
    none.rlim_max = whole.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    put(&place, "full", body, sizeof body);
    put(&place, "before", body, sizeof body);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
    assert_false(has(&place, "full"));
    assert_true(has(&place, "before"));
    put(&place, "after", body, sizeof body);
    assert_true(has(&place, "after"));
    assert_int_equal(status_of(&place).files, 2);
}

static void a_folder_that_cannot_be_is_an_error(void **state UNUSED)
{
    struct bodies *bodies = NULL;
    struct error err = { 0 };
    assert_int_equal(bodies_open("/proc/nowhere/bodies", 1 << 20, &bodies, &err),
                     PROVIDER_ENOTFOUND);
    assert_null(bodies);
    assert_non_null(strstr(err.text, "/proc/nowhere"));
}

struct worker {
    struct place *place;
    unsigned seed;
    pthread_t thread;
};

static void *work(void *context)
{
    struct worker *worker = context;
    for (int i = 0; i < 300; i++) {
        char key[8], expected[64];
        unsigned which = (unsigned)rand_r(&worker->seed) % 20;
        snprintf(key, sizeof key, "k%u", which);
        memset(expected, 'a' + (int)which, sizeof expected);
        CLEANUP(text_done) struct text body = TEXT_INIT(1000);
        switch (rand_r(&worker->seed) % 4) {
        case 0:
            put(worker->place, key, expected, sizeof expected);
            break;
        case 1:
            worker->place->cache.remove(worker->place->cache.context, key);
            break;
        default:
            if (get(worker->place, key, &body))
                assert_memory_equal(body.bytes, expected, sizeof expected);
        }
    }
    return NULL;
}

static void many_threads_never_see_half_a_body(void **state UNUSED)
{
    struct worker workers[6] = { 0 };
    CLEANUP(place_done) struct place place;
    place_init(&place, 1200);
    for (unsigned i = 0; i < ARRAY_LEN(workers); i++) {
        workers[i] = (struct worker){ .place = &place, .seed = i };
        workers[i].thread = lock_thread_start("worker", work, &workers[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(workers); i++)
        pthread_join(workers[i].thread, NULL);
    assert_true(status_of(&place).bytes <= 1200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_comes_back_as_it_went),
        cmocka_unit_test(what_is_removed_is_gone),
        cmocka_unit_test(any_key_is_a_harmless_file_name),
        cmocka_unit_test(the_least_recently_used_go_first),
        cmocka_unit_test(a_giant_does_not_drive_out_the_rest),
        cmocka_unit_test(a_restart_finds_what_was_kept_and_its_order),
        cmocka_unit_test(a_smaller_limit_after_a_restart_is_kept_to),
        cmocka_unit_test(a_torn_file_counts_as_absent_whatever_its_length),
        cmocka_unit_test(a_flipped_bit_anywhere_counts_as_absent),
        cmocka_unit_test(another_keys_file_is_not_taken_for_it),
        cmocka_unit_test(a_body_larger_than_asked_for_is_not_read),
        cmocka_unit_test(drafts_of_an_earlier_run_go_and_foreign_files_stay),
        cmocka_unit_test(a_full_disk_only_means_that_nothing_is_kept),
        cmocka_unit_test(a_folder_that_cannot_be_is_an_error),
        cmocka_unit_test(many_threads_never_see_half_a_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
