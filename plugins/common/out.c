/* SPDX-License-Identifier: MIT */
#include "common/out.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void out_done(struct out *out)
{
    free(out->bytes);
    *out = (struct out){ .limit = out->limit };
}

void out_clear(struct out *out)
{
    out->len = 0;
    out->failed = false;
    out->comma = false;
}

static bool reserve(struct out *out, size_t more)
{
    size_t capacity = out->capacity ? out->capacity : 256;
    char *bytes;

    if (out->failed || more > out->limit - out->len) {
        out->failed = true;
        return false;
    }
    if (out->len + more < out->capacity)
        return true;
    while (capacity <= out->len + more)
        capacity *= 2;
    bytes = realloc(out->bytes, capacity);
    if (!bytes) {
        out->failed = true;
        return false;
    }
    out->bytes = bytes;
    out->capacity = capacity;
    return true;
}

void out_add(struct out *out, const char *bytes, size_t len)
{
    if (!reserve(out, len))
        return;
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
    out->bytes[out->len] = '\0';
}

void out_add_text(struct out *out, const char *text)
{
    out_add(out, text, strlen(text));
}

void out_add_int(struct out *out, int64_t value)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%" PRId64, value);

    out_add(out, digits, (size_t)len);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void out_add_url_encoded(struct out *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";

    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        const char sign[3] = { '%', hex[*p >> 4], hex[*p & 15] };

        if (is_unreserved(*p))
            out_add(out, (const char *)p, 1);
        else
            out_add(out, sign, sizeof(sign));
    }
}

static void add_param(struct out *url, const char *name)
{
    out_add_text(url, url->comma ? "&" : "?");
    url->comma = true;
    out_add_text(url, name);
    out_add_text(url, "=");
}

void out_param(struct out *url, const char *name, const char *value)
{
    add_param(url, name);
    out_add_url_encoded(url, value);
}

void out_param_int(struct out *url, const char *name, int64_t value)
{
    add_param(url, name);
    out_add_int(url, value);
}

/* Length of the longest start of `text` that fits max_len bytes and ends between characters. */
static size_t fitting_len(const char *text, size_t max_len)
{
    size_t len = strnlen(text, max_len + 1);

    if (len <= max_len)
        return len;
    len = max_len;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--;
    return len;
}

static void add_escaped(struct out *out, unsigned char c)
{
    char escape[8];
    int len;

    if (c == '"' || c == '\\')
        len = snprintf(escape, sizeof(escape), "\\%c", c);
    else if (c == '\n')
        len = snprintf(escape, sizeof(escape), "\\n");
    else
        len = snprintf(escape, sizeof(escape), "\\u%04x", c);
    out_add(out, escape, (size_t)len);
}

static void add_json_string(struct out *out, const char *text, size_t len)
{
    size_t from = 0;

    out_add(out, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= ' ' && c != '"' && c != '\\')
            continue;
        out_add(out, text + from, i - from);
        add_escaped(out, c);
        from = i + 1;
    }
    out_add(out, text + from, len - from);
    out_add(out, "\"", 1);
}

/* Keys are ours: plain words, or language and country tags. */
static void member(struct out *out, const char *key)
{
    if (out->comma)
        out_add(out, ",", 1);
    if (key) {
        add_json_string(out, key, strlen(key));
        out_add(out, ":", 1);
    }
    out->comma = true;
}

void out_open(struct out *out, const char *key, char bracket)
{
    member(out, key);
    out_add(out, &bracket, 1);
    out->comma = false;
}

void out_close(struct out *out, char bracket)
{
    out_add(out, &bracket, 1);
    out->comma = true;
}

void out_string(struct out *out, const char *key, const char *value, size_t max_len)
{
    if (!value || !*value)
        return;
    member(out, key);
    add_json_string(out, value, fitting_len(value, max_len));
}

void out_int(struct out *out, const char *key, int64_t value)
{
    member(out, key);
    out_add_int(out, value);
}

void out_real(struct out *out, const char *key, double value)
{
    char digits[40];
    char *comma;
    int len;

    if (!isfinite(value))
        return;
    len = snprintf(digits, sizeof(digits), "%.10g", value);
    comma = strchr(digits, ','); /* a locale may write one */
    if (comma)
        *comma = '.';
    member(out, key);
    out_add(out, digits, (size_t)len);
}

void out_bool(struct out *out, const char *key, bool value)
{
    member(out, key);
    out_add_text(out, value ? "true" : "false");
}

struct out_mark out_mark(const struct out *out)
{
    return (struct out_mark){ .len = out->len, .comma = out->comma };
}

void out_back(struct out *out, struct out_mark mark)
{
    out->len = mark.len;
    out->comma = mark.comma;
    if (out->bytes)
        out->bytes[out->len] = '\0';
}
