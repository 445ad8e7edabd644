/* SPDX-License-Identifier: MIT */
#include "service/season_intake.h"

#include <string.h>

#include "base/json.h"
#include "media/document.h"
#include "media/season.h"
#include "service/settle.h"
#include "store/changes.h"

/* --- What the providers say */

void season_sources_clear(struct season_sources *sources)
{
    for (size_t i = 0; i < sources->n; i++)
        json_decref(sources->rows[i].document);
    sources->n = 0;
}

void season_sources_done(struct season_sources *sources)
{
    season_sources_clear(sources);
    free(sources->rows);
    *sources = (struct season_sources){ 0 };
}

int season_sources_add(struct season_sources *sources, const struct season_record *record,
                       const char *json, size_t len, struct error *err)
{
    json_t *document;
    int result = js_parse(json, len, DOCUMENT_MAX_LEN, &document, err);
    if (result)
        return error_prefix(err, "the record of '%s' of season %u of show %u", record->provider,
                            record->season, record->show);
    if (sources->n == sources->capacity) {
        sources->capacity = sources->capacity * 2 + 2;
        sources->rows = mem_resize(sources->rows, sources->capacity, sizeof *sources->rows);
    }
    sources->rows[sources->n++] = (struct season_source){ *record, document };
    return 0;
}

int season_sources_pack(const struct season_sources *sources, const struct merge_policy *policy,
                        struct text *out, struct error *err)
{
    CLEANUP(mem_free) struct merge_record *records = mem_alloc_array(sources->n, sizeof *records);
    for (size_t i = 0; i < sources->n; i++)
        records[i] =
            (struct merge_record){ .provider = sources->rows[i].record.provider,
                                   .document = sources->rows[i].document,
                                   .partial = sources->rows[i].record.flags & RECORD_PARTIAL };
    json_auto_t *season = season_merge(records, sources->n, policy);
    season_pack(season, out);
    return out->overflow ? error_set(err, PROVIDER_ELIMIT, "a season is too long to be kept") : 0;
}

/* --- What the records imply */

struct settling {
    struct store_txn *txn;
    const struct derive_policy *policy;
    uint32_t show, season;
    int64_t now_ms;
    struct season_sources sources;
    struct error *err;
};

static void settling_done(struct settling *settling)
{
    season_sources_done(&settling->sources);
}
DEFINE_CLEANUP_VALUE(struct settling, settling_done);

static int add_source(const struct season_record *record, const char *json, size_t len,
                      void *context)
{
    struct settling *settling = context;
    if (record->season != settling->season)
        return 1;
    return season_sources_add(&settling->sources, record, json, len, settling->err);
}

static int touch_show(const struct settling *settling)
{
    return settle_touch(settling->txn, settling->show, settling->now_ms, settling->err);
}

/* Writes the season the records imply, when it is another than the one that stands there. */
static int write_season(struct settling *settling)
{
    CLEANUP(text_done) struct text before = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text packed = TEXT_INIT(DERIVE_MAX_LEN);
    struct error *err = settling->err;
    int result = seasons_txn_get(settling->txn, settling->show, settling->season, &before, err);
    bool is_new = result == PROVIDER_ENOTFOUND;
    if (result && !is_new)
        return result;
    if (!settling->sources.n && is_new)
        return 0;
    if (!settling->sources.n)
        result = seasons_txn_delete(settling->txn, settling->show, settling->season, err);
    else
        result = season_sources_pack(&settling->sources, &settling->policy->merge, &packed, err);
    if (result || !settling->sources.n)
        return result ? result : touch_show(settling);
    if (!is_new && packed.len == before.len && !memcmp(packed.bytes, before.bytes, packed.len))
        return 0;
    result = seasons_txn_put(settling->txn, settling->show, settling->season, &packed, err);
    return result ? result : touch_show(settling);
}

static int settle(struct store_txn *txn, const struct derive_policy *policy, uint32_t show,
                  uint32_t season, int64_t now_ms, struct error *err)
{
    CLEANUP(settling_done)
    struct settling settling = {
        .txn = txn, .policy = policy, .show = show, .season = season, .now_ms = now_ms, .err = err
    };
    int result = season_records_txn_walk(txn, show, season, add_source, &settling, err);
    return result < 0 ? result : write_season(&settling);
}

/* --- One document */

int season_intake_take(struct store_txn *txn, const struct derive_policy *policy,
                       const char *provider, uint32_t show, bool partial, const json_t *document,
                       int64_t now_ms, struct error *err)
{
    uint32_t season = (uint32_t)js_int(document, "season_number", 0);
    CLEANUP(text_done) struct text before = TEXT_INIT(DOCUMENT_MAX_LEN + 16);
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    struct season_record record = { 0 };
    int result = season_records_txn_get(txn, show, season, provider, &record, &before, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    if (!result && partial && !(record.flags & RECORD_PARTIAL))
        return 0;
    if (!js_write(document, &json))
        return error_set(err, PROVIDER_ELIMIT, "a season of more than %d bytes", DOCUMENT_MAX_LEN);
    bool same = !result && json.len == before.len && !memcmp(json.bytes, before.bytes, json.len) &&
                record.flags == (partial ? RECORD_PARTIAL : 0);
    record = (struct season_record){ .show = show,
                                     .season = season,
                                     .flags = partial ? RECORD_PARTIAL : 0 };
    snprintf(record.provider, sizeof record.provider, "%s", provider);
    if (same)
        return 0;
    result = season_records_txn_put(txn, &record, json.bytes, json.len, err);
    return result ? result : settle(txn, policy, show, season, now_ms, err);
}

int season_intake_forget(struct store_txn *txn, const struct derive_policy *policy,
                         const char *provider, uint32_t show, uint32_t season, int64_t now_ms,
                         struct error *err)
{
    struct season_record record = { .show = show, .season = season };
    snprintf(record.provider, sizeof record.provider, "%s", provider);
    int result = season_records_txn_delete(txn, &record, err);
    return result ? result : settle(txn, policy, show, season, now_ms, err);
}

/* --- All seasons of a show */

/* Which records there are, by show, season and provider. */
struct gathering {
    struct season_record *rows;
    size_t n, capacity;
    const char *provider; /* only this one's; NULL: all */
    const json_t *listed; /* not these; NULL: all */
};

static void gathering_done(struct gathering *gathering)
{
    free(gathering->rows);
}
DEFINE_CLEANUP_VALUE(struct gathering, gathering_done);

static bool is_listed(const json_t *seasons, uint32_t number)
{
    for (size_t i = 0; i < json_array_size(seasons); i++)
        if (js_int(json_array_get(seasons, i), "season_number", -1) == number)
            return true;
    return false;
}

static int gather(const struct season_record *record, const char *json UNUSED, size_t len UNUSED,
                  void *context)
{
    struct gathering *gathering = context;
    if ((gathering->provider && strcmp(gathering->provider, record->provider) != 0) ||
        (gathering->listed && is_listed(gathering->listed, record->season)))
        return 0;
    if (gathering->n == gathering->capacity) {
        gathering->capacity = gathering->capacity * 2 + 8;
        gathering->rows = mem_resize(gathering->rows, gathering->capacity, sizeof *gathering->rows);
    }
    gathering->rows[gathering->n++] = *record;
    return 0;
}

int season_intake_prune(struct store_txn *txn, const struct derive_policy *policy,
                        const char *provider, uint32_t show, const json_t *document, int64_t now_ms,
                        struct error *err)
{
    CLEANUP(gathering_done)
    struct gathering gathering = { .provider = provider, .listed = js_array(document, "seasons") };
    if (!gathering.listed)
        return 0;
    int result = season_records_txn_walk(txn, show, 0, gather, &gathering, err);
    for (size_t i = 0; !result && i < gathering.n; i++)
        result = season_intake_forget(txn, policy, provider, show, gathering.rows[i].season, now_ms,
                                      err);
    return result;
}

/* Moves one record, unless the survivor has one of its own. */
static int move(struct store_txn *txn, const struct season_record *row, uint32_t survivor,
                struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN + 16);
    CLEANUP(text_done) struct text own = TEXT_INIT(DOCUMENT_MAX_LEN + 16);
    struct season_record record, ours;
    int result =
        season_records_txn_get(txn, row->show, row->season, row->provider, &record, &json, err);
    if (!result)
        result = season_records_txn_delete(txn, row, err);
    if (result)
        return result;
    result = season_records_txn_get(txn, survivor, row->season, row->provider, &ours, &own, err);
    if (result != PROVIDER_ENOTFOUND)
        return result;
    record.show = survivor;
    return season_records_txn_put(txn, &record, json.bytes, json.len, err);
}

int season_intake_merge(struct store_txn *txn, const struct derive_policy *policy,
                        uint32_t survivor, uint32_t loser, int64_t now_ms, struct error *err)
{
    CLEANUP(gathering_done) struct gathering gathering = { 0 };
    int result = season_records_txn_walk(txn, loser, 0, gather, &gathering, err);
    for (size_t i = 0; !result && i < gathering.n; i++)
        result = move(txn, &gathering.rows[i], survivor, err);
    for (size_t i = 0; !result && i < gathering.n; i++) {
        uint32_t season = gathering.rows[i].season;
        if (i && gathering.rows[i - 1].season == season)
            continue;
        result = seasons_txn_delete(txn, loser, season, err);
        if (!result)
            result = settle(txn, policy, survivor, season, now_ms, err);
    }
    return result;
}

int season_intake_settle(struct store_txn *txn, const struct derive_policy *policy, uint32_t show,
                         int64_t now_ms, struct error *err)
{
    CLEANUP(gathering_done) struct gathering gathering = { 0 };
    int result = season_records_txn_walk(txn, show, 0, gather, &gathering, err);
    for (size_t i = 0; !result && i < gathering.n; i++)
        if (!i || gathering.rows[i - 1].season != gathering.rows[i].season)
            result = settle(txn, policy, show, gathering.rows[i].season, now_ms, err);
    return result;
}
