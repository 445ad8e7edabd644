/* SPDX-License-Identifier: MIT
 *
 * providers.d: each NAME.conf is one provider.  The keys the host knows set its pace; every other
 * key is an option of the plugin, which alone can judge it. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "conf_file.h"
#include "conf_held.h"

enum { PROVIDERS_MAX = 64, OPTIONS_MAX = 256 };

enum host_type { HOST_BOOL, HOST_TEXT, HOST_U32, HOST_U64, HOST_RATE, HOST_SECONDS };

static const struct host_key {
    const char *name;
    enum host_type type;
    size_t offset; /* in struct provider_settings */
    double min, max;
} host_keys[] = {
    { "enabled", HOST_BOOL, offsetof(struct provider_settings, enabled), 0, 0 },
    { "library", HOST_TEXT, offsetof(struct provider_settings, library), 0, 0 },
    { "requests_per_second", HOST_RATE, offsetof(struct provider_settings, pace.rate_per_1000s),
      0.001, 100000 },
    { "burst", HOST_U32, offsetof(struct provider_settings, pace.burst), 1, 1000000 },
    { "parallel", HOST_U32, offsetof(struct provider_settings, pace.max_parallel), 1, 256 },
    { "budget_hour", HOST_U64, offsetof(struct provider_settings, pace.budget_hour), 0, 1e12 },
    { "budget_day", HOST_U64, offsetof(struct provider_settings, pace.budget_day), 0, 1e12 },
    { "timeout_s", HOST_SECONDS, offsetof(struct provider_settings, pace.timeout_ms), 0.05, 600 },
    { "retries", HOST_U32, offsetof(struct provider_settings, pace.retries), 0, 20 },
    { "call_timeout_s", HOST_SECONDS, offsetof(struct provider_settings, call_timeout_ms), 0.05,
      3600 },
};

/* One file being read. */
struct provider_file {
    struct conf_held *held;
    struct provider_settings *settings;
    struct provider_setting *values;
    const char *path;
};

static const struct host_key *find_host_key(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(host_keys); i++)
        if (strcmp(host_keys[i].name, name) == 0)
            return &host_keys[i];
    return NULL;
}

static const char *meant_host_key(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(host_keys); i++)
        if (strlen(name) > 4 && conf_table_distance(host_keys[i].name, name, 1) == 1)
            return host_keys[i].name;
    return NULL;
}

static bool number_of(const config_setting_t *setting, double *out)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        *out = (double)config_setting_get_int64(setting);
        return true;
    case CONFIG_TYPE_FLOAT:
        *out = config_setting_get_float(setting);
        return true;
    default:
        return false;
    }
}

/* What a plugin sees of a scalar; NULL when it is a group or such. */
static char *text_of(const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_STRING:
        return mem_dup_text(config_setting_get_string(setting));
    case CONFIG_TYPE_BOOL:
        return mem_dup_text(config_setting_get_bool(setting) ? "true" : "false");
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return mem_format("%lld", config_setting_get_int64(setting));
    case CONFIG_TYPE_FLOAT:
        return mem_format("%.15g", config_setting_get_float(setting));
    default:
        return NULL;
    }
}

static int set_host_number(const struct host_key *key, void *field, double value, struct error *err)
{
    bool whole = key->type == HOST_U32 || key->type == HOST_U64;
    if (whole && value != floor(value))
        return error_set(err, PROVIDER_EINVAL, "%s is a whole number", key->name);
    if (!(value >= key->min && value <= key->max))
        return error_set(err, PROVIDER_EINVAL, "%s: %g is out of bounds (%g to %g)", key->name,
                         value, key->min, key->max);
    if (key->type == HOST_U64)
        *(uint64_t *)field = (uint64_t)value;
    else
        *(uint32_t *)field = (uint32_t)(whole ? value : round(value * 1000));
    return 0;
}

static int set_host_key(struct provider_file *file, const struct host_key *key,
                        const config_setting_t *setting, struct error *err)
{
    void *field = (char *)file->settings + key->offset;
    int type = config_setting_type(setting);
    if (key->type == HOST_BOOL) {
        if (type != CONFIG_TYPE_BOOL)
            return error_set(err, PROVIDER_EINVAL, "%s is true or false, without quotes",
                             key->name);
        *(bool *)field = config_setting_get_bool(setting);
        return 0;
    }
    if (key->type == HOST_TEXT) {
        const char *value = config_setting_get_string(setting);
        if (text_is_empty(value))
            return error_set(err, PROVIDER_EINVAL, "%s is a text in quotes", key->name);
        *(const char **)field = conf_keep_text(file->held, value);
        return 0;
    }
    double value;
    if (!number_of(setting, &value))
        return error_set(err, PROVIDER_EINVAL, "%s is a number", key->name);
    return set_host_number(key, field, value, err);
}

static void note_line(struct provider_file *file, const char *key, const char *value, unsigned line)
{
    struct conf_held *held = file->held;
    held->lines = mem_resize(held->lines, held->n_lines + 1, sizeof *held->lines);
    held->lines[held->n_lines++] = (struct conf_provider_line){ .provider = file->settings->name,
                                                                .file = file->path,
                                                                .key = key,
                                                                .value = value,
                                                                .line = line };
}

static int add_option(struct provider_file *file, const char *name, const config_setting_t *setting,
                      struct error *err)
{
    char *value = text_of(setting);
    if (!value)
        return error_set(err, PROVIDER_EINVAL,
                         "option '%s' is a text, a number, true or false, or an array of those",
                         name);
    conf_keep(file->held, value);
    if (file->settings->n_values == OPTIONS_MAX)
        return error_set(err, PROVIDER_ELIMIT, "more than %d options", OPTIONS_MAX);
    unsigned line = config_setting_source_line(setting);
    file->values[file->settings->n_values++] =
        (struct provider_setting){ .name = name, .value = value, .line = line };
    return 0;
}

static int read_option(struct provider_file *file, const char *name,
                       const config_setting_t *setting, struct error *err)
{
    const char *meant = meant_host_key(name);
    if (meant)
        return error_set(err, PROVIDER_EINVAL, "unknown key '%s'; did you mean '%s'?", name, meant);
    if (!config_setting_is_array(setting) && !config_setting_is_list(setting))
        return add_option(file, name, setting, err);
    for (int i = 0; i < config_setting_length(setting); i++) {
        int rc = add_option(file, name, config_setting_get_elem(setting, (unsigned)i), err);
        if (rc)
            return rc;
    }
    return 0;
}

static int read_key(struct provider_file *file, const config_setting_t *setting, struct error *err)
{
    const char *name = conf_keep_text(file->held, config_setting_name(setting));
    const struct host_key *key = find_host_key(name);
    if (!key)
        return read_option(file, name, setting, err);
    int rc = set_host_key(file, key, setting, err);
    if (!rc)
        note_line(file, name, conf_keep(file->held, text_of(setting)),
                  config_setting_source_line(setting));
    return rc;
}

static int read_keys(struct provider_file *file, const config_setting_t *root, struct error *err)
{
    CLEANUP(mem_free) char *place = mem_alloc(CONF_FILE_PATH_LEN);
    for (int i = 0; i < config_setting_length(root); i++) {
        const config_setting_t *setting = config_setting_get_elem(root, (unsigned)i);
        if (read_key(file, setting, err))
            return error_prefix(err, "%s:%u", conf_file_of(setting, file->path, place),
                                config_setting_source_line(setting));
    }
    return 0;
}

static int read_provider(struct conf_held *held, const char *path, const char *name,
                         struct error *err)
{
    struct provider_settings *settings = &held->conf.providers[held->conf.n_providers++];
    struct provider_file file = { .held = held, .settings = settings, .path = path };
    file.values = conf_keep(held, mem_alloc_array(OPTIONS_MAX, sizeof *file.values));
    *settings = (struct provider_settings){ .name = name, .file = path, .values = file.values };
    config_t config;
    config_init(&config);
    int rc = conf_file_read(path, &config, err);
    if (!rc)
        rc = read_keys(&file, config_root_setting(&config), err);
    config_destroy(&config);
    return rc;
}

static int is_provider_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && text_ends_with(entry->d_name, ".conf");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_entry(struct conf_held *held, const char *file_name, struct error *err)
{
    const char *path = conf_keep(held, mem_format("%s/%s", held->conf.providers_folder, file_name));
    char *name = conf_keep(held, mem_dup(file_name, strlen(file_name) - strlen(".conf")));
    if (!*name || strlen(name) > 31 || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
        return error_set(err, PROVIDER_EINVAL,
                         "'%s': a provider's file is named after it: up to 31 lower-case letters, "
                         "digits and '_', then .conf",
                         path);
    if (held->conf.n_providers == PROVIDERS_MAX)
        return error_set(err, PROVIDER_ELIMIT, "'%s': more than %d providers", path, PROVIDERS_MAX);
    return read_provider(held, path, name, err);
}

/* Each is told the languages of the catalogue. */
static void tell_languages(struct conf_held *held)
{
    const struct conf_list *languages = &held->conf.languages;
    CLEANUP(text_done) struct text said = TEXT_INIT(64 << 10);
    for (size_t i = 0; i < languages->n; i++)
        text_add_format(&said, "%s%s", i ? " " : "", languages->values[i]);
    const char *kept = conf_keep_text(held, text_string(&said));
    for (size_t i = 0; i < held->conf.n_providers; i++)
        held->conf.providers[i].languages = kept;
}

int conf_read_providers(struct conf_held *held, bool must_exist, struct error *err)
{
    struct dirent **entries = NULL;
    int n = scandir(held->conf.providers_folder, &entries, is_provider_file, by_name);
    if (n < 0 && errno == ENOENT && !must_exist)
        return 0;
    if (n < 0)
        return error_errno(err, errno, "cannot read the folder '%s'", held->conf.providers_folder);
    held->conf.providers =
        conf_keep(held, mem_alloc_array(PROVIDERS_MAX, sizeof *held->conf.providers));
    int rc = 0;
    for (int i = 0; i < n; i++) {
        if (!rc)
            rc = read_entry(held, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    tell_languages(held);
    return rc;
}
