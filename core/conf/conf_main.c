/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "conf_file.h"
#include "conf_held.h"

enum { KEY_MAX = 128, VALUES_MAX = 65 };

struct main_file {
    struct conf_held *held;
    const char *path;
};

/* "file:line" of a setting. */
static char *place_of(const struct main_file *file, const config_setting_t *setting)
{
    CLEANUP(mem_free) char *buffer = mem_alloc(CONF_FILE_PATH_LEN);
    return mem_format("%s:%u", conf_file_of(setting, file->path, buffer),
                      config_setting_source_line(setting));
}

static const char *kind_name(const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "a whole number";
    case CONFIG_TYPE_FLOAT:
        return "a number with a fraction";
    case CONFIG_TYPE_STRING:
        return "a text in quotes";
    case CONFIG_TYPE_BOOL:
        return "true or false";
    case CONFIG_TYPE_GROUP:
        return "a group { ... }";
    default:
        return "an array [ ... ]";
    }
}

static const char *wanted_name(const struct conf_row *row)
{
    switch (row->type) {
    case CONF_INTEGER:
        return "a whole number";
    case CONF_SIZE:
        return "a number of bytes or a text such as \"64 MiB\"";
    case CONF_BOOL:
        return "true or false";
    case CONF_LIST:
        return "an array of texts [ \"...\", \"...\" ]";
    case CONF_ORDERS:
        return "a group of arrays { field = [ \"...\" ]; }";
    default:
        return "a text in quotes";
    }
}

static bool takes(const struct conf_row *row, const config_setting_t *setting)
{
    int type = config_setting_type(setting);
    bool integer = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
    switch (row->type) {
    case CONF_INTEGER:
        return integer;
    case CONF_SIZE:
        return integer || type == CONFIG_TYPE_STRING;
    case CONF_BOOL:
        return type == CONFIG_TYPE_BOOL;
    case CONF_ORDERS: /* groups are read apart */
        return false;
    case CONF_LIST: /* one value may stand alone */
        return type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST || type == CONFIG_TYPE_STRING;
    default:
        return type == CONFIG_TYPE_STRING;
    }
}

static int read_texts(const char *key, const config_setting_t *setting,
                      const char *values[VALUES_MAX], struct error *err)
{
    int n = config_setting_length(setting);
    if (n >= VALUES_MAX)
        return error_set(err, PROVIDER_ELIMIT, "%s: more than %d values", key, VALUES_MAX - 1);
    for (int i = 0; i < n; i++) {
        values[i] = config_setting_get_string_elem(setting, i);
        if (!values[i])
            return error_set(err, PROVIDER_EINVAL, "%s: value %d is not a text in quotes", key,
                             i + 1);
    }
    return 0;
}

static int set_array(struct main_file *file, const struct conf_row *row,
                     const config_setting_t *setting, const char *place, struct error *err)
{
    const char *values[VALUES_MAX];
    int rc = read_texts(row->key, setting, values, err);
    return rc ? rc
              : conf_set(file->held, row, values, (size_t)config_setting_length(setting), place,
                         err);
}

static int read_order(struct main_file *file, const struct conf_row *row,
                      const config_setting_t *setting, const char *place, struct error *err)
{
    const char *field = config_setting_name(setting), *values[VALUES_MAX];
    int type = config_setting_type(setting);
    bool several = type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST;
    if (!several && type != CONFIG_TYPE_STRING)
        return error_set(err, PROVIDER_EINVAL, "%s.%.60s is an array of texts [ \"...\" ], not %s",
                         row->key, field, kind_name(setting));
    int rc = several ? read_texts(row->key, setting, values, err) : 0;
    if (rc)
        return rc;
    if (!several)
        values[0] = config_setting_get_string(setting);
    return conf_orders_add(file->held, row, field, values,
                           several ? (size_t)config_setting_length(setting) : 1, place, err);
}

static int read_orders(struct main_file *file, const struct conf_row *row,
                       const config_setting_t *group, struct error *err)
{
    CLEANUP(mem_free) char *origin = place_of(file, group);
    file->held->origins[row - conf_table] = conf_keep_text(file->held, origin);
    conf_orders_clear(file->held, row);
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
        CLEANUP(mem_free) char *place = place_of(file, setting);
        if (read_order(file, row, setting, place, err))
            return error_prefix(err, "%s", place);
    }
    return 0;
}

static int set_scalar(struct main_file *file, const struct conf_row *row,
                      const config_setting_t *setting, const char *place, struct error *err)
{
    char number[24];
    const char *value = number;
    if (config_setting_type(setting) == CONFIG_TYPE_STRING)
        value = config_setting_get_string(setting);
    else if (config_setting_type(setting) == CONFIG_TYPE_BOOL)
        value = config_setting_get_bool(setting) ? "true" : "false";
    else
        snprintf(number, sizeof number, "%lld", config_setting_get_int64(setting));
    return conf_set(file->held, row, &value, 1, place, err);
}

static int refuse_unknown(const char *key, struct error *err)
{
    const char *meant = conf_table_suggest(key);
    if (meant)
        return error_set(err, PROVIDER_EINVAL, "unknown key '%s'; did you mean '%s'?", key, meant);
    return error_set(err, PROVIDER_EINVAL, "unknown key '%s'", key);
}

static int read_value(struct main_file *file, const char *key, const config_setting_t *setting,
                      const char *place, struct error *err)
{
    const struct conf_row *row = conf_table_find(key);
    if (!row && conf_table_is_group(key))
        return error_set(err, PROVIDER_EINVAL, "%s is a group { ... }, not %s", key,
                         kind_name(setting));
    if (!row)
        return refuse_unknown(key, err);
    if (!takes(row, setting))
        return error_set(err, PROVIDER_EINVAL, "%s is %s, not %s", key, wanted_name(row),
                         kind_name(setting));
    if (config_setting_is_aggregate(setting))
        return set_array(file, row, setting, place, err);
    return set_scalar(file, row, setting, place, err);
}

static int read_group(struct main_file *file, const char *prefix, const config_setting_t *group,
                      struct error *err)
{
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
        char key[KEY_MAX];
        snprintf(key, sizeof key, "%s%s%.60s", prefix, *prefix ? "." : "",
                 config_setting_name(setting));
        if (config_setting_is_group(setting) && conf_table_is_group(key)) {
            int rc = read_group(file, key, setting, err);
            if (rc)
                return rc;
            continue;
        }
        const struct conf_row *row = conf_table_find(key);
        if (row && row->type == CONF_ORDERS && config_setting_is_group(setting)) {
            int rc = read_orders(file, row, setting, err);
            if (rc)
                return rc;
            continue;
        }
        CLEANUP(mem_free) char *place = place_of(file, setting);
        if (read_value(file, key, setting, place, err))
            return error_prefix(err, "%s", place);
    }
    return 0;
}

int conf_read_main(struct conf_held *held, const char *path, struct error *err)
{
    config_t config;
    config_init(&config);
    struct main_file file = { .held = held, .path = path };
    int rc = conf_file_read(path, &config, err);
    if (!rc)
        rc = read_group(&file, "", config_root_setting(&config), err);
    config_destroy(&config);
    return rc;
}
