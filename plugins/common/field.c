/* SPDX-License-Identifier: MIT */
#include "common/field.h"

#include <math.h>
#include <string.h>

#include "base/quick.h"

enum { MAX_LEN = 64 << 20 };

json_t *field_parse(const char *bytes, size_t len)
{
    return field_parse_without(bytes, len, NULL);
}

json_t *field_parse_without(const char *bytes, size_t len, const char *const *const *unread)
{
    json_t *read = len <= MAX_LEN ? quick_read_without(bytes, len, unread) : NULL;

    if (read || len > MAX_LEN || quick_is_deep(bytes, len))
        return read;
    /* A NUL inside a text ends that text; it does not lose the whole answer. */
    return json_loadb(bytes, len, JSON_ALLOW_NUL, NULL);
}

const char *field_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text && text[strspn(text, " \t\r\n")] ? text : NULL;
}

json_t *field_object(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);

    return json_is_object(value) ? value : NULL;
}

json_t *field_array(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);

    return json_array_size(value) > 0 ? value : NULL;
}

bool field_int(const json_t *object, const char *key, int64_t min, int64_t max, int64_t *out)
{
    const json_t *value = json_object_get(object, key);
    int64_t number;

    if (json_is_integer(value)) {
        number = json_integer_value(value);
    } else if (json_is_real(value)) {
        const double real = json_real_value(value);

        /* Beyond 2^53 a double no longer names one integer. */
        if (fabs(real) > 9007199254740992.0 || floor(real) < real)
            return false;
        number = (int64_t)real;
    } else {
        return false;
    }
    if (number < min || number > max)
        return false;
    *out = number;
    return true;
}

bool field_real(const json_t *object, const char *key, double min, double max, double *out)
{
    const json_t *value = json_object_get(object, key);
    const double number = json_number_value(value);

    if (!json_is_number(value) || !isfinite(number) || number < min || number > max)
        return false;
    *out = number;
    return true;
}

int field_bool(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_boolean(value) ? json_is_true(value) : -1;
}
