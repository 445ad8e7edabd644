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

const char *film_fill(struct film *film, const char *pattern, const char *a, const char *b,
                      const char *c)
{
    const char *const words[] = { a, b, c };
    char text[1024];
    size_t len = 0;

    for (const char *at = pattern; *at; at++) {
        bool is_slot = *at == '$' && at[1] >= '1' && at[1] <= '3';
        const char *piece = is_slot ? words[at[1] - '1'] : at;
        size_t piece_len = is_slot ? strlen(piece) : 1;
        if (len + piece_len >= sizeof(text))
            break;
        memcpy(text + len, piece, piece_len);
        len += piece_len;
        at += is_slot;
    }
    return film_keep(film, "%.*s", (int)len, text);
}

int64_t film_id_of_name(const char *kind, const char *name)
{
    uint64_t hash = text_hash(name, strlen(name)) ^ text_hash(kind, strlen(kind)) * 31;
    return FILM_PERSON_ID + (int64_t)(hash % 100000000);
}

/* "de-AT" against "de" and "AT": the whole tag fits better than the language alone. */
static int fit(const struct film_translation *translation, const char *language)
{
    size_t len = strlen(translation->language);
    if (strncmp(language, translation->language, len) != 0)
        return 0;
    if (language[len] == '\0')
        return 1;
    if (language[len] != '-')
        return 0;
    return text_equal(language + len + 1, translation->country) ? 2 : 1;
}

const struct film_translation *film_translation(const struct film *film, const char *language)
{
    const struct film_translation *best = NULL;
    int best_fit = 0;

    for (size_t i = 0; i < film->n_translations; i++) {
        int this_fit = fit(&film->translations[i], language);
        if (this_fit > best_fit) {
            best_fit = this_fit;
            best = &film->translations[i];
        }
    }
    return best;
}

static bool is_english(const char *language)
{
    return !language || text_equal(language, "en") || text_starts_with(language, "en-");
}

const char *film_title(const struct film *film, const char *language)
{
    if (is_english(language))
        return film->title;
    const struct film_translation *translation = film_translation(film, language);
    if (translation && !text_is_empty(translation->title))
        return translation->title;
    return film->original_title;
}

const char *film_overview(const struct film *film, const char *language)
{
    if (is_english(language))
        return film->overview;
    const struct film_translation *translation = film_translation(film, language);
    return translation ? translation->overview : "";
}

const char *film_tagline(const struct film *film, const char *language)
{
    if (is_english(language))
        return film->tagline;
    const struct film_translation *translation = film_translation(film, language);
    return translation ? translation->tagline : "";
}
