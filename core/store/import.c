/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "store/export.h"
#include "store/fetches.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/maintenance.h"
#include "store/releases.h"
#include "store/seasons.h"
#include "store/state.h"
#include "store/swarms.h"
#include "store/torrent_parts.h"

enum { MAX_BATCH = 200 };

/* What one line says, on its way into the store. */
struct importing {
    struct store *store;
    FILE *in;
    uint64_t n_lines; /* read */
    struct text line;
    json_t *batch[MAX_BATCH];
    uint64_t numbers[MAX_BATCH]; /* of their lines */
    size_t n_batch;
    bool has_ended;
    json_t *head;
};

static uint32_t js_u32(const json_t *object, const char *key)
{
    int64_t value = js_int(object, key, 0);
    return value >= 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

/* --- One kind of line each */

static bool take_base64(const json_t *line, const char *key, struct text *out)
{
    const char *encoded = js_string(line, key);
    size_t len = encoded ? strlen(encoded) : 0, n = 0;
    if (!text_reserve(out, len + 1))
        return false;
    if (len && sodium_base642bin((unsigned char *)out->bytes, out->capacity, encoded, len, NULL, &n,
                                 NULL, sodium_base64_VARIANT_ORIGINAL))
        return false;
    out->len = n;
    return true;
}

static int take_item(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct item_header item = {
        .id = js_u32(line, "id"),
        .kind = js_u32(line, "kind"),
        .flags = js_u32(line, "flags"),
        .revision = (uint64_t)js_int(line, "revision", 0),
        .added_at_ms = js_int(line, "added_at_ms", 0),
        .updated_at_ms = js_int(line, "updated_at_ms", 0),
        .fetched_at_ms = js_int(line, "fetched_at_ms", 0),
        .expires_at_ms = js_int(line, "expires_at_ms", 0),
    };
    const char *hash = js_string(line, "content_hash");
    item.content_hash = hash ? strtoull(hash, NULL, 16) : 0;
    CLEANUP(text_done) struct text body = TEXT_INIT(EXPORT_MAX_LINE_LEN);
    CLEANUP(text_done) struct text card = TEXT_INIT(EXPORT_MAX_LINE_LEN);
    if (!take_base64(line, "packed", &body) || !take_base64(line, "card", &card))
        return error_set(err, PROVIDER_EPARSE, "the packed bytes are no base64");
    return items_txn_put(txn, &item, &body, &card, err);
}

static int take_record(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct record_header record = {
        .item_id = js_u32(line, "item"),
        .flags = js_u32(line, "flags"),
        .fetched_at_ms = js_int(line, "fetched_at_ms", 0),
        .gone_since_ms = js_int(line, "gone_since_ms", 0),
        .fetch_priority = (uint64_t)js_int(line, "fetch_priority", 0),
        .due_at_ms = js_int(line, "due_at_ms", 0),
        .missing_since_ms = js_int(line, "missing_since_ms", 0),
        .changed_day = (int32_t)js_int(line, "changed_day", 0),
    };
    const char *provider = js_string(line, "provider");
    const json_t *document = js_object(line, "document");
    if (!provider || strlen(provider) >= sizeof record.provider || !document || !record.item_id)
        return error_set(err, PROVIDER_EPARSE, "a record needs an item, a provider, a document");
    snprintf(record.provider, sizeof record.provider, "%s", provider);
    CLEANUP(text_done) struct text json = TEXT_INIT(STORE_MAX_VALUE_LEN);
    if (!js_write(document, &json))
        return error_set(err, PROVIDER_ELIMIT, "the document is too large");
    int failed = records_txn_put(txn, &record, json.bytes, json.len, err);
    if (!failed && record.fetch_priority)
        failed = fetches_txn_put(txn, record.fetch_priority, record.item_id, provider, err);
    return failed;
}

static int take_season_record(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct season_record record = { .show = js_u32(line, "show"),
                                    .season = js_u32(line, "season"),
                                    .flags = js_u32(line, "flags") };
    const char *provider = js_string(line, "provider");
    const json_t *document = js_object(line, "document");
    if (!provider || strlen(provider) >= sizeof record.provider || !document || !record.show)
        return error_set(err, PROVIDER_EPARSE,
                         "a record of a season needs a show, a provider, a document");
    snprintf(record.provider, sizeof record.provider, "%s", provider);
    CLEANUP(text_done) struct text json = TEXT_INIT(STORE_MAX_VALUE_LEN);
    if (!js_write(document, &json))
        return error_set(err, PROVIDER_ELIMIT, "the document is too large");
    return season_records_txn_put(txn, &record, json.bytes, json.len, err);
}

static int take_season(struct store_txn *txn, const json_t *line, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(EXPORT_MAX_LINE_LEN);
    if (!take_base64(line, "packed", &packed))
        return error_set(err, PROVIDER_EPARSE, "the packed bytes are no base64");
    return seasons_txn_put(txn, js_u32(line, "show"), js_u32(line, "season"), &packed, err);
}

static bool take_name(const json_t *line, const char *key, char *out, size_t out_size)
{
    const char *name = json_string_value(json_object_get(line, key)); /* "" is a name, too */
    if (!name || strlen(name) >= out_size)
        return false;
    memcpy(out, name, strlen(name) + 1);
    return true;
}

static int take_list(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct list_row row = {
        .id = js_u32(line, "id"),
        .kind = (enum list_kind)js_u32(line, "kind"),
        .visibility = (enum list_visibility)js_u32(line, "visibility"),
        .flags = js_u32(line, "flags"),
        .sort = (enum filter_sort)js_u32(line, "sort"),
        .ascending = json_is_true(json_object_get(line, "ascending")),
        .revision = (uint64_t)js_int(line, "revision", 0),
        .created_at_ms = js_int(line, "created_at_ms", 0),
        .updated_at_ms = js_int(line, "updated_at_ms", 0),
        .checked_at_ms = js_int(line, "checked_at_ms", 0),
        .gone_since_ms = js_int(line, "gone_since_ms", 0),
        .n_items = js_u32(line, "n_items"),
    };
    const json_t *about = js_object(line, "about");
    CLEANUP(text_done) struct text json = TEXT_INIT(LIST_ABOUT_MAX_LEN);
    if (!take_name(line, "owner", row.owner, sizeof row.owner) ||
        !take_name(line, "provider", row.provider, sizeof row.provider) ||
        !take_name(line, "source", row.source, sizeof row.source) || !about ||
        !js_write(about, &json))
        return error_set(err, PROVIDER_EPARSE,
                         "a list needs an owner, a provider, a source and what it is about");
    return list_rows_txn_put(txn, &row, json.bytes, json.len, err);
}

static int take_list_item(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct list_item item = { .item_id = js_u32(line, "item"),
                              .kind = js_u32(line, "kind"),
                              .added_at_ms = js_int(line, "added_at_ms", 0),
                              .note = js_string(line, "note") };
    uint32_t list = js_u32(line, "list"), position = js_u32(line, "position");
    if (!list || !position || !item.item_id || !item.kind || item.kind > UINT8_MAX)
        return error_set(err, PROVIDER_EPARSE,
                         "an item of a list needs a list, a position, an item and a kind");
    int failed = list_items_txn_put(txn, list, position, &item, err);
    return failed ? failed : item_lists_txn_put(txn, item.item_id, list, err);
}

static int take_release(struct store_txn *txn, const json_t *line, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED);
    struct release_packed release;
    if (!take_base64(line, "packed", &packed) || !release_open(packed.bytes, packed.len, &release))
        return error_set(err, PROVIDER_EPARSE, "the packed bytes are no release");
    int failed = releases_txn_put(txn, &release.facts, &packed, err);
    return failed || !release.is_outdated ? failed
                                          : releases_txn_renew(txn, &release, clock_wall_ms(), err);
}

static int take_swarm(struct store_txn *txn, const json_t *line, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(SWARM_PACKED_MAX);
    const char *hex = js_string(line, "infohash");
    uint8_t hash[RELEASE_HASH_LEN];
    struct swarm swarm;
    if (!hex || !release_hash_of_text(hex, hash) || !take_base64(line, "packed", &packed) ||
        !swarm_open(packed.bytes, packed.len, &swarm))
        return error_set(err, PROVIDER_EPARSE, "the packed bytes are no swarm");
    return swarms_txn_put(txn, hash, &swarm, err);
}

static int take_id(struct store_txn *txn, const json_t *line, struct error *err)
{
    const char *text = js_string(line, "id");
    return external_ids_txn_put(txn, js_u32(line, "kind"), text ? text : "", js_u32(line, "item"),
                                err);
}

static int take_redirect(struct store_txn *txn, const json_t *line, struct error *err)
{
    return redirects_txn_put(txn, js_u32(line, "item"), js_u32(line, "survivor"), err);
}

static int take_change(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct change change = {
        .revision = (uint64_t)js_int(line, "revision", 0),
        .item_id = js_u32(line, "item"),
        .kind = js_u32(line, "kind"),
        .what = (enum change_what)js_u32(line, "what"),
        .at_ms = js_int(line, "at_ms", 0),
        .merged_into = js_u32(line, "merged_into"),
    };
    return changes_txn_put(txn, &change, err);
}

static int take_job(struct store_txn *txn, const json_t *line, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(STORE_MAX_VALUE_LEN);
    const json_t *job = js_object(line, "job");
    if (!job || !js_write(job, &json))
        return error_set(err, PROVIDER_EPARSE, "a job needs its object");
    return job_rows_txn_put(txn, js_u32(line, "id"), json.bytes, err);
}

static int take_token(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct token_row row = {
        .id = js_u32(line, "id"),
        .scopes = js_u32(line, "scopes"),
        .created_at_ms = js_int(line, "created_at_ms", 0),
        .expires_at_ms = js_int(line, "expires_at_ms", 0),
    };
    const char *hash = js_string(line, "hash"), *user = js_string(line, "user"),
               *label = js_string(line, "label");
    size_t n = 0;
    if (!hash || sodium_hex2bin(row.hash, sizeof row.hash, hash, strlen(hash), NULL, &n, NULL) ||
        n != sizeof row.hash)
        return error_set(err, PROVIDER_EPARSE, "a token needs a hash of %d bytes", TOKEN_HASH_LEN);
    snprintf(row.user, sizeof row.user, "%s", user ? user : "");
    snprintf(row.label, sizeof row.label, "%s", label ? label : "");
    return token_rows_txn_put(txn, &row, err);
}

static bool take_hash(const json_t *line, const char *key, uint8_t out[TORRENT_HASH_LEN])
{
    const char *hex = js_string(line, key);
    size_t n;
    return hex && strlen(hex) == TORRENT_HASH_LEN * 2 &&
           sodium_hex2bin(out, TORRENT_HASH_LEN, hex, TORRENT_HASH_LEN * 2, NULL, &n, NULL) == 0 &&
           n == TORRENT_HASH_LEN;
}

static int take_torrent(struct store_txn *txn, const json_t *line, struct error *err)
{
    struct torrent_row row = { .added_at_ms = js_int(line, "added_at_ms", 0) };
    const json_t *document = js_object(line, "document");
    row.has_second = take_hash(line, "second", row.second);
    if (!take_hash(line, "infohash", row.hash) || !document ||
        !take_name(line, "provider", row.provider, sizeof row.provider))
        return error_set(err, PROVIDER_EPARSE,
                         "a torrent needs an infohash, a provider and a document");
    CLEANUP(text_done) struct text json = TEXT_INIT(STORE_MAX_VALUE_LEN);
    if (!js_write(document, &json))
        return error_set(err, PROVIDER_ELIMIT, "the document is too large");
    return torrent_rows_txn_put(txn, &row, json.bytes, json.len, err);
}

static int take_torrent_part(struct store_txn *txn, const json_t *line, struct error *err)
{
    CLEANUP(text_done) struct text bytes = TEXT_INIT(EXPORT_MAX_LINE_LEN);
    uint8_t hash[TORRENT_HASH_LEN];
    int64_t part = js_int(line, "part", 0), index = js_int(line, "index", -1);
    if (!take_hash(line, "infohash", hash) || part < TORRENT_PART_METAINFO ||
        part > TORRENT_PART_MEDIA || index < 0 || index > UINT32_MAX ||
        !take_base64(line, "bytes", &bytes))
        return error_set(err, PROVIDER_EPARSE,
                         "a torrent's part needs an infohash, what it is and its bytes");
    return torrent_parts_txn_put(txn, hash, (enum torrent_part)part, (uint32_t)index, bytes.bytes,
                                 bytes.len, err);
}

static int take_state(struct store_txn *txn, const json_t *line, struct error *err)
{
    const char *owner = js_string(line, "owner"), *key = js_string(line, "key"),
               *value = js_string(line, "value");
    if (!owner)
        return error_set(err, PROVIDER_EPARSE, "a state needs an owner");
    return state_txn_put(txn, owner, key ? key : "", value ? value : "", err);
}

static const struct {
    const char *type;
    int (*take)(struct store_txn *txn, const json_t *line, struct error *err);
} kinds[] = {
    { "item", take_item },       { "record", take_record },
    { "id", take_id },           { "change", take_change },
    { "state", take_state },     { "token", take_token },
    { "job", take_job },         { "redirect", take_redirect },
    { "season", take_season },   { "season_record", take_season_record },
    { "list", take_list },       { "list_item", take_list_item },
    { "torrent", take_torrent }, { "torrent_part", take_torrent_part },
    { "release", take_release }, { "swarm", take_swarm },
};

static int take_line(struct store_txn *txn, const json_t *line, struct error *err)
{
    const char *type = js_string(line, "type");
    for (size_t i = 0; type && i < ARRAY_LEN(kinds); i++)
        if (!strcmp(kinds[i].type, type))
            return kinds[i].take(txn, line, err);
    return error_set(err, PROVIDER_EPARSE, "the type '%s' is not known here", type ? type : "");
}

/* --- The file */

static int write_batch(struct store_txn *txn, void *context, struct error *err)
{
    struct importing *import = context;
    for (size_t i = 0; i < import->n_batch; i++) {
        int failed = take_line(txn, import->batch[i], err);
        if (!failed)
            continue;
        error_prefix(err, "line %llu", (unsigned long long)import->numbers[i]);
        return failed;
    }
    if (import->has_ended) {
        txn->counters.next_item = js_u32(import->head, "next_item");
        txn->counters.next_job = js_u32(import->head, "next_job");
        txn->counters.next_token = js_u32(import->head, "next_token");
        txn->counters.revision = (uint64_t)js_int(import->head, "revision", 0);
    }
    return 0;
}

static void clear_batch(struct importing *import)
{
    for (size_t i = 0; i < import->n_batch; i++)
        json_decref(import->batch[i]);
    import->n_batch = 0;
}

static int flush_batch(struct importing *import, struct error *err)
{
    int failed = store_write(import->store, write_batch, import, err);
    clear_batch(import);
    return failed;
}

/* PROVIDER_ENOTFOUND at the end of the file. */
static int read_line(struct importing *import, json_t **out, struct error *err)
{
    unsigned long long number = import->n_lines + 1;
    text_clear(&import->line);
    int c = getc_unlocked(import->in);
    for (; c != EOF && c != '\n'; c = getc_unlocked(import->in))
        if (!text_add_char(&import->line, (char)c))
            return error_set(err, PROVIDER_ELIMIT, "line %llu is too long", number);
    if (ferror(import->in))
        return error_errno(err, errno, "cannot read line %llu", number);
    if (c == EOF && !import->line.len)
        return error_set(err, PROVIDER_ENOTFOUND, "the file ends after line %llu", number - 1);
    import->n_lines++;
    int failed =
        js_parse(text_string(&import->line), import->line.len, EXPORT_MAX_LINE_LEN, out, err);
    if (failed)
        error_prefix(err, "line %llu", number);
    return failed;
}

static int read_head(struct importing *import, struct error *err)
{
    int failed = read_line(import, &import->head, err);
    if (failed && failed != PROVIDER_ENOTFOUND)
        return failed;
    const char *format = js_string(import->head, "format");
    if (!format || strcmp(format, EXPORT_FORMAT) != 0)
        return error_set(err, PROVIDER_EPARSE, "this is no export: line 1 does not say so");
    int64_t version = js_int(import->head, "version", 0);
    if (version < 1 || version > EXPORT_VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "the export has version %lld, known here: %d",
                         (long long)version, EXPORT_VERSION);
    if (!js_u32(import->head, "next_item") || !js_u32(import->head, "next_job") ||
        !js_u32(import->head, "next_token"))
        return error_set(err, PROVIDER_EPARSE, "line 1 lacks the next numbers");
    return 0;
}

static int check_end(struct importing *import, const json_t *line, struct error *err)
{
    long long said = js_int(line, "lines", -1), seen = (long long)import->n_lines - 1;
    if (said != seen)
        return error_set(err, PROVIDER_EPARSE, "the last line says %lld lines, there are %lld",
                         said, seen);
    import->has_ended = true;
    return 0;
}

static int read_rows(struct importing *import, struct error *err)
{
    while (!import->has_ended) {
        json_auto_t *line = NULL;
        int failed = read_line(import, &line, err);
        if (failed == PROVIDER_ENOTFOUND)
            return error_set(err, PROVIDER_EPARSE, "the export is cut off after line %llu",
                             (unsigned long long)import->n_lines);
        const char *type = js_string(line, "type");
        if (!failed && text_equal(type, "end")) {
            failed = check_end(import, line, err);
        } else if (!failed) {
            import->numbers[import->n_batch] = import->n_lines;
            import->batch[import->n_batch++] = steal(line);
        }
        if (!failed && (import->n_batch == MAX_BATCH || import->has_ended))
            failed = flush_batch(import, err);
        if (failed)
            return failed;
    }
    return 0;
}

static int stop_walk(const void *key UNUSED, size_t key_len UNUSED, const void *value UNUSED,
                     size_t value_len UNUSED, void *context UNUSED)
{
    return 1;
}

static int check_empty(struct store *store, struct error *err)
{
    for (int table = STORE_META + 1; table < STORE_N_TABLES; table++) {
        int found = store_walk(store, (enum store_table)table, NULL, 0, stop_walk, NULL, err);
        if (found > 0)
            return error_set(err, PROVIDER_ECONFLICT, "the store is not empty: it has %s",
                             environment_table_name((enum store_table)table));
        if (found)
            return found;
    }
    return 0;
}

int maintenance_import(struct store *store, FILE *in, uint64_t *out_lines, struct error *err)
{
    struct importing *import = mem_new(struct importing);
    *import =
        (struct importing){ .store = store, .in = in, .line = TEXT_INIT(EXPORT_MAX_LINE_LEN) };
    int failed = check_empty(store, err);
    failed = failed ? failed : read_head(import, err);
    failed = failed ? failed : read_rows(import, err);
    if (!failed)
        *out_lines = import->n_lines;
    clear_batch(import);
    json_decref(import->head);
    text_done(&import->line);
    free(import);
    return failed;
}
