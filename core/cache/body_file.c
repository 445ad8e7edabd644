/* SPDX-License-Identifier: MIT */
#include "cache/body_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { SUM_LEN = 16, MAX_KEY = 1024, TOUCH_AFTER_S = 600 };

static const char magic[8] = "mfbody1\n";

/* Native byte order: the cache never leaves its machine. */
struct file_head {
    char magic[8];
    uint32_t key_len, head_len;
    uint64_t body_len;
    unsigned char sum[SUM_LEN]; /* of all else */
};

static void seal(const struct file_head *file, const char *key, const char *head, const char *body,
                 unsigned char out[SUM_LEN])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SUM_LEN);
    crypto_generichash_update(&state, (const unsigned char *)file, offsetof(struct file_head, sum));
    crypto_generichash_update(&state, (const unsigned char *)key, file->key_len);
    crypto_generichash_update(&state, (const unsigned char *)head, file->head_len);
    crypto_generichash_update(&state, (const unsigned char *)body, file->body_len);
    crypto_generichash_final(&state, out, SUM_LEN);
}

uint64_t body_file_size(const struct body_content *content)
{
    return sizeof(struct file_head) + strlen(content->key) + content->head->len + content->len;
}

static bool write_all(int fd, const void *bytes, size_t len)
{
    for (const char *at = bytes; len;) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

int body_file_write(const char *path, const struct body_content *content, struct error *err)
{
    struct file_head file = { .key_len = (uint32_t)strlen(content->key),
                              .head_len = (uint32_t)content->head->len,
                              .body_len = content->len };
    const char *head = text_string(content->head);
    memcpy(file.magic, magic, sizeof magic);
    seal(&file, content->key, head, content->body, file.sum);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_errno(err, errno, "cannot create '%s'", path);
    bool ok = write_all(fd, &file, sizeof file) && write_all(fd, content->key, file.key_len) &&
              write_all(fd, head, file.head_len) && write_all(fd, content->body, content->len);
    int problem = errno;
    /* Some file systems say only here that the disk is full. */
    if (close(fd) && ok) {
        ok = false;
        problem = errno;
    }
    if (ok)
        return 0;
    unlink(path);
    return error_errno(err, problem, "cannot write '%s'", path);
}

static bool read_all(int fd, void *bytes, size_t len)
{
    for (char *at = bytes; len;) {
        ssize_t n = read(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static bool read_part(int fd, struct text *out, uint64_t len)
{
    text_clear(out);
    if (len > SIZE_MAX / 2 || !text_reserve(out, (size_t)len))
        return false;
    if (!read_all(fd, out->bytes, (size_t)len))
        return false;
    out->len = (size_t)len;
    out->bytes[len] = '\0';
    return true;
}

/* The order of use survives a restart through the files' times. */
static void mark_used(int fd, const struct stat *facts)
{
    if (time(NULL) - facts->st_mtime > TOUCH_AFTER_S)
        (void)futimens(fd, NULL);
}

/* Judged by the real size before anything is allocated by the one the file claims. */
static bool is_plausible(const struct file_head *file, const struct stat *facts, size_t key_len)
{
    uint64_t rest = (uint64_t)facts->st_size - sizeof *file;
    return memcmp(file->magic, magic, sizeof magic) == 0 && file->key_len == key_len &&
           file->body_len <= rest &&
           rest - file->body_len == (uint64_t)file->key_len + file->head_len;
}

bool body_file_read(const char *path, const char *key, struct text *out_head, struct text *out_body)
{
    CLEANUP(fd_close) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    CLEANUP(text_done) struct text stored_key = TEXT_INIT(MAX_KEY);
    struct file_head file;
    struct stat facts;
    unsigned char sum[SUM_LEN];
    size_t key_len = strlen(key);
    if (fd < 0 || fstat(fd, &facts) || !S_ISREG(facts.st_mode) || !read_all(fd, &file, sizeof file))
        return false;
    if (!is_plausible(&file, &facts, key_len))
        return false;
    if (!read_part(fd, &stored_key, file.key_len) || !read_part(fd, out_head, file.head_len) ||
        !read_part(fd, out_body, file.body_len))
        return false;
    seal(&file, text_string(&stored_key), text_string(out_head), text_string(out_body), sum);
    if (memcmp(sum, file.sum, SUM_LEN) != 0 || memcmp(stored_key.bytes, key, key_len) != 0)
        return false;
    mark_used(fd, &facts);
    return true;
}
