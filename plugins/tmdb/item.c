/* SPDX-License-Identifier: MIT */
#include "tmdb/item.h"

#include <inttypes.h>
#include <miauflix/provider.h>
#include <stdio.h>
#include <string.h>

#include "common/field.h"
#include "tmdb/element.h"
#include "tmdb/tag.h"

const struct item_shape item_movie = {
    .kind = PROVIDER_MOVIE,
    .word = "movie",
    .media = "movie",
    .title = "title",
    .original = "original_title",
    .date = "release_date",
    .keywords = "keywords",
    .titles = "titles",
    .certification = "release_dates",
};

const struct item_shape item_show = {
    .kind = PROVIDER_TVSHOW,
    .word = "tvshow",
    .media = "tv",
    .title = "name",
    .original = "original_name",
    .date = "first_air_date",
    .keywords = "results",
    .titles = "results",
    .certification = "content_ratings",
};

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

/* A show has its IMDb id among the external ones only. */
static bool write_ids(struct out *out, const json_t *object, const struct item_shape *shape)
{
    const json_t *external = field_object(object, "external_ids");
    const char *imdb = field_string(object, "imdb_id");
    const char *wikidata = field_string(external, "wikidata_id");
    int64_t id, tvdb;

    if (!field_int(object, "id", 1, INT32_MAX, &id))
        return false;
    if (!is_foreign_id(imdb, "tt", 7))
        imdb = field_string(external, "imdb_id");
    out_open(out, "ids", '{');
    out_int(out, "tmdb", id);
    if (is_foreign_id(imdb, "tt", 7))
        out_string(out, "imdb", imdb, 16);
    if (shape->kind == PROVIDER_TVSHOW && field_int(external, "tvdb_id", 1, INT32_MAX, &tvdb))
        out_int(out, "tvdb", tvdb);
    if (is_foreign_id(wikidata, "Q", 1))
        out_string(out, "wikidata", wikidata, 16);
    out_close(out, '}');
    return true;
}

/* Whether somebody translated it into exactly this language and region. */
static bool has_translation(const json_t *object, const char *language)
{
    const json_t *list = field_array(field_object(object, "translations"), "translations");
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
static bool is_translated(const json_t *object, const char *title, const char *original,
                          const char *language)
{
    return !original || strcmp(title, original) != 0 || field_string(object, "overview") ||
           field_string(object, "tagline") || has_translation(object, language);
}

static bool write_titles(struct out *out, const json_t *object, const struct item_shape *shape,
                         const char *language)
{
    const char *original = field_string(object, shape->original);
    const char *title = field_string(object, shape->title);

    if (!title)
        title = original;
    if (!title)
        return false;
    out_string(out, "title", title, ELEMENT_MAX_TITLE);
    if (is_translated(object, title, original, language))
        out_string(out, "title_language", language, TAG_SIZE);
    out_string(out, "original_title", original, ELEMENT_MAX_TITLE);
    element_language(out, "original_language", object, "original_language");
    out_string(out, "overview", field_string(object, "overview"), ELEMENT_MAX_OVERVIEW);
    out_string(out, "tagline", field_string(object, "tagline"), ELEMENT_MAX_TAGLINE);
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

bool item_write_basics(struct out *out, const json_t *object, const struct item_shape *shape,
                       const char *language)
{
    const json_t *genres = field_array(object, "genres");

    if (!write_ids(out, object, shape) || !write_titles(out, object, shape, language))
        return false;
    element_date(out, shape->date, field_string(object, shape->date));
    element_rating(out, object);
    element_popularity(out, object);
    element_bool(out, object, "adult");
    element_bool(out, object, "video");
    element_list(out, "genres", genres ? genres : field_array(object, "genre_ids"), 32,
                 write_genre);
    element_path(out, "poster", object, "poster_path");
    element_path(out, "backdrop", object, "backdrop_path");
    return true;
}

bool item_write_row(struct out *out, const json_t *row, const struct item_shape *shape,
                    const char *language)
{
    out_clear(out);
    out_open(out, NULL, '{');
    if (!item_write_basics(out, row, shape, language))
        return false;
    out_close(out, '}');
    return true;
}

bool item_write_changed(struct out *out, const json_t *row, const char *day, int64_t *out_id)
{
    if (!field_int(row, "id", 1, INT32_MAX, out_id))
        return false;
    out_clear(out);
    out_open(out, NULL, '{');
    element_ids(out, row);
    element_popularity(out, row);
    element_date(out, "changed_on", day);
    out_close(out, '}');
    return true;
}

void item_write_status(struct out *out, const char *raw, const struct item_status *table, size_t n)
{
    for (size_t i = 0; raw && i < n; i++)
        if (strcmp(raw, table[i].raw) == 0)
            out_string(out, "status", table[i].word, 32);
    out_string(out, "status_raw", raw, 64);
}
