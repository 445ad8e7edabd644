/* SPDX-License-Identifier: MIT */
#include "media/language.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { SUBTAG_MAX = 8 };

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

static bool take_language(struct parsed *parsed, const struct subtag *tag)
{
    if (!tag->alpha || tag->len < 2 || tag->len > 3)
        return false;
    memcpy(parsed->language, tag->text, tag->len + 1);
    parsed->at = AT_EXTENDED;
    return true;
}

static bool is_region(const struct subtag *tag)
{
    return (tag->alpha && tag->len == 2) || (tag->digit && tag->len == 3);
}

static void take_region(struct parsed *parsed, const struct subtag *tag)
{
    for (size_t i = 0; i <= tag->len; i++)
        parsed->region[i] = (char)toupper((unsigned char)tag->text[i]);
    parsed->at = AT_VARIANT;
}

/* Takes the subtags in the order BCP 47 gives them. */
static bool take_subtag(struct parsed *parsed, const struct subtag *tag)
{
    if (parsed->at == AT_LANGUAGE)
        return take_language(parsed, tag);
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
    if (parsed->at >= AT_VARIANT || !is_region(tag))
        return take_variant(parsed, tag);
    take_region(parsed, tag);
    return true;
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
            return (int)i * LANGUAGE_RANKS;
        return (int)i * LANGUAGE_RANKS + (strchr(tag, '-') ? 2 : 1);
    }
    int after = (int)wish->n_tags * LANGUAGE_RANKS;
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
