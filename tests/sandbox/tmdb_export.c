/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/lock.h"
#include "emit.h"
#include "tmdb.h"

enum { DAY_MS = 24 * 3600 * 1000, READY_MS = 8 * 3600 * 1000, KEPT_DAYS = 92 };
enum { STEP_LEN = 256 << 10 };
enum { ADULT = 1, SHOWS = 2, N_FILES = 4 };

struct export_file {
    struct text gzip;
    uint64_t version; /* of the catalog, + 1; 0: not made */
};

struct tmdb_exports {
    struct lock lock;
    struct export_file files[N_FILES]; /* by the bits above */
};

struct tmdb_exports *tmdb_exports_new(void)
{
    struct tmdb_exports *exports = mem_new(struct tmdb_exports);
    lock_init(&exports->lock);
    for (size_t i = 0; i < N_FILES; i++)
        exports->files[i].gzip.limit = (size_t)1 << 30;
    return exports;
}

void tmdb_exports_free(struct tmdb_exports *exports)
{
    if (!exports)
        return;
    for (size_t i = 0; i < N_FILES; i++)
        text_done(&exports->files[i].gzip);
    lock_done(&exports->lock);
    free(exports);
}

/* Moves `plain` into the gzip stream. */
static void squeeze(z_stream *stream, struct text *plain, struct text *gzip, int flush)
{
    stream->next_in = (Bytef *)plain->bytes;
    stream->avail_in = (uInt)plain->len;
    do {
        if (!text_reserve(gzip, STEP_LEN))
            break;
        stream->next_out = (Bytef *)gzip->bytes + gzip->len;
        stream->avail_out = STEP_LEN;
        deflate(stream, flush);
        gzip->len += STEP_LEN - stream->avail_out;
    } while (stream->avail_out == 0);
    text_clear(plain);
}

/* One line, with the spaces that the real file does not have either; of shows without "adult". */
static void add_line(struct text *plain, const struct film *film)
{
    text_add_char(plain, '{');
    if (!film->is_show)
        emit_bool(plain, "adult", film->adult);
    emit_int(plain, "id", film->id);
    emit_string(plain, film->is_show ? "original_name" : "original_title", film->original_title);
    emit_double(plain, "popularity", film->popularity);
    if (!film->is_show)
        emit_bool(plain, "video", film->video);
    text_add(plain, "}\n", 2);
}

static void make_file(struct catalog *catalog, bool adult, struct text *gzip)
{
    CLEANUP(text_done) struct text plain = TEXT_INIT(2 * STEP_LEN);
    z_stream stream = { 0 };
    uint64_t n = (uint64_t)catalog_count(catalog);

    text_clear(gzip);
    if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    for (uint64_t i = 0; i < n; i++) {
        CLEANUP(film_free)
        struct film *film = catalog_film(catalog, catalog_id_at(catalog, i), INVENT_ROW);
        if (film && film->adult == adult)
            add_line(&plain, film);
        if (plain.len > STEP_LEN)
            squeeze(&stream, &plain, gzip, Z_NO_FLUSH);
    }
    squeeze(&stream, &plain, gzip, Z_FINISH);
    deflateEnd(&stream);
}

/* "movie_ids_11_22_2026.json.gz" */
static bool parse_name(const char *name, int *out_kind, int64_t *out_day_ms)
{
    char date[16];

    *out_kind = text_starts_with(name, "adult_") ? ADULT : 0;
    name += *out_kind ? strlen("adult_") : 0;
    *out_kind |= text_starts_with(name, "tv_series_ids_") ? SHOWS : 0;
    const char *prefix = *out_kind & SHOWS ? "tv_series_ids_" : "movie_ids_";
    if (!text_starts_with(name, prefix) || !text_ends_with(name, ".json.gz"))
        return false;
    name += strlen(prefix);
    if (strlen(name) != strlen("MM_DD_YYYY.json.gz"))
        return false;
    snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", name + 6, name, name + 3);
    return clock_is_date(date) && clock_parse(date, out_day_ms);
}

/* What is not there, also in the future and before 8:00 UTC of the day itself, is "forbidden". */
static void refuse(struct sandbox_reply *reply)
{
    struct text *out = sandbox_json(reply, 403, -1);
    reply->content_type = "application/xml";
    text_add_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied"
                         "</Code><Message>Access Denied</Message></Error>");
}

bool tmdb_export(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_reply *reply)
{
    int64_t day_ms;
    int kind;

    if (request->n_segments != 3 || strcmp(request->segments[0], "p") != 0 ||
        strcmp(request->segments[1], "exports") != 0)
        return false;
    int64_t now_ms = clock_wall_ms();
    if (!parse_name(request->segments[2], &kind, &day_ms) || day_ms + READY_MS > now_ms ||
        day_ms < now_ms - (int64_t)KEPT_DAYS * DAY_MS) {
        refuse(reply);
        return true;
    }

    struct tmdb_exports *exports = sandbox_exports(sandbox);
    struct catalog *catalog = kind & SHOWS ? sandbox_shows(sandbox) : sandbox_catalog(sandbox);
    struct text *out = sandbox_json(reply, 200, -1);
    reply->content_type = "application/gzip";
    LOCK_SCOPE(&exports->lock);
    struct export_file *file = &exports->files[kind];
    uint64_t version = catalog_version(catalog) + 1;
    if (file->version != version)
        make_file(catalog, kind & ADULT, &file->gzip);
    file->version = version;
    out->limit = file->gzip.len;
    text_add(out, file->gzip.bytes, file->gzip.len);
    return true;
}
