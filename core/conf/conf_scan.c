/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "conf_file.h"

struct scan {
    const char *path;
    const char *at, *end;
    unsigned line;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static int refuse(const struct scan *scan, unsigned line, const char *why, struct error *err)
{
    return error_set(err, PROVIDER_EINVAL, "%s:%u: %s", scan->path, line, why);
}

static void skip_line(struct scan *scan)
{
    while (scan->at < scan->end && *scan->at != '\n')
        scan->at++;
}

static int skip_comment(struct scan *scan, struct error *err)
{
    unsigned start = scan->line;
    for (scan->at += 2; scan->at < scan->end; scan->at++) {
        if (*scan->at == '\n')
            scan->line++;
        if (*scan->at == '*' && scan->end - scan->at > 1 && scan->at[1] == '/') {
            scan->at += 2;
            return 0;
        }
    }
    return refuse(scan, start, "the comment that begins here has no end", err);
}

static int skip_string(struct scan *scan, struct error *err)
{
    unsigned start = scan->line;
    for (scan->at++; scan->at < scan->end; scan->at++) {
        if (*scan->at == '\n')
            scan->line++;
        if (*scan->at == '\\' && scan->end - scan->at > 1)
            scan->at++;
        else if (*scan->at == '"') {
            scan->at++;
            return 0;
        }
    }
    return refuse(scan, start, "the text that begins here has no closing quote", err);
}

/* libconfig takes any number of digits and keeps the low 32 bits, or 64 behind an L. */
static int judge_integer(const struct scan *scan, const char *digits, bool is_long,
                         struct error *err)
{
    bool hex = strpbrk(digits, "xX") != NULL;
    errno = 0;
    long long value = strtoll(digits, NULL, hex ? 16 : 10);
    if (errno == ERANGE)
        return error_set(err, PROVIDER_EINVAL, "%s:%u: %s does not fit in 64 bits", scan->path,
                         scan->line, digits);
    if (!is_long && (value > INT_MAX || value < INT_MIN))
        return error_set(err, PROVIDER_EINVAL,
                         "%s:%u: %s does not fit in 32 bits: write %sL to use 64", scan->path,
                         scan->line, digits, digits);
    return 0;
}

static void skip_any_of(struct scan *scan, const char *bytes)
{
    while (scan->at < scan->end && strchr(bytes, *scan->at))
        scan->at++;
}

static char byte_at(const struct scan *scan, size_t offset)
{
    return (size_t)(scan->end - scan->at) > offset ? scan->at[offset] : ' ';
}

static int scan_number(struct scan *scan, struct error *err)
{
    const char *start = scan->at;
    scan->at += !is_digit(*scan->at); /* a sign */
    bool hex = byte_at(scan, 0) == '0' && strchr("xX", byte_at(scan, 1));
    skip_any_of(scan, hex ? "0123456789abcdefABCDEFxX" : "0123456789");
    if (!hex && strchr(".eE", byte_at(scan, 0))) {
        skip_any_of(scan, "0123456789.eE+-");
        return 0;
    }
    size_t len = (size_t)(scan->at - start);
    if (len > 40)
        return refuse(scan, scan->line, "a number of more than 40 digits", err);
    CLEANUP(mem_free) char *digits = mem_dup(start, len);
    bool is_long = byte_at(scan, 0) == 'L';
    skip_any_of(scan, "L");
    return judge_integer(scan, digits, is_long, err);
}

static bool begins_number(const struct scan *scan)
{
    char c = byte_at(scan, 0);
    return is_digit(c) || ((c == '-' || c == '+') && is_digit(byte_at(scan, 1)));
}

static void skip_name(struct scan *scan)
{
    while (is_letter(byte_at(scan, 0)) || is_digit(byte_at(scan, 0)) ||
           strchr("-_", byte_at(scan, 0)))
        scan->at++;
}

static int scan_next(struct scan *scan, struct error *err)
{
    char c = byte_at(scan, 0), next = byte_at(scan, 1);
    if (c == '#' || (c == '/' && next == '/')) {
        skip_line(scan);
        return 0;
    }
    if (c == '/' && next == '*')
        return skip_comment(scan, err);
    if (c == '"')
        return skip_string(scan, err);
    if (begins_number(scan))
        return scan_number(scan, err);
    if (is_letter(c)) {
        skip_name(scan);
        return 0;
    }
    scan->line += c == '\n';
    scan->at++;
    return 0;
}

/* Of the first line that is not text. */
static unsigned line_of_bad_byte(const char *bytes, size_t len)
{
    unsigned line = 1;
    for (const char *at = bytes, *end = bytes + len; at < end; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line_len = (size_t)((stop ? stop : end) - at);
        if (!text_is_utf8(at, line_len))
            return line;
        at += line_len + 1;
    }
    return line;
}

int conf_scan(const char *path, const char *bytes, size_t len, struct error *err)
{
    struct scan scan = { .path = path, .at = bytes, .end = bytes + len, .line = 1 };
    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return refuse(&scan, 1, "a byte order mark stands before the text: remove it", err);
    if (!text_is_utf8(bytes, len))
        return refuse(&scan, line_of_bad_byte(bytes, len), "not UTF-8 text", err);
    while (scan.at < scan.end) {
        int rc = scan_next(&scan, err);
        if (rc)
            return rc;
    }
    return 0;
}
