/* SPDX-License-Identifier: MIT */
#include "film.h"

#include <string.h>

struct film *film_new(void)
{
    return mem_new(struct film);
}

void film_free(struct film *film)
{
    if (!film)
        return;
    free(film->pool);
    free(film);
}

struct film *film_borrow(const struct film *other)
{
    struct film *film = film_new();
    *film = *other;
    film->pool = NULL;
    film->pool_len = 0;
    return film;
}

const char *film_keep(struct film *film, const char *fmt, ...)
{
    if (!film->pool)
        film->pool = mem_alloc(FILM_POOL_LEN);
    size_t room = FILM_POOL_LEN - film->pool_len;
    if (room < 2)
        return "";

    char *start = film->pool + film->pool_len;
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(start, room, fmt, args);
    va_end(args);
    film->pool_len += MIN((size_t)MAX(len, 0), room - 1) + 1;
    return start;
}

void film_expand(char *out, size_t size, const char *pattern, const char *a, const char *b,
                 const char *c)
{
    const char *const words[] = { a, b, c };
    size_t len = 0;

    for (const char *at = pattern; *at; at++) {
        bool is_slot = *at == '$' && at[1] >= '1' && at[1] <= '3';
        const char *piece = is_slot ? words[at[1] - '1'] : at;
        size_t piece_len = is_slot ? strlen(piece) : 1;
        if (len + piece_len >= size)
            break;
        memcpy(out + len, piece, piece_len);
        len += piece_len;
        at += is_slot;
    }
    out[len] = '\0';
}

const char *film_fill(struct film *film, const char *pattern, const char *a, const char *b,
                      const char *c)
{
    char text[1024];

    film_expand(text, sizeof(text), pattern, a, b, c);
    return film_keep(film, "%s", text);
}

int64_t film_id_of_name(const char *kind, const char *name)
{
    uint64_t hash = text_hash(name, strlen(name)) ^ text_hash(kind, strlen(kind)) * 31;
    return FILM_PERSON_ID + (int64_t)(hash % 100000000);
}

static bool has_two_languages(const char *language)
{
    return strcmp(language, "pt") == 0 || strcmp(language, "zh") == 0;
}

/* "de-AT" against "de" and "AT": the whole tag fits better than the language alone. */
int film_language_fit(const char *language, const char *country, const char *asked)
{
    size_t len = strlen(language);
    if (strncmp(asked, language, len) != 0)
        return 0;
    if (asked[len] == '\0')
        return 1;
    if (asked[len] != '-')
        return 0;
    if (text_equal(asked + len + 1, country))
        return 2;
    return has_two_languages(language) ? 0 : 1;
}

const struct film_translation *film_translation(const struct film *film, const char *language)
{
    const struct film_translation *best = NULL;
    int best_fit = 0;

    for (size_t i = 0; i < film->n_translations; i++) {
        const struct film_translation *translation = &film->translations[i];
        int this_fit = film_language_fit(translation->language, translation->country, language);
        if (this_fit > best_fit) {
            best_fit = this_fit;
            best = translation;
        }
    }
    return best;
}

bool film_is_english(const char *language)
{
    return !language || text_equal(language, "en") || text_starts_with(language, "en-");
}

const char *film_title(const struct film *film, const char *language)
{
    if (film_is_english(language))
        return film->title;
    const struct film_translation *translation = film_translation(film, language);
    if (translation && !text_is_empty(translation->title))
        return translation->title;
    return film->original_title;
}

const char *film_overview(const struct film *film, const char *language)
{
    if (film_is_english(language))
        return film->overview;
    const struct film_translation *translation = film_translation(film, language);
    return translation ? translation->overview : "";
}

const char *film_tagline(const struct film *film, const char *language)
{
    if (film_is_english(language))
        return film->tagline;
    const struct film_translation *translation = film_translation(film, language);
    return translation ? translation->tagline : "";
}
