/* SPDX-License-Identifier: MIT
 *
 * A film as the sandbox knows it, whether read from the data files or invented.  A plain value; its
 * strings live in the data files' JSON, in word tables or in the film's own pool, so a film must
 * not outlive the library it came from.  Any thread, object not shared. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum {
    FILM_MAX_GENRES = 6,
    FILM_MAX_CODES = 6,
    FILM_MAX_COMPANIES = 4,
    FILM_MAX_CREDITS = 40, /* of cast, and of crew */
    FILM_MAX_KEYWORDS = 16,
    FILM_MAX_TRANSLATIONS = 24,
    FILM_MAX_RELEASES = 16,
    FILM_MAX_TITLES = 12,
    FILM_MAX_VIDEOS = 6,
    FILM_POOL_LEN = 24 << 10,
};

/* Ids of the sandbox's own, far above what TMDB and IMDb have given out. */
enum {
    FILM_INVENTED_ID = 500000000, /* + index of the invented film */
    FILM_GONE_ID = 600000000,     /* + day: announced as changed, answers 404 */
    FILM_PERSON_ID = 700000000,   /* + hash of the name; companies, keywords, collections too */
    FILM_OWN_ID = 900000000,      /* real films whose TMDB id we are not sure of */
};

struct film_credit {
    const char *name;
    const char *role;       /* character, or job */
    const char *department; /* crew only */
    int gender;
};

struct film_company {
    const char *name;
    const char *country; /* "" unknown */
};

struct film_translation {
    const char *language; /* "de" */
    const char *country;  /* "DE" */
    const char *title;    /* "" when it equals the original */
    const char *overview;
    const char *tagline;
};

struct film_release {
    const char *country;
    const char *certification; /* "" unknown */
    const char *date;
    int type; /* 1 premiere .. 6 TV */
};

struct film_title {
    const char *country;
    const char *title;
    const char *type;
};

struct film_video {
    const char *name;
    const char *key;
    const char *type;
};

struct film {
    int64_t id;
    const char *imdb_id;  /* NULL, or "" as old entries have it */
    const char *wikidata; /* NULL unknown */
    const char *title;    /* English */
    const char *original_title;
    const char *original_language;
    const char *release_date; /* "" unknown */
    const char *overview;     /* English; "" untranslated */
    const char *tagline;
    const char *homepage;
    const char *status;
    const char *collection; /* NULL: none */
    int64_t budget;
    int64_t revenue;
    int runtime;  /* minutes; 0 unknown, -1 null */
    bool is_show; /* the part of a show that is like a film, see show.h */
    bool adult;
    bool video;
    double popularity;
    double vote_average;
    int64_t vote_count;
    int n_posters; /* 0: poster_path is null */
    int n_backdrops;
    int n_logos;
    uint32_t revision; /* how often it changed since the sandbox started */

    uint32_t genres[FILM_MAX_GENRES];
    const char *countries[FILM_MAX_CODES];
    const char *languages[FILM_MAX_CODES];
    struct film_company companies[FILM_MAX_COMPANIES];
    struct film_credit cast[FILM_MAX_CREDITS];
    struct film_credit crew[FILM_MAX_CREDITS];
    const char *keywords[FILM_MAX_KEYWORDS];
    struct film_translation translations[FILM_MAX_TRANSLATIONS];
    struct film_release releases[FILM_MAX_RELEASES];
    struct film_title titles[FILM_MAX_TITLES];
    struct film_video videos[FILM_MAX_VIDEOS];
    size_t n_genres, n_countries, n_languages, n_companies, n_cast, n_crew, n_keywords,
        n_translations, n_releases, n_titles, n_videos;

    size_t pool_len;
    char *pool; /* FILM_POOL_LEN bytes, only when the film keeps text of its own */
};

struct film *film_new(void);
void film_free(struct film *film);
DEFINE_CLEANUP(struct film *, film_free);

/* A copy whose strings stay where the other has them. */
struct film *film_borrow(const struct film *other);

/* Text that lives as long as the film; cut where the pool ends. */
const char *film_keep(struct film *film, const char *fmt, ...) PRINTF(2, 3);

/* As film_keep(), of a template in which $1, $2, $3 stand for words. */
const char *film_fill(struct film *film, const char *pattern, const char *a, const char *b,
                      const char *c);

/* The template filled into `out`, cut where it ends. */
void film_expand(char *out, size_t size, const char *pattern, const char *a, const char *b,
                 const char *c);

/* How well a translation "de", "DE" answers what was asked for: 0 not at all, 2 exactly.  A region
 * stands in for another one, but Portuguese and Chinese are two languages each. */
int film_language_fit(const char *language, const char *country, const char *asked);
bool film_is_english(const char *asked); /* NULL is, too */

/* The id of a person, company, keyword or collection by that name. */
int64_t film_id_of_name(const char *kind, const char *name);

/* What the `language` parameter selects ("de-DE", "de" or NULL for en-US).  There is no fallback of
 * text: overview and tagline are "" without a translation, and the title is the original one. */
const struct film_translation *film_translation(const struct film *film, const char *language);
const char *film_title(const struct film *film, const char *language);
const char *film_overview(const struct film *film, const char *language);
const char *film_tagline(const struct film *film, const char *language);
