/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <string.h>

#include "base/quick.h"

int js_parse(const char *bytes, size_t len, size_t limit, json_t **out, struct error *err)
{
    if (len > limit)
        return error_set(err, PROVIDER_ELIMIT, "JSON of %zu bytes, at most %zu are accepted", len,
                         limit);
    json_error_t why;
    json_t *value = quick_read(bytes, len);
    if (!value && quick_is_deep(bytes, len))
        return error_set(err, PROVIDER_ELIMIT, "JSON nested deeper than %d levels",
                         QUICK_MAX_DEPTH);
    if (!value)
        value = json_loadb(bytes, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!value)
        return error_set(err, PROVIDER_EPARSE, "JSON line %d column %d: %s", why.line, why.column,
                         why.text);
    *out = value;
    return 0;
}

const char *js_string(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value && *value ? value : NULL;
}

static json_t *member_if(const json_t *object, const char *key, json_type type)
{
    json_t *value = json_object_get(object, key);
    return value && json_typeof(value) == type ? value : NULL;
}

json_t *js_object(const json_t *object, const char *key)
{
    return member_if(object, key, JSON_OBJECT);
}

json_t *js_array(const json_t *object, const char *key)
{
    return member_if(object, key, JSON_ARRAY);
}

int64_t js_int(const json_t *object, const char *key, int64_t fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

double js_double(const json_t *object, const char *key, double fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : fallback;
}

bool js_bool(const json_t *object, const char *key, bool fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

void js_set(json_t *object, const char *key, json_t *value)
{
    if (value)
        json_object_set_new(object, key, value);
}

void js_set_string(json_t *object, const char *key, const char *value)
{
    if (!text_is_empty(value))
        json_object_set_new(object, key, json_string(value));
}

static int add_chunk(const char *bytes, size_t len, void *out)
{
    return text_add(out, bytes, len) ? 0 : -1;
}

bool js_write(const json_t *value, struct text *out)
{
    return json_dump_callback(value, add_chunk, out,
                              JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)) == 0;
}
