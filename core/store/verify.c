/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/log.h"
#include "media/merge.h"
#include "media/season.h"
#include "store/bytes.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/maintenance.h"
#include "store/seasons.h"

struct verifying {
    struct store *store;
    const struct maintenance_checks *checks;
    uint64_t n_findings, n_fetches;
    uint32_t max_item;
    uint32_t n_records; /* of the item that is looked at */
    int64_t n_due;      /* records that are due some time, less the rows that say so */
    uint64_t airings;   /* what the seasons say, less what the calendar says: 0 in the end */
    struct list_verdict lists;
    struct text row;
    struct error *err;
};

static void find(struct verifying *v, const char *fmt, ...) PRINTF(2, 3);
static void find(struct verifying *v, const char *fmt, ...)
{
    char finding[300];
    va_list args;
    va_start(args, fmt);
    vsnprintf(finding, sizeof finding, fmt, args);
    va_end(args);
    v->n_findings++;
    v->checks->report(finding, v->checks->context);
}

/* What a hook finds is a finding too. */
static void hear(const char *finding, void *context)
{
    find(context, "%s", finding);
}

/* False and a finding when it cannot be read; `who` refers to it. */
static bool item_of(struct verifying *v, uint32_t id, const char *who, struct item_header *out)
{
    struct error err = { 0 };
    int failed = items_get(v->store, id, out, &v->row, &err);
    if (failed == PROVIDER_ENOTFOUND)
        find(v, "%s belongs to item %u, which does not exist", who, id);
    else if (failed)
        find(v, "%s belongs to item %u: %s", who, id, err.text);
    return !failed;
}

static int look_for_placeholder(const struct record_header *header, const char *json UNUSED,
                                size_t len UNUSED, void *context)
{
    bool *found = context;
    *found = *found || (header->flags & RECORD_PARTIAL);
    return 0;
}

/* Of a thing that is only known to have changed, there is a partial record and no item until it is
 * fetched. */
static bool is_placeholder(struct verifying *v, uint32_t id)
{
    struct item_header item;
    bool found = false;
    return items_get(v->store, id, &item, &v->row, NULL) == PROVIDER_ENOTFOUND &&
           !records_walk(v->store, id, look_for_placeholder, &found, NULL) && found;
}

/* Locks alone are no item. */
static int count_record(const struct record_header *header, const char *json UNUSED,
                        size_t len UNUSED, void *context)
{
    ((struct verifying *)context)->n_records += !merge_is_local(header->provider);
    return 0;
}

static void check_change_of(struct verifying *v, const struct item_header *item)
{
    struct change change;
    if (changes_get(v->store, item->revision, &change, NULL))
        find(v, "item %u was changed by %llu, which is not in the change feed", item->id,
             (unsigned long long)item->revision);
    else if (change.item_id != item->id)
        find(v, "item %u was changed by %llu, which is the change of item %u", item->id,
             (unsigned long long)item->revision, change.item_id);
}

static int check_item(const void *key, size_t key_len, const void *value UNUSED,
                      size_t value_len UNUSED, void *context)
{
    struct verifying *v = context;
    uint32_t id = key_len == 4 ? (uint32_t)bytes_get_be(key, 4) : 0;
    struct error err = { 0 };
    struct item_header item;
    v->max_item = MAX(v->max_item, id);
    if (items_get(v->store, id, &item, &v->row, &err)) {
        find(v, "item %u cannot be read: %s", id, err.text);
        return 0;
    }
    check_change_of(v, &item);
    if (cards_get(v->store, id, &v->row, &err))
        find(v, "item %u has no card: %s", id, err.text);
    v->n_records = 0;
    if (records_walk(v->store, id, count_record, v, &err))
        find(v, "the records of item %u cannot be read: %s", id, err.text);
    else if (!v->n_records)
        find(v, "item %u has no record of any provider", id);
    const struct maintenance_checks *checks = v->checks;
    return checks->rederive
               ? checks->rederive(v->store, id, hear, v, checks->rederive_context, v->err)
               : 0;
}

static int check_card(uint32_t id, const void *card UNUSED, size_t len UNUSED, void *context)
{
    struct item_header item;
    item_of(context, id, "a card", &item);
    return 0;
}

static bool is_waiting(struct verifying *v, uint64_t priority, uint32_t item_id,
                       const char *provider)
{
    uint8_t key[64];
    size_t len = strlen(provider);
    bytes_put_be(key, priority, 8);
    bytes_put_be(key + 8, item_id, 4);
    memcpy(key + 12, provider, len);
    return !store_get(v->store, STORE_FETCHES, key, 12 + len, &v->row, NULL);
}

static int check_record(const struct record_header *header, const char *json UNUSED,
                        size_t len UNUSED, void *context)
{
    struct verifying *v = context;
    struct item_header item;
    struct record_header head;
    char who[64];
    snprintf(who, sizeof who, "a record of '%s'", header->provider);
    if (heads_get(v->store, header->item_id, header->provider, &head, NULL))
        find(v, "the record of '%s' of item %u has no head", header->provider, header->item_id);
    if (!(header->flags & RECORD_PARTIAL) || !is_placeholder(v, header->item_id))
        item_of(v, header->item_id, who, &item);
    if (header->fetch_priority &&
        !is_waiting(v, header->fetch_priority, header->item_id, header->provider))
        find(v, "the record of '%s' of item %u says that a fetch waits, but none does",
             header->provider, header->item_id);
    return 0;
}

static int check_fetch(const void *key, size_t key_len, const void *value UNUSED,
                       size_t value_len UNUSED, void *context)
{
    struct verifying *v = context;
    const uint8_t *bytes = key;
    char provider[RECORD_PROVIDER_LEN] = "";
    v->n_fetches++;
    if (key_len <= 12 || key_len - 12 >= sizeof provider) {
        find(v, "a waiting fetch has an unreadable key");
        return 0;
    }
    memcpy(provider, bytes + 12, key_len - 12);
    uint32_t id = (uint32_t)bytes_get_be(bytes + 8, 4);
    struct record_header record;
    if (records_get(v->store, id, provider, &record, &v->row, NULL))
        find(v, "a fetch of item %u from '%s' waits without a record", id, provider);
    else if (record.fetch_priority != bytes_get_be(bytes, 8))
        find(v, "a fetch of item %u from '%s' waits that its record does not know", id, provider);
    return 0;
}

static int check_id(uint32_t kind, const char *text, uint32_t item_id, void *context)
{
    struct verifying *v = context;
    struct item_header item;
    char who[240];
    if (kind == PROVIDER_LIST) {
        verify_list_source(v->store, text, item_id, &v->lists);
        return 0;
    }
    snprintf(who, sizeof who, "the external id '%s'", text);
    if (!is_placeholder(v, item_id) && item_of(v, item_id, who, &item) && item.kind != kind)
        find(v, "%s of kind %u belongs to item %u of kind %u", who, kind, item_id, item.kind);
    bool said = true;
    int failed =
        v->checks->prove_id ? v->checks->prove_id(v->store, text, item_id, &said, v->err) : 0;
    if (!failed && !said)
        find(v, "%s belongs to item %u, none of whose records says it", who, item_id);
    return failed;
}

static int check_change(const struct change *change, void *context)
{
    struct verifying *v = context;
    struct item_header item;
    char who[64];
    snprintf(who, sizeof who, "change %llu", (unsigned long long)change->revision);
    if (change->revision > store_revision(v->store))
        find(v, "%s is newer than the last one given", who);
    if (change->what == CHANGE_MERGED || change->what == CHANGE_DELETED)
        return 0;
    if (change->kind == PROVIDER_LIST)
        verify_list_change(v->store, change, &v->lists);
    else if (item_of(v, change->item_id, who, &item) && item.revision != change->revision)
        find(v, "%s belongs to item %u, which was last changed by %llu", who, change->item_id,
             (unsigned long long)item.revision);
    return 0;
}

static int check_redirect(uint32_t id, uint32_t survivor, void *context)
{
    struct verifying *v = context;
    struct item_header item;
    struct error err = { 0 };
    uint32_t end = survivor;
    if (!items_get(v->store, id, &item, &v->row, NULL))
        find(v, "item %u was merged into %u and still exists", id, survivor);
    if (redirects_find(v->store, id, &end, &err))
        find(v, "the redirect of item %u leads nowhere: %s", id, err.text);
    else if (items_get(v->store, end, &item, &v->row, NULL))
        find(v, "item %u was merged into %u, which does not exist", id, end);
    return 0;
}

/* --- Heads, and what is due */

static int check_head(const struct record_header *header, void *context)
{
    struct verifying *v = context;
    struct record_header record;
    if (records_get(v->store, header->item_id, header->provider, &record, &v->row, NULL))
        find(v, "item %u has the head of a record of '%s' and no such record", header->item_id,
             header->provider);
    v->n_due += header->due_at_ms != 0;
    return 0;
}

static int check_due(const struct due *due, void *context)
{
    struct verifying *v = context;
    struct record_header record;
    if (heads_get(v->store, due->item_id, due->provider, &record, NULL) ||
        record.due_at_ms != due->at_ms)
        find(v, "item %u is due at '%s' at a time that its record does not know", due->item_id,
             due->provider);
    v->n_due--;
    return 0;
}

static int check_heads(struct verifying *v)
{
    int failed = heads_walk(v->store, 0, check_head, v, v->err);
    failed = failed ? failed : due_walk(v->store, check_due, v, v->err);
    if (!failed && v->n_due)
        find(v, "%lld records say when they are due, and nothing reminds of it",
             (long long)v->n_due);
    return failed;
}

/* --- Seasons and the calendar */

static void check_show(struct verifying *v, uint32_t show, uint32_t season, const char *what)
{
    struct item_header item;
    char who[96];
    snprintf(who, sizeof who, "%s %u", what, season);
    if (!is_placeholder(v, show) && item_of(v, show, who, &item) && item.kind != PROVIDER_TVSHOW)
        find(v, "%s belongs to item %u, which is no show", who, show);
}

static int check_season_record(const struct season_record *record, const char *json UNUSED,
                               size_t len UNUSED, void *context)
{
    struct verifying *v = context;
    check_show(v, record->show, record->season, "a record of season");
    if (seasons_get(v->store, record->show, record->season, &v->row, NULL))
        find(v, "show %u has a record of season %u and no such season", record->show,
             record->season);
    return 0;
}

struct counting_airings {
    struct verifying *v;
    uint32_t show, season;
};

/* The sum of all rows does not depend on their order. */
static uint64_t hash_airing(const struct airing *airing)
{
    uint64_t parts[] = { (uint64_t)airing->day, airing->show, airing->season, airing->episode };
    return text_hash(parts, sizeof parts);
}

static void add_airing(int32_t day, uint32_t episode, void *context)
{
    struct counting_airings *counting = context;
    struct airing airing = { day, counting->show, counting->season, episode };
    counting->v->airings += hash_airing(&airing);
}

static int find_record_of_season(const struct season_record *record, const char *json UNUSED,
                                 size_t len UNUSED, void *context)
{
    return record->season == *(uint32_t *)context ? 1 : 2;
}

static int check_season(uint32_t show, uint32_t season, const void *packed, size_t len,
                        void *context)
{
    struct verifying *v = context;
    struct counting_airings counting = { v, show, season };
    check_show(v, show, season, "season");
    if (!season_airings(packed, len, add_airing, &counting))
        find(v, "season %u of show %u is unreadable", season, show);
    if (season_records_walk(v->store, show, season, find_record_of_season, &season, NULL) != 1)
        find(v, "season %u of show %u has no record of any provider", season, show);
    return 0;
}

static int subtract_airing(const struct airing *airing, void *context)
{
    ((struct verifying *)context)->airings -= hash_airing(airing);
    return 0;
}

static int check_seasons(struct verifying *v)
{
    int failed = season_records_walk(v->store, 0, 0, check_season_record, v, v->err);
    failed = failed ? failed : seasons_walk(v->store, 0, check_season, v, v->err);
    failed =
        failed ? failed : airings_walk(v->store, INT32_MIN, INT32_MAX, subtract_airing, v, v->err);
    if (!failed && v->airings)
        find(v, "the calendar is not what the seasons say");
    return failed;
}

static void check_counters(struct verifying *v)
{
    const struct counters *counters = &v->store->counters;
    if (v->n_fetches != counters->n_fetches)
        find(v, "%llu fetches wait, counted were %llu", (unsigned long long)v->n_fetches,
             (unsigned long long)counters->n_fetches);
    if (v->max_item >= counters->next_item)
        find(v, "item %u exists, but the next new one would be %u", v->max_item,
             counters->next_item);
    if (v->lists.max_id >= counters->next_item)
        find(v, "list %u exists, but the next new one would be %u", v->lists.max_id,
             counters->next_item);
}

int maintenance_verify_tables(struct store *store, const struct maintenance_checks *checks,
                              uint64_t *out_n, struct error *err)
{
    struct verifying v = { .store = store,
                           .checks = checks,
                           .lists = { .checks = checks },
                           .row = TEXT_INIT(STORE_MAX_VALUE_LEN),
                           .err = err };
    int failed = store_walk(store, STORE_ITEMS, NULL, 0, check_item, &v, err);
    failed = failed ? failed : cards_walk(store, check_card, &v, err);
    failed = failed ? failed : records_walk_all(store, check_record, &v, err);
    failed = failed ? failed : store_walk(store, STORE_FETCHES, NULL, 0, check_fetch, &v, err);
    failed = failed ? failed : external_ids_walk(store, check_id, &v, err);
    failed = failed ? failed : changes_walk(store, 0, check_change, &v, err);
    failed = failed ? failed : redirects_walk(store, check_redirect, &v, err);
    failed = failed ? failed : check_heads(&v);
    failed = failed ? failed : check_seasons(&v);
    failed = failed ? failed : verify_lists(store, &v.lists, err);
    failed = failed ? failed : verify_releases(store, checks, &v.n_findings, err);
    if (!failed)
        check_counters(&v);
    text_done(&v.row);
    *out_n = v.n_findings + v.lists.n_findings;
    return failed;
}

/* --- The files */

static void hear_nothing(const DB_ENV *env UNUSED, const char *prefix UNUSED, const char *message)
{
    log_debug("store", "%s", message);
}

static int verify_file(const char *file)
{
    DB *db;
    int db_code = db_create(&db, NULL, 0);
    if (db_code)
        return db_code;
    db->set_errcall(db, hear_nothing);
    db_code = db->set_cachesize(db, 0, 32u << 20, 1);
    if (!db_code)
        return db->verify(db, file, NULL, NULL, 0); /* which frees it, too */
    db->close(db, 0);
    return db_code;
}

/* In a process of its own: Berkeley DB's verification may itself crash on what a damaged file says
 * of its pages.  False: it did. */
static bool verify_file_apart(const char *file, int *out_db_code)
{
    int ends[2], status = 0;
    if (pipe2(ends, O_CLOEXEC))
        return false;
    CLEANUP(fd_close) int from = ends[0];
    CLEANUP(fd_close) int to = ends[1];
    fflush(NULL); /* or the child might write it again */
    pid_t child = fork();
    if (child == 0) {
        /* A crash ends this process, whatever handlers the parent has. */
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        int db_code = verify_file(file);
        _exit(write(to, &db_code, sizeof db_code) == sizeof db_code ? 0 : 1);
    }
    if (child < 0)
        return false;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
           read(from, out_db_code, sizeof *out_db_code) == sizeof *out_db_code;
}

/* Under the lock, so that nobody starts meanwhile. */
static int verify_files(const char *path, const struct maintenance_checks *checks, uint64_t *out_n,
                        struct error *err)
{
    CLEANUP(fd_close) int lock = -1;
    int failed = environment_lock(path, &lock, err);
    for (int table = 0; table < STORE_N_TABLES && !failed; table++) {
        const char *name = environment_table_name((enum store_table)table);
        CLEANUP(mem_free) char *file = mem_format("%s/%s.db", path, name);
        int db_code = 0;
        bool survived = verify_file_apart(file, &db_code);
        if (survived && !db_code)
            continue;
        char finding[300];
        snprintf(finding, sizeof finding, "the file '%s' is damaged: %s", file,
                 survived ? db_strerror(db_code) : "its verification crashed");
        checks->report(finding, checks->context);
        ++*out_n;
    }
    return failed;
}

/* Opening it recovers it. */
int maintenance_verify_files(const char *path, const struct maintenance_checks *checks,
                             uint64_t *out_n, struct error *err)
{
    struct store_options options = { .path = path, .read_only = true };
    struct store *recovered = NULL;
    int failed = store_open(&options, &recovered, err);
    store_close(recovered);
    *out_n = 0;
    return failed ? failed : verify_files(path, checks, out_n, err);
}

int maintenance_verify(const char *path, const struct maintenance_checks *checks, uint64_t *out_n,
                       struct error *err)
{
    struct store_options options = { .path = path, .read_only = true };
    CLEANUP(store_close) struct store *store = NULL;
    uint64_t n = 0;
    int failed = maintenance_verify_files(path, checks, &n, err);
    if (!failed && !n) {
        failed = store_open(&options, &store, err);
        failed = failed ? failed : maintenance_verify_tables(store, checks, &n, err);
    }
    if (!failed)
        *out_n = n;
    return failed;
}
