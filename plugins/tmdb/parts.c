/* SPDX-License-Identifier: MIT */
#include "tmdb/parts.h"

#include <string.h>

#include "common/field.h"
#include "tmdb/element.h"
#include "tmdb/regions.h"
#include "tmdb/tag.h"

enum {
    MAX_IMAGES = 200,
    MAX_VIDEOS = 200,
    MAX_KEYWORDS = 500,
    MAX_TITLES = 500,
    MAX_COUNTRIES = 64,
    MAX_LANGUAGES = 64,
    MAX_RECOMMENDATIONS = 100,
    MAX_TYPE = 128,
    MAX_SITE = 64,
};

void parts_write_cast(struct out *out, const json_t *person)
{
    const char *name = field_string(person, "name");
    int64_t order;

    if (!name)
        return;
    out_open(out, NULL, '{');
    out_string(out, "name", name, ELEMENT_MAX_NAME);
    out_string(out, "character", field_string(person, "character"), PARTS_MAX_CHARACTER);
    if (field_int(person, "order", 0, 100000, &order))
        out_int(out, "order", order);
    element_path(out, "profile", person, "profile_path");
    element_ids(out, person);
    out_close(out, '}');
}

void parts_write_crew(struct out *out, const json_t *person)
{
    const char *name = field_string(person, "name");

    if (!name)
        return;
    out_open(out, NULL, '{');
    out_string(out, "name", name, ELEMENT_MAX_NAME);
    out_string(out, "job", field_string(person, "job"), PARTS_MAX_WORD);
    out_string(out, "department", field_string(person, "department"), PARTS_MAX_WORD);
    element_path(out, "profile", person, "profile_path");
    element_ids(out, person);
    out_close(out, '}');
}

void parts_write_company(struct out *out, const json_t *company)
{
    const char *name = field_string(company, "name");
    const char *country = field_string(company, "origin_country");

    if (!name)
        return;
    out_open(out, NULL, '{');
    out_string(out, "name", name, ELEMENT_MAX_NAME);
    if (tag_is_country(country))
        out_string(out, "country", country, 2);
    element_path(out, "logo", company, "logo_path");
    element_ids(out, company);
    out_close(out, '}');
}

static void write_country(struct out *out, const json_t *element)
{
    /* production_countries holds objects, origin_country plain codes. */
    const char *code =
        json_is_object(element) ? field_string(element, "iso_3166_1") : json_string_value(element);

    if (tag_is_country(code))
        out_string(out, NULL, code, 2);
}

static void write_spoken(struct out *out, const json_t *element)
{
    element_language(out, NULL, element, "iso_639_1");
}

static void write_title(struct out *out, const json_t *element)
{
    const char *title = field_string(element, "title");
    const char *country = field_string(element, "iso_3166_1");

    if (!title)
        return;
    out_open(out, NULL, '{');
    out_string(out, "title", title, ELEMENT_MAX_TITLE);
    if (tag_is_country(country))
        out_string(out, "country", country, 2);
    out_string(out, "type", field_string(element, "type"), MAX_TYPE);
    out_close(out, '}');
}

static void write_image(struct out *out, const json_t *image)
{
    if (!element_is_path(field_string(image, "file_path")))
        return;
    out_open(out, NULL, '{');
    element_path(out, "path", image, "file_path");
    element_positive(out, image, "width", 100000);
    element_positive(out, image, "height", 100000);
    element_language(out, "language", image, "iso_639_1");
    element_rating(out, image);
    out_close(out, '}');
}

static void write_images(struct out *out, const json_t *images)
{
    const struct out_mark before = out_mark(out);
    size_t empty;

    out_open(out, "images", '{');
    empty = out->len;
    element_list(out, "posters", field_array(images, "posters"), MAX_IMAGES, write_image);
    element_list(out, "backdrops", field_array(images, "backdrops"), MAX_IMAGES, write_image);
    element_list(out, "logos", field_array(images, "logos"), MAX_IMAGES, write_image);
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}

static void write_video(struct out *out, const json_t *video)
{
    const char *site = field_string(video, "site");
    const char *key = field_string(video, "key");

    if (!site || !key || strlen(site) > MAX_SITE || strlen(key) > PARTS_MAX_WORD)
        return;
    out_open(out, NULL, '{');
    out_string(out, "site", site, MAX_SITE);
    out_string(out, "key", key, PARTS_MAX_WORD);
    out_string(out, "name", field_string(video, "name"), ELEMENT_MAX_NAME);
    out_string(out, "type", field_string(video, "type"), MAX_SITE);
    element_language(out, "language", video, "iso_639_1");
    element_bool(out, video, "official");
    element_time(out, "published_at", field_string(video, "published_at"));
    out_close(out, '}');
}

static void write_keyword(struct out *out, const json_t *keyword)
{
    out_string(out, NULL, field_string(keyword, "name"), PARTS_MAX_WORD);
}

static void write_recommendation(struct out *out, const json_t *row, const struct item_shape *shape)
{
    const char *media = field_string(row, "media_type");
    const char *title = field_string(row, shape->title);
    int64_t id;

    if (!title || (media && strcmp(media, shape->media) != 0) ||
        !field_int(row, "id", 1, INT32_MAX, &id))
        return;
    out_open(out, NULL, '{');
    element_ids(out, row);
    out_string(out, "title", title, ELEMENT_MAX_TITLE);
    element_popularity(out, row);
    out_close(out, '}');
}

static void write_movie_recommendation(struct out *out, const json_t *row)
{
    write_recommendation(out, row, &item_movie);
}

static void write_show_recommendation(struct out *out, const json_t *row)
{
    write_recommendation(out, row, &item_show);
}

static const json_t *part(const json_t *detail, const char *name, const char *list)
{
    return field_array(field_object(detail, name), list);
}

void parts_write(struct out *out, const json_t *detail, const struct item_shape *shape)
{
    const json_t *countries = field_array(detail, "production_countries");

    element_list(out, "countries", countries ? countries : field_array(detail, "origin_country"),
                 MAX_COUNTRIES, write_country);
    element_list(out, "spoken_languages", field_array(detail, "spoken_languages"), MAX_LANGUAGES,
                 write_spoken);
    element_list(out, "companies", field_array(detail, "production_companies"), PARTS_MAX_COMPANIES,
                 parts_write_company);
    regions_write_certification(out, part(detail, shape->certification, "results"));
    write_images(out, field_object(detail, "images"));
    element_list(out, "videos", part(detail, "videos", "results"), MAX_VIDEOS, write_video);
    element_list(out, "keywords", part(detail, "keywords", shape->keywords), MAX_KEYWORDS,
                 write_keyword);
    element_list(out, "alternative_titles", part(detail, "alternative_titles", shape->titles),
                 MAX_TITLES, write_title);
    regions_write_translations(out, part(detail, "translations", "translations"));
    element_list(out, "recommendations", part(detail, "recommendations", "results"),
                 MAX_RECOMMENDATIONS,
                 shape == &item_show ? write_show_recommendation : write_movie_recommendation);
}
