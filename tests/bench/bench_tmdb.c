/* SPDX-License-Identifier: MIT
 *
 * What plugins/tmdb costs: a line of the export from gzip to emit(), a movie from TMDB's JSON to
 * its document.  The host is one that throws everything away, so only the plugin is measured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/text.h"
#include "bench.h"
#include "common/field.h"
#include "tmdb/movie.h"
#include "tmdb/tmdb.h"

enum { TITLES = 400000, MOVIES = 1000, LARGEST = 128 << 20 };
static const double least_titles_per_s = 50000, least_movies_per_s = 600;

static struct text packed = TEXT_INIT(LARGEST);
static uint64_t n_emitted;

static double cpu_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void say(struct provider_call *call, int level, const char *fmt, va_list args)
{
    (void)call;
    if (level <= PROVIDER_LOG_WARNING)
        vfprintf(stderr, fmt, args);
}

static uint32_t remaining(struct provider_call *call)
{
    (void)call;
    return 30000;
}

static int give_file(struct provider_call *call, const struct provider_request *request,
                     const struct provider_response **out)
{
    static struct provider_response response;

    (void)call;
    (void)request;
    response = (struct provider_response){
        .size = sizeof(response), .status = 200, .body = packed.bytes, .body_len = packed.len
    };
    *out = &response;
    return 0;
}

static int count(struct provider_call *call, const struct provider_document *document)
{
    (void)call;
    n_emitted += document->json_len > 0;
    return 0;
}

static int accept_cursor(struct provider_call *call, const char *cursor)
{
    (void)call;
    (void)cursor;
    return 0;
}

static void no_progress(struct provider_call *call, uint64_t done, uint64_t total)
{
    (void)call;
    (void)done;
    (void)total;
}

static const char *no_state(struct provider_call *call, const char *key)
{
    (void)call;
    (void)key;
    return NULL;
}

static int keep_no_state(struct provider_call *call, const char *key, const char *value)
{
    (void)call;
    (void)key;
    (void)value;
    return 0;
}

static int complain(struct provider_call *call, int code, const char *fmt, va_list args)
{
    (void)call;
    vfprintf(stderr, fmt, args);
    return code;
}

static const struct provider_host host = {
    .size = sizeof(host),
    .vlog = say,
    .remaining_ms = remaining,
    .http = give_file,
    .emit = count,
    .checkpoint = accept_cursor,
    .progress = no_progress,
    .state_get = no_state,
    .state_put = keep_no_state,
    .vfail = complain,
};

static int judge(const char *what, double per_s, double least)
{
    char promise[40];
    snprintf(promise, sizeof promise, "at least %.0f", least);
    struct bench_line line = {
        .name = what, .unit = "/s", .value = per_s, .promise = promise, .kept = per_s >= least
    };
    return bench_say(&line);
}

static bool pack_export(void)
{
    CLEANUP(text_done) struct text lines = TEXT_INIT(LARGEST);
    z_stream stream = { 0 };

    for (int i = 1; i <= TITLES; i++)
        text_add_format(&lines,
                        "{\"adult\":false,\"id\":%d,\"original_title\":\"%s %d\",\"popularity\":"
                        "%d.%04d,\"video\":false}\n",
                        i, i % 7 ? "The Return of the Dragons" : "プライド — Zwölf Ülme", i, i % 60,
                        i % 9999);
    if (lines.overflow || deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, 0) != Z_OK ||
        !text_reserve(&packed, compressBound(lines.len) + 64))
        return false;
    stream.next_in = (Bytef *)lines.bytes;
    stream.avail_in = (uInt)lines.len;
    stream.next_out = (Bytef *)packed.bytes;
    stream.avail_out = (uInt)(packed.capacity - 1);
    const int code = deflate(&stream, Z_FINISH);
    packed.len = stream.total_out;
    deflateEnd(&stream);
    return code == Z_STREAM_END;
}

static int measure_export(void)
{
    struct provider self = { .use_export = 1,
                             .export_url = "https://files.example",
                             .feeds = "none" };
    struct provider_call call = { .host = &host };

    if (!pack_export())
        return 1;
    const double start = cpu_s();
    if (tmdb_sync(&self, &call, "movies", NULL) != 0 || n_emitted != TITLES)
        return 1;
    return judge("titles of the export", TITLES / (cpu_s() - start), least_titles_per_s);
}

/* A detail of about 30 KB, as a film of some renown has it. */
static void write_detail(struct text *out)
{
    text_add_string(out, "{\"id\":603,\"title\":\"Metropolis\",\"original_title\":\"Metropolis\","
                         "\"original_language\":\"de\",\"overview\":\"A city in two.\","
                         "\"genres\":[{\"id\":18,\"name\":\"Drama\"}],\"credits\":{\"cast\":[");
    for (int i = 0; i < 60; i++)
        text_add_format(out,
                        "%s{\"adult\":false,\"gender\":2,\"id\":%d,\"known_for_department\":"
                        "\"Acting\",\"name\":\"Person %d\",\"original_name\":\"Person %d\","
                        "\"popularity\":1.5,\"profile_path\":\"/p%d.jpg\",\"character\":\"C %d\","
                        "\"order\":%d}",
                        i ? "," : "", i + 1, i, i, i, i, i);
    text_add_string(out, "],\"crew\":[]},\"translations\":{\"translations\":[");
    for (int i = 0; i < 40; i++)
        text_add_format(out,
                        "%s{\"iso_3166_1\":\"%c%c\",\"iso_639_1\":\"de\",\"name\":\"N\","
                        "\"data\":{\"title\":\"Title %d\",\"overview\":\"An overview of some "
                        "length, as people write them for films that they like.\",\"tagline\":"
                        "\"\",\"homepage\":\"\"}}",
                        i ? "," : "", 'A' + i / 26, 'A' + i % 26, i);
    text_add_string(out, "]},\"images\":{\"posters\":[");
    for (int i = 0; i < 80; i++)
        text_add_format(out,
                        "%s{\"aspect_ratio\":0.667,\"height\":3000,\"iso_639_1\":\"en\","
                        "\"file_path\":\"/poster%d.jpg\",\"vote_average\":5.3,\"vote_count\":4,"
                        "\"width\":2000}",
                        i ? "," : "", i);
    text_add_string(out, "]}}");
}

static int measure_details(void)
{
    CLEANUP(text_done) struct text detail = TEXT_INIT(1 << 20);
    OUT_AUTO document = OUT_INIT(TMDB_MAX_DOCUMENT);

    write_detail(&detail);
    const double start = cpu_s();
    double writing = 0;
    for (int i = 0; i < MOVIES; i++) {
        json_auto_t *movie = field_parse(detail.bytes, detail.len);
        const double parsed = cpu_s();

        if (!movie_write(&document, movie, "en-US") || document.failed)
            return 1;
        writing += cpu_s() - parsed;
    }
    const double all = cpu_s() - start;

    printf("# a detail of %zu bytes, a document of %zu; %.0f us to parse, %.0f us to write\n",
           detail.len, document.len, (all - writing) * 1e6 / MOVIES, writing * 1e6 / MOVIES);
    return judge("details, parsed and written", MOVIES / all, least_movies_per_s);
}

int main(void)
{
    const int failed = measure_export() + measure_details();

    text_done(&packed);
    return failed != 0;
}
