/* SPDX-License-Identifier: MIT
 *
 * How fast titles enter the store: record, item, card, external id, change and waiting fetch, 200
 * titles per write, beside a plain Berkeley DB loop that puts as many bytes and does nothing else.
 *
 *     bench_store [TITLES] */
#include <db.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "bench.h"
#include "store/changes.h"
#include "store/fetches.h"
#include "store/ids.h"
#include "store/items.h"
#include "store/records.h"

enum {
    PER_WRITE = 200,
    RECORD_LEN = 110,
    ITEM_LEN = 200,
    CARD_LEN = 200,
    READS = 50000,
    ROUNDS = 7
};

static char record[RECORD_LEN], item_bytes[ITEM_LEN], card_bytes[CARD_LEN];

struct batch {
    uint32_t first, n;
};

static int put_title(struct store_txn *txn, uint32_t number, struct error *err)
{
    uint32_t id = 0, known = 0;
    char external[32];
    snprintf(external, sizeof external, "tmdb:%u", number);
    int failed = external_ids_txn_find(txn, PROVIDER_MOVIE, external, &known, NULL);
    if (failed != PROVIDER_ENOTFOUND)
        return error_set(err, PROVIDER_ECONFLICT, "title %u is there", number);
    failed = items_txn_new_id(txn, &id, err);
    uint64_t priority = fetch_priority(FETCH_TITLE, 1000.0 / (number * 2654435761u % 100000 + 1));
    struct record_header header = { .item_id = id, .provider = "tmdb", .fetch_priority = priority };
    failed = failed ? failed : records_txn_put(txn, &header, record, sizeof record, err);
    struct change change = { .item_id = id, .kind = PROVIDER_MOVIE, .what = CHANGE_ADDED };
    uint64_t revision = 0;
    failed = failed ? failed : changes_txn_add(txn, &change, 0, &revision, err);
    struct item_header item = { .id = id, .kind = PROVIDER_MOVIE, .revision = revision };
    struct text body = { .bytes = item_bytes, .len = ITEM_LEN };
    struct text card = { .bytes = card_bytes, .len = CARD_LEN };
    failed = failed ? failed : items_txn_put(txn, &item, &body, &card, err);
    failed = failed ? failed : external_ids_txn_put(txn, PROVIDER_MOVIE, external, id, err);
    return failed ? failed : fetches_txn_put(txn, priority, id, "tmdb", err);
}

static int put_batch(struct store_txn *txn, void *context, struct error *err)
{
    const struct batch *batch = context;
    for (uint32_t i = 0; i < batch->n; i++) {
        int failed = put_title(txn, batch->first + i, err);
        if (failed)
            return failed;
    }
    return 0;
}

static int count_card(uint32_t id, const void *card, size_t len, void *context)
{
    (void)id, (void)card, (void)len;
    ++*(uint32_t *)context;
    return 0;
}

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void ensure(int failed, const struct error *err)
{
    if (!failed)
        return;
    fprintf(stderr, "bench_store: %s\n", err->text);
    exit(1);
}

static double fill(const struct store_options *options, uint32_t n)
{
    struct error err = { 0 };
    struct store *store = NULL;
    ensure(store_open(options, &store, &err), &err);
    int64_t start_us = clock_steady_us();
    double cpu_before = cpu_s();
    for (uint32_t i = 0; i < n; i += PER_WRITE) {
        struct batch batch = { .first = i + 1, .n = MIN((uint32_t)PER_WRITE, n - i) };
        ensure(store_write(store, put_batch, &batch, &err), &err);
    }
    double took_s = (double)(clock_steady_us() - start_us) / 1e6;
    printf("# store: %u titles in %.2f s (%.0f/s, %.2f s CPU), RSS %ld MB\n", n, took_s, n / took_s,
           cpu_s() - cpu_before, bench_rss_mb());
    start_us = clock_steady_us();
    store_close(store);
    printf("# store: closed in %.0f ms\n", (double)(clock_steady_us() - start_us) / 1e3);
    return took_s;
}

static uint32_t any_id(uint32_t turn, uint32_t n)
{
    return (uint32_t)((uint64_t)turn * 7919 % n) + 1;
}

/* Microseconds for one random item. */
static double get_some(struct store *store, uint32_t n)
{
    struct error err = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    struct item_header header;
    int64_t start_us = clock_steady_us();
    for (uint32_t i = 0; i < READS; i++)
        ensure(items_get(store, any_id(i, n), &header, &body, &err), &err);
    return (double)(clock_steady_us() - start_us) / READS;
}

static struct store *reopen(const struct store_options *options)
{
    struct error err = { 0 };
    struct store *store = NULL;
    int64_t start_us = clock_steady_us();
    ensure(store_open(options, &store, &err), &err);
    printf("# store: opened in %.1f ms\n", (double)(clock_steady_us() - start_us) / 1e3);
    uint32_t n_cards = 0;
    start_us = clock_steady_us();
    ensure(cards_walk(store, count_card, &n_cards, &err), &err);
    printf("# store: %u cards walked in %.0f ms, RSS %ld MB\n", n_cards,
           (double)(clock_steady_us() - start_us) / 1e3, bench_rss_mb());
    return store;
}

/* --- The plain loop */

static const char *const plain_names[] = {
    "records", "items", "cards", "ids", "changes", "fetches"
};
static const u_int32_t plain_lens[] = { RECORD_LEN + 26, ITEM_LEN + 51, CARD_LEN + 1, 5, 19, 1 };
enum { N_PLAIN = 6 };

static void need(int db_code)
{
    if (!db_code)
        return;
    fprintf(stderr, "bench_store: %s\n", db_strerror(db_code));
    exit(1);
}

static DB_ENV *plain_open(const char *path, DB *out[N_PLAIN])
{
    DB_ENV *env;
    need(db_env_create(&env, 0));
    need(env->set_cachesize(env, 0, 32u << 20, 1));
    need(env->set_lg_bsize(env, 1u << 20));
    need(env->set_lg_max(env, 64u << 20));
    need(env->log_set_config(env, DB_LOG_AUTO_REMOVE, 1));
    need(env->set_lk_max_locks(env, 100000));
    need(env->set_lk_max_objects(env, 100000));
    need(env->open(env, path,
                   DB_CREATE | DB_PRIVATE | DB_THREAD | DB_INIT_TXN | DB_INIT_LOCK | DB_INIT_LOG |
                       DB_INIT_MPOOL | DB_RECOVER,
                   0600));
    for (int i = 0; i < N_PLAIN; i++) {
        char file[64];
        snprintf(file, sizeof file, "%s.db", plain_names[i]);
        need(db_create(&out[i], env, 0));
        need(out[i]->set_pagesize(out[i], 16384));
        need(out[i]->open(out[i], NULL, file, NULL, DB_BTREE,
                          DB_CREATE | DB_AUTO_COMMIT | DB_THREAD, 0600));
    }
    return env;
}

/* Microseconds for one random value of as many bytes, the cheapest way that Berkeley DB has. */
static double plain_get_some(DB *table, uint32_t n)
{
    static char value[512];
    int64_t start_us = clock_steady_us();
    for (uint32_t turn = 0; turn < READS; turn++) {
        uint32_t i = any_id(turn, n) - 1;
        uint8_t name[4] = { (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
        DBT key = { .data = name, .size = sizeof name };
        DBT data = { .data = value, .ulen = sizeof value, .flags = DB_DBT_USERMEM };
        need(table->get(table, NULL, &key, &data, 0));
    }
    return (double)(clock_steady_us() - start_us) / READS;
}

/* In turns, so that the machine's moods touch both alike. */
static int compare_gets(struct store *store, DB *table, uint32_t n)
{
    double own[ROUNDS], plain[ROUNDS], ratios[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        plain[i] = plain_get_some(table, n);
        own[i] = get_some(store, n);
        ratios[i] = own[i] / plain[i];
    }
    printf("# plain: one of them in %.2f us\n", bench_median(plain, ROUNDS));
    struct bench_line line = { .name = "a random item out of the store",
                               .unit = "us",
                               .value = bench_median(own, ROUNDS),
                               .ratio = bench_median(ratios, ROUNDS),
                               .reference = "a plain Berkeley DB get" };
    return bench_say(&line);
}

static double plain_fill(DB_ENV *env, DB *tables[N_PLAIN], uint32_t n)
{
    static char value[512];
    int64_t start_us = clock_steady_us();
    DB_TXN *txn = NULL;
    for (uint32_t i = 0; i < n; i++) {
        if (i % PER_WRITE == 0)
            need(env->txn_begin(env, NULL, &txn, 0));
        uint8_t name[4] = { (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
        for (int t = 0; t < N_PLAIN; t++) {
            DBT key = { .data = name, .size = sizeof name };
            DBT data = { .data = value, .size = plain_lens[t] };
            need(tables[t]->put(tables[t], txn, &key, &data, 0));
        }
        if (i % PER_WRITE == PER_WRITE - 1 || i == n - 1)
            need(txn->commit(txn, DB_TXN_SYNC));
        if (i % 50000 == 0)
            need(env->txn_checkpoint(env, 0, 0, 0));
    }
    double took_s = (double)(clock_steady_us() - start_us) / 1e6;
    printf("# plain: %u titles in %.2f s (%.0f/s)\n", n, took_s, n / took_s);
    return took_s;
}

static void plain_close(DB_ENV *env, DB *tables[N_PLAIN])
{
    for (int i = 0; i < N_PLAIN; i++)
        need(tables[i]->close(tables[i], 0));
    need(env->close(env, 0));
}

static int remove_one(const char *path, const struct stat *stat UNUSED, int flag UNUSED,
                      struct FTW *ftw UNUSED)
{
    return remove(path);
}

int main(int argc, char **argv)
{
    uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 200000;
    char folder[64] = "/tmp/miauflix-bench-XXXXXX";
    if (!mkdtemp(folder))
        return 1;
    memset(record, 'r', sizeof record);
    memset(item_bytes, 'i', sizeof item_bytes);
    memset(card_bytes, 'c', sizeof card_bytes);
    CLEANUP(mem_free) char *own = mem_format("%s/store", folder);
    CLEANUP(mem_free) char *plain = mem_format("%s/plain", folder);
    struct store_options options = { .path = own, .sync_each_commit = true };
    double own_s = fill(&options, n);
    if (mkdir(plain, 0700))
        return 1;
    DB *tables[N_PLAIN];
    DB_ENV *env = plain_open(plain, tables);
    double plain_s = plain_fill(env, tables, n);
    /* The promise: a million lines of the daily export within two minutes, of which this is a part.
     */
    struct bench_line line = { .name = "titles into the store",
                               .unit = "/s",
                               .value = n / own_s,
                               .ratio = own_s / plain_s,
                               .reference = "the time of a plain Berkeley DB loop",
                               .promise = "1,000,000 below 100 s",
                               .kept = own_s / n * 1000000 < 100 };
    int broken = bench_say(&line);
    struct store *store = reopen(&options);
    broken += compare_gets(store, tables[1], n);
    store_close(store);
    plain_close(env, tables);
    bool is_clear = !nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return !broken && is_clear ? 0 : 1;
}
