/* SPDX-License-Identifier: MIT */
#include "read.h"

#include <string.h>

#include "base/json.h"

/* Absent and null read as `fallback`, "" stays "": to the sandbox these are three things. */
const char *read_string(const json_t *json, const char *key, const char *fallback)
{
    const char *value = json_string_value(json_object_get(json, key));
    return value ? value : fallback;
}

static const char *item_at(const json_t *array, size_t i)
{
    const char *value = json_string_value(json_array_get(array, i));
    return value ? value : "";
}

/* The n-th of the parts between bars: "Cary Grant|Peter Joshua|m". */
const char *read_part(struct film *film, const char *line, int n)
{
    for (; line && n > 0; n--) {
        line = strchr(line, '|');
        line += line != NULL;
    }
    if (!line)
        return "";
    return film_keep(film, "%.*s", (int)strcspn(line, "|"), line);
}

static size_t count(const json_t *array, size_t most)
{
    return MIN(json_array_size(array), most);
}

static size_t read_codes(const json_t *json, const char *key, const char **out)
{
    const json_t *array = js_array(json, key);
    size_t n = count(array, FILM_MAX_CODES);

    for (size_t i = 0; i < n; i++)
        out[i] = item_at(array, i);
    return n;
}

static int gender_of(const char *mark)
{
    return mark[0] == 'f' ? 1 : mark[0] == 'm' ? 2 : 0;
}

static void read_credits(struct film *film, const json_t *json)
{
    const json_t *cast = js_array(json, "cast");
    const json_t *crew = js_array(json, "crew");

    film->n_cast = count(cast, FILM_MAX_CREDITS);
    for (size_t i = 0; i < film->n_cast; i++) {
        const char *line = item_at(cast, i);
        film->cast[i] = (struct film_credit){ .name = read_part(film, line, 0),
                                              .role = read_part(film, line, 1),
                                              .gender = gender_of(read_part(film, line, 2)) };
    }
    film->n_crew = count(crew, FILM_MAX_CREDITS);
    for (size_t i = 0; i < film->n_crew; i++) {
        const char *line = item_at(crew, i);
        film->crew[i] = (struct film_credit){ .name = read_part(film, line, 0),
                                              .department = read_part(film, line, 1),
                                              .role = read_part(film, line, 2),
                                              .gender = gender_of(read_part(film, line, 3)) };
    }
}

static void read_translations(struct film *film, const json_t *json)
{
    const char *tag;
    json_t *parts;

    json_object_foreach (js_object(json, "translations"), tag, parts) {
        if (film->n_translations == FILM_MAX_TRANSLATIONS || strlen(tag) != 5)
            continue;
        film->translations[film->n_translations++] = (struct film_translation){
            .language = film_keep(film, "%.2s", tag),
            .country = tag + 3,
            .title = item_at(parts, 0),
            .overview = item_at(parts, 1),
            .tagline = item_at(parts, 2),
        };
    }
}

static void read_lines(struct film *film, const json_t *json)
{
    const json_t *lines = js_array(json, "companies");
    film->n_companies = count(lines, FILM_MAX_COMPANIES);
    for (size_t i = 0; i < film->n_companies; i++)
        film->companies[i] = (struct film_company){ read_part(film, item_at(lines, i), 0),
                                                    read_part(film, item_at(lines, i), 1) };

    lines = js_array(json, "releases");
    film->n_releases = count(lines, FILM_MAX_RELEASES);
    for (size_t i = 0; i < film->n_releases; i++) {
        int64_t type = 3;
        text_to_int(read_part(film, item_at(lines, i), 3), 1, 6, &type);
        film->releases[i] =
            (struct film_release){ .country = read_part(film, item_at(lines, i), 0),
                                   .certification = read_part(film, item_at(lines, i), 1),
                                   .date = read_part(film, item_at(lines, i), 2),
                                   .type = (int)type };
    }

    lines = js_array(json, "titles");
    film->n_titles = count(lines, FILM_MAX_TITLES);
    for (size_t i = 0; i < film->n_titles; i++)
        film->titles[i] = (struct film_title){ read_part(film, item_at(lines, i), 0),
                                               read_part(film, item_at(lines, i), 1),
                                               read_part(film, item_at(lines, i), 2) };

    lines = js_array(json, "videos");
    film->n_videos = count(lines, FILM_MAX_VIDEOS);
    for (size_t i = 0; i < film->n_videos; i++)
        film->videos[i] = (struct film_video){ read_part(film, item_at(lines, i), 0),
                                               read_part(film, item_at(lines, i), 1),
                                               read_part(film, item_at(lines, i), 2) };
}

static void read_lists(struct film *film, const json_t *json)
{
    const json_t *genres = js_array(json, "genres");
    film->n_genres = count(genres, FILM_MAX_GENRES);
    for (size_t i = 0; i < film->n_genres; i++)
        film->genres[i] = (uint32_t)json_integer_value(json_array_get(genres, i));

    const json_t *keywords = js_array(json, "keywords");
    film->n_keywords = count(keywords, FILM_MAX_KEYWORDS);
    for (size_t i = 0; i < film->n_keywords; i++)
        film->keywords[i] = item_at(keywords, i);

    film->n_countries = read_codes(json, "countries", film->countries);
    film->n_languages = read_codes(json, "languages", film->languages);
}

static void read_numbers(struct film *film, const json_t *json)
{
    const json_t *runtime = json_object_get(json, "runtime");

    film->runtime = json_is_null(runtime) ? -1 : (int)json_integer_value(runtime);
    film->budget = js_int(json, "budget", 0);
    film->revenue = js_int(json, "revenue", 0);
    film->adult = js_bool(json, "adult", false);
    film->video = js_bool(json, "video", false);
    film->popularity = js_double(json, "popularity", 0.6);
    film->vote_average = js_double(json, "vote_average", 0);
    film->vote_count = js_int(json, "vote_count", 0);
    film->n_posters = (int)js_int(json, "posters", 2);
    film->n_backdrops = (int)js_int(json, "backdrops", 1);
    film->n_logos = (int)js_int(json, "logos", 0);
}

struct film *read_film(const json_t *json, struct error *err)
{
    int64_t id = js_int(json, "id", 0);
    const char *title = js_string(json, "title");
    if (id <= 0 || id > INT32_MAX || !title) {
        error_set(err, PROVIDER_EINVAL, "a film needs an id below 2^31 and a title");
        return NULL;
    }

    struct film *film = film_new();
    film->id = id;
    film->title = title;
    film->original_title = read_string(json, "original_title", title);
    film->original_language = read_string(json, "original_language", "en");
    film->imdb_id = read_string(json, "imdb_id", NULL);
    film->wikidata = read_string(json, "wikidata_id", NULL);
    film->release_date = read_string(json, "release_date", "");
    film->overview = read_string(json, "overview", "");
    film->tagline = read_string(json, "tagline", "");
    film->homepage = read_string(json, "homepage", "");
    film->status = read_string(json, "status", "Released");
    film->collection = read_string(json, "collection", NULL);
    read_numbers(film, json);
    read_lists(film, json);
    read_credits(film, json);
    read_translations(film, json);
    read_lines(film, json);
    return film;
}
