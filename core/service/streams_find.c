/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/json.h"
#include "service/streams_inside.h"
#include "service/torrent_find.h"
#include "service/torrent_view.h"
#include "torrent/magnet.h"
#include "torrent/torrent_file.h"

void stream_file_done(struct stream_file *file)
{
    free(steal(file->name));
    free(steal(file->magnet));
}

static const json_t *find_row(const json_t *document, int64_t index)
{
    const json_t *rows = js_array(document, "files");
    const json_t *guess = index >= 0 ? json_array_get(rows, (size_t)index) : NULL;
    if (guess && js_int(guess, "index", index) == index)
        return guess;
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (js_int(json_array_get(rows, i), "index", (int64_t)i) == index)
            return json_array_get(rows, i);
    return NULL;
}

static int describe(const json_t *document, int64_t index, struct stream_file *out,
                    struct error *err)
{
    CLEANUP(text_done) struct text link = TEXT_INIT(MAGNET_LEN);
    const json_t *row = find_row(document, index);
    if (!row)
        return error_set(err, PROVIDER_ENOTFOUND, "the torrent has no such file");
    int failed = torrent_link(document, &link, err);
    if (failed)
        return failed;
    const char *path = js_string(row, "path");
    struct torrent_file judged = { .path = path ? path : "",
                                   .size = (uint64_t)js_int(row, "size", 0) };
    torrent_files_judge(js_string(document, "name"), &judged, 1);
    const char *slash = strrchr(judged.path, '/');
    out->index = (uint32_t)index;
    out->size = judged.size;
    out->mime = judged.mime;
    out->name = mem_dup_text(slash ? slash + 1 : judged.path);
    out->magnet = text_take(&link);
    snprintf(out->hash, sizeof out->hash, "%s", js_string(document, "infohash"));
    return 0;
}

static int read_document(const struct streams *streams, const char *infohash,
                         struct torrent_row *row, json_t **out, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    int failed = torrent_find(streams->store, infohash, row, &json, err);
    return failed ? failed : js_parse(json.bytes, json.len, TORRENTS_MAX_JSON, out, err);
}

int streams_find(struct streams *streams, const char *infohash, int64_t index,
                 struct stream_file *out, struct error *err)
{
    json_auto_t *document = NULL;
    struct torrent_row row;
    *out = (struct stream_file){ .mime = "application/octet-stream" };
    int failed = read_document(streams, infohash, &row, &document, err);
    if (failed)
        return failed;
    memcpy(out->provider, row.provider, sizeof out->provider);
    return describe(document, index, out, err);
}

int streams_choose(struct streams *streams, const char *infohash, const struct torrent_wish *wish,
                   int64_t *out, struct error *err)
{
    json_auto_t *document = NULL;
    struct torrent_row row;
    int failed = read_document(streams, infohash, &row, &document, err);
    if (failed)
        return failed;
    size_t n;
    CLEANUP(mem_free) struct torrent_file *files = torrent_view_judge(document, &n);
    int found = torrent_files_choose(files, n, wish);
    if (found < 0)
        return error_set(err, PROVIDER_ENOTFOUND, "%s",
                         wish->is_episode ? "the torrent does not have this episode"
                                          : "the torrent has nothing to play");
    *out = torrent_view_index(document, (size_t)found);
    return 0;
}
