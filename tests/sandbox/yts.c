/* SPDX-License-Identifier: MIT */
#include "yts.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "emit.h"
#include "fold.h"
#include "names.h"
#include "reels.h"

/* A million films lie in the past: nobody believes an upload that is to come. */
enum { PAGE_SIZE = 20, PAGE_MAX = 50, FIRST_UPLOAD_S = 1600000000, APART_S = 60 };

/* What one film is offered as; the third and fourth have one quality. */
static const struct offer {
    const char *quality, *type, *codec, *depth, *audio;
    int mb_a_minute;
} offers[] = {
    { "720p", "bluray", "x264", "8", "2.0", 8 },
    { "1080p", "bluray", "x264", "8", "5.1", 16 },
    { "1080p", "web", "x265", "10", "5.1", 14 },
    { "2160p", "web", "x265", "10", "5.1", 45 },
};

/* What a list is asked for; all NULL: everything, the newest first. */
struct wanted {
    struct catalog *catalog;
    const char *imdb, *folded;
};

static int year_of(const struct film *film)
{
    return (int)strtol(film->release_date, NULL, 10);
}

/* --- One film */

static void invent_hash(const char *imdb, size_t offer, char hash[41])
{
    for (size_t i = 0; i < 5; i++) {
        CLEANUP(mem_free) char *seed = mem_format("%s/%zu/%zu", imdb, offer, i);
        uint64_t part = text_hash(seed, strlen(seed)) * 0x9e3779b97f4a7c15u >> 32;
        snprintf(hash + 8 * i, 9, "%08X", (unsigned)part);
    }
}

struct torrent {
    const char *hash, *quality;
    int64_t bytes;
    size_t offer;
};

static void write_torrent(struct text *out, const struct film *film, const struct torrent *torrent,
                          int64_t uploaded_s)
{
    size_t i = torrent->offer;
    const struct offer *offer = &offers[i];
    char size[32];
    snprintf(size, sizeof size, "%.2f GB", (double)torrent->bytes / (1 << 30));
    emit_begin(out, NULL, '{');
    emit_string(out, "hash", torrent->hash);
    emit_string(out, "quality", torrent->quality);
    emit_string(out, "type", offer->type);
    emit_string(out, "is_repack", i == 2 ? "1" : "0");
    emit_string(out, "video_codec", offer->codec);
    emit_string(out, "bit_depth", offer->depth);
    emit_string(out, "audio_channels", offer->audio);
    emit_int(out, "seeds", (film->id + (int64_t)i * 7) % 101);
    emit_int(out, "peers", (film->id + (int64_t)i) % 40);
    emit_string(out, "size", size);
    emit_int(out, "size_bytes", torrent->bytes);
    emit_int(out, "date_uploaded_unix", uploaded_s);
    emit_end(out, '}');
}

static void write_genres(struct text *out, const struct film *film)
{
    emit_begin(out, "genres", '[');
    for (size_t i = 0; i < FILM_MAX_GENRES && film->genres[i]; i++) {
        const struct names_genre *genre = names_movie_genre(film->genres[i]);
        if (genre)
            emit_string(out, NULL, names_of_genre(genre, "en"));
    }
    emit_end(out, ']');
}

/* Not every film has the dear ones. */
static size_t n_offers(const struct film *film)
{
    return 2 + (size_t)(film->id % 3);
}

static void invent_torrents(struct text *out, const struct film *film, int64_t uploaded_s)
{
    int64_t minutes = film->runtime > 0 ? film->runtime : 90;
    for (size_t i = 0; i < n_offers(film) && i < ARRAY_LEN(offers); i++) {
        char hash[41];
        invent_hash(film->imdb_id, i, hash);
        const struct torrent torrent = { .hash = hash,
                                         .quality = offers[i].quality,
                                         .bytes = minutes * offers[i].mb_a_minute * 1000000,
                                         .offer = i };
        write_torrent(out, film, &torrent, uploaded_s);
    }
}

/* Of a film that is really there nothing is invented. */
static void write_torrents(struct text *out, const struct reels *reels, const struct film *film,
                           int64_t uploaded_s)
{
    size_t next = 0;
    const struct reel *reel = reels_next(reels, film->imdb_id, &next);
    emit_begin(out, "torrents", '[');
    if (!reel)
        invent_torrents(out, film, uploaded_s);
    for (; reel; reel = reels_next(reels, film->imdb_id, &next)) {
        const struct torrent torrent = { .hash = reel->infohash,
                                         .quality = reel->quality,
                                         .bytes = reel->size };
        write_torrent(out, film, &torrent, uploaded_s);
    }
    emit_end(out, ']');
}

static void write_cast(struct text *out, const struct film *film)
{
    if (!film->cast[0].name)
        return;
    emit_begin(out, "cast", '[');
    for (size_t i = 0; i < 4 && film->cast[i].name; i++) {
        emit_begin(out, NULL, '{');
        emit_string(out, "name", film->cast[i].name);
        emit_string(out, "character_name", film->cast[i].role);
        emit_format(
            out, "imdb_code", "%07u",
            (unsigned)(text_hash(film->cast[i].name, strlen(film->cast[i].name)) % 10000000));
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void write_film(struct text *out, const char *key, const struct reels *reels,
                       const struct film *film, int64_t position, bool details)
{
    int64_t uploaded_s = FIRST_UPLOAD_S + position * APART_S;
    emit_begin(out, key, '{');
    emit_int(out, "id", position + 1);
    emit_string(out, "imdb_code", film->imdb_id);
    emit_string(out, "title", film->title);
    emit_string(out, "title_english", film->title);
    emit_int(out, "year", year_of(film));
    emit_double(out, "rating", film->vote_average);
    emit_int(out, "runtime", film->runtime > 0 ? film->runtime : 0);
    write_genres(out, film);
    emit_string(out, details ? "description_full" : "summary", film->overview);
    emit_string(out, "yt_trailer_code", "");
    emit_string(out, "language", film->original_language);
    emit_string(out, "mpa_rating", "");
    if (details)
        write_cast(out, film);
    write_torrents(out, reels, film, uploaded_s);
    emit_int(out, "date_uploaded_unix", uploaded_s);
    emit_end(out, '}');
}

/* --- The envelope */

static struct text *begin(struct sandbox_reply *reply)
{
    struct text *out = sandbox_json(reply, 200, -1);
    emit_begin(out, NULL, '{');
    emit_string(out, "status", "ok");
    emit_string(out, "status_message", "Query was successful");
    emit_begin(out, "data", '{');
    return out;
}

static void end(struct text *out)
{
    emit_end(out, '}');
    emit_begin(out, "@meta", '{');
    emit_int(out, "api_version", 2);
    emit_string(out, "execution_time", "0 ms");
    emit_end(out, '}');
    emit_end(out, '}');
}

static int64_t number(const struct sandbox_request *request, const char *name, int64_t otherwise,
                      int64_t most)
{
    const char *text = sandbox_param(request, name);
    int64_t value = otherwise;
    if (text)
        text_to_int(text, 1, INT32_MAX, &value);
    return MIN(value, most);
}

/* --- Lists */

/* A film's place among all; it gives its number here, and its day. */
static int64_t position_of(struct catalog *catalog, int64_t id)
{
    int64_t n = catalog_count(catalog);
    for (int64_t i = 0; i < n; i++) {
        int64_t at = catalog_id_at(catalog, (uint64_t)i);
        if (at == id)
            return i;
        if (at == FILM_INVENTED_ID) /* and all that follow are numbered through */
            return id > at && id - at < n - i ? i + id - at : -1;
    }
    return -1;
}

static bool has_title(const struct catalog_entry *entry, void *context)
{
    const struct wanted *wanted = context;
    return catalog_matches(wanted->catalog, entry, wanted->folded);
}

/* Of one page; *out_total is how many there are on all pages. */
static size_t list_ids(struct wanted *wanted, int64_t skip, size_t limit, int64_t *out,
                       int64_t *out_total)
{
    struct catalog *catalog = wanted->catalog;
    if (wanted->folded)
        return catalog_list(catalog, has_title, wanted, NULL, (size_t)skip, limit, out, out_total);
    if (wanted->imdb) {
        out[0] = catalog_find_imdb(catalog, wanted->imdb);
        *out_total = out[0] >= 0;
        return *out_total && !skip;
    }
    int64_t n = *out_total = catalog_count(catalog);
    size_t count = 0;
    for (int64_t i = n - 1 - skip; i >= 0 && count < limit; i--)
        out[count++] = catalog_id_at(catalog, (uint64_t)i);
    return count;
}

/* Films without an IMDb id are not at YTS. */
static bool write_by_id(struct text *out, const char *key, struct sandbox *sandbox, int64_t id,
                        bool details)
{
    struct catalog *catalog = sandbox_catalog(sandbox);
    CLEANUP(film_free) struct film *film = id < 0 ? NULL : catalog_film(catalog, id, INVENT_DETAIL);
    int64_t position = film ? position_of(catalog, id) : -1;
    if (position < 0 || text_is_empty(film->imdb_id))
        return false;
    write_film(out, key, sandbox_reels(sandbox), film, position, details);
    return true;
}

/* Without a film the key "movies" is not there at all. */
static void write_movies(struct text *out, struct sandbox *sandbox, const int64_t *ids, size_t n)
{
    CLEANUP(text_done) struct text movies = TEXT_INIT((size_t)16 << 20);
    for (size_t i = 0; i < n; i++)
        write_by_id(&movies, NULL, sandbox, ids[i], false);
    if (!movies.len)
        return;
    emit_begin(out, "movies", '[');
    text_add(out, movies.bytes, movies.len);
    emit_end(out, ']');
}

static void answer_list(struct sandbox *sandbox, const struct sandbox_request *request,
                        struct sandbox_reply *reply)
{
    const char *term = sandbox_param(request, "query_term");
    bool by_id = term && strncmp(term, "tt", 2) == 0 && strlen(term) > 6;
    CLEANUP(mem_free) char *folded = !text_is_empty(term) && !by_id ? fold_text(term) : NULL;
    int64_t limit = number(request, "limit", PAGE_SIZE, PAGE_MAX);
    int64_t page = number(request, "page", 1, INT32_MAX);
    struct wanted wanted = { .catalog = sandbox_catalog(sandbox),
                             .imdb = by_id ? term : NULL,
                             .folded = folded };
    int64_t ids[PAGE_MAX], total = 0;
    size_t n = list_ids(&wanted, (page - 1) * limit, (size_t)limit, ids, &total);
    struct text *out = begin(reply);
    emit_int(out, "movie_count", total);
    emit_int(out, "limit", limit);
    emit_int(out, "page_number", page);
    write_movies(out, sandbox, ids, n);
    end(out);
}

/* --- Details */

/* An unknown id is no failure: a film of id 0 with nothing in it. */
static void answer_details(struct sandbox *sandbox, const struct sandbox_request *request,
                           struct sandbox_reply *reply)
{
    struct catalog *catalog = sandbox_catalog(sandbox);
    const char *imdb = sandbox_param(request, "imdb_id");
    int64_t number_asked = number(request, "movie_id", 0, INT32_MAX), id = -1;
    if (imdb)
        id = catalog_find_imdb(catalog, imdb);
    else if (number_asked > 0 && number_asked <= catalog_count(catalog))
        id = catalog_id_at(catalog, (uint64_t)number_asked - 1);
    struct text *out = begin(reply);
    if (!write_by_id(out, "movie", sandbox, id, true)) {
        emit_begin(out, "movie", '{');
        emit_int(out, "id", 0);
        emit_null(out, "imdb_code");
        emit_null(out, "title");
        emit_end(out, '}');
    }
    end(out);
}

/* --- Domains that are no longer what they were */

static void answer_parked(struct sandbox_reply *reply)
{
    struct text *out = sandbox_json(reply, 200, -1);
    reply->content_type = "text/html";
    text_add_string(out, "<!doctype html><html><head><title>This domain may be for sale</title>"
                         "</head><body><script>location='/lander'</script></body></html>");
}

static void answer_copycat(struct sandbox_reply *reply)
{
    text_add_string(sandbox_json(reply, 200, -1),
                    "{\"message\":\"Cannot read property 'moviesPerPage' of undefined\"}");
}

bool yts_answer(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply)
{
    const char *first = request->n_segments ? request->segments[0] : "";
    if (strcmp(first, "parked") == 0)
        answer_parked(reply);
    else if (strcmp(first, "copycat") == 0)
        answer_copycat(reply);
    else if (strcmp(request->path, "/api/v2/list_movies.json") == 0)
        answer_list(sandbox, request, reply);
    else if (strcmp(request->path, "/api/v2/movie_details.json") == 0)
        answer_details(sandbox, request, reply);
    else
        return false;
    return true;
}

/* --- Faults */

static void drop_torrents(json_t *data)
{
    json_t *movies = js_array(data, "movies"), *movie = js_object(data, "movie");
    for (size_t i = 0; i < json_array_size(movies); i++)
        json_object_del(json_array_get(movies, i), "torrents");
    json_object_del(movie, "torrents");
}

static void rewrite(json_t *envelope, const char *name)
{
    json_t *data = js_object(envelope, "data");
    if (strcmp(name, "no_movies") == 0)
        json_object_del(data, "movies");
    else if (strcmp(name, "no_torrents") == 0)
        drop_torrents(data);
    else if (strcmp(name, "no_data") == 0)
        json_object_set_new(envelope, "data", json_array());
    else
        json_object_set_new(envelope, "status", json_string("error"));
}

bool yts_spoil(const char *name, struct sandbox_reply *reply)
{
    static const char *const known[] = { "no_movies", "no_torrents", "no_data", "status_error" };
    size_t i = 0;
    while (i < ARRAY_LEN(known) && strcmp(known[i], name) != 0)
        i++;
    json_auto_t *envelope = json_loadb(text_string(&reply->body), reply->body.len, 0, NULL);
    if (i == ARRAY_LEN(known) || !envelope)
        return false;
    rewrite(envelope, name);
    text_clear(&reply->body);
    return js_write(envelope, &reply->body);
}
