/* SPDX-License-Identifier: MIT */
#include "yts/torrent.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/field.h"

enum { HASH_LEN = 40, MAX_NAME = 1024, MAX_SWARM = 10000000, MAX_TRACKERS = 60 };
static const int64_t max_size = INT64_C(1) << 50;

/* What the words of a torrent mean; quality 3D is 1080p in two halves. */
struct claims {
    const char *quality, *source, *codec; /* NULL: not said, or nothing we know */
    bool is_3d;
};

static const char *one_of(const char *word, const char *const *known)
{
    for (; word && *known; known++)
        if (strcasecmp(word, *known) == 0)
            return *known;
    return NULL;
}

static struct claims read_claims(const json_t *torrent)
{
    static const char *const qualities[] = { "480p", "720p", "1080p", "2160p", NULL };
    static const char *const sources[] = { "bluray", "web", "dvd", NULL };
    static const char *const codecs[] = { "x264", "x265", "av1", NULL };
    const char *quality = field_string(torrent, "quality");
    struct claims claims = { .source = one_of(field_string(torrent, "type"), sources),
                             .codec = one_of(field_string(torrent, "video_codec"), codecs) };
    char word[16] = "";

    if (!quality)
        return claims;
    claims.is_3d = strcasecmp(quality, "3D") == 0;
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(quality, "."), quality);
    claims.quality = claims.is_3d ? "1080p" : one_of(word, qualities);
    /* "1080p.x265" is a filter's word, but who knows. */
    if (!claims.codec && quality[strcspn(quality, ".")] == '.')
        claims.codec = one_of(quality + strcspn(quality, ".") + 1, codecs);
    return claims;
}

/* "0", "1" and "" are strings. */
static int read_flag(const json_t *torrent, const char *key)
{
    const char *text = field_string(torrent, key);

    if (!text)
        return field_bool(torrent, key);
    return strcmp(text, "1") == 0 ? 1 : strcmp(text, "0") == 0 ? 0 : -1;
}

static void add_word(struct out *name, const char *word)
{
    if (!word)
        return;
    out_add_text(name, " [");
    out_add_text(name, word);
    out_add_text(name, "]");
}

/* As the site calls its torrents, with what tells those of one quality apart. */
static void write_name(struct out *document, const json_t *movie, const struct claims *claims,
                       bool is_repack)
{
    OUT_AUTO name = OUT_INIT(4 * MAX_NAME);
    const char *title = field_string(movie, "title");
    int64_t year;

    title = title ? title : field_string(movie, "title_english");
    out_add_text(&name, title ? title : "YTS");
    if (field_int(movie, "year", 1870, 2200, &year)) {
        out_add_text(&name, " (");
        out_add_int(&name, year);
        out_add_text(&name, ")");
    }
    add_word(&name, claims->is_3d ? "3D" : NULL);
    add_word(&name, claims->quality);
    add_word(&name, claims->source);
    add_word(&name, claims->codec);
    add_word(&name, is_repack ? "REPACK" : NULL);
    add_word(&name, "YTS");
    if (!name.failed)
        out_string(document, "name", name.bytes, MAX_NAME);
}

/* "852.02 MB" when there is no size in bytes. */
static int64_t read_size(const json_t *torrent)
{
    static const struct {
        const char *unit;
        double bytes;
    } units[] = {
        { "KB", 1 << 10 }, { "MB", 1 << 20 }, { "GB", 1 << 30 }, { "TB", 1099511627776.0 }
    };
    const char *text = field_string(torrent, "size");
    int64_t size = 0;
    char *end;

    if (field_int(torrent, "size_bytes", 1, max_size, &size) || !text)
        return size;
    double number = strtod(text, &end);
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (strcasecmp(end, units[i].unit) == 0 && isfinite(number) && number > 0 &&
            number * units[i].bytes < (double)max_size)
            return (int64_t)(number * units[i].bytes);
    return 0;
}

/* date_uploaded is in the server's zone, so only the Unix time says when.  What is to come would be
 * the newest for good. */
static void write_time(struct out *document, const json_t *torrent)
{
    int64_t seconds;
    char text[32];
    struct tm parts;
    time_t when;

    if (!field_int(torrent, "date_uploaded_unix", 1, yts_latest_s(time(NULL)), &seconds))
        return;
    when = (time_t)seconds;
    if (gmtime_r(&when, &parts) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts))
        out_string(document, "uploaded_at", text, sizeof(text));
}

/* Nonsense is capped, not believed and not refused. */
static void write_count(struct out *document, const json_t *torrent, const char *key)
{
    int64_t n;

    if (field_int(torrent, key, 0, INT64_MAX, &n))
        out_int(document, key, n < MAX_SWARM ? n : MAX_SWARM);
}

static void write_trackers(struct out *document, const char *list)
{
    size_t n = 0;

    if (!list)
        return;
    out_open(document, "trackers", '[');
    for (; *list && n < MAX_TRACKERS; list += strspn(list, " ")) {
        const size_t len = strcspn(list, " ");
        char url[1024];
        snprintf(url, sizeof(url), "%.*s", (int)len, list);
        if (len > 0 && len < sizeof(url) && ++n)
            out_string(document, NULL, url, sizeof(url));
        list += len;
    }
    out_close(document, ']');
}

static void write_picture(struct out *document, const json_t *torrent, const struct claims *claims)
{
    const char *depth = field_string(torrent, "bit_depth");
    const char *audio = field_string(torrent, "audio_channels");
    const long bits = depth ? strtol(depth, NULL, 10) : 0;

    if (claims->quality)
        out_string(document, "quality", claims->quality, 16);
    if (claims->source)
        out_string(document, "source", claims->source, 16);
    if (claims->codec)
        out_string(document, "codec", claims->codec, 16);
    if (claims->is_3d)
        out_bool(document, "3d", true);
    if (bits >= 1 && bits <= 16)
        out_int(document, "bit_depth", bits);
    if (audio)
        out_string(document, "audio", audio, 64);
}

static void write_of_movie(struct out *document, const json_t *movie)
{
    const char *title = field_string(movie, "title"), *language = movie_language(movie);
    int64_t year;

    title = title ? title : field_string(movie, "title_english");
    out_string(document, "kind", "movie", 8);
    if (title)
        out_string(document, "title", title, 512);
    if (field_int(movie, "year", 1870, 2200, &year))
        out_int(document, "year", year);
    if (!language)
        return;
    out_open(document, "languages", '[');
    out_string(document, NULL, language, 8);
    out_close(document, ']');
}

bool torrent_write(const struct provider *self, struct out *document, const json_t *movie,
                   const json_t *torrent)
{
    const char *hash = field_string(torrent, "hash");
    const struct claims claims = read_claims(torrent);
    const int repack = read_flag(torrent, "is_repack");
    const int64_t size = read_size(torrent);
    bool known;

    if (!hash || strlen(hash) != HASH_LEN || strspn(hash, "0123456789abcdefABCDEF") != HASH_LEN)
        return false;
    out_clear(document);
    out_open(document, NULL, '{');
    out_string(document, "infohash", hash, HASH_LEN);
    write_name(document, movie, &claims, repack == 1);
    known = movie_write_ids(document, "item", movie);
    write_of_movie(document, movie);
    write_picture(document, torrent, &claims);
    if (repack >= 0)
        out_bool(document, "repack", repack == 1);
    if (size > 0)
        out_int(document, "size", size);
    write_time(document, torrent);
    write_count(document, torrent, "seeds");
    write_count(document, torrent, "peers");
    write_trackers(document, self->trackers);
    out_close(document, '}');
    return known;
}
