/* SPDX-License-Identifier: MIT */
#include "tmdb/tag.h"

#include <ctype.h>
#include <string.h>

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool tag_is_country(const char *text)
{
    return text && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z' &&
           text[2] == '\0';
}

static bool is_language(const char *text)
{
    const size_t len = strlen(text);

    if (len < 2 || len > 3)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_lower(text[i]))
            return false;
    return true;
}

bool tag_join(const char *language, const char *country, char out[TAG_SIZE])
{
    size_t len;

    if (!language || !is_language(language))
        return false;
    if (strcmp(language, "cn") == 0)
        language = "yue";
    else if (strcmp(language, "xx") == 0)
        language = "zxx";
    len = strlen(language);
    memcpy(out, language, len + 1);
    if (tag_is_country(country)) {
        out[len] = '-';
        memcpy(out + len + 1, country, 3);
    }
    return true;
}

bool tag_parse(const char *text, char out[TAG_SIZE])
{
    char language[4] = "", country[3] = "";
    const size_t len = strcspn(text, "-_");
    const char *rest = strpbrk(text, "-_");

    if (len < 2 || len > 3)
        return false;
    for (size_t i = 0; i < len; i++)
        language[i] = (char)tolower((unsigned char)text[i]);
    /* A script ("Hant") may stand between language and country. */
    if (rest && strcspn(rest + 1, "-_") == 4)
        rest = strpbrk(rest + 1, "-_");
    /* TMDB knows no regions of several countries: "es-419" is "es" there. */
    if (rest && strlen(rest) == 4 && strspn(rest + 1, "0123456789") == 3)
        rest = NULL;
    if (rest) {
        if (strlen(rest) != 3)
            return false;
        country[0] = (char)toupper((unsigned char)rest[1]);
        country[1] = (char)toupper((unsigned char)rest[2]);
        if (!tag_is_country(country))
            return false;
    }
    return tag_join(language, country, out);
}
