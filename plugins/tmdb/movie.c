/* SPDX-License-Identifier: MIT */
#include "tmdb/movie.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/field.h"
#include "tmdb/element.h"
#include "tmdb/movie_parts.h"
#include "tmdb/tag.h"

#define MAX_MONEY INT64_C(1000000000000000)

/* "tt" and seven digits or more, or a Wikidata "Q" number. */
static bool is_foreign_id(const char *id, const char *prefix, size_t min_digits)
{
    const size_t prefix_len = strlen(prefix);
    size_t n;

    if (!id || strncmp(id, prefix, prefix_len) != 0)
        return false;
    n = strspn(id + prefix_len, "0123456789");
    if (strspn(id + prefix_len, "0") == n)
        return false; /* tt0000000 */
    return n >= min_digits && n <= 12 && id[prefix_len + n] == '\0';
}

static bool write_ids(struct out *out, const json_t *movie)
{
    const json_t *external = field_object(movie, "external_ids");
    const char *imdb = field_string(movie, "imdb_id");
    const char *wikidata = field_string(external, "wikidata_id");
    int64_t id;

    if (!field_int(movie, "id", 1, INT32_MAX, &id))
        return false;
    if (!is_foreign_id(imdb, "tt", 7))
        imdb = field_string(external, "imdb_id");
    out_open(out, "ids", '{');
    out_int(out, "tmdb", id);
    if (is_foreign_id(imdb, "tt", 7))
        out_string(out, "imdb", imdb, 16);
    if (is_foreign_id(wikidata, "Q", 1))
        out_string(out, "wikidata", wikidata, 16);
    out_close(out, '}');
    return true;
}

/* Whether somebody translated the film into exactly this language and region. */
static bool has_translation(const json_t *movie, const char *language)
{
    const json_t *list = field_array(field_object(movie, "translations"), "translations");
    size_t i;
    json_t *row;
    char tag[TAG_SIZE];

    json_array_foreach (list, i, row)
        if (tag_join(field_string(row, "iso_639_1"), field_string(row, "iso_3166_1"), tag) &&
            strcmp(tag, language) == 0)
            return true;
    return false;
}

/* Asked for a language it lacks, TMDB answers the original title and empty texts, and does not say
 * so.  A title of its own, any text, or an entry among the translations tells that there is one
 * (the entry's title is "" when it equals the original). */
static bool is_translated(const json_t *movie, const char *title, const char *original,
                          const char *language)
{
    return !original || strcmp(title, original) != 0 || field_string(movie, "overview") ||
           field_string(movie, "tagline") || has_translation(movie, language);
}

static bool write_titles(struct out *out, const json_t *movie, const char *language)
{
    const char *original = field_string(movie, "original_title");
    const char *title = field_string(movie, "title");

    if (!title)
        title = original;
    if (!title)
        return false;
    out_string(out, "title", title, ELEMENT_MAX_TITLE);
    if (is_translated(movie, title, original, language))
        out_string(out, "title_language", language, TAG_SIZE);
    out_string(out, "original_title", original, ELEMENT_MAX_TITLE);
    element_language(out, "original_language", movie, "original_language");
    out_string(out, "overview", field_string(movie, "overview"), ELEMENT_MAX_OVERVIEW);
    out_string(out, "tagline", field_string(movie, "tagline"), ELEMENT_MAX_TAGLINE);
    return true;
}

static void write_genre(struct out *out, const json_t *element)
{
    int64_t id = json_integer_value(element); /* an element of genre_ids */
    char text[32];

    if (json_is_object(element) && !field_int(element, "id", 1, INT32_MAX, &id))
        return;
    if (id < 1 || id > INT32_MAX)
        return;
    (void)snprintf(text, sizeof(text), "tmdb:%" PRId64, id);
    out_string(out, NULL, text, sizeof(text));
}

/* What details and rows have in common. */
static bool write_basics(struct out *out, const json_t *movie, const char *language)
{
    const json_t *genres = field_array(movie, "genres");

    if (!write_ids(out, movie) || !write_titles(out, movie, language))
        return false;
    element_date(out, "release_date", field_string(movie, "release_date"));
    element_rating(out, movie);
    element_popularity(out, movie);
    element_bool(out, movie, "adult");
    element_bool(out, movie, "video");
    element_list(out, "genres", genres ? genres : field_array(movie, "genre_ids"), 32, write_genre);
    element_path(out, "poster", movie, "poster_path");
    element_path(out, "backdrop", movie, "backdrop_path");
    return true;
}

static void write_status(struct out *out, const char *raw)
{
    static const char *const known[][2] = {
        { "Rumored", "rumored" },
        { "Planned", "planned" },
        { "In Production", "in_production" },
        { "Post Production", "post_production" },
        { "Released", "released" },
        { "Canceled", "canceled" },
    };

    for (size_t i = 0; raw && i < sizeof(known) / sizeof(*known); i++)
        if (strcmp(raw, known[i][0]) == 0)
            out_string(out, "status", known[i][1], 32);
    out_string(out, "status_raw", raw, 64);
}

bool movie_write(struct out *out, const json_t *detail, const char *language)
{
    out_clear(out);
    out_open(out, NULL, '{');
    if (!write_basics(out, detail, language))
        return false;
    write_status(out, field_string(detail, "status"));
    element_positive(out, detail, "runtime", 100000);
    element_positive(out, detail, "budget", MAX_MONEY);
    element_positive(out, detail, "revenue", MAX_MONEY);
    element_url(out, "homepage", field_string(detail, "homepage"));
    movie_write_parts(out, detail);
    out_close(out, '}');
    return true;
}

bool movie_write_row(struct out *out, const json_t *row, const char *language)
{
    out_clear(out);
    out_open(out, NULL, '{');
    if (!write_basics(out, row, language))
        return false;
    out_close(out, '}');
    return true;
}

bool movie_write_changed(struct out *out, const json_t *row, int64_t *out_id)
{
    if (!field_int(row, "id", 1, INT32_MAX, out_id))
        return false;
    out_clear(out);
    out_open(out, NULL, '{');
    element_ids(out, row);
    element_popularity(out, row);
    out_close(out, '}');
    return true;
}
