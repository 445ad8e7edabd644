/* SPDX-License-Identifier: MIT */
#include "media/language.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { HEADER_MAX = 2048, SUBTAG_MAX = 8 };

/* What the field says for a tag that stands for something else: withdrawn codes, and TMDB's own
 * "xx" (no language) and "cn" (Cantonese). */
static const struct {
    const char *from, *to;
} aliases[] = {
    { "iw", "he" }, { "in", "id" }, { "ji", "yi" }, { "xx", "zxx" }, { "cn", "yue" },
};

struct subtag {
    char text[SUBTAG_MAX + 1];
    size_t len;
    bool alpha, digit;
};

/* Reads the next subtag; NULL when it is empty, too long or holds something else. */
static const char *next_subtag(const char *at, struct subtag *out)
{
    *out = (struct subtag){ .alpha = true, .digit = true };
    for (; *at && *at != '-' && *at != '_'; at++) {
        unsigned char c = (unsigned char)*at;
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) ||
            out->len == SUBTAG_MAX)
            return NULL;
        bool digit = c <= '9';
        out->alpha &= !digit;
        out->digit &= digit;
        out->text[out->len++] = (char)tolower(c);
    }
    return out->len ? at : NULL;
}

struct parsed {
    char language[4], script[5], region[4];
    enum { AT_LANGUAGE, AT_EXTENDED, AT_SCRIPT, AT_REGION, AT_VARIANT, AT_EXTENSION } at;
    bool open_extension; /* a singleton that nothing followed yet */
};

static bool take_variant(struct parsed *parsed, const struct subtag *tag)
{
    if (tag->len == 1) {
        if (parsed->open_extension)
            return false;
        parsed->at = AT_EXTENSION;
        parsed->open_extension = true;
        return true;
    }
    parsed->open_extension = false;
    if (parsed->at == AT_EXTENSION)
        return true;
    parsed->at = AT_VARIANT;
    return tag->len >= 5 || (tag->len == 4 && isdigit((unsigned char)tag->text[0]));
}

/* Takes the subtags in the order BCP 47 gives them. */
static bool take_subtag(struct parsed *parsed, const struct subtag *tag)
{
    if (parsed->at == AT_LANGUAGE) {
        if (!tag->alpha || tag->len < 2 || tag->len > 3)
            return false;
        memcpy(parsed->language, tag->text, tag->len + 1);
        parsed->at = AT_EXTENDED;
        return true;
    }
    if (parsed->at == AT_EXTENDED && tag->alpha && tag->len == 3) {
        memcpy(parsed->language, tag->text, 4); /* zh-yue is yue */
        parsed->at = AT_SCRIPT;
        return true;
    }
    if (parsed->at < AT_REGION && tag->alpha && tag->len == 4) {
        memcpy(parsed->script, tag->text, 5);
        parsed->at = AT_REGION;
        return true;
    }
    if (parsed->at < AT_VARIANT &&
        ((tag->alpha && tag->len == 2) || (tag->digit && tag->len == 3))) {
        for (size_t i = 0; i <= tag->len; i++)
            parsed->region[i] = (char)toupper((unsigned char)tag->text[i]);
        parsed->at = AT_VARIANT;
        return true;
    }
    return take_variant(parsed, tag);
}

/* The script of Chinese says which region's spelling is meant; other scripts are dropped. */
static const char *region_of(const struct parsed *parsed)
{
    if (parsed->region[0] || strcmp(parsed->language, "zh") != 0)
        return parsed->region;
    if (strcmp(parsed->script, "hant") == 0)
        return "TW";
    return strcmp(parsed->script, "hans") == 0 ? "CN" : "";
}

bool language_parse(const char *text, char out[LANGUAGE_LEN])
{
    struct parsed parsed = { .at = AT_LANGUAGE };
    struct subtag tag;
    for (const char *at = text;; at++) {
        at = next_subtag(at, &tag);
        if (!at || !take_subtag(&parsed, &tag))
            return false;
        if (!*at)
            break;
    }
    if (parsed.open_extension)
        return false;
    const char *language = parsed.language;
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (strcmp(language, aliases[i].from) == 0)
            language = aliases[i].to;
    const char *region = region_of(&parsed);
    snprintf(out, LANGUAGE_LEN, "%s%s%s", language, *region ? "-" : "", region);
    return true;
}

static void add_tag(struct language_wish *wish, const char *tag)
{
    for (size_t i = 0; i < wish->n_tags; i++)
        if (strcmp(wish->tags[i], tag) == 0)
            return;
    if (wish->n_tags < LANGUAGE_WISHES)
        memcpy(wish->tags[wish->n_tags++], tag, strlen(tag) + 1);
}

/* ";q=0.8" in thousandths; 1000 when there is none, -1 when it is malformed. */
static int quality_of(const char *params, const char *end)
{
    while (params < end && (*params == ';' || *params == ' ' || *params == '\t'))
        params++;
    if (params == end)
        return 1000;
    if (end - params < 3 || (*params | 0x20) != 'q' || params[1] != '=')
        return -1;
    params += 2;
    if (*params != '0' && *params != '1')
        return -1;
    int value = (*params++ - '0') * 1000;
    if (params < end && *params == '.')
        params++;
    for (int unit = 100; params < end && *params >= '0' && *params <= '9' && unit; unit /= 10)
        value += (*params++ - '0') * unit;
    while (params < end && (*params == ' ' || *params == '\t'))
        params++;
    return params == end && value <= 1000 ? value : -1;
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
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
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

static size_t primary_len(const char *tag)
{
    return strcspn(tag, "-");
}

bool language_same(const char *a, const char *b)
{
    size_t len = primary_len(a);
    return len && len == primary_len(b) && memcmp(a, b, len) == 0;
}

int language_rank(const struct language_wish *wish, const char *tag, const char *original)
{
    if (text_is_empty(tag))
        return -1;
    for (size_t i = 0; i < wish->n_tags; i++) {
        if (!language_same(wish->tags[i], tag))
            continue;
        if (strcmp(wish->tags[i], tag) == 0)
            return (int)i * 3;
        return (int)i * 3 + (strchr(tag, '-') ? 2 : 1);
    }
    int after = (int)wish->n_tags * 3;
    if (language_same(tag, "en"))
        return after + (strcmp(tag, "en") == 0 ? 0 : strcmp(tag, "en-US") == 0 ? 1 : 2);
    if (!text_is_empty(original) && language_same(tag, original))
        return after + (strcmp(tag, original) == 0 ? 3 : 4);
    return -1;
}

void language_wish_key(const struct language_wish *wish, char *out, size_t out_size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < wish->n_tags && used < out_size; i++) {
        int n = snprintf(out + used, out_size - used, "%s%s", i ? "," : "", wish->tags[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}
