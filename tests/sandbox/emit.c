/* SPDX-License-Identifier: MIT */
#include "emit.h"

#include <math.h>
#include <string.h>

static void lead_in(struct text *out, const char *key)
{
    char last = out->len ? out->bytes[out->len - 1] : '{';
    if (last != '{' && last != '[')
        text_add_char(out, ',');
    if (!key)
        return;
    text_add_char(out, '"');
    text_add_string(out, key);
    text_add(out, "\":", 2);
}

void emit_begin(struct text *out, const char *key, char bracket)
{
    if (out->len)
        lead_in(out, key);
    text_add_char(out, bracket);
}

void emit_end(struct text *out, char bracket)
{
    text_add_char(out, bracket);
}

void emit_string(struct text *out, const char *key, const char *value)
{
    lead_in(out, key);
    text_add_json_string(out, value);
}

void emit_format(struct text *out, const char *key, const char *fmt, ...)
{
    char value[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(value, sizeof(value), fmt, args);
    va_end(args);
    emit_string(out, key, value);
}

static void digits(struct text *out, uint64_t value, int at_least)
{
    char buffer[20];
    int at = (int)sizeof(buffer);

    do {
        buffer[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value || (int)sizeof(buffer) - at < at_least);
    text_add(out, buffer + at, sizeof(buffer) - (size_t)at);
}

void emit_int(struct text *out, const char *key, int64_t value)
{
    lead_in(out, key);
    if (value < 0)
        text_add_char(out, '-');
    digits(out, value < 0 ? -(uint64_t)value : (uint64_t)value, 1);
}

void emit_double(struct text *out, const char *key, double value)
{
    lead_in(out, key);
    if (value < 0)
        text_add_char(out, '-');
    uint64_t thousandths = (uint64_t)llround(fabs(value) * 1000);
    digits(out, thousandths / 1000, 1);
    text_add_char(out, '.');
    digits(out, thousandths % 1000, 3);
}

void emit_bool(struct text *out, const char *key, bool value)
{
    lead_in(out, key);
    text_add_string(out, value ? "true" : "false");
}

void emit_null(struct text *out, const char *key)
{
    lead_in(out, key);
    text_add(out, "null", 4);
}
