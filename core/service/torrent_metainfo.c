/* SPDX-License-Identifier: MIT
 *
 * .torrent files: those that come in, and those that go out. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "provider/registry.h"
#include "service/torrents_inside.h"
#include "store/torrent_parts.h"
#include "torrent/metainfo.h"

enum { LEARN_MS = 5000 };

/* What stands for a provider where none was asked. */
static const char uploaded[] = "upload";

/* --- Coming in */

struct keeping {
    struct torrent_row row;
    struct text json, file;
};

static void keeping_done(struct keeping *keeping)
{
    text_done(&keeping->json);
    text_done(&keeping->file);
}
DEFINE_CLEANUP_VALUE(struct keeping, keeping_done);

static int keep(struct store_txn *txn, void *context, struct error *err)
{
    const struct keeping *keeping = context;
    int failed = torrents_txn_keep(txn, &keeping->row, &keeping->json, err);
    return failed ? failed
                  : torrent_parts_txn_put(txn, keeping->row.hash, TORRENT_PART_METAINFO, 0,
                                          keeping->file.bytes, keeping->file.len, err);
}

/* Known already: its row stays, and so do its trackers. */
static int join_known(struct torrents *torrents, json_t *document, struct torrent_row *row,
                      bool *out_is_new, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    json_auto_t *known = NULL;
    struct torrent_row before;
    int failed = torrent_rows_get(torrents->store, row->hash, &before, &json, err);
    *out_is_new = failed == PROVIDER_ENOTFOUND;
    if (failed)
        return *out_is_new ? 0 : failed;
    failed = js_parse(json.bytes, json.len, TORRENTS_MAX_JSON, &known, err);
    if (failed)
        return failed;
    row->added_at_ms = before.added_at_ms;
    memcpy(row->provider, before.provider, sizeof row->provider);
    if (!js_bool(document, "private", false))
        torrents_unite_trackers(document, known);
    return 0;
}

/* Who streams should not have to ask the peers for what is here; of a private torrent they could
 * not. */
static void teach(struct torrents *torrents, const struct keeping *keeping, const char *hash)
{
    struct provider_entry **providers;
    size_t n = registry_list(torrents->registry, &providers);
    for (size_t i = 0; i < n; i++) {
        struct error err = { 0 };
        struct call_wait wait = { .deadline_ms = clock_steady_ms() + LEARN_MS };
        bool worth = provider_entry_can(providers[i], PROVIDER_CAN_STREAM) &&
                     provider_entry_in_service(providers[i]);
        int failed = worth ? call_learn(providers[i], hash, keeping->file.bytes, keeping->file.len,
                                        &wait, &err)
                           : 0;
        if (failed && failed != PROVIDER_ENOTSUP)
            log_warning("torrents", "'%s' does not learn torrent %s: %s, it will ask the peers",
                        provider_entry_name(providers[i]), hash, err.text);
        provider_entry_unref(providers[i]);
    }
    free(providers);
}

int torrents_upload(struct torrents *torrents, const char *bytes, size_t len,
                    char out_hash[TORRENTS_HASH_SIZE], bool *out_is_new, struct error *err)
{
    CLEANUP(metainfo_free) struct metainfo *metainfo = NULL;
    CLEANUP(keeping_done)
    struct keeping keeping = { .json = TEXT_INIT(TORRENTS_MAX_JSON),
                               .file = TEXT_INIT(METAINFO_MAX) };
    char hash[TORRENTS_HASH_SIZE];
    bool is_new = false;
    int failed = metainfo_read(bytes, len, &metainfo, err);
    if (failed)
        return failed;
    if (!torrents_make_row(metainfo->document, uploaded, &keeping.row))
        return error_set(err, PROVIDER_EREFUSED, "its infohash is none");
    failed = join_known(torrents, metainfo->document, &keeping.row, &is_new, err);
    if (failed)
        return failed;
    if (!js_write(metainfo->document, &keeping.json) || !metainfo_write(metainfo, &keeping.file))
        return error_set(err, PROVIDER_ELIMIT, "the torrent is too large");
    failed = store_write(torrents->store, keep, &keeping, err);
    if (failed)
        return failed;
    torrents_name(&keeping.row, hash);
    teach(torrents, &keeping, hash);
    memcpy(out_hash, hash, sizeof hash);
    *out_is_new = is_new;
    return 0;
}

/* --- Going out */

/* Whatever a provider hands over is read as if a stranger had uploaded it. */
static int judge(const char *hash, const struct text *file, const json_t *known, struct text *out,
                 struct error *err)
{
    CLEANUP(metainfo_free) struct metainfo *metainfo = NULL;
    int failed = metainfo_read(text_string(file), file->len, &metainfo, err);
    if (failed)
        return failed;
    if (!metainfo_is(metainfo, hash))
        return error_set(err, PROVIDER_EPARSE, "the provider has another torrent's file");
    torrents_unite_trackers(metainfo->document, known);
    text_clear(out);
    return metainfo_write(metainfo, out)
               ? 0
               : error_set(err, PROVIDER_ELIMIT, "the metainfo file is too large");
}

static int ask(struct torrents *torrents, const struct torrent_row *row, const json_t *known,
               const struct call_wait *wait, struct text *out, struct error *err)
{
    CLEANUP(text_done) struct text file = TEXT_INIT(METAINFO_MAX);
    CLEANUP(provider_entry_unref)
    struct provider_entry *provider = registry_find(torrents->registry, row->provider);
    char hash[TORRENTS_HASH_SIZE];
    torrents_name(row, hash);
    if (!provider)
        return error_set(err, PROVIDER_EBUSY, "the provider '%s' that has it is gone",
                         row->provider);
    int failed = call_metainfo(provider, hash, wait, &file, err);
    failed = failed ? failed : judge(hash, &file, known, out, err);
    if (failed)
        return error_prefix(err, "'%s'", row->provider);
    return torrent_parts_put(torrents->store, row->hash, TORRENT_PART_METAINFO, 0, out->bytes,
                             out->len, err);
}

int torrents_metainfo(struct torrents *torrents, const char *infohash, const struct call_wait *wait,
                      struct text *out, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    json_auto_t *known = NULL;
    struct torrent_row row;
    int failed = torrent_find(torrents->store, infohash, &row, &json, err);
    if (failed)
        return failed;
    failed = torrent_parts_get(torrents->store, row.hash, TORRENT_PART_METAINFO, 0, out, err);
    if (failed != PROVIDER_ENOTFOUND)
        return failed;
    failed = js_parse(json.bytes, json.len, TORRENTS_MAX_JSON, &known, err);
    return failed ? failed : ask(torrents, &row, known, wait, out, err);
}
