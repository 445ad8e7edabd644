/* SPDX-License-Identifier: MIT
 *
 * Repairing: rows that nothing stands behind are removed, rows that follow from others are written.
 */
#include <string.h>

#include "media/season.h"
#include "store/bytes.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/maintenance.h"
#include "store/repairing.h"
#include "store/seasons.h"

enum { BATCH = 200 };

/* --- Sweeping a table */

struct row_key {
    uint8_t bytes[STORE_MAX_KEY_LEN];
    size_t len;
};

struct sweep;
typedef bool judge_row(struct sweep *sweep, const uint8_t *key, size_t len);

struct sweep {
    struct store *store;
    enum store_table table;
    judge_row *is_wrong;
    struct row_key wrong[BATCH], last; /* last: the row looked at last */
    size_t n;
    struct text row;
};

static int look(const void *key, size_t key_len, const void *value UNUSED, size_t value_len UNUSED,
                void *context)
{
    struct sweep *sweep = context;
    if (sweep->n == BATCH || key_len > STORE_MAX_KEY_LEN)
        return 1;
    memcpy(sweep->last.bytes, key, key_len);
    sweep->last.len = key_len;
    if (sweep->is_wrong(sweep, key, key_len))
        sweep->wrong[sweep->n++] = sweep->last;
    return 0;
}

static int remove_wrong(struct store_txn *txn, void *context, struct error *err)
{
    const struct sweep *sweep = context;
    int failed = 0;
    for (size_t i = 0; !failed && i < sweep->n; i++)
        failed =
            store_txn_delete(txn, sweep->table, sweep->wrong[i].bytes, sweep->wrong[i].len, err);
    return failed;
}

static int sweep_table(struct store *store, enum store_table table, judge_row *is_wrong,
                       struct error *err)
{
    CLEANUP(mem_free) struct sweep *sweep = mem_new(struct sweep);
    *sweep = (struct sweep){
        .store = store, .table = table, .is_wrong = is_wrong, .row = TEXT_INIT(STORE_MAX_VALUE_LEN)
    };
    int failed;
    do {
        sweep->n = 0;
        failed = store_walk(store, table, sweep->last.len ? sweep->last.bytes : NULL,
                            sweep->last.len, look, sweep, err);
        if (failed >= 0 && sweep->n)
            failed = store_write(store, remove_wrong, sweep, err);
    } while (failed >= 0 && sweep->n == BATCH);
    text_done(&sweep->row);
    return MIN(failed, 0);
}

/* --- What is wrong */

static bool item_exists(struct sweep *sweep, uint32_t id)
{
    struct item_header item;
    return !items_get(sweep->store, id, &item, &sweep->row, NULL);
}

static bool card_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    return len != 4 || !item_exists(sweep, (uint32_t)bytes_get_be(key, 4));
}

/* Records and their heads have the same key. */
static bool head_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    return store_get(sweep->store, STORE_RECORDS, key, len, &sweep->row, NULL) != 0;
}

/* The head behind a key that begins with eight other bytes; false: there is none. */
static bool find_head(struct sweep *sweep, const uint8_t *key, size_t len,
                      struct record_header *out)
{
    char provider[RECORD_PROVIDER_LEN] = "";
    if (len <= 12 || len - 12 >= sizeof provider)
        return false;
    memcpy(provider, key + 12, len - 12);
    return !heads_get(sweep->store, (uint32_t)bytes_get_be(key + 8, 4), provider, out, NULL);
}

static bool fetch_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    struct record_header head;
    return !find_head(sweep, key, len, &head) || head.fetch_priority != bytes_get_be(key, 8);
}

static bool due_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    struct record_header head;
    return !find_head(sweep, key, len, &head) || (uint64_t)head.due_at_ms != bytes_get_be(key, 8);
}

static bool redirect_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    uint32_t end, id = len == 4 ? (uint32_t)bytes_get_be(key, 4) : 0;
    return !id || item_exists(sweep, id) || redirects_find(sweep->store, id, &end, NULL) ||
           !item_exists(sweep, end);
}

static bool list_change_is_wrong(struct sweep *sweep, const struct change *change)
{
    struct list_row list;
    return list_rows_get(sweep->store, change->item_id, &list, &sweep->row, NULL) ||
           list.revision != change->revision;
}

static bool change_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    struct change change;
    struct item_header item;
    if (len != 8 || changes_get(sweep->store, bytes_get_be(key, 8), &change, NULL))
        return true;
    if (change.what == CHANGE_MERGED || change.what == CHANGE_DELETED)
        return false;
    if (change.kind == PROVIDER_LIST)
        return list_change_is_wrong(sweep, &change);
    return items_get(sweep->store, change.item_id, &item, &sweep->row, NULL) ||
           item.revision != change.revision;
}

static int stop_at_first(const struct season_record *record, const char *json UNUSED,
                         size_t len UNUSED, void *context)
{
    return record->season == *(uint32_t *)context ? 1 : 2;
}

static bool season_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    if (len != 8)
        return true;
    uint32_t season = (uint32_t)bytes_get_be(key + 4, 4);
    return season_records_walk(sweep->store, (uint32_t)bytes_get_be(key, 4), season, stop_at_first,
                               &season, NULL) != 1;
}

static int stop_at_record(const struct record_header *header UNUSED, const char *json UNUSED,
                          size_t len UNUSED, void *context UNUSED)
{
    return 1;
}

static void see_airing(int32_t day UNUSED, uint32_t episode UNUSED, void *context UNUSED)
{
}

static bool season_is_unreadable(struct sweep *sweep, const uint8_t *key, size_t len)
{
    return len != 8 ||
           seasons_get(sweep->store, (uint32_t)bytes_get_be(key, 4),
                       (uint32_t)bytes_get_be(key + 4, 4), &sweep->row, NULL) ||
           !season_airings(sweep->row.bytes, sweep->row.len, see_airing, NULL);
}

static bool season_record_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    uint32_t show = len > 8 ? (uint32_t)bytes_get_be(key, 4) : 0;
    return !show || records_walk(sweep->store, show, stop_at_record, NULL, NULL) != 1;
}

static int see_item(uint32_t list UNUSED, uint32_t position UNUSED, const struct list_item *item,
                    void *context)
{
    return item->item_id == *(uint32_t *)context;
}

static bool item_list_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    uint32_t item = len == 8 ? (uint32_t)bytes_get_be(key, 4) : 0;
    return !item || list_items_walk(sweep->store, (uint32_t)bytes_get_be(key + 4, 4), 1, see_item,
                                    &item, NULL) != 1;
}

static bool list_item_is_wrong(struct sweep *sweep, const uint8_t *key, size_t len)
{
    struct list_row list;
    return len != 8 ||
           list_rows_get(sweep->store, (uint32_t)bytes_get_be(key, 4), &list, &sweep->row, NULL);
}

/* The calendar is written anew from the seasons. */
static bool anything_is_wrong(struct sweep *sweep UNUSED, const uint8_t *key UNUSED,
                              size_t len UNUSED)
{
    return true;
}

/* --- Counters */

struct highest {
    uint32_t id;
    uint64_t revision, n_fetches;
};

static int see_id(const void *key, size_t key_len, const void *value UNUSED,
                  size_t value_len UNUSED, void *context)
{
    struct highest *highest = context;
    if (key_len >= 4)
        highest->id = MAX(highest->id, (uint32_t)bytes_get_be(key, 4));
    return 0;
}

static int see_change(const struct change *change, void *context)
{
    struct highest *highest = context;
    highest->revision = MAX(highest->revision, change->revision);
    return 0;
}

static int see_fetch(const void *key UNUSED, size_t key_len UNUSED, const void *value UNUSED,
                     size_t value_len UNUSED, void *context)
{
    ((struct highest *)context)->n_fetches++;
    return 0;
}

static int set_counters(struct store_txn *txn, void *context, struct error *err UNUSED)
{
    const struct highest *highest = context;
    struct counters *counters = &txn->counters;
    counters->next_item = MAX(counters->next_item, highest->id + 1);
    counters->revision = MAX(counters->revision, highest->revision);
    counters->n_fetches = highest->n_fetches;
    return 0;
}

static int repair_counters(struct store *store, struct error *err)
{
    struct highest highest = { 0 };
    static const enum store_table numbered[] = { STORE_RECORDS, STORE_ITEMS, STORE_LISTS,
                                                 STORE_REDIRECTS };
    int failed = 0;
    for (size_t i = 0; !failed && i < ARRAY_LEN(numbered); i++)
        failed = store_walk(store, numbered[i], NULL, 0, see_id, &highest, err);
    if (!failed)
        failed = changes_walk(store, 0, see_change, &highest, err);
    if (!failed)
        failed = store_walk(store, STORE_FETCHES, NULL, 0, see_fetch, &highest, err);
    return failed ? failed : store_write(store, set_counters, &highest, err);
}

int maintenance_repair_ground(struct store *store, struct error *err)
{
    int failed = repair_missing_heads(store, err);
    failed = failed ? failed : sweep_table(store, STORE_RECORD_HEADS, head_is_wrong, err);
    return failed ? failed : sweep_table(store, STORE_SEASONS, season_is_unreadable, err);
}

int maintenance_repair_tables(struct store *store, struct error *err)
{
    static const struct {
        enum store_table table;
        judge_row *is_wrong;
    } sweeps[] = {
        { STORE_CARDS, card_is_wrong },
        { STORE_FETCHES, fetch_is_wrong },
        { STORE_DUE, due_is_wrong },
        { STORE_REDIRECTS, redirect_is_wrong },
        { STORE_SEASON_RECORDS, season_record_is_wrong },
        { STORE_SEASONS, season_is_wrong },
        { STORE_AIRINGS, anything_is_wrong },
        { STORE_CHANGES, change_is_wrong },
        { STORE_LIST_ITEMS, list_item_is_wrong },
        { STORE_ITEM_LISTS, item_list_is_wrong },
    };
    int failed = 0;
    for (size_t i = 0; !failed && i < ARRAY_LEN(sweeps); i++)
        failed = sweep_table(store, sweeps[i].table, sweeps[i].is_wrong, err);
    failed = failed ? failed : repair_counters(store, err);
    failed = failed ? failed : repair_following(store, err);
    failed = failed ? failed : repair_lists(store, err);
    return failed ? failed : repair_counters(store, err);
}
