/* SPDX-License-Identifier: MIT */
#include "service/torrent_playlist.h"

#include <string.h>

#include "base/json.h"
#include "probe/probe.h"
#include "service/torrent_view.h"
#include "service/torrents_inside.h"
#include "store/torrent_parts.h"
#include "torrent/torrent_file.h"

enum { MAX_TITLE = 256 };

/* --- What is on it */

static bool is_episode(const struct torrent_file *file, int64_t season)
{
    return file->role == TORRENT_FILE_EPISODE && file->kind == TORRENT_FILE_VIDEO &&
           (season < 0 || (file->has_season && file->season == season));
}

/* The specials come last. */
static unsigned season_rank(const struct torrent_file *file)
{
    return file->has_season && file->season ? file->season : UINT16_MAX;
}

static int compare_episodes(const void *a, const void *b)
{
    const struct torrent_file *one = *(const struct torrent_file *const *)a,
                              *other = *(const struct torrent_file *const *)b;
    unsigned season = season_rank(one), than = season_rank(other);
    if (season != than)
        return season < than ? -1 : 1;
    if (one->episode != other->episode)
        return one->episode < other->episode ? -1 : 1;
    int day = strcmp(one->air_date, other->air_date);
    return day ? day : strcmp(one->path, other->path);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp((*(const struct torrent_file *const *)a)->path,
                  (*(const struct torrent_file *const *)b)->path);
}

static size_t choose(const struct torrent_file *files, size_t n, int64_t season,
                     const struct torrent_file **out)
{
    size_t chosen = 0;
    for (size_t i = 0; i < n; i++)
        if (is_episode(&files[i], season))
            out[chosen++] = &files[i];
    if (chosen)
        qsort(out, chosen, sizeof *out, compare_episodes);
    int best = chosen || season >= 0 ? -1 : torrent_files_best(files, n);
    if (best < 0)
        return chosen;
    if (files[best].kind != TORRENT_FILE_AUDIO) {
        out[0] = &files[best];
        return 1;
    }
    for (size_t i = 0; i < n; i++)
        if (files[i].kind == TORRENT_FILE_AUDIO)
            out[chosen++] = &files[i];
    qsort(out, chosen, sizeof *out, compare_paths);
    return chosen;
}

/* --- Writing it */

struct writing {
    struct torrents *torrents;
    const struct torrent_row *row;
    const struct playlist_wish *wish;
    char hash[TORRENTS_HASH_SIZE];
    struct text *out;
};

/* Whole seconds, -1 when nobody has looked. */
static int64_t duration_of(const struct writing *writing, int64_t index)
{
    json_auto_t *file = json_object();
    torrent_media_tell(writing->torrents->store, writing->row, index, file);
    double duration_s = js_double(js_object(file, "media"), "duration_s", 0);
    return duration_s > 0 ? (int64_t)(duration_s + 0.5) : -1;
}

/* A line is a line: what a stranger called a file begins none. */
static void write_entry(const struct writing *writing, const struct torrent_file *file,
                        int64_t index)
{
    char title[MAX_TITLE];
    const char *slash = strrchr(file->path, '/');
    const char *name = slash ? slash + 1 : file->path;
    text_tidy(name, strlen(name), title, sizeof title);
    text_add_format(writing->out, "#EXTINF:%lld,%s\n%s/api/torrents/%s/files/%lld/stream",
                    (long long)duration_of(writing, index), title, writing->wish->origin,
                    writing->hash, (long long)index);
    if (*writing->wish->ticket)
        text_add_format(writing->out, "?ticket=%s", writing->wish->ticket);
    text_add_char(writing->out, '\n');
}

int torrent_playlist(struct torrents *torrents, const char *infohash,
                     const struct playlist_wish *wish, struct text *out, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    json_auto_t *document = NULL;
    struct torrent_row row;
    int failed = torrent_find(torrents->store, infohash, &row, &json, err);
    failed = failed ? failed : js_parse(json.bytes, json.len, TORRENTS_MAX_JSON, &document, err);
    if (failed)
        return failed;
    size_t n;
    CLEANUP(mem_free) struct torrent_file *files = torrent_view_judge(document, &n);
    CLEANUP(mem_free) const struct torrent_file **chosen = mem_alloc_array(n + 1, sizeof *chosen);
    size_t n_chosen = choose(files, n, wish->season, chosen);
    if (n_chosen == 0)
        return error_set(err, PROVIDER_ENOTFOUND,
                         wish->season >= 0 ? "the torrent has nothing of this season"
                                           : "the torrent has nothing to play");
    struct writing writing = { .torrents = torrents, .row = &row, .wish = wish, .out = out };
    torrents_name(&row, writing.hash);
    text_add_string(out, "#EXTM3U\n");
    for (size_t i = 0; i < n_chosen; i++)
        write_entry(&writing, chosen[i], torrent_view_index(document, (size_t)(chosen[i] - files)));
    return out->overflow ? error_set(err, PROVIDER_ELIMIT, "the playlist is too long") : 0;
}
