/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/log.h"
#include "store/inside.h"
#include "store/maintenance.h"

enum { COPY_LEN = 1 << 18 };

static int say_found(const char *name, void *context)
{
    *(bool *)context |= strcmp(name, "lock") != 0;
    return 0;
}

/* It does not exist, or nothing is in it. */
static int check_empty(const char *folder, struct error *err)
{
    bool found = false;
    struct error why = { 0 };
    int failed = backup_each_name(folder, say_found, &found, &why);
    if (failed == PROVIDER_ENOTFOUND)
        return 0;
    if (failed) {
        if (err)
            *err = why;
        return failed;
    }
    return found ? error_set(err, PROVIDER_ECONFLICT, "'%s' is not empty", folder) : 0;
}

static bool has_manifest(const char *folder)
{
    CLEANUP(mem_free) char *file = mem_format("%s/%s", folder, BACKUP_MANIFEST);
    return !access(file, F_OK);
}

static int remove_name(const char *name, void *context)
{
    CLEANUP(mem_free) char *file = mem_format("%s/%s", (const char *)context, name);
    if (backup_is_ours(name))
        unlink(file);
    return 0;
}

/* Removes what a backup holds, and the folder when nothing else is in it. */
static int remove_backup(char *folder, struct error *err)
{
    int failed = backup_each_name(folder, remove_name, folder, NULL);
    if (failed == PROVIDER_ENOTFOUND || !rmdir(folder))
        return 0;
    return error_errno(err, errno, "cannot remove the former '%s'", folder);
}

/* --- Making */

static int copy_environment(struct store *store, const char *folder, struct error *err)
{
    struct environment *environment = &store->environment;
    int failed = environment_checkpoint(environment, true, err);
    failed = failed ? failed : environment_enter(environment, err);
    if (failed)
        return failed;
    int db_code = environment->env->backup(environment->env, folder, DB_CREATE | DB_BACKUP_CLEAN);
    if (db_code)
        failed =
            environment_fail(environment, db_code, err, "cannot copy the store to '%s'", folder);
    environment_leave(environment);
    return failed;
}

int maintenance_backup(struct store *store, const char *folder, struct error *err)
{
    int failed = has_manifest(folder) ? 0 : check_empty(folder, err);
    if (failed)
        return failed;
    /* Berkeley DB clears the folder it copies to, whatever is in it; this one is ours. */
    CLEANUP(mem_free) char *part = mem_format("%s.part", folder);
    CLEANUP(mem_free) char *target = mem_dup_text(folder);
    failed = remove_backup(part, err);
    if (!failed && mkdir(part, 0700))
        failed = error_errno(err, errno, "cannot make the folder '%s'", part);
    failed = failed ? failed : copy_environment(store, part, err);
    failed = failed ? failed : backup_manifest_write(store, part, err);
    failed = failed ? failed : remove_backup(target, err);
    if (!failed && rename(part, folder))
        failed = error_errno(err, errno, "cannot rename '%s' to '%s'", part, folder);
    if (failed)
        remove_backup(part, NULL);
    else
        log_notice("store", "backed up to '%s'", folder);
    return failed;
}

/* --- Restoring */

static int copy_bytes(int from, int to, char *buffer)
{
    for (;;) {
        ssize_t n = read(from, buffer, COPY_LEN);
        if (n <= 0)
            return (int)n;
        for (ssize_t done = 0; done < n;) {
            ssize_t written = write(to, buffer + done, (size_t)(n - done));
            if (written < 0)
                return -1;
            done += written;
        }
    }
}

static int copy_name(const char *name, const char *from_folder, const char *to_folder,
                     struct error *err)
{
    CLEANUP(mem_free) char *source = mem_format("%s/%s", from_folder, name);
    CLEANUP(mem_free) char *target = mem_format("%s/%s", to_folder, name);
    CLEANUP(mem_free) char *buffer = mem_alloc(COPY_LEN);
    CLEANUP(fd_close) int from = open(source, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return error_errno(err, errno, "cannot read '%s'", source);
    CLEANUP(fd_close) int to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0 || copy_bytes(from, to, buffer) || fsync(to))
        return error_errno(err, errno, "cannot write '%s'", target);
    return 0;
}

struct first_finding {
    char text[200];
};

static void keep_first(const char *finding, void *context)
{
    struct first_finding *first = context;
    if (!first->text[0])
        snprintf(first->text, sizeof first->text, "%s", finding);
}

static int recover_and_verify(const char *path, struct error *err)
{
    struct store_options options = { .path = path, .sync_each_commit = true };
    struct store *store = NULL;
    int failed = store_open_backup(&options, &store, err);
    store_close(store);
    struct first_finding first = { "" };
    struct maintenance_checks checks = { .report = keep_first, .context = &first };
    uint64_t n = 0;
    failed = failed ? failed : maintenance_verify(path, &checks, &n, err);
    if (failed || !n)
        return failed;
    return error_set(err, PROVIDER_EPARSE, "what was restored has %llu faults, the first: %s",
                     (unsigned long long)n, first.text);
}

int maintenance_restore(const char *backup, const char *path, struct error *err)
{
    json_auto_t *names = json_array();
    int failed = backup_manifest_prove(backup, names, err);
    failed = failed ? failed : check_empty(path, err);
    if (failed)
        return failed;
    if (mkdir(path, 0700) && errno != EEXIST)
        return error_errno(err, errno, "cannot make the folder '%s'", path);
    const json_t *name;
    size_t i;
    json_array_foreach (names, i, name) {
        failed = copy_name(json_string_value(name), backup, path, err);
        if (failed)
            return failed;
    }
    return recover_and_verify(path, err);
}

/* --- Compacting */

static uint64_t bytes_of_tables(const struct store *store)
{
    uint64_t bytes = 0;
    for (int table = 0; table < STORE_N_TABLES; table++) {
        CLEANUP(mem_free)
        char *file = mem_format("%s/%s.db", store->environment.path,
                                environment_table_name((enum store_table)table));
        struct stat status;
        if (!stat(file, &status))
            bytes += (uint64_t)status.st_size;
    }
    return bytes;
}

static int compact_table(struct environment *environment, enum store_table table, struct error *err)
{
    enum { MAX_DEADLOCKS = 100 };
    DB *db = environment->tables[table];
    int db_code = DB_LOCK_DEADLOCK;
    for (int i = 0; i < MAX_DEADLOCKS && db_code == DB_LOCK_DEADLOCK; i++)
        db_code = db->compact(db, NULL, NULL, NULL, NULL, DB_FREE_SPACE, NULL);
    return db_code ? environment_fail(environment, db_code, err, "cannot compact '%s'",
                                      environment_table_name(table))
                   : 0;
}

int maintenance_compact(struct store *store, uint64_t *out_freed_bytes, struct error *err)
{
    struct environment *environment = &store->environment;
    if (environment->read_only)
        return error_set(err, PROVIDER_EDENIED, "the store is open for reading only");
    int failed = environment_checkpoint(environment, true, err);
    uint64_t before = bytes_of_tables(store);
    for (int table = 0; table < STORE_N_TABLES && !failed; table++) {
        failed = environment_enter(environment, err);
        if (failed)
            break;
        failed = compact_table(environment, (enum store_table)table, err);
        environment_leave(environment);
    }
    failed = failed ? failed : environment_checkpoint(environment, true, err);
    uint64_t after = bytes_of_tables(store);
    if (!failed)
        *out_freed_bytes = before > after ? before - after : 0;
    return failed;
}
