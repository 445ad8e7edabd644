/* SPDX-License-Identifier: MIT */
#include "service/torrent_view.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/torrent_media.h"
#include "torrent/torrent_file.h"

enum { MAX_JSON = 16 << 20 };

struct torrent_file *torrent_view_judge(const json_t *document, size_t *out_n)
{
    const json_t *rows = js_array(document, "files");
    size_t n = json_array_size(rows);
    struct torrent_file *files = mem_alloc_array(MAX(n, (size_t)1), sizeof *files);
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(rows, i);
        const char *path = js_string(row, "path");
        files[i].path = path ? path : "";
        files[i].size = (uint64_t)js_int(row, "size", 0);
    }
    torrent_files_judge(js_string(document, "name"), files, n);
    *out_n = n;
    return files;
}

int64_t torrent_view_index(const json_t *document, size_t i)
{
    return js_int(json_array_get(js_array(document, "files"), i), "index", (int64_t)i);
}

/* `infohash` is that of its torrent. */
static json_t *describe_file(const struct torrent_file *file, int64_t index, const char *infohash)
{
    CLEANUP(mem_free)
    char *stream = mem_format("/api/torrents/%s/files/%lld/stream", infohash, (long long)index);
    json_t *out = json_object();
    js_set(out, "index", json_integer(index));
    js_set_string(out, "path", file->path);
    js_set(out, "size", json_integer((json_int_t)file->size));
    js_set_string(out, "kind", torrent_file_kind_word(file->kind));
    const char *role = torrent_file_role_word(file->role);
    js_set(out, "role", role ? json_string(role) : json_null());
    if (file->has_season)
        js_set(out, "season", json_integer(file->season));
    if (file->episode)
        js_set(out, "episode", json_integer(file->episode));
    if (file->last_episode > file->episode)
        js_set(out, "last_episode", json_integer(file->last_episode));
    js_set_string(out, "air_date", file->air_date);
    js_set_string(out, "language", file->language);
    js_set_string(out, "mime", file->mime);
    js_set_string(out, "danger", torrent_file_danger_word(file->danger));
    js_set_string(out, "stream", stream);
    return out;
}

static void add_files(json_t *out, const json_t *document)
{
    size_t n;
    CLEANUP(mem_free) struct torrent_file *files = torrent_view_judge(document, &n);
    int best = torrent_files_best(files, n);
    json_t *rows = json_array();
    const char *infohash = js_string(document, "infohash");
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows,
                              describe_file(&files[i], torrent_view_index(document, i), infohash));
    js_set(out, "best",
           best < 0 ? json_null()
                    : json_integer((json_int_t)torrent_view_index(document, (size_t)best)));
    js_set(out, "files", rows);
}

int torrent_view_file(const char *json, size_t len, int64_t index, json_t **out, struct error *err)
{
    json_auto_t *document = NULL;
    int failed = js_parse(json, len, MAX_JSON, &document, err);
    if (failed)
        return failed;
    size_t n;
    CLEANUP(mem_free) struct torrent_file *files = torrent_view_judge(document, &n);
    for (size_t i = 0; i < n; i++)
        if (torrent_view_index(document, i) == index) {
            *out = describe_file(&files[i], index, js_string(document, "infohash"));
            return 0;
        }
    return error_set(err, PROVIDER_ENOTFOUND, "the torrent has no such file");
}

static const char *const plain[] = { "infohash",   "infohash_v2",  "name",   "size",
                                     "private",    "piece_length", "pieces", "comment",
                                     "created_by", "created_at" };

static json_t *describe_head(const struct torrent_row *row, const char *state,
                             const json_t *document)
{
    char when[CLOCK_TEXT_LEN];
    json_t *out = json_object();
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        js_set(out, plain[i], json_incref(json_object_get(document, plain[i])));
    js_set_string(out, "state", state);
    js_set_string(out, "provider", row->provider);
    js_set_string(out, "added_at", clock_format(row->added_at_ms, when));
    return out;
}

static int write_view(const json_t *view, struct text *out, struct error *err)
{
    return js_write(view, out) ? 0 : error_set(err, PROVIDER_ELIMIT, "the torrent is too large");
}

int torrent_view_whole(struct store *store, const struct torrent_row *row, const char *state,
                       const char *json, size_t len, struct text *out, struct error *err)
{
    json_auto_t *document = NULL;
    int failed = js_parse(json, len, MAX_JSON, &document, err);
    if (failed)
        return failed;
    json_auto_t *described = describe_head(row, state, document);
    json_t *trackers = json_object_get(document, "trackers");
    js_set(described, "trackers", trackers ? json_incref(trackers) : json_array());
    add_files(described, document);
    torrent_media_tell_all(store, row, js_array(described, "files"));
    return write_view(described, out, err);
}

int torrent_view_short(const struct torrent_row *row, const char *state, const char *json,
                       size_t len, struct text *out, struct error *err)
{
    json_auto_t *document = NULL;
    int failed = js_parse(json, len, MAX_JSON, &document, err);
    if (failed)
        return failed;
    json_auto_t *described = describe_head(row, state, document);
    size_t n = json_array_size(js_array(document, "files"));
    js_set(described, "n_files", json_integer((json_int_t)n));
    return write_view(described, out, err);
}
