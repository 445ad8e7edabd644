/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

static char *path_in(const char *data_folder, const char *suffix)
{
    return mem_format("%s/control%s", data_folder, suffix);
}

/* Written beside and moved into place, so that a reader never sees half of it. */
int control_write(const char *data_folder, const char *url, const char *token, struct error *err)
{
    CLEANUP(mem_free) char *path = path_in(data_folder, "");
    CLEANUP(mem_free) char *fresh = path_in(data_folder, ".new");
    unlink(fresh);
    CLEANUP(fd_close) int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || dprintf(fd, "%s\n%s\n", url, token) < 0)
        return error_errno(err, errno, "cannot write '%s'", fresh);
    return rename(fresh, path) ? error_errno(err, errno, "cannot write '%s'", path) : 0;
}

void control_remove(const char *data_folder)
{
    CLEANUP(mem_free) char *path = path_in(data_folder, "");
    unlink(path);
}

static bool read_line(FILE *file, char *out, size_t size)
{
    if (!fgets(out, (int)size, file))
        return false;
    out[strcspn(out, "\n")] = '\0';
    return *out != '\0';
}

int control_read(const char *data_folder, char out_url[CONTROL_URL_LEN],
                 char out_token[CONTROL_TOKEN_LEN], struct error *err)
{
    CLEANUP(mem_free) char *path = path_in(data_folder, "");
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    if (!file)
        return error_errno(err, errno, "cannot read '%s'", path);
    if (!read_line(file, out_url, CONTROL_URL_LEN) ||
        !read_line(file, out_token, CONTROL_TOKEN_LEN))
        return error_set(err, PROVIDER_EPARSE, "'%s' is not a control file", path);
    return 0;
}
