/* SPDX-License-Identifier: MIT */
#include "store/pages.h"

#include <assert.h>
#include <db.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/lock.h"
#include "base/log.h"
#include "store/bytes.h"
#include "store/environment.h"

/* A copy: a checksum of what follows, the place and the file it belongs to, the page. */
enum {
    PAGE_LEN = ENVIRONMENT_PAGE_LEN,
    SUM_LEN = 8,
    NAME_LEN = 48,
    HEAD_LEN = SUM_LEN + 8 + NAME_LEN,
    COPY_LEN = HEAD_LEN + PAGE_LEN,
};

/* One is enough as long as writing succeeds; each page that a full disk cut off needs another. */
enum { N_COPIES = 16 };

/* A page begins with the position of the log and its own number: no two versions do alike. */
enum { BEGINNING_LEN = 12 };

struct copy {
    char name[NAME_LEN];
    off_t at;
    bool needed; /* what stands in its place may be half of it */
};

struct pages {
    char folder[PATH_MAX]; /* as the kernel calls it */
    int fd;
    struct copy copies[N_COPIES];
    uint8_t bytes[COPY_LEN];
    struct pages *next;
};

/* Held while a page is written.  Nothing else is taken within. */
static struct lock guarded_lock = LOCK_INIT;
static struct pages *guarded; /* guarded_lock */

/* --- Copies */

/* FNV-1a, by eight bytes: it is made of every page that is written. */
static uint64_t sum_of(const uint8_t *bytes)
{
    uint64_t sum = 0xcbf29ce484222325u, word;
    static_assert((COPY_LEN - SUM_LEN) % sizeof word == 0, "whole words");
    for (size_t i = SUM_LEN; i < COPY_LEN; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        sum = (sum ^ word) * 0x100000001b3u;
    }
    return sum;
}

static bool read_copy(struct pages *pages, size_t i, struct copy *out)
{
    const uint8_t *at = pages->bytes;
    if (pread(pages->fd, pages->bytes, COPY_LEN, (off_t)(i * COPY_LEN)) != COPY_LEN ||
        bytes_take_le(&at, SUM_LEN) != sum_of(pages->bytes))
        return false;
    *out = (struct copy){ .at = (off_t)bytes_take_le(&at, 8) };
    memcpy(out->name, at, NAME_LEN);
    return !out->name[NAME_LEN - 1] && !strchr(out->name, '/') && text_ends_with(out->name, ".db");
}

static bool write_copy(struct pages *pages, size_t i, const void *page)
{
    const struct copy *copy = &pages->copies[i];
    uint8_t *at = bytes_put_le(pages->bytes + SUM_LEN, (uint64_t)copy->at, 8);
    memcpy(at, copy->name, NAME_LEN);
    memcpy(at + NAME_LEN, page, PAGE_LEN);
    bytes_put_le(pages->bytes, sum_of(pages->bytes), SUM_LEN);
    ssize_t n = pwrite(pages->fd, pages->bytes, COPY_LEN, (off_t)(i * COPY_LEN));
    if (n >= 0 && n < COPY_LEN)
        errno = ENOSPC;
    return n == COPY_LEN;
}

/* --- Completing */

/* Whether the place of the copy that was read last holds its beginning and not all of it. */
static bool is_half_written(const struct pages *pages, int fd, off_t at)
{
    CLEANUP(mem_free) uint8_t *found = mem_alloc(PAGE_LEN); /* too large for a stack of ours */
    const uint8_t *page = pages->bytes + HEAD_LEN;
    ssize_t n = pread(fd, found, PAGE_LEN, at);
    return n >= BEGINNING_LEN && !memcmp(found, page, BEGINNING_LEN) &&
           (n < PAGE_LEN || memcmp(found, page, PAGE_LEN) != 0);
}

static int open_place(const struct pages *pages, const struct copy *copy)
{
    CLEANUP(mem_free) char *file = mem_format("%s/%s", pages->folder, copy->name);
    return open(file, O_RDWR | O_CLOEXEC);
}

static int complete(struct pages *pages, size_t i, struct error *err)
{
    struct copy copy;
    if (!read_copy(pages, i, &copy))
        return 0;
    CLEANUP(fd_close) int fd = open_place(pages, &copy);
    if (fd < 0 || !is_half_written(pages, fd, copy.at))
        return 0;
    if (pwrite(fd, pages->bytes + HEAD_LEN, PAGE_LEN, copy.at) != PAGE_LEN)
        return error_errno(err, errno, "cannot complete a page of '%s/%s'", pages->folder,
                           copy.name);
    log_notice("store", "completed a page of '%s' that was half written", copy.name);
    return 0;
}

/* What was cut off may have been completed meanwhile. */
static bool is_needed(struct pages *pages, size_t i)
{
    struct copy copy;
    if (!read_copy(pages, i, &copy))
        return false;
    CLEANUP(fd_close) int fd = open_place(pages, &copy);
    return fd >= 0 && is_half_written(pages, fd, copy.at);
}

/* --- Writing */

/* The copy to be overwritten; N_COPIES: all are needed. */
static size_t choose_copy(struct pages *pages)
{
    size_t i = 0;
    while (i < N_COPIES && pages->copies[i].needed)
        i++;
    if (i < N_COPIES)
        return i;
    for (i = 0; i < N_COPIES && is_needed(pages, i);)
        i++;
    return i;
}

/* The page is whole, so that what was to help it is not needed any more. */
static void forget_copies(struct pages *pages, const struct copy *of)
{
    for (size_t i = 0; i < N_COPIES; i++) {
        struct copy *copy = &pages->copies[i];
        if (copy->needed && copy->at == of->at && !strcmp(copy->name, of->name))
            copy->needed = false;
    }
}

static ssize_t write_twice(struct pages *pages, const char *name, int fd, const void *page,
                           off_t at)
{
    size_t i = choose_copy(pages);
    if (i == N_COPIES) {
        errno = ENOSPC;
        return -1;
    }
    struct copy *copy = &pages->copies[i];
    *copy = (struct copy){ .at = at };
    memcpy(copy->name, name, strlen(name));
    if (!write_copy(pages, i, page))
        return -1;
    ssize_t n = pwrite(fd, page, PAGE_LEN, at);
    copy->needed = n != PAGE_LEN;
    if (!copy->needed)
        forget_copies(pages, copy);
    return n;
}

/* Splits the kernel's name of an open file into folder and name. */
static bool find_path(int fd, char out_folder[PATH_MAX], const char **out_name)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out_folder, PATH_MAX - 1);
    out_folder[MAX(n, (ssize_t)0)] = '\0';
    char *slash = strrchr(out_folder, '/');
    if (!slash)
        return false;
    *slash = '\0';
    *out_name = slash + 1;
    return true;
}

static struct pages *find_pages(const char *folder) REQUIRES(guarded_lock)
{
    struct pages *pages = guarded;
    while (pages && strcmp(pages->folder, folder) != 0)
        pages = pages->next;
    return pages;
}

ssize_t pages_write(int fd, const void *page, size_t len, off_t at)
{
    char folder[PATH_MAX];
    const char *name = NULL;
    if (len != PAGE_LEN || !find_path(fd, folder, &name) || strlen(name) >= NAME_LEN ||
        !text_ends_with(name, ".db"))
        return pwrite(fd, page, len, at);
    LOCK_SCOPE(&guarded_lock);
    struct pages *pages = find_pages(folder);
    return pages ? write_twice(pages, name, fd, page, at) : pwrite(fd, page, len, at);
}

/* Whoever brings Berkeley DB a write() must not write less than it was given; errno is its reason.
 */
static ssize_t write_whole(int fd, const void *bytes, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = write(fd, (const char *)bytes + done, len - done);
        if (n < 0 && errno != EINTR)
            return -1;
        done += (size_t)MAX(n, (ssize_t)0);
    }
    return (ssize_t)len;
}

/* How Berkeley DB makes a file, and how it tries again what pages_write() failed to do: that must
 * not be cut off without a copy either. */
static ssize_t write_on(int fd, const void *bytes, size_t len)
{
    off_t at = len == PAGE_LEN ? lseek(fd, 0, SEEK_CUR) : -1;
    if (at < 0)
        return write_whole(fd, bytes, len);
    ssize_t n = pages_write(fd, bytes, len, at);
    if (n == PAGE_LEN)
        lseek(fd, at + PAGE_LEN, SEEK_SET);
    else if (n >= 0)
        errno = ENOSPC;
    return n == PAGE_LEN ? n : -1;
}

/* --- Beginning and ending */

/* Its whole length from the start, so that a full disk never stands in the way of a copy. */
static int open_copies(struct pages *pages, const char *folder, struct error *err)
{
    const char *name;
    CLEANUP(mem_free) char *file = mem_format("%s/pages", folder);
    pages->fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (pages->fd < 0)
        return error_errno(err, errno, "cannot open '%s'", file);
    int failed = posix_fallocate(pages->fd, 0, N_COPIES * COPY_LEN);
    if (failed)
        return error_errno(err, failed, "cannot make '%s'", file);
    if (!find_path(pages->fd, pages->folder, &name))
        return error_set(err, PROVIDER_EIO, "/proc does not say where '%s' is", file);
    return 0;
}

int pages_guard(const char *folder, struct pages **out, struct error *err)
{
    struct pages *pages = mem_new(struct pages);
    pages->fd = -1;
    int failed = open_copies(pages, folder, err);
    for (size_t i = 0; i < N_COPIES && !failed; i++)
        failed = complete(pages, i, err);
    if (failed) {
        if (pages->fd >= 0)
            close(pages->fd);
        free(pages);
        return failed;
    }
    LOCK_SCOPE(&guarded_lock);
    db_env_set_func_pwrite(pages_write);
    db_env_set_func_write(write_on);
    pages->next = guarded;
    guarded = pages;
    *out = pages;
    return 0;
}

static void leave_list(const struct pages *pages)
{
    LOCK_SCOPE(&guarded_lock);
    struct pages **at = &guarded;
    while (*at != pages)
        at = &(*at)->next;
    *at = pages->next;
}

void pages_release(struct pages *pages)
{
    if (!pages)
        return;
    leave_list(pages);
    close(pages->fd);
    free(pages);
}
