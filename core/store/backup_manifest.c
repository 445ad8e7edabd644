/* SPDX-License-Identifier: MIT
 *
 * What a backup consists of: recovery makes a table anew whose file is missing, as far as the logs
 * go back, and nobody would see what else was in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "store/inside.h"

enum { MAX_MANIFEST = 4 << 20, SUM_LEN = 2 * DIGEST_SHA256_LEN + 1 };

static void dir_close_cleanup(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

bool backup_is_ours(const char *name)
{
    return (text_ends_with(name, ".db") || text_starts_with(name, "log.") ||
            text_equal(name, BACKUP_MANIFEST)) &&
           !strchr(name, '/');
}

int backup_each_name(const char *folder, int (*each)(const char *name, void *context),
                     void *context, struct error *err)
{
    CLEANUP(dir_close) DIR *dir = opendir(folder);
    if (!dir)
        return error_errno(err, errno, "cannot read the folder '%s'", folder);
    for (struct dirent *entry; (entry = readdir(dir));) {
        bool is_dots = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
        int stop = is_dots ? 0 : each(entry->d_name, context);
        if (stop)
            return stop;
    }
    return 0;
}

struct measure {
    json_int_t bytes;
    char sum[SUM_LEN];
};

static int measure_file(const char *folder, const char *name, bool sums, struct measure *out,
                        struct error *err)
{
    uint8_t digest[DIGEST_SHA256_LEN] = { 0 };
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, name);
    CLEANUP(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) || (sums && digest_sha256_file(fd, digest)))
        return error_errno(err, errno, "cannot read '%s'", path);
    out->bytes = status.st_size;
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out->sum + 2 * i, 3, "%02x", digest[i]);
    return 0;
}

/* --- Writing */

struct files {
    const char *folder;
    json_t *list;
    struct error *err;
};

static int add_file(const char *name, void *context)
{
    const struct files *files = context;
    struct measure is;
    if (!backup_is_ours(name) || text_equal(name, BACKUP_MANIFEST))
        return 0;
    int failed = measure_file(files->folder, name, true, &is, files->err);
    if (!failed)
        json_array_append_new(files->list, json_pack("{s:s,s:I,s:s}", "name", name, "bytes",
                                                     is.bytes, "sha256", is.sum));
    return failed;
}

int backup_manifest_write(struct store *store, const char *folder, struct error *err)
{
    char now[CLOCK_TEXT_LEN];
    json_auto_t *list = json_array();
    struct files files = { .folder = folder, .list = list, .err = err };
    int failed = backup_each_name(folder, add_file, &files, err);
    if (failed)
        return failed;
    json_auto_t *manifest = json_pack("{s:i,s:I,s:s,s:O}", "schema", (int)STORE_SCHEMA, "revision",
                                      (json_int_t)store_revision(store), "taken_at",
                                      clock_format(clock_wall_ms(), now), "files", list);
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, BACKUP_MANIFEST);
    CLEANUP(fd_close) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_errno(err, errno, "cannot make '%s'", path);
    if (json_dumpfd(manifest, fd, JSON_COMPACT) || syncfs(fd))
        return error_errno(err, errno, "cannot write '%s'", path);
    return 0;
}

/* --- Reading */

static int read_manifest(const char *folder, json_t **out, struct error *err)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, BACKUP_MANIFEST);
    CLEANUP(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    CLEANUP(mem_free) char *bytes = mem_alloc(MAX_MANIFEST);
    if (fd < 0 && errno == ENOENT)
        return error_set(err, PROVIDER_EINVAL, "'%s' is not a complete backup: it has no '%s'",
                         folder, BACKUP_MANIFEST);
    ssize_t n = fd < 0 ? -1 : read(fd, bytes, MAX_MANIFEST);
    if (n < 0)
        return error_errno(err, errno, "cannot read '%s'", path);
    if (js_parse(bytes, (size_t)n, MAX_MANIFEST, out, err)) {
        error_prefix(err, "'%s' is unreadable", path);
        return PROVIDER_EINVAL;
    }
    return 0;
}

static int prove_file(const char *folder, const json_t *file, struct error *err)
{
    const char *name = js_string(file, "name"), *sum = js_string(file, "sha256");
    struct measure is;
    if (!name || !backup_is_ours(name) || text_equal(name, BACKUP_MANIFEST) || !sum)
        return error_set(err, PROVIDER_EINVAL, "'%s/%s' is unreadable", folder, BACKUP_MANIFEST);
    int failed = measure_file(folder, name, true, &is, err);
    if (failed == PROVIDER_ENOTFOUND)
        return error_set(err, PROVIDER_EINVAL, "'%s' is not a complete backup: '%s' is missing",
                         folder, name);
    if (failed)
        return failed;
    json_int_t bytes = js_int(file, "bytes", -1);
    if (is.bytes != bytes)
        return error_set(err, PROVIDER_EINVAL,
                         "the backup '%s' is damaged: '%s' has %lld bytes and not %lld", folder,
                         name, (long long)is.bytes, (long long)bytes);
    return text_equal(is.sum, sum)
               ? 0
               : error_set(err, PROVIDER_EINVAL,
                           "the backup '%s' is damaged: '%s' is not what was backed up", folder,
                           name);
}

/* Older programs had fewer tables. */
static int prove_tables(const char *folder, const json_t *manifest, struct error *err)
{
    bool is_of_now = js_int(manifest, "schema", 0) == STORE_SCHEMA;
    int end = is_of_now ? STORE_N_TABLES : STORE_STATE + 1;
    for (int table = 0; table < end; table++) {
        struct measure is;
        CLEANUP(mem_free)
        char *name = mem_format("%s.db", environment_table_name((enum store_table)table));
        if (measure_file(folder, name, false, &is, NULL))
            return error_set(err, PROVIDER_EINVAL,
                             "'%s' is not a complete backup: no '%s' is there", folder, name);
    }
    return 0;
}

static int add_name(const char *name, void *context)
{
    if (backup_is_ours(name) && !text_equal(name, BACKUP_MANIFEST))
        json_array_append_new(context, json_string(name));
    return 0;
}

int backup_manifest_prove(const char *folder, json_t *out_names, struct error *err)
{
    json_auto_t *manifest = NULL;
    int failed = read_manifest(folder, &manifest, err);
    failed = failed ? failed : prove_tables(folder, manifest, err);
    const json_t *files = js_array(manifest, "files"), *file;
    /* One of before there were lists: all that is there. */
    if (failed || !files)
        return failed ? failed : backup_each_name(folder, add_name, out_names, err);
    size_t i;
    json_array_foreach (files, i, file) {
        failed = prove_file(folder, file, err);
        if (failed)
            return failed;
        json_array_append(out_names, json_object_get(file, "name"));
    }
    return 0;
}
