/* SPDX-License-Identifier: MIT */
#include "tmdb/export_line.h"

#include <jansson.h>
#include <string.h>

#include "common/field.h"
#include "tmdb/element.h"

/* A part of the line, borrowed. */
struct slice {
    const char *from;
    size_t len;
};

struct line {
    const struct item_shape *shape;
    struct slice id, title, popularity;
    int adult, video; /* 1, 0, -1: unknown */
};

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    return p;
}

/* What stands between quotes, without escapes; NULL otherwise.  Returns behind the closing quote.
 */
static const char *take_string(const char *p, const char *end, struct slice *out)
{
    if (p >= end || *p != '"')
        return NULL;
    out->from = ++p;
    while (p < end && *p != '"') {
        if (*p == '\\' || (unsigned char)*p < ' ')
            return NULL;
        p++;
    }
    if (p >= end)
        return NULL;
    out->len = (size_t)(p - out->from);
    return p + 1;
}

/* A bare word: number, true, false, null. */
static const char *take_word(const char *p, const char *end, struct slice *out)
{
    out->from = p;
    while (p < end && *p != ',' && *p != '}' && *p != ' ' && *p != '\r' && *p != '[' && *p != '{')
        p++;
    out->len = (size_t)(p - out->from);
    return out->len > 0 ? p : NULL;
}

static bool is(struct slice slice, const char *word)
{
    return slice.len == strlen(word) && memcmp(slice.from, word, slice.len) == 0;
}

static bool take_bool(struct slice word, int *out)
{
    *out = is(word, "true") ? 1 : is(word, "false") ? 0 : -1;
    return *out >= 0 || is(word, "null");
}

static bool is_all_digits(const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return len > 0;
}

/* 1 to 999999999. */
static bool is_id(struct slice word)
{
    return word.len <= 9 && is_all_digits(word.from, word.len) && word.from[0] != '0';
}

/* 0, 1.8133; what has a sign, an exponent or many digits is unusual. */
static bool is_decimal(struct slice word)
{
    const char *point = memchr(word.from, '.', word.len);
    const size_t whole = point ? (size_t)(point - word.from) : word.len;

    return word.len <= 20 && whole <= 9 && is_all_digits(word.from, whole) &&
           (whole == 1 || word.from[0] != '0') &&
           (!point || is_all_digits(point + 1, word.len - whole - 1));
}

/* Members with other names hold plain values or make the line an unusual one. */
static bool is_plain(struct slice value)
{
    return is(value, "true") || is(value, "false") || is(value, "null") || is_decimal(value);
}

static bool take_title(struct line *line, struct slice value)
{
    line->title = value;
    return value.len > 0 && value.len <= ELEMENT_MAX_TITLE && value.from[0] != ' ';
}

static bool take_bare(struct line *line, struct slice key, struct slice value)
{
    if (is(key, "id")) {
        line->id = value;
        return is_id(value);
    }
    if (is(key, "popularity")) {
        line->popularity = value;
        return is_decimal(value);
    }
    if (is(key, "adult"))
        return take_bool(value, &line->adult);
    return is(key, "video") ? take_bool(value, &line->video) : is_plain(value);
}

/* What should be bare and is quoted, or the other way round, is unusual. */
static bool take_value(struct line *line, struct slice key, struct slice value, bool quoted)
{
    static const char *const bare[] = { "id", "popularity", "adult", "video" };

    if (!quoted)
        return !is(key, line->shape->original) && take_bare(line, key, value);
    if (is(key, line->shape->original))
        return take_title(line, value);
    for (size_t i = 0; i < sizeof(bare) / sizeof(*bare); i++)
        if (is(key, bare[i]))
            return false;
    return true;
}

static const char *take_member(const char *p, const char *end, struct line *line)
{
    struct slice key, value;
    bool quoted;

    p = take_string(skip_space(p, end), end, &key);
    if (!p)
        return NULL;
    p = skip_space(p, end);
    if (p >= end || *p != ':')
        return NULL;
    p = skip_space(p + 1, end);
    quoted = p < end && *p == '"';
    p = quoted ? take_string(p, end, &value) : take_word(p, end, &value);
    if (!p || !take_value(line, key, value, quoted))
        return NULL;
    return skip_space(p, end);
}

/* False: the line is unusual. */
static bool take_apart(const char *p, const char *end, struct line *line)
{
    p = skip_space(p, end);
    if (p >= end || *p != '{')
        return false;
    do {
        p = take_member(p + 1, end, line);
    } while (p && p < end && *p == ',');
    if (!p || p >= end || *p != '}')
        return false;
    return skip_space(p + 1, end) == end && line->id.len > 0 && line->title.len > 0;
}

/* Bytes that follow the first of a UTF-8 character; -1: no first byte. */
static int n_following(unsigned char c)
{
    if (c < 0x80)
        return 0;
    if (c >= 0xC2 && c <= 0xDF)
        return 1;
    if ((c & 0xF0) == 0xE0)
        return 2;
    return c >= 0xF0 && c <= 0xF4 ? 3 : -1;
}

/* The second byte rules out overlong forms, surrogates and what lies beyond Unicode. */
static bool is_second(unsigned char first, unsigned char second)
{
    if (first == 0xE0)
        return second >= 0xA0;
    if (first == 0xED)
        return second <= 0x9F;
    if (first == 0xF0)
        return second >= 0x90;
    return first != 0xF4 || second <= 0x8F;
}

static bool is_utf8(struct slice text)
{
    const unsigned char *p = (const unsigned char *)text.from;
    const unsigned char *end = p + text.len;

    while (p < end) {
        const int n = n_following(*p);

        if (n < 0 || n >= end - p || (n > 0 && !is_second(p[0], p[1])))
            return false;
        for (int i = 1; i <= n; i++)
            if ((p[i] & 0xC0) != 0x80)
                return false;
        p += n + 1;
    }
    return true;
}

static enum export_verdict read_unusual(const char *text, size_t len,
                                        const struct item_shape *shape, bool adult, bool video,
                                        struct out *document)
{
    json_auto_t *line = field_parse(text, len);
    const char *title = field_string(line, shape->original);
    int64_t id;

    if (!title || !field_int(line, "id", 1, INT32_MAX, &id))
        return EXPORT_BROKEN;
    if ((!adult && field_bool(line, "adult") == 1) || (!video && field_bool(line, "video") == 1))
        return EXPORT_UNWANTED;
    out_open(document, NULL, '{');
    element_ids(document, line);
    out_string(document, "kind", shape->word, 8);
    out_string(document, "title", title, ELEMENT_MAX_TITLE);
    element_popularity(document, line);
    element_bool(document, line, "adult");
    element_bool(document, line, "video");
    out_close(document, '}');
    return EXPORT_TITLE;
}

static void add_slice(struct out *out, const char *before, struct slice slice)
{
    out_add_text(out, before);
    out_add(out, slice.from, slice.len);
}

enum export_verdict export_line_read(const char *text, size_t len, const struct item_shape *shape,
                                     bool adult, bool video, struct out *document)
{
    struct line line = { .shape = shape, .adult = -1, .video = -1 };

    out_clear(document);
    if (!take_apart(text, text + len, &line) || !is_utf8(line.title))
        return read_unusual(text, len, shape, adult, video, document);
    if ((!adult && line.adult == 1) || (!video && line.video == 1))
        return EXPORT_UNWANTED;
    add_slice(document, "{\"ids\":{\"tmdb\":", line.id);
    add_slice(document, "},\"kind\":\"", (struct slice){ shape->word, strlen(shape->word) });
    add_slice(document, "\",\"title\":\"", line.title);
    out_add_text(document, "\"");
    if (line.popularity.len > 0)
        add_slice(document, ",\"popularity\":", line.popularity);
    if (line.adult >= 0)
        out_add_text(document, line.adult ? ",\"adult\":true" : ",\"adult\":false");
    if (line.video >= 0)
        out_add_text(document, line.video ? ",\"video\":true" : ",\"video\":false");
    out_add_text(document, "}");
    return EXPORT_TITLE;
}
