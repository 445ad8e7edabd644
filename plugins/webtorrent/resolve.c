/* SPDX-License-Identifier: MIT */
#include "common/host.h"
#include "common/out.h"
#include "webtorrent/link.h"
#include "webtorrent/webtorrent.h"

enum { MAX_NAME_LEN = 1024, MAX_PATH_LEN = 4096, MAX_TRACKER_LEN = 1024, MAX_FILES = 50000 };

static void write_files(struct out *out, const struct engine_metainfo *torrent)
{
    out_open(out, "files", '[');
    for (size_t i = 0; i < torrent->n_files && i < MAX_FILES; i++) {
        out_open(out, NULL, '{');
        out_int(out, "index", (int64_t)i);
        out_string(out, "path", torrent->files[i].path, MAX_PATH_LEN);
        out_int(out, "size", (int64_t)torrent->files[i].size);
        out_close(out, '}');
    }
    out_close(out, ']');
}

static void write_torrent(struct out *out, const struct engine_metainfo *torrent)
{
    out_open(out, NULL, '{');
    out_string(out, "infohash", torrent->hash, ENGINE_HASH_SIZE);
    out_string(out, "infohash_v2", torrent->v2, ENGINE_V2_SIZE);
    out_string(out, "name", torrent->name, MAX_NAME_LEN);
    out_int(out, "size", (int64_t)torrent->size);
    out_int(out, "piece_length", (int64_t)torrent->piece_length);
    out_int(out, "pieces", (int64_t)torrent->n_pieces);
    out_bool(out, "private", torrent->is_private);
    out_open(out, "trackers", '[');
    for (size_t i = 0; i < torrent->n_trackers; i++)
        out_string(out, NULL, torrent->trackers[i], MAX_TRACKER_LEN);
    out_close(out, ']');
    write_files(out, torrent);
    out_close(out, '}');
}

static int emit_torrent(struct provider_call *call, const struct engine_metainfo *torrent)
{
    OUT_AUTO out = OUT_INIT(WEBTORRENT_MAX_DOCUMENT);

    if (torrent->n_files > MAX_FILES)
        return host_fail(call, PROVIDER_ELIMIT, "%s has %zu files, more than %d", torrent->hash,
                         torrent->n_files, MAX_FILES);
    write_torrent(&out, torrent);
    return host_emit(call, PROVIDER_TORRENT, 0, &out);
}

static int resolve(struct provider *self, struct provider_call *call,
                   const struct engine_magnet *magnet)
{
    const struct engine_wait wait = webtorrent_wait(call);
    struct engine_metainfo *torrent = NULL;
    struct engine_error err = { .code = 0 };
    struct engine *engine = NULL;
    int code = webtorrent_engine(self, call, &engine);

    if (code)
        return code;
    code = engine_resolve(engine, magnet, &wait, &torrent, &err);
    if (code)
        return host_fail(call, code, "%s: %s", magnet->v1 ? magnet->v1 : magnet->v2, err.text);
    code = emit_torrent(call, torrent);
    engine_metainfo_free(torrent);
    return code;
}

int webtorrent_resolve_magnet(struct provider *self, struct provider_call *call, const char *magnet)
{
    struct link link;
    int code;

    if (link_read(magnet, &link)) {
        const struct engine_magnet parts = link_magnet(&link);
        code = resolve(self, call, &parts);
    } else {
        code = host_fail(call, PROVIDER_EINVAL, "no magnet with one hash beyond doubt");
    }
    link_done(&link);
    return code;
}
