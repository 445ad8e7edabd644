/* SPDX-License-Identifier: MIT */
#include "store/seasons.h"

#include <string.h>

#include "media/season.h"
#include "store/bytes.h"
#include "store/inside.h"

/* Keys: show, season, and of a record the provider's name.  Values: a version byte, of a record its
 * flags, then the JSON or the packed season. */
enum {
    VERSION = 1,
    PART_LEN = 4,
    KEY_LEN = 2 * PART_LEN,
    RECORD_HEAD_LEN = 2,
    SEASON_HEAD_LEN = 1
};

static void put_key(uint32_t show, uint32_t season, uint8_t *out)
{
    bytes_put_be(out, show, PART_LEN);
    bytes_put_be(out + PART_LEN, season, PART_LEN);
}

/* --- Records */

struct key {
    uint8_t bytes[KEY_LEN + RECORD_PROVIDER_LEN];
    size_t len;
};

static int key_of(uint32_t show, uint32_t season, const char *provider, struct key *out,
                  struct error *err)
{
    size_t len = strlen(provider);
    if (!show || !len || len >= RECORD_PROVIDER_LEN)
        return error_set(err, PROVIDER_EINVAL, "a season needs a show and a provider's name");
    put_key(show, season, out->bytes);
    memcpy(out->bytes + KEY_LEN, provider, len);
    out->len = KEY_LEN + len;
    return 0;
}

static int read_record(const void *key, size_t key_len, const void *value, size_t value_len,
                       struct season_record *out, struct error *err)
{
    const uint8_t *at = value, *name = key;
    if (key_len <= KEY_LEN || key_len >= KEY_LEN + RECORD_PROVIDER_LEN ||
        value_len < RECORD_HEAD_LEN)
        return error_set(err, PROVIDER_EPARSE, "a record of a season is cut off");
    if (at[0] != VERSION)
        return error_set(err, PROVIDER_ENOTSUP,
                         "a record of a season has version %u, known here: %d", at[0], VERSION);
    *out = (struct season_record){ .show = (uint32_t)bytes_get_be(name, PART_LEN),
                                   .season = (uint32_t)bytes_get_be(name + PART_LEN, PART_LEN),
                                   .flags = at[1] };
    memcpy(out->provider, name + KEY_LEN, key_len - KEY_LEN);
    return 0;
}

int season_records_txn_get(struct store_txn *txn, uint32_t show, uint32_t season,
                           const char *provider, struct season_record *out, struct text *out_json,
                           struct error *err)
{
    struct key key;
    int failed = key_of(show, season, provider, &key, err);
    if (!failed)
        failed = store_txn_get(txn, STORE_SEASON_RECORDS, key.bytes, key.len, out_json, err);
    if (!failed)
        failed = read_record(key.bytes, key.len, out_json->bytes, out_json->len, out, err);
    if (!failed)
        row_drop_head(out_json, RECORD_HEAD_LEN);
    return failed;
}

int season_records_txn_put(struct store_txn *txn, const struct season_record *record,
                           const char *json, size_t len, struct error *err)
{
    struct key key;
    uint8_t head[RECORD_HEAD_LEN] = { VERSION, (uint8_t)record->flags };
    int failed = key_of(record->show, record->season, record->provider, &key, err);
    return failed ? failed
                  : txn_put_parts(txn, STORE_SEASON_RECORDS, key.bytes, key.len, head, sizeof head,
                                  json, len, err);
}

int season_records_txn_delete(struct store_txn *txn, const struct season_record *record,
                              struct error *err)
{
    struct key key;
    int failed = key_of(record->show, record->season, record->provider, &key, err);
    return failed ? failed : store_txn_delete(txn, STORE_SEASON_RECORDS, key.bytes, key.len, err);
}

/* --- Walking the rows of one show, or of all */

struct walk {
    uint32_t show;
    uint32_t season; /* the first */
    season_records_each *each_record;
    seasons_each *each_season;
    void *context;
    int result; /* what `each` or a broken row said */
    struct error *err;
};

static bool is_of_show(const struct walk *walk, const void *key, size_t key_len)
{
    return !walk->show || (key_len >= PART_LEN && bytes_get_be(key, PART_LEN) == walk->show);
}

static int walk_record(const void *key, size_t key_len, const void *value, size_t value_len,
                       void *context)
{
    struct walk *walk = context;
    if (!is_of_show(walk, key, key_len))
        return 1;
    struct season_record record;
    walk->result = read_record(key, key_len, value, value_len, &record, walk->err);
    if (!walk->result)
        walk->result = walk->each_record(&record, (const char *)value + RECORD_HEAD_LEN,
                                         value_len - RECORD_HEAD_LEN, walk->context);
    return walk->result ? 1 : 0;
}

static int check_season(size_t key_len, const void *value, size_t value_len, struct error *err)
{
    if (key_len != KEY_LEN || value_len < SEASON_HEAD_LEN)
        return error_set(err, PROVIDER_EPARSE, "a season is cut off");
    unsigned version = *(const uint8_t *)value;
    if (version != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "a season has version %u, known here: %d", version,
                         VERSION);
    return 0;
}

static int walk_season(const void *key, size_t key_len, const void *value, size_t value_len,
                       void *context)
{
    struct walk *walk = context;
    const uint8_t *parts = key;
    if (!is_of_show(walk, key, key_len))
        return 1;
    walk->result = check_season(key_len, value, value_len, walk->err);
    if (!walk->result)
        walk->result = walk->each_season((uint32_t)bytes_get_be(parts, PART_LEN),
                                         (uint32_t)bytes_get_be(parts + PART_LEN, PART_LEN),
                                         (const char *)value + SEASON_HEAD_LEN,
                                         value_len - SEASON_HEAD_LEN, walk->context);
    return walk->result ? 1 : 0;
}

/* Within a transaction or without. */
static int run_walk(struct store *store, struct store_txn *txn, enum store_table table,
                    store_each *each, struct walk *walk)
{
    uint8_t from[KEY_LEN];
    put_key(walk->show, walk->season, from);
    int stopped = txn ? store_txn_walk(txn, table, from, KEY_LEN, each, walk, walk->err)
                      : store_walk(store, table, from, KEY_LEN, each, walk, walk->err);
    return stopped < 0 ? stopped : walk->result;
}

int season_records_walk(struct store *store, uint32_t show, uint32_t season,
                        season_records_each *each, void *context, struct error *err)
{
    struct walk walk = {
        .show = show, .season = season, .each_record = each, .context = context, .err = err
    };
    return run_walk(store, NULL, STORE_SEASON_RECORDS, walk_record, &walk);
}

int season_records_txn_walk(struct store_txn *txn, uint32_t show, uint32_t season,
                            season_records_each *each, void *context, struct error *err)
{
    struct walk walk = {
        .show = show, .season = season, .each_record = each, .context = context, .err = err
    };
    return run_walk(NULL, txn, STORE_SEASON_RECORDS, walk_record, &walk);
}

int seasons_walk(struct store *store, uint32_t show, seasons_each *each, void *context,
                 struct error *err)
{
    struct walk walk = { .show = show, .each_season = each, .context = context, .err = err };
    return run_walk(store, NULL, STORE_SEASONS, walk_season, &walk);
}

int seasons_txn_walk(struct store_txn *txn, uint32_t show, seasons_each *each, void *context,
                     struct error *err)
{
    struct walk walk = { .show = show, .each_season = each, .context = context, .err = err };
    return run_walk(NULL, txn, STORE_SEASONS, walk_season, &walk);
}

/* --- The calendar */

/* Key: day (moved up so that days before 1970 come first), show, season, episode. */
enum { AIRING_LEN = 4 * PART_LEN };
static const uint32_t first_day = UINT32_C(1) << 31;

static void put_airing(const struct airing *airing, uint8_t out[AIRING_LEN])
{
    bytes_put_be(out, (uint32_t)airing->day + first_day, PART_LEN);
    bytes_put_be(out + PART_LEN, airing->show, PART_LEN);
    bytes_put_be(out + 2 * PART_LEN, airing->season, PART_LEN);
    bytes_put_be(out + 3 * PART_LEN, airing->episode, PART_LEN);
}

struct calendar {
    struct store_txn *txn;
    uint32_t show, season;
    bool remove;
    int failed;
    struct error *err;
};

static void change_airing(int32_t day, uint32_t episode, void *context)
{
    static const uint8_t value[] = { VERSION };
    struct calendar *calendar = context;
    struct airing airing = { day, calendar->show, calendar->season, episode };
    uint8_t key[AIRING_LEN];
    if (calendar->failed)
        return;
    put_airing(&airing, key);
    calendar->failed =
        calendar->remove
            ? store_txn_delete(calendar->txn, STORE_AIRINGS, key, sizeof key, calendar->err)
            : store_txn_put(calendar->txn, STORE_AIRINGS, key, sizeof key, value, sizeof value,
                            calendar->err);
}

static int change_airings(struct calendar calendar, const struct text *packed)
{
    if (!season_airings(packed->bytes, packed->len, change_airing, &calendar) && !calendar.failed)
        return error_set(calendar.err, PROVIDER_EPARSE, "season %u of show %u is unreadable",
                         calendar.season, calendar.show);
    return calendar.failed;
}

struct calendar_walk {
    uint8_t last[PART_LEN];
    airings_each *each;
    void *context;
    int result;
    struct error *err;
};

static int walk_airing(const void *key, size_t key_len, const void *value UNUSED,
                       size_t value_len UNUSED, void *context)
{
    struct calendar_walk *walk = context;
    const uint8_t *at = key;
    if (key_len != AIRING_LEN)
        return walk->result = error_set(walk->err, PROVIDER_EPARSE, "a calendar row is cut off");
    if (memcmp(at, walk->last, PART_LEN) > 0)
        return 1;
    struct airing airing = {
        .day = (int32_t)((uint32_t)bytes_get_be(at, PART_LEN) - first_day),
        .show = (uint32_t)bytes_get_be(at + PART_LEN, PART_LEN),
        .season = (uint32_t)bytes_get_be(at + 2 * PART_LEN, PART_LEN),
        .episode = (uint32_t)bytes_get_be(at + 3 * PART_LEN, PART_LEN),
    };
    walk->result = walk->each(&airing, walk->context);
    return walk->result ? 1 : 0;
}

int airings_walk(struct store *store, int32_t from_day, int32_t to_day, airings_each *each,
                 void *context, struct error *err)
{
    struct calendar_walk walk = { .each = each, .context = context, .err = err };
    uint8_t from[PART_LEN];
    bytes_put_be(from, (uint32_t)from_day + first_day, PART_LEN);
    bytes_put_be(walk.last, (uint32_t)to_day + first_day, PART_LEN);
    int stopped = store_walk(store, STORE_AIRINGS, from, PART_LEN, walk_airing, &walk, err);
    return stopped < 0 ? stopped : walk.result;
}

/* --- Seasons */

static int finish_get(int failed, struct text *out, struct error *err)
{
    failed = failed ? failed : check_season(KEY_LEN, out->bytes, out->len, err);
    if (!failed)
        row_drop_head(out, SEASON_HEAD_LEN);
    return failed;
}

int seasons_get(struct store *store, uint32_t show, uint32_t season, struct text *out,
                struct error *err)
{
    uint8_t key[KEY_LEN];
    put_key(show, season, key);
    return finish_get(store_get(store, STORE_SEASONS, key, KEY_LEN, out, err), out, err);
}

int seasons_txn_get(struct store_txn *txn, uint32_t show, uint32_t season, struct text *out,
                    struct error *err)
{
    uint8_t key[KEY_LEN];
    put_key(show, season, key);
    return finish_get(store_txn_get(txn, STORE_SEASONS, key, KEY_LEN, out, err), out, err);
}

/* The calendar forgets what the season said so far. */
static int forget_airings(struct store_txn *txn, uint32_t show, uint32_t season, struct error *err)
{
    CLEANUP(text_done) struct text before = TEXT_INIT(STORE_MAX_VALUE_LEN);
    int failed = seasons_txn_get(txn, show, season, &before, err);
    if (failed)
        return failed == PROVIDER_ENOTFOUND ? 0 : failed;
    struct calendar calendar = { txn, show, season, .remove = true, .err = err };
    return change_airings(calendar, &before);
}

int seasons_txn_put(struct store_txn *txn, uint32_t show, uint32_t season,
                    const struct text *packed, struct error *err)
{
    static const uint8_t head[SEASON_HEAD_LEN] = { VERSION };
    uint8_t key[KEY_LEN];
    struct calendar calendar = { txn, show, season, .err = err };
    if (!show)
        return error_set(err, PROVIDER_EINVAL, "a season needs a show");
    int failed = forget_airings(txn, show, season, err);
    failed = failed ? failed : change_airings(calendar, packed);
    put_key(show, season, key);
    return failed ? failed
                  : txn_put_parts(txn, STORE_SEASONS, key, KEY_LEN, head, sizeof head,
                                  packed->bytes, packed->len, err);
}

int seasons_txn_delete(struct store_txn *txn, uint32_t show, uint32_t season, struct error *err)
{
    uint8_t key[KEY_LEN];
    put_key(show, season, key);
    int failed = forget_airings(txn, show, season, err);
    return failed ? failed : store_txn_delete(txn, STORE_SEASONS, key, KEY_LEN, err);
}
