/* SPDX-License-Identifier: MIT */
#include "media/subtitle.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

/* Longer lines are no times; later times are of no film. */
enum { TIME_MAX_DIGITS = 9, HOURS_MAX = 99 };

struct line {
    const char *at;
    size_t len;
};

/* Ends with a carriage return, a line feed or both; false behind the last. */
static bool next_line(const char **at, const char *end, struct line *out)
{
    if (*at >= end)
        return false;
    size_t len = 0, rest = (size_t)(end - *at);
    while (len < rest && (*at)[len] != '\n' && (*at)[len] != '\r')
        len++;
    *out = (struct line){ .at = *at, .len = len };
    *at += len;
    if (*at < end && **at == '\r')
        (*at)++;
    if (*at < end && **at == '\n')
        (*at)++;
    return true;
}

static bool is_blank(const struct line *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (line->at[i] != ' ' && line->at[i] != '\t' && line->at[i] != '\0')
            return false;
    return true;
}

static bool read_digits(const char **at, const char *end, uint32_t *out)
{
    const char *c = *at;
    uint32_t value = 0;
    for (; c < end && *c >= '0' && *c <= '9' && c - *at < TIME_MAX_DIGITS; c++)
        value = value * 10 + (uint32_t)(*c - '0');
    if (c == *at)
        return false;
    *at = c;
    *out = value;
    return true;
}

/* "12", "1", "123" behind the comma are tenths, hundredths, thousandths by their number. */
static uint32_t read_fraction(const char **at, const char *end)
{
    uint32_t ms = 0;
    for (uint32_t unit = 100; *at < end && **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
        ms += (uint32_t)(**at - '0') * unit;
    return ms;
}

/* "00:01:02,500", "1:02.5", "00:01:02". */
static bool read_time(const char **at, const char *end, uint64_t *out_ms)
{
    uint32_t parts[3] = { 0 };
    size_t n = 0;
    while (n < ARRAY_LEN(parts) && read_digits(at, end, &parts[n])) {
        n++;
        if (n == ARRAY_LEN(parts) || *at >= end || **at != ':')
            break;
        (*at)++;
    }
    if (n < 2)
        return false;
    uint64_t seconds = n == 3 ? parts[2] : parts[1];
    uint64_t minutes = n == 3 ? parts[1] : parts[0];
    uint64_t hours = n == 3 ? parts[0] : 0;
    if (hours > HOURS_MAX || minutes > 59 || seconds > 59)
        return false;
    *out_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
    if (*at < end && (**at == ',' || **at == '.')) {
        (*at)++;
        *out_ms += read_fraction(at, end);
    }
    return true;
}

static void skip_spaces(const char **at, const char *end)
{
    while (*at < end && (**at == ' ' || **at == '\t'))
        (*at)++;
}

struct cue {
    uint64_t from_ms, to_ms;
};

/* A line of times; what follows them (places, styles) is left out. */
static bool read_times(const struct line *line, struct cue *out)
{
    const char *at = line->at, *end = line->at + line->len;
    skip_spaces(&at, end);
    if (!read_time(&at, end, &out->from_ms))
        return false;
    skip_spaces(&at, end);
    if (end - at < 3 || memcmp(at, "-->", 3) != 0)
        return false;
    at += 3;
    skip_spaces(&at, end);
    return read_time(&at, end, &out->to_ms);
}

static void write_time(struct text *out, uint64_t ms)
{
    uint64_t s = ms / 1000;
    text_add_format(out, "%02u:%02u:%02u.%03u", (unsigned)(s / 3600), (unsigned)(s / 60 % 60),
                    (unsigned)(s % 60), (unsigned)(ms % 1000));
}

/* --- The text of a cue */

/* The tags that mean the same in both. */
static const char *const kept_tags[] = { "<i>", "</i>", "<b>", "</b>", "<u>", "</u>" };

static size_t write_tag(struct text *out, const char *at, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(kept_tags); i++) {
        size_t tag_len = strlen(kept_tags[i]);
        if (len < tag_len || strncasecmp(at, kept_tags[i], tag_len) != 0)
            continue;
        text_add_string(out, kept_tags[i]);
        return tag_len;
    }
    const char *end = memchr(at, '>', len);
    bool is_tag =
        end && len > 1 && (at[1] == '/' || (at[1] | 0x20) == 'f' || (at[1] | 0x20) == 'c');
    if (is_tag)
        return (size_t)(end - at) + 1;
    text_add_string(out, "&lt;");
    return 1;
}

/* "{\an8}" and the like of other formats. */
static size_t skip_override(const char *at, size_t len)
{
    const char *end = len > 1 && at[1] == '\\' ? memchr(at, '}', len) : NULL;
    return end ? (size_t)(end - at) + 1 : 0;
}

/* One character or mark at `at`; how many bytes it took. */
static size_t write_one(struct text *out, const char *at, size_t len)
{
    size_t skipped = *at == '{' ? skip_override(at, len) : 0;
    if (skipped)
        return skipped;
    if (*at == '<')
        return write_tag(out, at, len);
    if (*at == '>')
        text_add_string(out, "&gt;"); /* an arrow would begin a cue */
    else if (*at == '&')
        text_add_string(out, "&amp;");
    else if (*at)
        text_add_char(out, *at);
    return 1;
}

static void write_line(struct text *out, const struct line *line)
{
    for (size_t i = 0; i < line->len;)
        i += write_one(out, line->at + i, line->len - i);
    text_add_char(out, '\n');
}

static bool is_number(const struct line *line)
{
    for (size_t i = 0; i < line->len; i++)
        if ((line->at[i] < '0' || line->at[i] > '9') && line->at[i] != ' ')
            return false;
    return line->len > 0;
}

/* Whether what follows is the next cue: its number and times, or the times alone.  Then a blank
 * line is not needed, and one inside the text does not end it. */
static bool begins_cue(const char *at, const char *end)
{
    struct line line;
    struct cue cue;
    if (!next_line(&at, end, &line))
        return false;
    if (read_times(&line, &cue))
        return true;
    return is_number(&line) && next_line(&at, end, &line) && read_times(&line, &cue);
}

static void copy_text(const char **at, const char *end, struct text *out)
{
    struct line line;
    while (!begins_cue(*at, end) && next_line(at, end, &line)) {
        if (!is_blank(&line))
            write_line(out, &line);
    }
    text_add_char(out, '\n');
}

static size_t copy_cues(const char *at, const char *end, struct text *out)
{
    size_t n = 0;
    struct line line;
    while (next_line(&at, end, &line)) {
        struct cue cue;
        if (!read_times(&line, &cue) || cue.to_ms <= cue.from_ms)
            continue;
        write_time(out, cue.from_ms);
        text_add_string(out, " --> ");
        write_time(out, cue.to_ms);
        text_add_char(out, '\n');
        copy_text(&at, end, out);
        n++;
    }
    return n;
}

/* --- Files */

bool subtitle_is_text(const char *path)
{
    size_t len = strlen(path);
    return len > 4 &&
           (strcasecmp(path + len - 4, ".srt") == 0 || strcasecmp(path + len - 4, ".vtt") == 0);
}

static bool is_vtt(const char *text, size_t len)
{
    return len >= 6 && memcmp(text, "WEBVTT", 6) == 0 && (len == 6 || strchr(" \t\r\n", text[6]));
}

int subtitle_to_vtt(const char *bytes, size_t len, struct text *out, struct error *err)
{
    CLEANUP(mem_free) char *text = NULL;
    size_t text_len;
    int failed = subtitle_to_utf8(bytes, len, &text, &text_len, err);
    if (failed)
        return failed;
    if (is_vtt(text, text_len)) {
        if (text_add(out, text, text_len))
            return 0;
        return error_set(err, PROVIDER_ELIMIT, "the subtitle is too large");
    }
    text_add_string(out, "WEBVTT\n\n");
    size_t n = copy_cues(text, text + text_len, out);
    if (out->overflow)
        return error_set(err, PROVIDER_ELIMIT, "the subtitle is too large");
    return n ? 0 : error_set(err, PROVIDER_EPARSE, "no subtitle could be read in it");
}
