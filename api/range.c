/* SPDX-License-Identifier: MIT */
#include "range.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* Digits alone; what is too large to be held is as good as the largest. */
static bool read_number(const char **at, uint64_t *out)
{
    const char *c = *at;
    uint64_t value = 0;
    if (*c < '0' || *c > '9')
        return false;
    for (; *c >= '0' && *c <= '9'; c++) {
        uint64_t digit = (uint64_t)(*c - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *at = c;
    *out = value;
    return true;
}

/* "-500": the last so many bytes. */
static enum range_verdict take_suffix(const char *at, uint64_t size, struct range *out)
{
    uint64_t n;
    if (!read_number(&at, &n) || *skip_blanks(at))
        return RANGE_WHOLE;
    if (n == 0 || size == 0)
        return RANGE_UNSATISFIABLE;
    out->len = MIN(n, size);
    out->first = size - out->len;
    return RANGE_PART;
}

enum range_verdict range_parse(const char *header, uint64_t size, struct range *out)
{
    struct range whole = { .first = 0, .len = size };
    uint64_t first, last = UINT64_MAX;
    if (!header || strncasecmp(header, "bytes=", 6) != 0) {
        *out = whole;
        return RANGE_WHOLE;
    }
    const char *at = skip_blanks(header + 6);
    if (*at == '-') {
        enum range_verdict verdict = take_suffix(at + 1, size, out);
        if (verdict == RANGE_WHOLE)
            *out = whole;
        return verdict;
    }
    bool good = read_number(&at, &first) && *at++ == '-';
    if (good && *at >= '0' && *at <= '9')
        good = read_number(&at, &last);
    if (!good || *skip_blanks(at) || last < first) {
        *out = whole;
        return RANGE_WHOLE;
    }
    if (first >= size)
        return RANGE_UNSATISFIABLE;
    out->first = first;
    out->len = MIN(last, size - 1) - first + 1;
    return RANGE_PART;
}

bool range_condition_holds(const char *if_range, const char *etag)
{
    return !if_range || strcmp(if_range, etag) == 0;
}
