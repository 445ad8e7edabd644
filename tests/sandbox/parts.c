/* SPDX-License-Identifier: MIT */
#include "parts.h"

#include <string.h>

#include "emit.h"
#include "names.h"

static void put_hex(char *out, int n_digits, uint64_t value)
{
    for (int i = n_digits - 1; i >= 0; i--, value >>= 4)
        out[i] = "0123456789abcdef"[value & 15];
}

/* Written by hand: there are hundreds of pictures in an answer with seasons. */
const char *parts_image_path(char kind, int64_t id, int n, char out[PARTS_PATH_LEN])
{
    out[0] = '/';
    out[1] = kind;
    put_hex(out + 2, 10, (uint64_t)id);
    put_hex(out + 12, 2, (uint64_t)n);
    put_hex(out + 14, 8, text_hash(out + 1, 13));
    memcpy(out + 22, ".png", sizeof(".png"));
    return out;
}

void parts_object_id(struct text *out, const char *key, int64_t of, const char *kind, size_t n)
{
    char id[25] = "";
    uint64_t hash = text_hash(kind, strlen(kind)) ^ (uint64_t)of * 0x9e3779b97f4a7c15u;

    hash = (hash ^ (hash >> 29) ^ (n + 1) * 0xd6e8feb86659fd93u) * 0xbf58476d1ce4e5b9u;
    put_hex(id, 16, hash ^ (hash >> 32));
    put_hex(id + 16, 8, hash >> 13);
    emit_string(out, key, id);
}

char parts_letter(const struct film *film, char kind)
{
    if (!film->is_show)
        return kind;
    return kind == 'p' ? 't' : kind == 'b' ? 'c' : 'o';
}

static bool read_hex(const char *from, int len, int64_t *out)
{
    int64_t value = 0;

    for (int i = 0; i < len; i++) {
        const char *digit = strchr("0123456789abcdef", from[i]);
        if (!from[i] || !digit)
            return false;
        value = value * 16 + (digit - "0123456789abcdef");
    }
    *out = value;
    return true;
}

bool parts_image_parse(const char *path, char *out_kind, int64_t *out_id, int *out_n)
{
    int64_t id, n;
    char wanted[PARTS_PATH_LEN];

    if (strlen(path) != 25 || !strchr("pblftcose", path[0]) || !read_hex(path + 1, 10, &id) ||
        !read_hex(path + 11, 2, &n))
        return false;
    if (!text_equal(parts_image_path(path[0], id, (int)n, wanted) + 1, path))
        return false;
    *out_kind = path[0];
    *out_id = id;
    *out_n = (int)n;
    return true;
}

void parts_image(struct text *out, const char *key, char kind, int64_t id, int n)
{
    char path[PARTS_PATH_LEN];

    if (n < 0)
        emit_null(out, key);
    else
        emit_string(out, key, parts_image_path(kind, id, n, path));
}

/* The poster falls back through the languages, unlike the text: there always is the first one. */
static int poster_of(const struct film *film)
{
    return film->n_posters ? 0 : -1;
}

void parts_genres(struct text *out, const struct film *film, const char *language)
{
    emit_begin(out, "genres", '[');
    for (size_t i = 0; i < film->n_genres; i++) {
        const struct names_genre *genre =
            film->is_show ? names_tv_genre(film->genres[i]) : names_movie_genre(film->genres[i]);
        if (!genre)
            continue;
        emit_begin(out, NULL, '{');
        emit_int(out, "id", genre->id);
        emit_string(out, "name", names_of_genre(genre, language));
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void emit_collection(struct text *out, const struct film *film)
{
    if (!film->collection) {
        emit_null(out, "belongs_to_collection");
        return;
    }
    int64_t id = film_id_of_name("collection", film->collection);
    emit_begin(out, "belongs_to_collection", '{');
    emit_int(out, "id", id);
    emit_string(out, "name", film->collection);
    parts_image(out, "poster_path", 'p', id, id % 3 ? 0 : -1);
    parts_image(out, "backdrop_path", 'b', id, id % 2 ? 0 : -1);
    emit_end(out, '}');
}

void parts_production(struct text *out, const struct film *film)
{
    emit_begin(out, "production_companies", '[');
    for (size_t i = 0; i < film->n_companies; i++) {
        int64_t id = film_id_of_name("company", film->companies[i].name);
        emit_begin(out, NULL, '{');
        emit_int(out, "id", id);
        parts_image(out, "logo_path", 'l', id, id % 2 ? 0 : -1);
        emit_string(out, "name", film->companies[i].name);
        emit_string(out, "origin_country", film->companies[i].country);
        emit_end(out, '}');
    }
    emit_end(out, ']');
    emit_begin(out, "production_countries", '[');
    for (size_t i = 0; i < film->n_countries; i++) {
        emit_begin(out, NULL, '{');
        emit_string(out, "iso_3166_1", film->countries[i]);
        emit_string(out, "name", names_country(film->countries[i])->english);
        emit_end(out, '}');
    }
    emit_end(out, ']');
    emit_begin(out, "spoken_languages", '[');
    for (size_t i = 0; i < film->n_languages; i++) {
        const struct names_language *language = names_language(film->languages[i]);
        emit_begin(out, NULL, '{');
        emit_string(out, "english_name", language->english);
        emit_string(out, "iso_639_1", film->languages[i]);
        emit_string(out, "name", language->native);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void emit_origin(struct text *out, const struct film *film)
{
    emit_begin(out, "origin_country", '[');
    for (size_t i = 0; i < film->n_countries; i++)
        emit_string(out, NULL, film->countries[i]);
    emit_end(out, ']');
}

void parts_votes(struct text *out, const struct film *film)
{
    emit_double(out, "vote_average", film->vote_average);
    emit_int(out, "vote_count", film->vote_count);
}

void parts_detail(struct text *out, const struct film *film, const char *language)
{
    emit_bool(out, "adult", film->adult);
    parts_image(out, "backdrop_path", 'b', film->id, film->n_backdrops ? 0 : -1);
    emit_collection(out, film);
    emit_int(out, "budget", film->budget);
    parts_genres(out, film, language);
    emit_string(out, "homepage", film->homepage);
    emit_int(out, "id", film->id);
    emit_string(out, "imdb_id", film->imdb_id);
    emit_origin(out, film);
    emit_string(out, "original_language", film->original_language);
    emit_string(out, "original_title", film->original_title);
    emit_string(out, "overview", film_overview(film, language));
    emit_double(out, "popularity", film->popularity);
    parts_image(out, "poster_path", 'p', film->id, poster_of(film));
    parts_production(out, film);
    emit_string(out, "release_date", film->release_date);
    emit_int(out, "revenue", film->revenue);
    if (film->runtime < 0)
        emit_null(out, "runtime");
    else
        emit_int(out, "runtime", film->runtime);
    emit_bool(out, "softcore", false);
    emit_string(out, "status", film->status);
    emit_string(out, "tagline", film_tagline(film, language));
    emit_string(out, "title", film_title(film, language));
    emit_bool(out, "video", film->video);
    parts_votes(out, film);
}

void parts_row(struct text *out, const struct film *film, const char *language,
               const char *media_type)
{
    emit_begin(out, NULL, '{');
    emit_bool(out, "adult", film->adult);
    parts_image(out, "backdrop_path", 'b', film->id, film->n_backdrops ? 0 : -1);
    emit_begin(out, "genre_ids", '[');
    for (size_t i = 0; i < film->n_genres; i++)
        emit_int(out, NULL, film->genres[i]);
    emit_end(out, ']');
    emit_int(out, "id", film->id);
    emit_string(out, "title", film_title(film, language));
    emit_string(out, "original_language", film->original_language);
    emit_string(out, "original_title", film->original_title);
    emit_string(out, "overview", film_overview(film, language));
    emit_double(out, "popularity", film->popularity);
    parts_image(out, "poster_path", 'p', film->id, poster_of(film));
    if (media_type)
        emit_string(out, "media_type", media_type);
    emit_string(out, "release_date", film->release_date);
    emit_bool(out, "softcore", false);
    emit_bool(out, "video", film->video);
    parts_votes(out, film);
    emit_end(out, '}');
}
