/* SPDX-License-Identifier: MIT */
#include "service/torrent_media.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "probe/probe.h"
#include "service/jobs.h"
#include "service/streams.h"
#include "service/torrents_inside.h"
#include "store/torrent_parts.h"

/* An mp4 of hours has megabytes of index; a swarm may be slow. */
enum { MAX_BYTES = 64 << 20, PATIENCE_MS = 90 * 1000, MAX_SCOPE = 64 };

/* --- What is known */

static void tell(json_t *file, const char *bytes, size_t len)
{
    json_auto_t *known = NULL;
    if (js_parse(bytes, len, PROBE_MAX_JSON, &known, NULL) != 0)
        return;
    const char *why = js_string(known, "error");
    if (why)
        js_set_string(file, "media_error", why);
    else
        js_set(file, "media", json_incref(known));
}

static int read_known(struct store *store, const struct torrent_row *row, int64_t index,
                      struct text *out, struct error *err)
{
    return torrent_parts_get(store, row->hash, TORRENT_PART_MEDIA, (uint32_t)index, out, err);
}

void torrent_media_tell(struct store *store, const struct torrent_row *row, int64_t index,
                        json_t *file)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(PROBE_MAX_JSON);
    if (read_known(store, row, index, &json, NULL) == 0)
        tell(file, json.bytes, json.len);
}

static int tell_one(uint32_t index, const char *bytes, size_t len, void *context)
{
    json_t *file = json_array_get(context, index);
    if (file && js_int(file, "index", -1) == (int64_t)index)
        tell(file, bytes, len);
    return 0;
}

void torrent_media_tell_all(struct store *store, const struct torrent_row *row, json_t *files)
{
    torrent_parts_walk(store, row->hash, TORRENT_PART_MEDIA, tell_one, files, NULL);
}

/* --- Finding it out */

struct analysis {
    struct torrents *torrents;
    struct streams *streams;
    char hash[TORRENTS_HASH_SIZE];
    int64_t index;

    /* Of the job alone. */
    struct stream *stream;
    struct call_buffer buffer;
    struct call_wait wait;
};

static void analysis_free(void *context)
{
    struct analysis *analysis = context;
    streams_close(analysis->stream);
    call_buffer_done(&analysis->buffer);
    free(analysis);
}

static int64_t read_file(void *context, uint64_t offset, void *out, size_t len)
{
    struct analysis *analysis = context;
    struct error err = { 0 };
    size_t n = 0;
    analysis->buffer.size = len;
    int failed =
        streams_read(analysis->stream, offset, &analysis->buffer, &analysis->wait, &n, &err);
    if (failed)
        return failed;
    memcpy(out, analysis->buffer.bytes, n);
    return (int64_t)n;
}

/* What it is, or that it is nothing; anything else may be otherwise tomorrow. */
static int keep(struct analysis *analysis, int failed, struct text *json, struct error *err)
{
    CLEANUP(text_done) struct text row_json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct torrent_row row;
    bool is_final = !failed || failed == PROVIDER_EPARSE || failed == PROVIDER_ELIMIT;
    if (!is_final)
        return failed;
    if (failed) {
        json_auto_t *why = json_pack("{s:s}", "error", err->text);
        text_clear(json);
        js_write(why, json);
    }
    /* It may have been forgotten meanwhile. */
    int gone = torrent_find(analysis->torrents->store, analysis->hash, &row, &row_json, err);
    if (gone)
        return gone;
    int unkept = torrent_parts_put(analysis->torrents->store, row.hash, TORRENT_PART_MEDIA,
                                   (uint32_t)analysis->index, json->bytes, json->len, err);
    return unkept ? unkept : failed;
}

static int analyse(struct job *job, void *context, struct error *err)
{
    struct analysis *analysis = context;
    CLEANUP(stream_file_done) struct stream_file file = { .size = 0 };
    CLEANUP(text_done) struct text json = TEXT_INIT(PROBE_MAX_JSON);
    analysis->wait = (struct call_wait){ .deadline_ms = clock_steady_ms() + PATIENCE_MS,
                                         .canceled = job_canceled(job) };
    int failed = streams_find(analysis->streams, analysis->hash, analysis->index, &file, err);
    if (!failed)
        failed = streams_open(analysis->streams, &file, &analysis->wait, &analysis->stream, err);
    if (failed)
        return failed;
    struct probe_source source = { .size = file.size, .read = read_file, .context = analysis };
    failed = probe_media(&source, MAX_BYTES, PATIENCE_MS, &json, err);
    failed = keep(analysis, failed, &json, err);
    if (!failed)
        job_progress(job, 1, 1);
    return failed;
}

static int check_kind(struct torrents *torrents, const char *infohash, int64_t index,
                      struct error *err)
{
    json_auto_t *file = NULL;
    int failed = torrents_file(torrents, infohash, index, &file, err);
    if (failed)
        return failed;
    const char *kind = js_string(file, "kind");
    return text_equal(kind, "video") || text_equal(kind, "audio")
               ? 0
               : error_set(err, PROVIDER_EREFUSED, "the file is neither video nor sound");
}

static int begin(struct torrents *torrents, struct streams *streams, const struct torrent_row *row,
                 int64_t index, uint32_t *out_job, struct error *err)
{
    char scope[MAX_SCOPE], hash[TORRENTS_HASH_SIZE];
    bool joined;
    torrents_name(row, hash);
    snprintf(scope, sizeof scope, "%s/%lld", hash, (long long)index);
    struct analysis *analysis = mem_new(struct analysis);
    *analysis = (struct analysis){ .torrents = torrents, .streams = streams, .index = index };
    memcpy(analysis->hash, hash, sizeof hash);
    return jobs_start(torrents->jobs, TORRENTS_JOB_ANALYSE, scope, NULL, analyse, analysis,
                      analysis_free, out_job, &joined, err);
}

int torrent_media_start(struct torrents *torrents, struct streams *streams, const char *infohash,
                        int64_t index, uint32_t *out_job, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct torrent_row row;
    int failed = torrent_find(torrents->store, infohash, &row, &json, err);
    failed = failed ? failed : check_kind(torrents, infohash, index, err);
    if (failed)
        return failed;
    failed = read_known(torrents->store, &row, index, &json, err);
    if (failed == PROVIDER_ENOTFOUND)
        return begin(torrents, streams, &row, index, out_job, err);
    if (!failed)
        *out_job = 0;
    return failed;
}
