/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/lock.h"
#include "store/maintenance.h"

#include "full_place.h"

#define FULL(test) cmocka_unit_test_setup_teardown(test, make_full_place, remove_place)

static void below(const struct place *place, const char *name, char out[96])
{
    snprintf(out, 96, "%s/%s", place->path, name);
}

struct loading {
    struct store *store;
    struct lock lock;
    bool stop;
    uint32_t n;
};

static void *write_on(void *argument)
{
    struct loading *loading = argument;
    for (;;) {
        char external[32];
        lock_take(&loading->lock);
        bool stop = loading->stop;
        snprintf(external, sizeof external, "tmdb:9%06u", loading->n++ % 500);
        lock_release(&loading->lock);
        struct title title = { .external = external };
        if (stop || store_write(loading->store, put_title, &title, NULL))
            return NULL;
    }
}

static void a_backup_of_a_running_store_restores_to_a_sound_one(void **state)
{
    struct place *place = *state;
    char backup[96], copy[96];
    below(place, "backup", backup);
    below(place, "copy", copy);
    struct loading loading = { .store = place->store, .lock = LOCK_INIT };
    pthread_t thread = lock_thread_start("test-load", write_on, &loading);
    struct error err = { 0 };
    int failed = maintenance_backup(place->store, backup, &err);
    int failed_again = maintenance_backup(place->store, backup, &err);
    lock_take(&loading.lock);
    loading.stop = true;
    lock_release(&loading.lock);
    pthread_join(thread, NULL);
    assert_string_equal(err.text, "");
    assert_int_equal(failed, 0);
    assert_int_equal(failed_again, 0);
    if (maintenance_restore(backup, copy, &err))
        fail_msg("%s", err.text);
    struct store *store = NULL;
    struct store_options options = { .path = copy, .sync_each_commit = true };
    assert_int_equal(store_open(&options, &store, NULL), 0);
    uint32_t id = 0;
    assert_true(store_revision(store) >= N_TITLES);
    assert_int_equal(external_ids_find(store, PROVIDER_MOVIE, "tmdb:300", &id, NULL), 0);
    struct title title = { .external = "tmdb:424242" };
    assert_int_equal(store_write(store, put_title, &title, NULL), 0);
    store_close(store);
}

static void a_backup_never_clears_what_is_not_a_backup(void **state)
{
    struct place *place = *state;
    char folder[96], file[128];
    below(place, "photos", folder);
    snprintf(file, sizeof file, "%s/cat.db", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    int fd = open(file, O_CREAT | O_WRONLY, 0600);
    close(fd);
    assert_int_equal(maintenance_backup(place->store, folder, NULL), PROVIDER_ECONFLICT);
    assert_int_equal(access(file, F_OK), 0);
}

static void what_is_no_backup_is_not_restored(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    char copy[96];
    below(place, "copy", copy);
    assert_int_equal(maintenance_restore(place->path, copy, &err), PROVIDER_EINVAL);
    assert_int_not_equal(access(copy, F_OK), 0);
}

static void a_restore_never_overwrites_a_store(void **state)
{
    struct place *place = *state;
    char backup[96];
    below(place, "backup", backup);
    assert_int_equal(maintenance_backup(place->store, backup, NULL), 0);
    assert_int_equal(maintenance_restore(backup, place->path, NULL), PROVIDER_ECONFLICT);
}

static void below_both(const struct place *place, char backup[96], char copy[96])
{
    below(place, "backup", backup);
    below(place, "copy", copy);
    assert_int_equal(maintenance_backup(place->store, backup, NULL), 0);
}

/* As older programs wrote it: without the files. */
static void forget_list(const char *backup)
{
    CLEANUP(mem_free) char *file = mem_format("%s/miauflix-backup", backup);
    FILE *manifest = fopen(file, "we");
    fputs("{\"schema\":11,\"revision\":1,\"taken_at\":\"2026-01-01T00:00:00Z\"}\n", manifest);
    fclose(manifest);
}

static void a_damaged_backup_is_refused(void **state)
{
    char backup[96], copy[96], file[128];
    below_both(*state, backup, copy);
    forget_list(backup);
    snprintf(file, sizeof file, "%s/items.db", backup);
    assert_int_equal(truncate(file, 16384 + 100), 0);
    struct error err = { 0 };
    assert_true(maintenance_restore(backup, copy, &err) < 0);
    assert_true(err.text[0] != '\0');
}

/* --- What is missing, cut, changed, or of somebody else */

/* Refused with a reason that names it, and nothing was begun. */
static void assert_refused(const char *backup, const char *copy, const char *name)
{
    struct error err = { 0 };
    int failed = maintenance_restore(backup, copy, &err);
    if (failed != PROVIDER_EINVAL || !strstr(err.text, name))
        fail_msg("%s: %d, '%s'", name, failed, err.text);
    assert_int_not_equal(access(copy, F_OK), 0);
}

static void a_backup_that_lacks_a_file_is_refused(void **state)
{
    char backup[96], copy[96], file[400], aside[128];
    below_both(*state, backup, copy);
    snprintf(aside, sizeof aside, "%s.aside", backup);
    DIR *dir = opendir(backup);
    size_t n = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(file, sizeof file, "%s/%s", backup, entry->d_name);
        assert_int_equal(rename(file, aside), 0);
        assert_refused(backup, copy, entry->d_name);
        assert_int_equal(rename(aside, file), 0);
        n++;
    }
    closedir(dir);
    assert_true(n > STORE_N_TABLES + 1); /* a log and the manifest, too */
    struct error err = { 0 };
    if (maintenance_restore(backup, copy, &err))
        fail_msg("%s", err.text);
}

/* Nor one of an older program, which listed no files. */
static void a_table_is_missed_without_a_list_too(void **state)
{
    char backup[96], copy[96];
    below_both(*state, backup, copy);
    forget_list(backup);
    char items[128], aside[128];
    snprintf(items, sizeof items, "%s/items.db", backup);
    snprintf(aside, sizeof aside, "%s.aside", backup);
    assert_int_equal(rename(items, aside), 0);
    assert_refused(backup, copy, "items.db");
    assert_int_equal(rename(aside, items), 0);
    struct error err = { 0 };
    if (maintenance_restore(backup, copy, &err))
        fail_msg("%s", err.text);
}

static void a_cut_or_changed_file_is_refused(void **state)
{
    char backup[96], copy[96], file[128];
    struct stat status;
    below_both(*state, backup, copy);
    snprintf(file, sizeof file, "%s/ids.db", backup);
    int fd = open(file, O_RDWR | O_CLOEXEC);
    assert_int_equal(fstat(fd, &status), 0);
    char last;
    assert_int_equal(pread(fd, &last, 1, status.st_size - 1), 1);
    last = (char)~last;
    assert_int_equal(pwrite(fd, &last, 1, status.st_size - 1), 1);
    assert_refused(backup, copy, "'ids.db' is not what was backed up");
    /* A whole page less is a sound file, of fewer rows. */
    assert_int_equal(ftruncate(fd, status.st_size - 16384), 0);
    close(fd);
    assert_refused(backup, copy, "'ids.db' has ");
}

static void what_is_not_of_the_backup_is_not_restored_with_it(void **state)
{
    static const char *const names[] = { "log.0000000999", "cats.db", "notes" };
    char backup[96], copy[96], file[128];
    below_both(*state, backup, copy);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(file, sizeof file, "%s/%s", backup, names[i]);
        close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    }
    struct error err = { 0 };
    if (maintenance_restore(backup, copy, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(file, sizeof file, "%s/%s", copy, names[i]);
        assert_int_not_equal(access(file, F_OK), 0);
    }
}

static void an_unreadable_manifest_restores_nothing(void **state)
{
    static const char *const texts[] = {
        "",
        "{\"schema\":",
        "{\"schema\":11,\"files\":[7]}",
        "{\"schema\":11,\"files\":[{\"name\":\"items.db\"}]}",
        "{\"schema\":11,\"files\":[{\"name\":\"../x.db\",\"bytes\":0,\"sha256\":\"\"}]}",
        "{\"schema\":11,\"files\":[{\"name\":\"notes\",\"bytes\":0,\"sha256\":\"\"}]}",
    };
    char backup[96], copy[96], file[128];
    below_both(*state, backup, copy);
    snprintf(file, sizeof file, "%s/miauflix-backup", backup);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        FILE *manifest = fopen(file, "we");
        fputs(texts[i], manifest);
        fclose(manifest);
        assert_refused(backup, copy, "is unreadable");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FULL(a_backup_of_a_running_store_restores_to_a_sound_one),
        FULL(a_backup_never_clears_what_is_not_a_backup),
        FULL(what_is_no_backup_is_not_restored),
        FULL(a_restore_never_overwrites_a_store),
        FULL(a_damaged_backup_is_refused),
        FULL(a_backup_that_lacks_a_file_is_refused),
        FULL(a_table_is_missed_without_a_list_too),
        FULL(a_cut_or_changed_file_is_refused),
        FULL(what_is_not_of_the_backup_is_not_restored_with_it),
        FULL(an_unreadable_manifest_restores_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
