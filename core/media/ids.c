/* SPDX-License-Identifier: MIT */
#include "media/ids.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { SPACE_MAX = 24, VALUE_MAX = 64 };

enum form { NUMBER, IMDB, WIKIDATA, BTIH, WORD };

/* A space that is not listed here is WORD and decides identity: a third party's plugin has ids of
 * its own. */
static const struct space {
    const char *name;
    enum form form;
    bool loose; /* two items may share it, or it changes hands */
} spaces[] = {
    { "tmdb", NUMBER, false },  { "imdb", IMDB, false },     { "trakt", NUMBER, false },
    { "tvdb", NUMBER, false },  { "tvrage", NUMBER, false }, { "wikidata", WIKIDATA, false },
    { "btih", BTIH, false },    { "slug", WORD, true },      { "homepage", WORD, true },
    { "facebook", WORD, true }, { "instagram", WORD, true }, { "twitter", WORD, true },
    { "youtube", WORD, true },  { "tiktok", WORD, true },
};

static const struct space *find_space(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
        if (strcmp(spaces[i].name, name) == 0)
            return &spaces[i];
    return NULL;
}

static bool is_space_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len >= 1 && len <= SPACE_MAX && !name[len] && name[0] >= 'a';
}

static bool canonical_number(const char *value, char out[VALUE_MAX + 1])
{
    int64_t number;
    if (!isdigit((unsigned char)*value) || !text_to_int(value, 1, INT64_MAX, &number))
        return false;
    snprintf(out, VALUE_MAX + 1, "%lld", (long long)number);
    return true;
}

/* tt133093 and tt00133093 are tt0133093: seven digits or as many as the number has.  People are nm,
 * companies co. */
static bool canonical_imdb(const char *value, char out[VALUE_MAX + 1])
{
    if (strlen(value) < 3)
        return false;
    char prefix[3] = { (char)tolower((unsigned char)value[0]),
                       (char)tolower((unsigned char)value[1]), '\0' };
    if (strcmp(prefix, "tt") != 0 && strcmp(prefix, "nm") != 0 && strcmp(prefix, "co") != 0)
        return false;
    int64_t number;
    if (!isdigit((unsigned char)value[2]) || !text_to_int(value + 2, 1, 999999999999, &number))
        return false;
    snprintf(out, VALUE_MAX + 1, "%s%07lld", prefix, (long long)number);
    return true;
}

static bool canonical_wikidata(const char *value, char out[VALUE_MAX + 1])
{
    int64_t number;
    if ((*value != 'Q' && *value != 'q') || !isdigit((unsigned char)value[1]) ||
        !text_to_int(value + 1, 1, INT64_MAX, &number))
        return false;
    snprintf(out, VALUE_MAX + 1, "Q%lld", (long long)number);
    return true;
}

static int base32_digit(char c)
{
    if (c >= '2' && c <= '7')
        return c - '2' + 26;
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

/* 32 characters of base32 are the same 20 bytes that 40 hex digits are. */
static bool hex_of_base32(const char *value, char out[VALUE_MAX + 1])
{
    unsigned bits = 0, n_bits = 0;
    char *at = out;
    for (size_t i = 0; i < 32; i++) {
        int digit = base32_digit(value[i]);
        if (digit < 0)
            return false;
        bits = (bits << 5 | (unsigned)digit) & 0xffff;
        for (n_bits += 5; n_bits >= 4; n_bits -= 4)
            *at++ = "0123456789abcdef"[bits >> (n_bits - 4) & 15];
    }
    *at = '\0';
    return true;
}

bool ids_infohash(const char *value, char out[41])
{
    char hex[VALUE_MAX + 1];
    size_t len = strlen(value);
    if (len == 32 && hex_of_base32(value, hex)) {
        memcpy(out, hex, 41);
        return true;
    }
    if (len != 40 || strspn(value, "0123456789abcdefABCDEF") != 40)
        return false;
    for (size_t i = 0; i <= len; i++)
        out[i] = (char)tolower((unsigned char)value[i]);
    return true;
}

/* Any printable text without spaces: what stands in a path or a query as it is. */
static bool canonical_word(const char *value, char out[VALUE_MAX + 1])
{
    size_t len = strlen(value);
    if (len < 1 || len > VALUE_MAX)
        return false;
    for (const char *at = value; *at; at++)
        if (*at <= ' ' || *at > '~' || *at == '/' || *at == '"' || *at == '\\')
            return false;
    memcpy(out, value, len + 1);
    return true;
}

static bool canonical(enum form form, const char *value, char out[VALUE_MAX + 1])
{
    switch (form) {
    case NUMBER:
        return canonical_number(value, out);
    case IMDB:
        return canonical_imdb(value, out);
    case WIKIDATA:
        return canonical_wikidata(value, out);
    case BTIH:
        return ids_infohash(value, out);
    case WORD:
        break;
    }
    return canonical_word(value, out);
}

bool ids_parse(const char *text, char out[IDS_TEXT_LEN])
{
    char space[SPACE_MAX + 1], value[VALUE_MAX + 1];
    const char *colon = strchr(text, ':');
    if (!colon) {
        if ((text[0] | 0x20) != 't' || !canonical_imdb(text, value))
            return false;
        snprintf(out, IDS_TEXT_LEN, "imdb:%s", value);
        return true;
    }
    size_t len = (size_t)(colon - text);
    if (len < 1 || len > SPACE_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        space[i] = (char)tolower((unsigned char)text[i]);
    space[len] = '\0';
    const struct space *known = find_space(space);
    if (!is_space_name(space) || !canonical(known ? known->form : WORD, colon + 1, value))
        return false;
    snprintf(out, IDS_TEXT_LEN, "%s:%s", space, value);
    return true;
}

/* The member's value as text, numbers in decimal; NULL when it is neither. */
static const char *text_of_member(const json_t *value, char number[24])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (!json_is_integer(value))
        return NULL;
    snprintf(number, 24, "%lld", (long long)json_integer_value(value));
    return number;
}

bool ids_normalise_member(json_t *ids, const char *space)
{
    json_t *value = json_object_get(ids, space);
    const struct space *known = find_space(space);
    enum form form = known ? known->form : WORD;
    if (form == NUMBER && json_is_integer(value))
        return json_integer_value(value) >= 1;
    char number[24], out[VALUE_MAX + 1];
    const char *said = text_of_member(value, number);
    if (!said || (!known && !is_space_name(space)) || !canonical(form, said, out))
        return false;
    if (form == NUMBER)
        return json_object_set_new(ids, space, json_integer(strtoll(out, NULL, 10))) == 0;
    if (json_is_string(value))
        return strcmp(said, out) == 0 || json_string_set(value, out) == 0;
    return json_object_set_new(ids, space, json_string(out)) == 0;
}

bool ids_decides(const char *space)
{
    const struct space *known = find_space(space);
    return !known || !known->loose;
}

int ids_each(const json_t *ids, int (*each)(const char *text, void *context), void *context)
{
    /* Jansson's iterator wants a mutable object and does not change it. */
    union {
        const json_t *in;
        json_t *out;
    } object = { .in = ids };
    for (void *it = json_object_iter(object.out); it; it = json_object_iter_next(object.out, it)) {
        char number[24], text[IDS_TEXT_LEN];
        const char *space = json_object_iter_key(it);
        const char *said = text_of_member(json_object_iter_value(it), number);
        if (!said || !ids_decides(space))
            continue;
        snprintf(text, sizeof text, "%s:%s", space, said);
        int stop = each(text, context);
        if (stop)
            return stop;
    }
    return 0;
}
