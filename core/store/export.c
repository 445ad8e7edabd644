/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "store/bytes.h"
#include "store/export.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/jobs.h"
#include "store/maintenance.h"
#include "store/releases.h"
#include "store/seasons.h"
#include "store/swarms.h"
#include "store/torrent_parts.h"

struct exporting {
    struct store *store;
    FILE *out;
    uint64_t n_lines;
    struct text line, body;
    struct error *err;
};

static int write_line(struct exporting *e)
{
    if (e->line.overflow)
        return error_set(e->err, PROVIDER_ELIMIT, "line %llu would be too long",
                         (unsigned long long)e->n_lines + 1);
    bool ok = text_add_char(&e->line, '\n') && fwrite(e->line.bytes, e->line.len, 1, e->out) == 1;
    text_clear(&e->line);
    e->n_lines++;
    return ok ? 0 : error_errno(e->err, errno, "cannot write the export");
}

static void add_base64(struct text *line, const void *bytes, size_t len)
{
    size_t room = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
    if (!text_reserve(line, room))
        return;
    sodium_bin2base64(line->bytes + line->len, room, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    line->len += room - 1;
}

/* A JSON text inside a line: newlines can only be white space in it. */
static void add_json(struct text *line, const char *json, size_t len)
{
    size_t start = line->len;
    if (!text_add(line, json, len))
        return;
    for (char *at = line->bytes + start; (at = strchr(at, '\n'));)
        *at = ' ';
}

static int put_item(const void *key, size_t key_len, const void *value UNUSED,
                    size_t value_len UNUSED, void *context)
{
    struct exporting *e = context;
    struct item_header item;
    uint32_t id = key_len == 4 ? (uint32_t)bytes_get_be(key, 4) : 0;
    int failed = items_get(e->store, id, &item, &e->body, e->err);
    if (failed)
        return failed;
    text_add_format(&e->line,
                    "{\"type\":\"item\",\"id\":%u,\"kind\":%u,\"flags\":%u,\"revision\":%llu,"
                    "\"added_at_ms\":%lld,\"updated_at_ms\":%lld,\"fetched_at_ms\":%lld,"
                    "\"expires_at_ms\":%lld,\"content_hash\":\"%016llx\",\"packed\":\"",
                    id, item.kind, item.flags, (unsigned long long)item.revision,
                    (long long)item.added_at_ms, (long long)item.updated_at_ms,
                    (long long)item.fetched_at_ms, (long long)item.expires_at_ms,
                    (unsigned long long)item.content_hash);
    add_base64(&e->line, e->body.bytes, e->body.len);
    failed = cards_get(e->store, id, &e->body, e->err);
    if (failed)
        return failed;
    text_add_string(&e->line, "\",\"card\":\"");
    add_base64(&e->line, e->body.bytes, e->body.len);
    text_add_string(&e->line, "\"}");
    return write_line(e);
}

static int put_record(const struct record_header *record, const char *json, size_t len,
                      void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line, "{\"type\":\"record\",\"item\":%u,\"provider\":", record->item_id);
    text_add_json_string(&e->line, record->provider);
    text_add_format(&e->line,
                    ",\"flags\":%u,\"fetched_at_ms\":%lld,\"gone_since_ms\":%lld,"
                    "\"fetch_priority\":%llu,\"due_at_ms\":%lld,\"missing_since_ms\":%lld,"
                    "\"changed_day\":%d,\"document\":",
                    record->flags, (long long)record->fetched_at_ms,
                    (long long)record->gone_since_ms, (unsigned long long)record->fetch_priority,
                    (long long)record->due_at_ms, (long long)record->missing_since_ms,
                    record->changed_day);
    add_json(&e->line, json, len);
    text_add_char(&e->line, '}');
    return write_line(e);
}

static int put_id(uint32_t kind, const char *text, uint32_t item_id, void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line, "{\"type\":\"id\",\"kind\":%u,\"item\":%u,\"id\":", kind, item_id);
    text_add_json_string(&e->line, text);
    text_add_char(&e->line, '}');
    return write_line(e);
}

static int put_redirect(uint32_t id, uint32_t survivor, void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line, "{\"type\":\"redirect\",\"item\":%u,\"survivor\":%u}", id, survivor);
    return write_line(e);
}

static int put_change(const struct change *change, void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line,
                    "{\"type\":\"change\",\"revision\":%llu,\"item\":%u,\"kind\":%u,\"what\":%u,"
                    "\"at_ms\":%lld,\"merged_into\":%u}",
                    (unsigned long long)change->revision, change->item_id, change->kind,
                    (unsigned)change->what, (long long)change->at_ms, change->merged_into);
    return write_line(e);
}

static int put_job(uint32_t id, const char *json, size_t len, void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line, "{\"type\":\"job\",\"id\":%u,\"job\":", id);
    add_json(&e->line, json, len);
    text_add_char(&e->line, '}');
    return write_line(e);
}

static int put_token(const struct token_row *row, void *context)
{
    struct exporting *e = context;
    char hash[TOKEN_HASH_LEN * 2 + 1];
    sodium_bin2hex(hash, sizeof hash, row->hash, TOKEN_HASH_LEN);
    text_add_format(&e->line, "{\"type\":\"token\",\"id\":%u,\"hash\":\"%s\",\"user\":", row->id,
                    hash);
    text_add_json_string(&e->line, row->user);
    text_add_string(&e->line, ",\"label\":");
    text_add_json_string(&e->line, row->label);
    text_add_format(&e->line, ",\"scopes\":%u,\"created_at_ms\":%lld,\"expires_at_ms\":%lld}",
                    row->scopes, (long long)row->created_at_ms, (long long)row->expires_at_ms);
    return write_line(e);
}

static int put_state(const char *owner, const char *key, const char *value, size_t len,
                     void *context)
{
    struct exporting *e = context;
    if (!text_is_utf8(value, len))
        return error_set(e->err, PROVIDER_EPARSE, "the state '%s' of '%s' is no text", key, owner);
    text_add_string(&e->line, "{\"type\":\"state\",\"owner\":");
    text_add_json_string(&e->line, owner);
    text_add_string(&e->line, ",\"key\":");
    text_add_json_string(&e->line, key);
    text_add_string(&e->line, ",\"value\":");
    CLEANUP(mem_free) char *copy = mem_dup(value, len);
    text_add_json_string(&e->line, copy);
    text_add_char(&e->line, '}');
    return write_line(e);
}

static int put_season_record(const struct season_record *record, const char *json, size_t len,
                             void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line,
                    "{\"type\":\"season_record\",\"show\":%u,\"season\":%u,\"flags\":%u,"
                    "\"provider\":",
                    record->show, record->season, record->flags);
    text_add_json_string(&e->line, record->provider);
    text_add_string(&e->line, ",\"document\":");
    add_json(&e->line, json, len);
    text_add_char(&e->line, '}');
    return write_line(e);
}

/* The calendar is made of these again. */
static int put_season(uint32_t show, uint32_t season, const void *packed, size_t len, void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line, "{\"type\":\"season\",\"show\":%u,\"season\":%u,\"packed\":\"", show,
                    season);
    add_base64(&e->line, packed, len);
    text_add_string(&e->line, "\"}");
    return write_line(e);
}

static int put_list(const struct list_row *row, const char *about, size_t len, void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line,
                    "{\"type\":\"list\",\"id\":%u,\"kind\":%u,\"visibility\":%u,\"flags\":%u,"
                    "\"sort\":%u,\"ascending\":%s,\"revision\":%llu,\"created_at_ms\":%lld,"
                    "\"updated_at_ms\":%lld,\"checked_at_ms\":%lld,\"gone_since_ms\":%lld,"
                    "\"n_items\":%u,\"owner\":",
                    row->id, (unsigned)row->kind, (unsigned)row->visibility, row->flags,
                    (unsigned)row->sort, row->ascending ? "true" : "false",
                    (unsigned long long)row->revision, (long long)row->created_at_ms,
                    (long long)row->updated_at_ms, (long long)row->checked_at_ms,
                    (long long)row->gone_since_ms, row->n_items);
    text_add_json_string(&e->line, row->owner);
    text_add_string(&e->line, ",\"provider\":");
    text_add_json_string(&e->line, row->provider);
    text_add_string(&e->line, ",\"source\":");
    text_add_json_string(&e->line, row->source);
    text_add_string(&e->line, ",\"about\":");
    add_json(&e->line, about, len);
    text_add_char(&e->line, '}');
    return write_line(e);
}

/* The lists of an item are made of these again. */
static int put_list_item(uint32_t list, uint32_t position, const struct list_item *item,
                         void *context)
{
    struct exporting *e = context;
    text_add_format(&e->line,
                    "{\"type\":\"list_item\",\"list\":%u,\"position\":%u,\"item\":%u,\"kind\":%u,"
                    "\"added_at_ms\":%lld",
                    list, position, item->item_id, item->kind, (long long)item->added_at_ms);
    if (item->note) {
        text_add_string(&e->line, ",\"note\":");
        text_add_json_string(&e->line, item->note);
    }
    text_add_char(&e->line, '}');
    return write_line(e);
}

static int put_torrent(const struct torrent_row *row, const char *json, size_t len, void *context)
{
    struct exporting *e = context;
    char hash[TORRENT_HASH_LEN * 2 + 1];
    sodium_bin2hex(hash, sizeof hash, row->hash, TORRENT_HASH_LEN);
    text_add_format(&e->line, "{\"type\":\"torrent\",\"infohash\":\"%s\",\"added_at_ms\":%lld",
                    hash, (long long)row->added_at_ms);
    if (row->has_second) {
        sodium_bin2hex(hash, sizeof hash, row->second, TORRENT_HASH_LEN);
        text_add_format(&e->line, ",\"second\":\"%s\"", hash);
    }
    text_add_string(&e->line, ",\"provider\":");
    text_add_json_string(&e->line, row->provider);
    text_add_string(&e->line, ",\"document\":");
    add_json(&e->line, json, len);
    text_add_char(&e->line, '}');
    return write_line(e);
}

static int put_torrent_part(const uint8_t hash[TORRENT_HASH_LEN], enum torrent_part part,
                            uint32_t index, const char *bytes, size_t len, void *context)
{
    struct exporting *e = context;
    char hex[TORRENT_HASH_LEN * 2 + 1];
    sodium_bin2hex(hex, sizeof hex, hash, TORRENT_HASH_LEN);
    text_add_format(&e->line,
                    "{\"type\":\"torrent_part\",\"infohash\":\"%s\",\"part\":%d,\"index\":%u,"
                    "\"bytes\":\"",
                    hex, (int)part, index);
    add_base64(&e->line, bytes, len);
    text_add_string(&e->line, "\"}");
    return write_line(e);
}

/* All of it: the links from items are made of these again. */
static int put_release(const struct release_packed *release, void *context)
{
    struct exporting *e = context;
    text_add_string(&e->line, "{\"type\":\"release\",\"packed\":\"");
    add_base64(&e->line, release->bytes, release->len);
    text_add_string(&e->line, "\"}");
    return write_line(e);
}

static int put_swarm(const uint8_t *hash, const struct swarm *swarm, void *context)
{
    struct exporting *e = context;
    CLEANUP(text_done) struct text packed = TEXT_INIT(SWARM_PACKED_MAX);
    char hex[2 * RELEASE_HASH_LEN + 1];
    release_hash_to_text(hash, hex);
    swarm_pack(swarm, &packed);
    text_add_format(&e->line, "{\"type\":\"swarm\",\"infohash\":\"%s\",\"packed\":\"", hex);
    add_base64(&e->line, packed.bytes, packed.len);
    text_add_string(&e->line, "\"}");
    return write_line(e);
}

static int put_head(struct exporting *e)
{
    const struct counters *counters = &e->store->counters;
    char now[CLOCK_TEXT_LEN];
    text_add_format(&e->line,
                    "{\"format\":\"" EXPORT_FORMAT "\",\"version\":%d,\"exported_at\":\"%s\","
                    "\"revision\":%llu,\"next_item\":%u,\"next_job\":%u,\"next_token\":%u}",
                    EXPORT_VERSION, clock_format(clock_wall_ms(), now),
                    (unsigned long long)counters->revision, counters->next_item, counters->next_job,
                    counters->next_token);
    return write_line(e);
}

static int put_end(struct exporting *e)
{
    text_add_format(&e->line, "{\"type\":\"end\",\"lines\":%llu}", (unsigned long long)e->n_lines);
    int failed = write_line(e);
    if (!failed && fflush(e->out))
        failed = error_errno(e->err, errno, "cannot write the export");
    return failed;
}

static int put_all(struct exporting *e)
{
    struct store *store = e->store;
    int failed = put_head(e);
    failed = failed ? failed : store_walk(store, STORE_ITEMS, NULL, 0, put_item, e, e->err);
    failed = failed ? failed : records_walk_all(store, put_record, e, e->err);
    failed = failed ? failed : external_ids_walk(store, put_id, e, e->err);
    failed = failed ? failed : redirects_walk(store, put_redirect, e, e->err);
    failed = failed ? failed : changes_walk(store, 0, put_change, e, e->err);
    failed = failed ? failed : releases_walk(store, 0, put_release, e, e->err);
    failed = failed ? failed : swarms_walk(store, put_swarm, e, e->err);
    failed = failed ? failed : season_records_walk(store, 0, 0, put_season_record, e, e->err);
    failed = failed ? failed : seasons_walk(store, 0, put_season, e, e->err);
    failed = failed ? failed : list_rows_walk(store, put_list, e, e->err);
    failed = failed ? failed : list_items_walk(store, 0, 1, put_list_item, e, e->err);
    failed = failed ? failed : torrent_rows_walk(store, put_torrent, e, e->err);
    failed = failed ? failed : torrent_parts_walk_all(store, put_torrent_part, e, e->err);
    failed = failed ? failed : job_rows_walk(store, put_job, e, e->err);
    failed = failed ? failed : token_rows_walk(store, put_token, e, e->err);
    failed = failed ? failed : state_walk(store, put_state, e, e->err);
    return failed ? failed : put_end(e);
}

int maintenance_export(struct store *store, FILE *out, uint64_t *out_lines, struct error *err)
{
    struct exporting e = { .store = store,
                           .out = out,
                           .line = TEXT_INIT(EXPORT_MAX_LINE_LEN),
                           .body = TEXT_INIT(STORE_MAX_VALUE_LEN),
                           .err = err };
    int failed = put_all(&e);
    text_done(&e.line);
    text_done(&e.body);
    if (!failed)
        *out_lines = e.n_lines;
    return failed;
}
