/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "conf_held.h"

enum { LIST_MAX = 64, TEXT_MAX = 4096 };

struct conf_kept {
    struct conf_kept *next;
    void *memory;
};

void *conf_keep(struct conf_held *held, void *memory)
{
    struct conf_kept *kept = mem_new(struct conf_kept);
    *kept = (struct conf_kept){ .next = held->kept, .memory = memory };
    held->kept = kept;
    return memory;
}

const char *conf_keep_text(struct conf_held *held, const char *text)
{
    return text ? conf_keep(held, mem_dup_text(text)) : NULL;
}

void conf_free(struct conf *conf)
{
    if (!conf)
        return;
    struct conf_held *held = (struct conf_held *)(void *)conf;
    while (held->kept) {
        struct conf_kept *kept = held->kept;
        held->kept = kept->next;
        free(kept->memory);
        free(kept);
    }
    free(held->origins);
    free(held->lines);
    free(held);
}

static void *field_of(struct conf_held *held, const struct conf_row *row)
{
    return (char *)&held->conf + row->offset;
}

static int parse_bool(const char *text, bool *out)
{
    static const char *const yes[] = { "true", "yes", "on", "1" };
    static const char *const no[] = { "false", "no", "off", "0" };
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            *out = strcasecmp(text, yes[i]) == 0;
            return 0;
        }
    }
    return -1;
}

/* "512", "512 KiB", "64MiB", "2 GiB". */
static bool parse_size(const char *text, int64_t *out)
{
    static const char *const units[] = { "", "KiB", "MiB", "GiB", "TiB" };
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits + strspn(text + digits, " ");
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (strcasecmp(unit, units[i]) != 0)
            continue;
        CLEANUP(mem_free) char *number = mem_dup(text, digits);
        int64_t value;
        if (!text_to_int(number, 0, INT64_MAX >> (10 * i), &value))
            return false;
        *out = value << (10 * i);
        return true;
    }
    return false;
}

static int set_number(struct conf_held *held, const struct conf_row *row, const char *text,
                      struct error *err)
{
    int64_t value = 0;
    bool size = row->type == CONF_SIZE;
    bool ok = size ? parse_size(text, &value) : text_to_int(text, INT64_MIN, INT64_MAX, &value);
    if (!ok)
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is no %s", row->key, text,
                         size ? "size (bytes, or a number with KiB, MiB or GiB)" : "whole number");
    if (value < row->min || value > row->max)
        return error_set(err, PROVIDER_EINVAL, "%s: %lld is out of bounds (%lld to %lld%s%s)",
                         row->key, (long long)value, (long long)row->min, (long long)row->max,
                         row->unit ? " " : "",
                         row->unit ? row->unit
                         : size    ? " bytes"
                                   : "");
    *(int64_t *)field_of(held, row) = value;
    return 0;
}

static bool is_choice(const char *choices, const char *text)
{
    size_t len = strcspn(text, " ");
    for (const char *at = choices; len && !text[len] && at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, text, len) == 0 && (at[len] == ' ' || !at[len]))
            return true;
    }
    return false;
}

static int judge_text(const struct conf_row *row, const char *text, struct error *err)
{
    const char *shown = row->flags & CONF_SECRET ? "***" : text;
    if (strlen(text) > TEXT_MAX)
        return error_set(err, PROVIDER_ELIMIT, "%s: longer than %d bytes", row->key, TEXT_MAX);
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return error_set(err, PROVIDER_EINVAL, "%s: a control character in the text", row->key);
    if (row->type == CONF_CHOICE && !is_choice(row->choices, text))
        return error_set(err, PROVIDER_EINVAL, "%s: '%.60s' is none of: %s", row->key, shown,
                         row->choices);
    if (*text && row->is_fine && !row->is_fine(text))
        return error_set(err, PROVIDER_EINVAL, "%s: '%.60s' is not %s", row->key, shown,
                         row->wanted);
    return 0;
}

static int set_list(struct conf_held *held, const struct conf_row *row, const char *const *texts,
                    size_t n, struct error *err)
{
    struct conf_list list = { 0 };
    if (n > LIST_MAX)
        return error_set(err, PROVIDER_ELIMIT, "%s: more than %d values", row->key, LIST_MAX);
    if (!n && row->flags & CONF_MUST_HAVE)
        return error_set(err, PROVIDER_EINVAL, "%s: may not be empty", row->key);
    list.values = conf_keep(held, mem_alloc_array(n + 1, sizeof *list.values));
    for (size_t i = 0; i < n; i++) {
        if (!*texts[i])
            return error_set(err, PROVIDER_EINVAL, "%s: value %zu is empty", row->key, i + 1);
        int rc = judge_text(row, texts[i], err);
        if (rc)
            return rc;
        for (size_t j = 0; j < i; j++)
            if (strcmp(texts[i], texts[j]) == 0)
                return error_set(err, PROVIDER_EINVAL, "%s: '%.60s' stands there twice", row->key,
                                 texts[i]);
        list.values[list.n++] = conf_keep_text(held, texts[i]);
    }
    *(struct conf_list *)field_of(held, row) = list;
    return 0;
}

static int set_one(struct conf_held *held, const struct conf_row *row, const char *text,
                   struct error *err)
{
    if (row->type == CONF_INTEGER || row->type == CONF_SIZE)
        return set_number(held, row, text, err);
    if (row->type == CONF_BOOL) {
        if (parse_bool(text, field_of(held, row)))
            return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is neither true nor false",
                             row->key, text);
        return 0;
    }
    int rc = judge_text(row, text, err);
    if (rc)
        return rc;
    if (!*text && row->flags & CONF_MUST_HAVE)
        return error_set(err, PROVIDER_EINVAL, "%s: may not be empty", row->key);
    *(const char **)field_of(held, row) = *text ? conf_keep_text(held, text) : NULL;
    return 0;
}

int conf_set(struct conf_held *held, const struct conf_row *row, const char *const *texts, size_t n,
             const char *origin, struct error *err)
{
    int rc = row->type == CONF_LIST ? set_list(held, row, texts, n, err)
                                    : set_one(held, row, n ? texts[0] : "", err);
    if (!rc)
        held->origins[row - conf_table] = conf_keep_text(held, origin);
    return rc;
}

int conf_set_text(struct conf_held *held, const struct conf_row *row, const char *text,
                  const char *origin, struct error *err)
{
    if (row->type == CONF_ORDERS) {
        held->origins[row - conf_table] = conf_keep_text(held, origin);
        return conf_orders_set_text(held, row, text, origin, err);
    }
    if (row->type != CONF_LIST)
        return conf_set(held, row, &text, 1, origin, err);
    CLEANUP(mem_free) char *copy = mem_dup_text(text);
    const char *values[LIST_MAX + 1];
    size_t n = 0;
    for (char *at = copy; *at && n <= LIST_MAX;) {
        at += strspn(at, ", ");
        size_t len = strcspn(at, ", ");
        if (!len)
            break;
        values[n++] = at;
        at += len;
        if (*at)
            *at++ = '\0';
    }
    return conf_set(held, row, values, n, origin, err);
}
