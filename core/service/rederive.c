/* SPDX-License-Identifier: MIT */
#include "service/rederive.h"

#include <string.h>

#include "base/clock.h"
#include "index/index.h"
#include "service/season_intake.h"
#include "service/settle.h"
#include "store/bytes.h"
#include "store/state.h"

/* Rows of STORE_STATE: the fingerprint all items are derived under, and how far a pass under
 * another one is: "FINGERPRINT ITEM". */
static const char owner[] = "derive", done_key[] = "done", cursor_key[] = "cursor";

enum { BATCH = 32, VALUE_LEN = 64 };

struct rederive {
    struct catalog *catalog;
    char fingerprint[DERIVE_FINGERPRINT_LEN]; /* the pass under way */
    uint32_t items[BATCH];
    size_t n;
    uint32_t last; /* behind which the next batch begins */
};

static int read_state(struct store *store, const char *key, struct text *out, struct error *err)
{
    int result = state_get(store, owner, key, out, err);
    if (result != PROVIDER_ENOTFOUND)
        return result;
    text_clear(out);
    return 0;
}

/* Where the pass goes on. */
static int find_start(struct rederive *rederive, struct error *err)
{
    CLEANUP(text_done) struct text cursor = TEXT_INIT(VALUE_LEN);
    int64_t last = 0;
    int result = read_state(catalog_store(rederive->catalog), cursor_key, &cursor, err);
    const char *text = text_string(&cursor);
    size_t len = strlen(rederive->fingerprint);
    if (strncmp(text, rederive->fingerprint, len) == 0 && text[len] == ' ')
        text_to_int(text + len + 1, 0, UINT32_MAX, &last);
    rederive->last = (uint32_t)last;
    return result;
}

static int collect(const void *key, size_t key_len, const void *value UNUSED,
                   size_t value_len UNUSED, void *context)
{
    struct rederive *rederive = context;
    if (rederive->n == BATCH)
        return 1;
    if (key_len == 4)
        rederive->items[rederive->n++] = (uint32_t)bytes_get_be(key, 4);
    return 0;
}

/* The next items by their cards, which are the smallest rows there are of each. */
static int next_batch(struct rederive *rederive, struct error *err)
{
    uint8_t from[4];
    rederive->n = 0;
    if (rederive->last == UINT32_MAX)
        return 0;
    bytes_put_be(from, rederive->last + 1, 4);
    int result = store_walk(catalog_store(rederive->catalog), STORE_CARDS, from, sizeof from,
                            collect, rederive, err);
    return MIN(result, 0);
}

static int derive_one(struct store_txn *txn, const struct derive_policy *policy, uint32_t id,
                      int64_t now_ms, struct error *err)
{
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    int result = items_txn_get(txn, id, &header, &body, err);
    if (result) /* merged into another meanwhile */
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    result = settle_item(txn, policy, header.kind, id, NULL, now_ms, err);
    return result || header.kind != PROVIDER_TVSHOW
               ? result
               : season_intake_settle(txn, policy, id, now_ms, err);
}

static int derive_batch(struct store_txn *txn, void *context, struct error *err)
{
    struct rederive *rederive = context;
    char cursor[VALUE_LEN];
    int64_t now_ms = clock_wall_ms();
    int result = 0;
    for (size_t i = 0; !result && i < rederive->n; i++)
        result =
            derive_one(txn, catalog_policy(rederive->catalog), rederive->items[i], now_ms, err);
    if (result)
        return result;
    snprintf(cursor, sizeof cursor, "%s %u", rederive->fingerprint,
             rederive->items[rederive->n - 1]);
    return state_txn_put(txn, owner, cursor_key, cursor, err);
}

static int finish(struct store_txn *txn, void *context, struct error *err)
{
    const struct rederive *rederive = context;
    int result = state_txn_put(txn, owner, done_key, rederive->fingerprint, err);
    return result ? result : state_txn_put(txn, owner, cursor_key, NULL, err);
}

static bool is_current(const struct rederive *rederive)
{
    char now[DERIVE_FINGERPRINT_LEN];
    derive_fingerprint(catalog_policy(rederive->catalog), now);
    return strcmp(now, rederive->fingerprint) == 0;
}

/* Another policy came meanwhile: its own job begins anew, and this one is over. */
static int run(struct job *job, void *context, struct error *err)
{
    struct rederive *rederive = context;
    struct store *store = catalog_store(rederive->catalog);
    uint64_t total = index_count(catalog_index(rederive->catalog), PROVIDER_MOVIE) +
                     index_count(catalog_index(rederive->catalog), PROVIDER_TVSHOW);
    uint64_t done = 0;
    int result = find_start(rederive, err);
    job_set_phase(job, "deriving");
    while (!result && is_current(rederive)) {
        if (__atomic_load_n(job_canceled(job), __ATOMIC_RELAXED))
            return error_set(err, PROVIDER_ECANCEL, "canceled after item %u", rederive->last);
        result = next_batch(rederive, err);
        if (!result && !rederive->n)
            return store_write(store, finish, rederive, err);
        if (!result)
            result = store_write(store, derive_batch, rederive, err);
        if (result)
            return result;
        rederive->last = rederive->items[rederive->n - 1];
        done += rederive->n;
        job_progress(job, done, MAX(total, done));
    }
    return result;
}

static bool is_empty(struct catalog *catalog)
{
    struct rederive *rederive = mem_new(struct rederive);
    *rederive = (struct rederive){ .catalog = catalog };
    bool empty = next_batch(rederive, NULL) == 0 && !rederive->n;
    free(rederive);
    return empty;
}

int rederive_start(struct catalog *catalog, struct jobs *jobs, struct error *err)
{
    CLEANUP(text_done) struct text before = TEXT_INIT(VALUE_LEN);
    CLEANUP(mem_free) struct rederive *rederive = mem_new(struct rederive);
    uint32_t job;
    bool joined;
    *rederive = (struct rederive){ .catalog = catalog };
    derive_fingerprint(catalog_policy(catalog), rederive->fingerprint);
    int result = read_state(catalog_store(catalog), done_key, &before, err);
    if (result || strcmp(text_string(&before), rederive->fingerprint) == 0)
        return result;
    if (is_empty(catalog))
        return store_write(catalog_store(catalog), finish, rederive, err);
    struct rederive *passed = steal(rederive);
    return jobs_start(jobs, REDERIVE_JOB, passed->fingerprint, NULL, run, passed, free, &job,
                      &joined, err);
}

/* A store that says nothing is older than these orders, or one that was never served. */
bool rederive_is_due(struct store *store, const struct derive_policy *policy)
{
    CLEANUP(text_done) struct text before = TEXT_INIT(VALUE_LEN);
    char now[DERIVE_FINGERPRINT_LEN];
    derive_fingerprint(policy, now);
    return !read_state(store, done_key, &before, NULL) && before.len &&
           strcmp(text_string(&before), now) != 0;
}

int rederive_mark(struct store *store, const struct derive_policy *policy, struct error *err)
{
    CLEANUP(mem_free) struct rederive *rederive = mem_new(struct rederive);
    derive_fingerprint(policy, rederive->fingerprint);
    return store_write(store, finish, rederive, err);
}
