/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "names.h"
#include "parts.h"

void parts_person(struct text *out, const struct film_credit *credit)
{
    int64_t id = film_id_of_name("person", credit->name);
    char path[PARTS_PATH_LEN];
    bool acts = !credit->department || text_equal(credit->department, "Actors");

    emit_bool(out, "adult", false);
    emit_int(out, "gender", credit->gender);
    emit_int(out, "id", id);
    emit_string(out, "known_for_department", acts ? "Acting" : credit->department);
    emit_string(out, "name", credit->name);
    emit_string(out, "original_name", credit->name);
    emit_double(out, "popularity", (double)(id % 9000) / 1000);
    emit_string(out, "profile_path", id % 4 ? parts_image_path('f', id, 0, path) : NULL);
}

void parts_crew_member(struct text *out, const struct film *film, size_t i)
{
    emit_begin(out, NULL, '{');
    parts_person(out, &film->crew[i]);
    parts_object_id(out, "credit_id", film->id, "crew", i);
    emit_string(out, "department", film->crew[i].department);
    emit_string(out, "job", film->crew[i].role);
    emit_end(out, '}');
}

static void write_credits(struct text *out, const struct parts_ask *ask)
{
    const struct film *film = ask->film;

    emit_begin(out, "cast", '[');
    for (size_t i = 0; i < film->n_cast; i++) {
        emit_begin(out, NULL, '{');
        parts_person(out, &film->cast[i]);
        emit_int(out, "cast_id", (int64_t)i + 1);
        emit_string(out, "character", film->cast[i].role);
        parts_object_id(out, "credit_id", film->id, "cast", i);
        emit_int(out, "order", (int64_t)i);
        emit_end(out, '}');
    }
    emit_end(out, ']');
    emit_begin(out, "crew", '[');
    for (size_t i = 0; i < film->n_crew; i++)
        parts_crew_member(out, film, i);
    emit_end(out, ']');
}

/* "de,en,null" has "de"; the region of a language is ignored for images. */
static bool list_has(const char *list, const char *code)
{
    size_t len = strlen(code);

    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        size_t this_len = strcspn(at, ",-");
        if (this_len == len && strncmp(at, code, len) == 0)
            return true;
    }
    return false;
}

/* `language` alone filters too: with language=de-DE hardly an image is left. */
static bool image_is_wanted(const struct parts_ask *ask, const char *language)
{
    const char *wanted = ask->image_languages ? ask->image_languages : ask->language;
    return !wanted || list_has(wanted, language ? language : "null");
}

/* The first image has the original language, later ones none or those of the translations. */
static const char *image_language(const struct film *film, char letter, int n,
                                  const char **out_country)
{
    *out_country = NULL;
    if ((letter == 'b' || letter == 'c') && n % 2 == 0)
        return NULL;
    if (n == 0 || !film->n_translations) {
        *out_country = film->n_countries ? film->countries[0] : NULL;
        return n % 3 == 2 ? NULL : film->original_language;
    }
    if (n % 4 == 3)
        return NULL;
    const struct film_translation *translation =
        &film->translations[(size_t)(n - 1) % film->n_translations];
    *out_country = translation->country;
    return translation->language;
}

void parts_pictures(struct text *out, const struct parts_ask *ask, int64_t id, int n,
                    const struct parts_pictures *kind)
{
    char path[PARTS_PATH_LEN];
    const char *country;

    emit_begin(out, kind->key, '[');
    for (int i = 0; i < n; i++) {
        const char *language = image_language(ask->film, kind->letter, i, &country);
        if (!image_is_wanted(ask, language))
            continue;
        emit_begin(out, NULL, '{');
        emit_double(out, "aspect_ratio", (double)kind->width / kind->height);
        emit_int(out, "height", kind->height);
        emit_string(out, "iso_3166_1", language ? country : NULL);
        emit_string(out, "iso_639_1", language);
        emit_string(out, "file_path", parts_image_path(kind->letter, id, i, path));
        emit_double(out, "vote_average", 5.0 + 1.0 / (i + 1));
        emit_int(out, "vote_count", 12 - MIN(i, 11));
        emit_int(out, "width", kind->width);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void write_images(struct text *out, const struct parts_ask *ask)
{
    const struct film *film = ask->film;
    const struct parts_pictures backdrops = { "backdrops", parts_letter(film, 'b'), 1920, 1080 };
    const struct parts_pictures posters = { "posters", parts_letter(film, 'p'), 1000, 1500 };
    const struct parts_pictures logos = { "logos", parts_letter(film, 'l'), 800, 200 };

    parts_pictures(out, ask, film->id, film->n_backdrops, &backdrops);
    parts_pictures(out, ask, film->id, film->n_posters, &posters);
    parts_pictures(out, ask, film->id, film->n_logos, &logos);
}

static void emit_translation(struct text *out, const struct film *film,
                             const struct film_translation *translation)
{
    const struct names_language *language = names_language(translation->language);

    emit_begin(out, NULL, '{');
    emit_string(out, "iso_3166_1", translation->country);
    emit_string(out, "iso_639_1", translation->language);
    emit_string(out, "name", language->native);
    emit_string(out, "english_name", language->english);
    emit_begin(out, "data", '{');
    emit_string(out, "homepage", "");
    emit_string(out, "overview", translation->overview);
    if (!film->is_show)
        emit_int(out, "runtime", MAX(film->runtime, 0));
    emit_string(out, "tagline", translation->tagline);
    emit_string(out, film->is_show ? "name" : "title", translation->title);
    emit_end(out, '}');
    emit_end(out, '}');
}

static void write_translations(struct text *out, const struct parts_ask *ask)
{
    const struct film *film = ask->film;
    const struct film_translation english = {
        .language = "en",
        .country = "US",
        .title = text_equal(film->title, film->original_title) ? "" : film->title,
        .overview = film->overview,
        .tagline = film->tagline,
    };

    emit_begin(out, "translations", '[');
    emit_translation(out, film, &english);
    for (size_t i = 0; i < film->n_translations; i++)
        emit_translation(out, film, &film->translations[i]);
    emit_end(out, ']');
}

static void write_external_ids(struct text *out, const struct parts_ask *ask)
{
    emit_string(out, "imdb_id", ask->film->imdb_id);
    emit_string(out, "wikidata_id", ask->film->wikidata);
    emit_null(out, "facebook_id");
    emit_null(out, "instagram_id");
    emit_null(out, "twitter_id");
}

static void write_videos(struct text *out, const struct parts_ask *ask)
{
    emit_begin(out, "results", '[');
    bool wanted = !ask->language || text_starts_with(ask->language, "en");
    for (size_t i = 0; wanted && i < ask->film->n_videos; i++) {
        const struct film_video *video = &ask->film->videos[i];
        emit_begin(out, NULL, '{');
        emit_string(out, "iso_639_1", "en");
        emit_string(out, "iso_3166_1", "US");
        emit_string(out, "name", video->name);
        emit_string(out, "key", video->key);
        emit_string(out, "site", "YouTube");
        emit_int(out, "size", 1080);
        emit_string(out, "type", video->type);
        emit_bool(out, "official", true);
        emit_string(out, "published_at", "2020-01-02T03:04:05.000Z");
        parts_object_id(out, "id", ask->film->id, "video", i);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void write_release_dates(struct text *out, const struct parts_ask *ask)
{
    emit_begin(out, "results", '[');
    for (size_t i = 0; i < ask->film->n_releases; i++) {
        const struct film_release *release = &ask->film->releases[i];
        emit_begin(out, NULL, '{');
        emit_string(out, "iso_3166_1", release->country);
        emit_begin(out, "release_dates", '[');
        emit_begin(out, NULL, '{');
        emit_string(out, "certification", release->certification);
        emit_begin(out, "descriptors", '[');
        emit_end(out, ']');
        emit_string(out, "iso_639_1", "");
        emit_string(out, "note", "");
        emit_format(out, "release_date", "%sT00:00:00.000Z", release->date);
        emit_int(out, "type", release->type);
        emit_end(out, '}');
        emit_end(out, ']');
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void write_keywords(struct text *out, const struct parts_ask *ask)
{
    emit_begin(out, ask->film->is_show ? "results" : "keywords", '[');
    for (size_t i = 0; i < ask->film->n_keywords; i++) {
        emit_begin(out, NULL, '{');
        emit_int(out, "id", film_id_of_name("keyword", ask->film->keywords[i]));
        emit_string(out, "name", ask->film->keywords[i]);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void write_titles(struct text *out, const struct parts_ask *ask)
{
    emit_begin(out, ask->film->is_show ? "results" : "titles", '[');
    for (size_t i = 0; i < ask->film->n_titles; i++) {
        const struct film_title *title = &ask->film->titles[i];
        if (ask->country && !text_equal(ask->country, title->country))
            continue;
        emit_begin(out, NULL, '{');
        emit_string(out, "iso_3166_1", title->country);
        emit_string(out, "title", title->title);
        emit_string(out, "type", title->type);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

/* Nobody has reviewed, listed or offered these films for streaming here. */
static void write_empty_page(struct text *out, const struct parts_ask *ask)
{
    (void)ask;
    emit_int(out, "page", 1);
    emit_begin(out, "results", '[');
    emit_end(out, ']');
    emit_int(out, "total_pages", 0);
    emit_int(out, "total_results", 0);
}

static void write_no_providers(struct text *out, const struct parts_ask *ask)
{
    (void)ask;
    emit_begin(out, "results", '{');
    emit_end(out, '}');
}

bool parts_write(struct text *out, const char *name, const struct parts_ask *ask)
{
    static const struct {
        const char *name;
        void (*write)(struct text *out, const struct parts_ask *ask);
    } parts[] = {
        { "credits", write_credits },
        { "images", write_images },
        { "translations", write_translations },
        { "external_ids", write_external_ids },
        { "videos", write_videos },
        { "release_dates", write_release_dates },
        { "keywords", write_keywords },
        { "alternative_titles", write_titles },
        { "reviews", write_empty_page },
        { "lists", write_empty_page },
        { "watch/providers", write_no_providers },
    };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (text_equal(parts[i].name, name)) {
            parts[i].write(out, ask);
            return true;
        }
    }
    return false;
}
