/* SPDX-License-Identifier: MIT */
#include "tmdb/regions.h"

#include <string.h>

#include "common/field.h"
#include "tmdb/element.h"
#include "tmdb/tag.h"

enum { MAX_ROWS = 300 };

/* A JSON object must not name a member twice, whatever upstream does. */
static bool came_before(const json_t *countries, size_t index, const char *country)
{
    for (size_t i = 0; i < index; i++) {
        const char *other = field_string(json_array_get(countries, i), "iso_3166_1");

        if (other && strcmp(other, country) == 0)
            return true;
    }
    return false;
}

/* Which release a country's certification is taken from: in cinemas first.  TMDB's types are
 * 1 premiere, 2 limited, 3 theatrical, 4 digital, 5 physical, 6 television. */
static int release_rank(int64_t type)
{
    static const int8_t ranks[] = { 9, 3, 2, 1, 4, 5, 6 };

    return type >= 0 && type < (int64_t)sizeof(ranks) ? ranks[type] : 9;
}

static const char *best_certification(const json_t *releases)
{
    const char *best = NULL;
    int best_rank = 10;
    size_t i;
    json_t *release;

    json_array_foreach (releases, i, release) {
        const char *certification = field_string(release, "certification");
        int64_t type = 0;

        (void)field_int(release, "type", 0, 100, &type);
        if (!certification || release_rank(type) >= best_rank)
            continue;
        best = certification;
        best_rank = release_rank(type);
    }
    return best;
}

/* A show has one per country, a movie one per release. */
static const char *certification_of(const json_t *row)
{
    const char *rating = field_string(row, "rating");

    return rating ? rating : best_certification(field_array(row, "release_dates"));
}

void regions_write_certification(struct out *out, const json_t *countries)
{
    const struct out_mark before = out_mark(out);
    size_t i, empty;
    json_t *row;

    out_open(out, "certification", '{');
    empty = out->len;
    json_array_foreach (countries, i, row) {
        /* Far more than there are countries. */
        if (i >= MAX_ROWS)
            break;
        const char *country = field_string(row, "iso_3166_1");
        const char *certification = certification_of(row);

        if (tag_is_country(country) && certification && strlen(certification) <= 32 &&
            !came_before(countries, i, country))
            out_string(out, country, certification, 32);
    }
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}

static bool tag_of(const json_t *row, char tag[TAG_SIZE])
{
    return tag_join(field_string(row, "iso_639_1"), field_string(row, "iso_3166_1"), tag);
}

static bool tag_came_before(const json_t *list, size_t index, const char *tag)
{
    char other[TAG_SIZE];

    for (size_t i = 0; i < index; i++)
        if (tag_of(json_array_get(list, i), other) && strcmp(other, tag) == 0)
            return true;
    return false;
}

static void write_translation(struct out *out, const char *tag, const json_t *row)
{
    const json_t *data = field_object(row, "data");
    const char *title = field_string(data, "title");
    const struct out_mark before = out_mark(out);
    size_t empty;

    out_open(out, tag, '{');
    empty = out->len;
    out_string(out, "title", title ? title : field_string(data, "name"), ELEMENT_MAX_TITLE);
    out_string(out, "overview", field_string(data, "overview"), ELEMENT_MAX_OVERVIEW);
    out_string(out, "tagline", field_string(data, "tagline"), ELEMENT_MAX_TAGLINE);
    element_url(out, "homepage", field_string(data, "homepage"));
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}

void regions_write_translations(struct out *out, const json_t *list)
{
    const struct out_mark before = out_mark(out);
    size_t i, empty;
    json_t *row;
    char tag[TAG_SIZE];

    out_open(out, "translations", '{');
    empty = out->len;
    json_array_foreach (list, i, row) {
        if (i >= MAX_ROWS)
            break;
        if (tag_of(row, tag) && !tag_came_before(list, i, tag))
            write_translation(out, tag, row);
    }
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}
