/* SPDX-License-Identifier: MIT */
#include "yts/movie.h"

#include <ctype.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "yts/torrent.h"

enum { MAX_NAME = 512, MAX_TEXT = 20000, MAX_CAST = 20, MAX_GENRES = 32, IMDB_SIZE = 16 };

const char *movie_imdb(const json_t *movie)
{
    const char *code = field_string(movie, "imdb_code");
    size_t n = code && strncmp(code, "tt", 2) == 0 ? strspn(code + 2, "0123456789") : 0;

    return n >= 5 && n <= 10 && !code[2 + n] ? code : NULL;
}

int64_t yts_latest_s(int64_t now_s)
{
    return now_s + INT64_C(24) * 3600;
}

int64_t movie_uploaded_s(const json_t *movie, int64_t now_s)
{
    int64_t seconds = 0;

    (void)field_int(movie, "date_uploaded_unix", 1, yts_latest_s(now_s), &seconds);
    return seconds;
}

bool movie_write_ids(struct out *document, const char *key, const json_t *movie)
{
    const char *imdb = movie_imdb(movie);
    int64_t id = 0;
    const bool has_id = field_int(movie, "id", 1, INT64_C(1) << 40, &id);

    out_open(document, key, '{');
    if (imdb)
        out_string(document, "imdb", imdb, IMDB_SIZE);
    if (has_id)
        out_int(document, "yts", id);
    out_close(document, '}');
    return imdb || has_id;
}

/* Two letters since 2020, words before; Chinese of any kind is called "cn". */
const char *movie_language(const json_t *movie)
{
    const char *language = field_string(movie, "language");

    if (!language)
        return NULL;
    if (strcmp(language, "English") == 0)
        return "en";
    if (strcmp(language, "cn") == 0)
        return "zh";
    return strlen(language) == 2 && islower((unsigned char)language[0]) &&
                   islower((unsigned char)language[1])
               ? language
               : NULL;
}

static void write_overview(struct out *document, const json_t *movie)
{
    static const char *const names[] = { "description_full", "summary", "synopsis",
                                         "description_intro" };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *text = field_string(movie, names[i]);
        if (!text)
            continue;
        out_string(document, "overview", text, MAX_TEXT);
        return;
    }
}

static void write_genres(struct out *document, const json_t *movie)
{
    const json_t *genres = field_array(movie, "genres");

    out_open(document, "genres", '[');
    for (size_t i = 0; i < json_array_size(genres) && i < MAX_GENRES; i++) {
        const char *name = json_string_value(json_array_get(genres, i));
        if (name)
            out_string(document, NULL, name, 64);
    }
    out_close(document, ']');
}

static void write_certification(struct out *document, const json_t *movie)
{
    const char *rating = field_string(movie, "mpa_rating");

    if (!rating || strcasecmp(rating, "Not Rated") == 0 || strcasecmp(rating, "Unrated") == 0 ||
        strcasecmp(rating, "N/A") == 0)
        return;
    out_open(document, "certification", '{');
    out_string(document, "US", rating, 32);
    out_close(document, '}');
}

static void write_trailer(struct out *document, const json_t *movie)
{
    const char *key = field_string(movie, "yt_trailer_code");

    if (!key)
        return;
    out_open(document, "videos", '[');
    out_open(document, NULL, '{');
    out_string(document, "site", "YouTube", 16);
    out_string(document, "key", key, 256);
    out_string(document, "type", "Trailer", 16);
    out_close(document, '}');
    out_close(document, ']');
}

/* "0248254" and "17935224": the digits of an nm id. */
static void write_person(struct out *document, const json_t *person, int64_t order)
{
    const char *name = field_string(person, "name"), *code = field_string(person, "imdb_code");
    char imdb[IMDB_SIZE] = "nm";
    size_t n = code ? strspn(code, "0123456789") : 0;

    if (!name)
        return;
    out_open(document, NULL, '{');
    out_string(document, "name", name, MAX_NAME);
    if (field_string(person, "character_name"))
        out_string(document, "character", field_string(person, "character_name"), 1024);
    out_int(document, "order", order);
    if (n >= 7 && n <= 10 && !code[n]) {
        memcpy(imdb + 2, code, n + 1);
        out_open(document, "ids", '{');
        out_string(document, "imdb", imdb, IMDB_SIZE);
        out_close(document, '}');
    }
    out_close(document, '}');
}

static void write_cast(struct out *document, const json_t *movie)
{
    const json_t *cast = field_array(movie, "cast");

    if (!cast)
        return;
    out_open(document, "cast", '[');
    for (size_t i = 0; i < json_array_size(cast) && i < MAX_CAST; i++)
        write_person(document, json_array_get(cast, i), (int64_t)i);
    out_close(document, ']');
}

/* False when it says too little to be one. */
static bool write_movie(struct out *document, const json_t *movie)
{
    const char *title = field_string(movie, "title"), *language = movie_language(movie);
    int64_t number;
    double rating;
    bool known;

    title = title ? title : field_string(movie, "title_english");
    out_clear(document);
    out_open(document, NULL, '{');
    known = movie_write_ids(document, "ids", movie);
    if (title)
        out_string(document, "title", title, MAX_NAME);
    out_string(document, "title_language", "en", 8);
    if (language)
        out_string(document, "original_language", language, 8);
    if (field_int(movie, "year", 1870, 2200, &number))
        out_int(document, "year", number);
    if (field_int(movie, "runtime", 1, 100000, &number))
        out_int(document, "runtime", number);
    if (field_real(movie, "rating", 0.1, 10, &rating))
        out_real(document, "rating", rating);
    write_overview(document, movie);
    write_genres(document, movie);
    write_certification(document, movie);
    write_trailer(document, movie);
    write_cast(document, movie);
    out_close(document, '}');
    return known && title;
}

int movie_emit(struct provider_call *call, const json_t *movie, uint32_t flags,
               struct out *document)
{
    return write_movie(document, movie) ? host_emit(call, PROVIDER_MOVIE, flags, document)
                                        : PROVIDER_OK;
}

static bool is_first(const json_t *torrents, size_t at)
{
    const char *hash = field_string(json_array_get(torrents, at), "hash");

    for (size_t i = 0; hash && i < at; i++) {
        const char *other = field_string(json_array_get(torrents, i), "hash");
        if (other && strcasecmp(hash, other) == 0)
            return false;
    }
    return hash != NULL;
}

int movie_emit_releases(struct provider *self, struct provider_call *call, const json_t *movie,
                        struct out *document)
{
    const json_t *torrents = field_array(movie, "torrents");

    for (size_t i = 0; i < json_array_size(torrents); i++) {
        if (!is_first(torrents, i) ||
            !torrent_write(self, document, movie, json_array_get(torrents, i)))
            continue;
        int code = host_emit(call, PROVIDER_RELEASE, 0, document);
        if (code && code != PROVIDER_EREFUSED)
            return code;
    }
    return PROVIDER_OK;
}
