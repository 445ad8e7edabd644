/* SPDX-License-Identifier: MIT */
#include "tmdb/lines.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BUFFER_LEN = 256 << 10, GZIP_WINDOW = 16 + MAX_WBITS };

struct lines {
    z_stream stream;
    const char *bytes;
    size_t len, taken;
    uint64_t inflated, max_inflated;
    bool is_gzip, ended, damaged;
    bool in_long; /* the start of an overlong line was thrown away */
    char *buffer;
    size_t from, filled;
};

bool lines_is_export(const char *bytes, size_t len)
{
    return len >= 2 && ((bytes[0] == '\x1f' && bytes[1] == '\x8b') || bytes[0] == '{');
}

struct lines *lines_new(const char *bytes, size_t len, uint64_t max_len)
{
    struct lines *lines = calloc(1, sizeof(*lines));

    if (!lines)
        return NULL;
    lines->buffer = malloc(BUFFER_LEN);
    if (!lines->buffer || inflateInit2(&lines->stream, GZIP_WINDOW) != Z_OK) {
        free(lines->buffer);
        free(lines);
        return NULL;
    }
    lines->bytes = bytes;
    lines->len = len;
    lines->max_inflated = max_len;
    lines->is_gzip = len == 0 || bytes[0] == '\x1f';
    return lines;
}

void lines_free(struct lines *lines)
{
    if (!lines)
        return;
    inflateEnd(&lines->stream);
    free(lines->buffer);
    free(lines);
}

void lines_free_at(struct lines **lines)
{
    lines_free(*lines);
}

static size_t copy_some(struct lines *lines, char *to, size_t room)
{
    const size_t left = lines->len - lines->taken;
    const size_t n = left < room ? left : room;

    memcpy(to, lines->bytes + lines->taken, n);
    lines->taken += n;
    lines->ended = lines->taken == lines->len;
    return n;
}

/* A gzip file may consist of several, one behind the other. */
static void end_member(struct lines *lines)
{
    const size_t left = lines->len - lines->taken;

    if (left >= 2 && lines->bytes[lines->taken] == '\x1f')
        inflateReset(&lines->stream);
    else
        lines->ended = true;
}

static size_t inflate_some(struct lines *lines, char *to, size_t room)
{
    const size_t left = lines->len - lines->taken;
    const uInt offered = left < (1u << 30) ? (uInt)left : 1u << 30;
    int code;

    lines->stream.next_in = (Bytef *)(uintptr_t)(lines->bytes + lines->taken);
    lines->stream.avail_in = offered;
    lines->stream.next_out = (Bytef *)to;
    lines->stream.avail_out = (uInt)room;
    code = inflate(&lines->stream, Z_NO_FLUSH);
    lines->taken += offered - lines->stream.avail_in;
    if (code == Z_STREAM_END)
        end_member(lines);
    else if (code != Z_OK || (lines->taken == lines->len && lines->stream.avail_out > 0))
        lines->damaged = true; /* also when it ran out of input */
    return room - lines->stream.avail_out;
}

/* Moves what is left of the buffer to its start and adds to it. */
static void refill(struct lines *lines)
{
    size_t n;

    memmove(lines->buffer, lines->buffer + lines->from, lines->filled - lines->from);
    lines->filled -= lines->from;
    lines->from = 0;
    n = (lines->is_gzip ? inflate_some : copy_some)(lines, lines->buffer + lines->filled,
                                                    BUFFER_LEN - lines->filled);
    lines->filled += n;
    lines->inflated += n;
}

/* What is there when no newline follows any more: the last line of a whole file. */
static enum lines_verdict last_line(struct lines *lines, const char **out, size_t *out_len)
{
    const size_t left = lines->filled - lines->from;

    if (lines->damaged)
        return LINES_CUT;
    if (left == 0 || lines->in_long) {
        const bool was_long = lines->in_long;

        lines->in_long = false;
        lines->from = lines->filled;
        return was_long ? LINES_LONG : LINES_END;
    }
    *out = lines->buffer + lines->from;
    *out_len = left;
    lines->from = lines->filled;
    return left > LINES_MAX_LEN ? LINES_LONG : LINES_LINE;
}

static enum lines_verdict cut_line(struct lines *lines, size_t len, const char **out,
                                   size_t *out_len)
{
    const bool was_long = lines->in_long || len > LINES_MAX_LEN;

    *out = lines->buffer + lines->from;
    *out_len = len;
    lines->from += len + 1;
    lines->in_long = false;
    return was_long ? LINES_LONG : LINES_LINE;
}

enum lines_verdict lines_next(struct lines *lines, const char **out, size_t *out_len)
{
    for (;;) {
        const size_t left = lines->filled - lines->from;
        const char *start = lines->buffer + lines->from;
        const char *newline = left ? memchr(start, '\n', left) : NULL;

        if (newline)
            return cut_line(lines, (size_t)(newline - start), out, out_len);
        if (left > LINES_MAX_LEN) {
            lines->in_long = true;
            lines->from = lines->filled;
        }
        if (lines->ended || lines->damaged)
            return last_line(lines, out, out_len);
        if (lines->inflated > lines->max_inflated)
            return LINES_LIMIT;
        refill(lines);
    }
}

double lines_share(const struct lines *lines)
{
    return lines->len ? (double)lines->taken / (double)lines->len : 1.0;
}
