/* SPDX-License-Identifier: MIT */
#include "cache/bodies.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/lock.h"
#include "base/log.h"
#include "cache/body_file.h"
#include "cache/body_index.h"

#define DRAFT "draft-"

enum { PARTS = 256 };

struct bodies {
    char *folder;
    int64_t opened_s;
    pthread_t scanner;
    int closing; /* atomic; the scan ends early */

    struct lock lock;
    struct body_index index; /* lock */
    uint64_t hits, misses;   /* lock */
    uint64_t serial;         /* lock; names unfinished files */
    bool refused;            /* lock; the disk took nothing lately, and the log says so */
};

/* What lay on disk at the start. */
struct found {
    struct body_name name;
    uint64_t size;
    int64_t used_s;
};

struct found_list {
    struct found *files;
    size_t n, capacity;
};

static struct found *add_found(struct found_list *found)
{
    if (found->n == found->capacity) {
        found->capacity = MAX(2 * found->capacity, 256);
        found->files = mem_resize(found->files, found->capacity, sizeof *found->files);
    }
    return &found->files[found->n++];
}

static void name_of(const char *key, struct body_name *out)
{
    unsigned char hash[BODY_NAME_LEN / 2];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)key, strlen(key), NULL, 0);
    sodium_bin2hex(out->text, sizeof out->text, hash, sizeof hash);
}

static char *path_of(const struct bodies *bodies, const struct body_name *name)
{
    return mem_format("%s/%.2s/%s", bodies->folder, name->text, name->text + 2);
}

static void unlink_entry(struct bodies *bodies, const struct body_name *name) REQUIRES(bodies->lock)
{
    CLEANUP(mem_free) char *path = path_of(bodies, name);
    unlink(path);
}

static void evict_surplus(struct bodies *bodies) REQUIRES(bodies->lock)
{
    struct body_name oldest;
    while (body_index_take_surplus(&bodies->index, &oldest))
        unlink_entry(bodies, &oldest);
}

static bool get_body(void *context, const char *key, struct text *out_head, struct text *out_body)
{
    struct bodies *bodies = context;
    struct body_name name;
    name_of(key, &name);
    CLEANUP(mem_free) char *path = path_of(bodies, &name);
    bool found = body_file_read(path, key, out_head, out_body);
    LOCK_SCOPE(&bodies->lock);
    if (found) {
        bodies->hits++;
        body_index_touch(&bodies->index, &name);
        return true;
    }
    bodies->misses++;
    /* Whatever lies there is no use. */
    if (body_index_remove(&bodies->index, &name))
        unlink(path);
    return false;
}

/* Once per bad spell, not once per answer. */
static void note_disk(struct bodies *bodies, const struct error *problem) REQUIRES(bodies->lock)
{
    if (problem && !bodies->refused)
        log_warning("cache", "%s, answers are not kept on disk until that is better",
                    problem->text);
    bodies->refused = problem != NULL;
}

static bool make_part(const struct bodies *bodies, const struct body_name *name)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%.2s", bodies->folder, name->text);
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static void put_body(void *context, const char *key, const struct text *head, const char *body,
                     size_t len)
{
    struct bodies *bodies = context;
    struct error problem;
    struct body_name name;
    uint64_t serial;
    const struct body_content content = { key, head, body, len };
    uint64_t size = body_file_size(&content);
    name_of(key, &name);
    {
        LOCK_SCOPE(&bodies->lock);
        serial = ++bodies->serial;
        /* One giant must not drive out everything else. */
        if (size > bodies->index.max_bytes / 4)
            return;
    }
    CLEANUP(mem_free) char *path = path_of(bodies, &name);
    CLEANUP(mem_free)
    char *draft =
        mem_format("%s/%.2s/" DRAFT "%llu", bodies->folder, name.text, (unsigned long long)serial);
    int failed = body_file_write(draft, &content, &problem);
    if (failed == PROVIDER_ENOTFOUND && make_part(bodies, &name))
        failed = body_file_write(draft, &content, &problem);
    LOCK_SCOPE(&bodies->lock);
    if (!failed && rename(draft, path)) {
        failed = error_errno(&problem, errno, "cannot rename '%s'", draft);
        unlink(draft);
    }
    note_disk(bodies, failed ? &problem : NULL);
    if (failed)
        return;
    body_index_add(&bodies->index, &name, size);
    evict_surplus(bodies);
}

static void remove_body(void *context, const char *key)
{
    struct bodies *bodies = context;
    struct body_name name;
    name_of(key, &name);
    LOCK_SCOPE(&bodies->lock);
    body_index_remove(&bodies->index, &name);
    unlink_entry(bodies, &name);
}

struct net_body_cache bodies_cache(struct bodies *bodies)
{
    return (struct net_body_cache){ bodies, get_body, put_body, remove_body };
}

static bool is_closing(struct bodies *bodies)
{
    return __atomic_load_n(&bodies->closing, __ATOMIC_ACQUIRE);
}

/* What an earlier run left: whole files are noted, unfinished ones go, foreign ones stay. */
static void scan_part(struct bodies *bodies, unsigned part, struct found_list *found)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%02x", bodies->folder, part);
    DIR *folder = opendir(path);
    struct dirent *at;
    while (folder && !is_closing(bodies) && (at = readdir(folder))) {
        struct stat facts;
        if (fstatat(dirfd(folder), at->d_name, &facts, AT_SYMLINK_NOFOLLOW) ||
            !S_ISREG(facts.st_mode))
            continue;
        if (text_starts_with(at->d_name, DRAFT) && facts.st_mtime < bodies->opened_s)
            unlinkat(dirfd(folder), at->d_name, 0);
        if (strlen(at->d_name) != BODY_NAME_LEN - 2)
            continue;
        struct found *file = add_found(found);
        snprintf(file->name.text, sizeof file->name.text, "%02x%.38s", part, at->d_name);
        file->size = (uint64_t)facts.st_size;
        file->used_s = facts.st_mtime;
    }
    if (folder)
        closedir(folder);
}

static int newest_first(const void *a, const void *b)
{
    const struct found *left = a, *right = b;
    return (left->used_s < right->used_s) - (left->used_s > right->used_s);
}

/* One that was removed since it was seen is not noted: files go under the lock. */
static void note_found(struct bodies *bodies, const struct found *file)
{
    CLEANUP(mem_free) char *path = path_of(bodies, &file->name);
    LOCK_SCOPE(&bodies->lock);
    if (access(path, F_OK) == 0)
        body_index_add_oldest(&bodies->index, &file->name, file->size);
}

/* Beside the daemon's start, because a large cache takes seconds: until it is through, entries are
 * found on disk all the same, only the bound is not kept yet. */
static void *scan(void *context)
{
    struct bodies *bodies = context;
    struct found_list found = { 0 };
    for (unsigned part = 0; part < PARTS && !is_closing(bodies); part++)
        scan_part(bodies, part, &found);
    if (found.n)
        qsort(found.files, found.n, sizeof *found.files, newest_first);
    for (size_t i = 0; i < found.n && !is_closing(bodies); i++)
        note_found(bodies, &found.files[i]);
    free(found.files);
    LOCK_SCOPE(&bodies->lock);
    evict_surplus(bodies);
    return NULL;
}

/* Its parts are made when something first falls into them: 256 at once would be felt at the start.
 */
static int make_folder(const char *folder, struct error *err)
{
    if (mkdir(folder, 0700) && errno != EEXIST)
        return error_errno(err, errno, "cannot create the folder '%s'", folder);
    if (access(folder, W_OK | X_OK))
        return error_errno(err, errno, "cannot write in the folder '%s'", folder);
    return 0;
}

int bodies_open(const char *folder, uint64_t max_bytes, struct bodies **out, struct error *err)
{
    if (sodium_init() < 0)
        return error_set(err, PROVIDER_EIO, "no source of randomness");
    int code = make_folder(folder, err);
    if (code)
        return code;
    struct bodies *bodies = mem_new(struct bodies);
    bodies->folder = mem_dup_text(folder);
    bodies->opened_s = time(NULL);
    bodies->index.max_bytes = max_bytes;
    lock_init(&bodies->lock);
    bodies->scanner = lock_thread_start("bodies-scan", scan, bodies);
    *out = bodies;
    return 0;
}

void bodies_close(struct bodies *bodies)
{
    if (!bodies)
        return;
    __atomic_store_n(&bodies->closing, 1, __ATOMIC_RELEASE);
    pthread_join(bodies->scanner, NULL);
    body_index_done(&bodies->index);
    lock_done(&bodies->lock);
    free(bodies->folder);
    free(bodies);
}

void bodies_status(struct bodies *bodies, struct bodies_status *out)
{
    LOCK_SCOPE(&bodies->lock);
    *out = (struct bodies_status){
        .bytes = bodies->index.bytes,
        .files = bodies->index.files,
        .hits = bodies->hits,
        .misses = bodies->misses,
        .evictions = bodies->index.evictions,
    };
}
