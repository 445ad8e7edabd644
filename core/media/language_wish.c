/* SPDX-License-Identifier: MIT */
#include "media/language.h"

#include <string.h>

enum { HEADER_MAX = 2048 };

static void add_tag(struct language_wish *wish, const char *tag)
{
    for (size_t i = 0; i < wish->n_tags; i++)
        if (strcmp(wish->tags[i], tag) == 0)
            return;
    if (wish->n_tags < LANGUAGE_WISHES)
        memcpy(wish->tags[wish->n_tags++], tag, strlen(tag) + 1);
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* "0.8" in thousandths, at most three digits behind the point; -1 when it is malformed. */
static int thousandths(const char *at, const char *end, const char **out_rest)
{
    if (at == end || (*at != '0' && *at != '1'))
        return -1;
    int value = (*at++ - '0') * 1000;
    if (at < end && *at == '.')
        at++;
    for (int unit = 100; at < end && *at >= '0' && *at <= '9' && unit; unit /= 10)
        value += (*at++ - '0') * unit;
    *out_rest = at;
    return value <= 1000 ? value : -1;
}

/* ";q=0.8" in thousandths; 1000 when there is none, -1 when it is malformed. */
static int quality_of(const char *params, const char *end)
{
    params = skip_blanks(params, end);
    if (params == end)
        return 1000;
    if (*params != ';')
        return -1;
    params = skip_blanks(params + 1, end);
    if (end - params < 3 || (*params | 0x20) != 'q' || params[1] != '=')
        return -1;
    int value = thousandths(params + 2, end, &params);
    return value >= 0 && skip_blanks(params, end) == end ? value : -1;
}

struct weighted {
    char tag[LANGUAGE_LEN];
    int quality;
};

/* One element of the header; false when it says nothing that we can use. */
static bool read_element(const char *at, const char *end, struct weighted *out)
{
    char tag[36];
    const char *stop = at;
    while (stop < end && *stop != ';' && *stop != ' ' && *stop != '\t')
        stop++;
    size_t len = (size_t)(stop - at);
    if (len == 0 || len >= sizeof tag)
        return false;
    memcpy(tag, at, len);
    tag[len] = '\0';
    out->quality = quality_of(stop, end);
    return out->quality > 0 && language_parse(tag, out->tag);
}

/* Keeps the best, equal ones in the order in which they were written. */
static void insert_sorted(struct weighted *best, size_t *n, const struct weighted *one)
{
    size_t at = *n;
    while (at && best[at - 1].quality < one->quality)
        at--;
    if (at == LANGUAGE_WISHES)
        return;
    size_t last = MIN(*n, (size_t)LANGUAGE_WISHES - 1);
    memmove(best + at + 1, best + at, (last - at) * sizeof *best);
    best[at] = *one;
    *n = last + 1;
}

static void add_header(struct language_wish *wish, const char *header)
{
    struct weighted best[LANGUAGE_WISHES], one;
    size_t n = 0;
    const char *limit = header + strnlen(header, HEADER_MAX);
    for (const char *at = header; at < limit;) {
        const char *end = memchr(at, ',', (size_t)(limit - at));
        end = end ? end : limit;
        at = skip_blanks(at, end);
        if (read_element(at, end, &one))
            insert_sorted(best, &n, &one);
        at = end + 1;
    }
    for (size_t i = 0; i < n; i++)
        add_tag(wish, best[i].tag);
}

int language_wish_make(const char *asked, const char *accept_header, const char *const *configured,
                       size_t n_configured, struct language_wish *out, struct error *err)
{
    struct language_wish wish = { .n_tags = 0 };
    char tag[LANGUAGE_LEN];
    if (asked) {
        if (!language_parse(asked, tag))
            return error_set(err, PROVIDER_EINVAL, "language: '%.40s' is no language tag", asked);
        add_tag(&wish, tag);
    } else if (accept_header) {
        add_header(&wish, accept_header);
    }
    for (size_t i = 0; i < n_configured; i++)
        if (language_parse(configured[i], tag))
            add_tag(&wish, tag);
    *out = wish;
    return 0;
}
