/* SPDX-License-Identifier: MIT */
#include "base/scan.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void skip_space(struct scan *from)
{
    while (from->at < from->end && is_space(*from->at))
        from->at++;
}

/* From behind the opening quote to behind the closing one. */
static bool skip_string(struct scan *from)
{
    while (from->at < from->end && *from->at != '"')
        from->at += *from->at == '\\' && from->end - from->at > 1 ? 2 : 1;
    if (from->at == from->end)
        return false;
    from->at++;
    return true;
}

/* What ends a number or a word. */
static bool is_end(char c)
{
    return c == ',' || c == '}' || c == ']' || is_space(c);
}

static bool skip_value(struct scan *from)
{
    size_t depth = 0;
    while (from->at < from->end) {
        char c = *from->at;
        if (!depth && is_end(c))
            return true;
        from->at++;
        if (c == '"' && !skip_string(from))
            return false;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (!depth && (c == '"' || c == '}' || c == ']'))
            return true;
    }
    return false;
}

static bool is_open(struct scan *from)
{
    skip_space(from);
    return from->at < from->end && *from->at != ']' && *from->at != '}';
}

bool scan_enter(struct scan *from)
{
    skip_space(from);
    if (from->at == from->end || (*from->at != '{' && *from->at != '['))
        return false;
    from->at++;
    return true;
}

bool scan_element(struct scan *from, struct scan *out_value)
{
    if (!is_open(from))
        return false;
    if (*from->at == ',')
        from->at++;
    if (!is_open(from))
        return false;
    const char *start = from->at;
    if (!skip_value(from) || from->at == start)
        return false;
    *out_value = (struct scan){ start, from->at };
    return true;
}

bool scan_member(struct scan *from, struct scan *out_name, struct scan *out_value)
{
    struct scan name;
    if (!scan_element(from, &name) || *name.at != '"')
        return false;
    skip_space(from);
    if (from->at == from->end || *from->at != ':')
        return false;
    from->at++;
    if (!scan_element(from, out_value))
        return false;
    *out_name = (struct scan){ name.at + 1, name.end - 1 };
    return true;
}

bool scan_is(struct scan slice, const char *text)
{
    size_t len = strlen(text);
    return (size_t)(slice.end - slice.at) == len && memcmp(slice.at, text, len) == 0;
}

bool scan_find(struct scan in, const char *name, struct scan *out_value)
{
    struct scan one, value;
    if (!scan_enter(&in))
        return false;
    while (scan_member(&in, &one, &value)) {
        if (!scan_is(one, name))
            continue;
        *out_value = value;
        return true;
    }
    return false;
}

bool scan_number(struct scan value, int64_t max, int64_t *out)
{
    int64_t number = 0;
    if (value.at == value.end)
        return false;
    for (const char *at = value.at; at < value.end; at++) {
        if (*at < '0' || *at > '9' || number > (max - (*at - '0')) / 10)
            return false;
        number = number * 10 + (*at - '0');
    }
    *out = number;
    return true;
}
