/* SPDX-License-Identifier: MIT */
#include "conf_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int folder_of(const char *path, char out[CONF_FILE_PATH_LEN])
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return snprintf(out, CONF_FILE_PATH_LEN, ".");
    return snprintf(out, CONF_FILE_PATH_LEN, "%.*s", (int)MAX(slash - path, 1), path);
}

static int scan_file(const char *path, struct error *err)
{
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    if (!file)
        return error_errno(err, errno, "cannot read '%s'", path);
    struct stat status;
    if (fstat(fileno(file), &status))
        return error_errno(err, errno, "cannot read '%s'", path);
    if (!S_ISREG(status.st_mode))
        return error_set(err, PROVIDER_EINVAL, "cannot read '%s': it is %s", path,
                         S_ISDIR(status.st_mode) ? "a folder" : "no regular file");
    CLEANUP(mem_free) char *bytes = mem_alloc(CONF_FILE_MAX + 1);
    size_t len = fread(bytes, 1, CONF_FILE_MAX + 1, file);
    if (ferror(file))
        return error_errno(err, errno, "cannot read '%s'", path);
    if (len > CONF_FILE_MAX)
        return error_set(err, PROVIDER_ELIMIT, "'%s' is larger than %d KiB", path,
                         CONF_FILE_MAX / 1024);
    return conf_scan(path, bytes, len, err);
}

const char *conf_file_of(const config_setting_t *setting, const char *path,
                         char out[CONF_FILE_PATH_LEN])
{
    const char *file = config_setting_source_file(setting);
    if (!file || strcmp(file, path) == 0)
        return path;
    char folder[CONF_FILE_PATH_LEN];
    folder_of(path, folder);
    snprintf(out, CONF_FILE_PATH_LEN, "%.2000s/%.2000s", folder, file);
    return out;
}

/* Scans each included file when its first setting comes by; settings of one file stand together. */
static int scan_includes(const config_setting_t *setting, const char *path, struct text *seen,
                         struct error *err)
{
    CLEANUP(mem_free) char *buffer = mem_alloc(CONF_FILE_PATH_LEN);
    const char *file = conf_file_of(setting, path, buffer);
    if (file != path && strcmp(file, text_string(seen)) != 0) {
        text_clear(seen);
        text_add_string(seen, file);
        int rc = scan_file(file, err);
        if (rc)
            return rc;
    }
    if (!config_setting_is_aggregate(setting))
        return 0;
    for (int i = 0; i < config_setting_length(setting); i++) {
        int rc = scan_includes(config_setting_get_elem(setting, (unsigned)i), path, seen, err);
        if (rc)
            return rc;
    }
    return 0;
}

static int explain(const config_t *config, const char *path, const char *folder, struct error *err)
{
    const char *file = config_error_file(config);
    const char *said = config_error_text(config);
    if (config_error_type(config) != CONFIG_ERR_PARSE || !file)
        return error_set(err, PROVIDER_EIO, "cannot read '%s': %s", path, said);
    if (strcmp(file, path) == 0)
        return error_set(err, PROVIDER_EINVAL, "%s:%d: %s", path, config_error_line(config), said);
    return error_set(err, PROVIDER_EINVAL, "%s/%s:%d: %s", folder, file, config_error_line(config),
                     said);
}

int conf_file_read(const char *path, config_t *out, struct error *err)
{
    if (strlen(path) >= CONF_FILE_PATH_LEN)
        return error_set(err, PROVIDER_ELIMIT, "the path of the configuration is too long");
    int rc = scan_file(path, err);
    if (rc)
        return rc;
    char folder[CONF_FILE_PATH_LEN];
    folder_of(path, folder);
    config_set_include_dir(out, folder);
    if (!config_read_file(out, path))
        return explain(out, path, folder, err);
    CLEANUP(text_done) struct text seen = TEXT_INIT(CONF_FILE_PATH_LEN);
    return scan_includes(config_root_setting(out), path, &seen, err);
}
