/* SPDX-License-Identifier: MIT
 *
 * The index over the store that a daemon left: how soon it is there, what building it anew does to
 * the searches beside it, how soon 5,000 changed items are found, and how fast a card is read by
 * its id, beside SQLite with the same cards.  It changes that store.
 *
 *     scale_index STORE */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/lock.h"
#include "bench.h"
#include "bench_rival.h"
#include "index/index.h"
#include "media/card.h"
#include "store/changes.h"
#include "store/items.h"

enum {
    MAX_QUERIES = 4096,
    MAX_SAMPLES = 1 << 20,
    ROUNDS = 3,
    ROUND_MS = 2500,
    PAUSE_US = 500, /* between two searches, so that there is a processor for the builder */
    N_CHANGED = 5000,
    AT_ONCE = 200,
    N_READ = 5000,
    TURNS = 7,
    CACHE_KIB = 16 << 10,
    MAX_CARD = 4 << 20,
};

struct scale {
    struct store *store;
    struct index *index;
    char queries[MAX_QUERIES][80];
    size_t n_queries, n_titles;
    double samples_us[MAX_SAMPLES];
    size_t n_samples;
    int stop;                        /* atomic */
    struct bench_rival_cards *rival; /* NULL: there is none */
    uint32_t *ids;                   /* of all cards */
    size_t n_ids, capacity;
};

/* --- Searches: the first two words of titles from all over the catalogue */

static void take_title(const char *title, size_t len, const char *language UNUSED, void *context)
{
    struct scale *scale = context;
    const char *space = memchr(title, ' ', len);
    if (!space || scale->n_queries == MAX_QUERIES || scale->n_titles++ % 241)
        return;
    size_t first = (size_t)(space + 1 - title), second = 0;
    while (first + second < len && space[1 + second] != ' ')
        second++;
    snprintf(scale->queries[scale->n_queries++], sizeof scale->queries[0], "%.*s",
             (int)(first + second), title);
}

static int take_card(uint32_t id, const void *card, size_t len, void *context)
{
    struct scale *scale = context;
    if (scale->n_ids == scale->capacity) {
        scale->capacity = scale->capacity * 2 + 4096;
        scale->ids = mem_resize(scale->ids, scale->capacity, sizeof *scale->ids);
    }
    scale->ids[scale->n_ids++] = id;
    if (scale->rival)
        bench_rival_cards_add(scale->rival, id, card, len);
    card_titles(card, len, take_title, context);
    return 0;
}

static uint64_t ask(struct scale *scale, const char *text)
{
    struct filter all = { 0 };
    CLEANUP(index_page_done) struct index_page page = { 0 };
    index_query(scale->index, text, &all, 0, 20, &page, NULL);
    return page.total;
}

static void *search_on(void *argument)
{
    struct scale *scale = argument;
    scale->n_samples = 0;
    while (!__atomic_load_n(&scale->stop, __ATOMIC_RELAXED) && scale->n_samples < MAX_SAMPLES) {
        int64_t start_us = clock_steady_us();
        ask(scale, scale->queries[scale->n_samples % scale->n_queries]);
        scale->samples_us[scale->n_samples++] = (double)(clock_steady_us() - start_us);
        nanosleep(&(struct timespec){ .tv_nsec = PAUSE_US * 1000 }, NULL);
    }
    return NULL;
}

/* The 99th percentile of searches over a while, the index being built again and again or not. */
static double p99_of_searches(struct scale *scale, bool building)
{
    struct rank_weights weights = rank_default_weights;
    int64_t until_ms = clock_steady_ms() + ROUND_MS;
    __atomic_store_n(&scale->stop, 0, __ATOMIC_RELAXED);
    pthread_t thread = lock_thread_start("search", search_on, scale);
    while (clock_steady_ms() < until_ms) {
        weights.votes += building ? 0.01 : 0;
        index_set_weights(scale->index, &weights, until_ms);
        if (!building)
            nanosleep(&(struct timespec){ .tv_sec = ROUND_MS / 1000 }, NULL);
    }
    __atomic_store_n(&scale->stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    index_set_weights(scale->index, &rank_default_weights, clock_steady_ms() + 60000);
    qsort(scale->samples_us, scale->n_samples, sizeof *scale->samples_us, bench_compare);
    return scale->n_samples ? scale->samples_us[scale->n_samples * 99 / 100] : 0;
}

static int measure_building(struct scale *scale)
{
    double quiet[ROUNDS], building[ROUNDS], ratios[ROUNDS];
    if (!bench_wanted("searches while the index is built"))
        return 0;
    for (int i = 0; i < ROUNDS; i++) {
        quiet[i] = p99_of_searches(scale, false);
        building[i] = p99_of_searches(scale, true);
        ratios[i] = building[i] / quiet[i];
    }
    double ratio = bench_median(ratios, ROUNDS);
    struct bench_line line = { .name = "searches while the index is built, p99",
                               .unit = "us",
                               .value = bench_median(building, ROUNDS),
                               .ratio = ratio,
                               .reference = "the p99 of quiet searches",
                               .promise = "at most 2 times",
                               .kept = ratio <= 2 };
    return bench_say(&line);
}

/* --- By id: cards from all over the catalogue, in no order */

static double read_cards(struct scale *scale, bool rival)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    int64_t start_us = clock_steady_us();
    for (size_t i = 0; i < N_READ; i++) {
        uint32_t id = scale->ids[(i * 2654435761u + 12345) % scale->n_ids];
        if (rival)
            bench_rival_cards_get(scale->rival, id, &card);
        else
            cards_get(scale->store, id, &card, NULL);
        if (!card.len)
            fprintf(stderr, "scale_index: card %u is not there\n", id);
    }
    return (double)(clock_steady_us() - start_us) / N_READ;
}

static int measure_by_id(struct scale *scale)
{
    double ours[TURNS], ratios[TURNS];
    struct bench_line line = { .name = "an item's card by id, mean", .unit = "us" };
    if (!bench_wanted(line.name) || !scale->n_ids)
        return 0;
    for (int turn = -1; turn < TURNS; turn++) { /* the first one warms */
        double us = read_cards(scale, false), theirs = scale->rival ? read_cards(scale, true) : 0;
        ours[MAX(turn, 0)] = us;
        ratios[MAX(turn, 0)] = theirs / us;
    }
    line.value = bench_median(ours, TURNS);
    line.ratio = bench_median(ratios, TURNS);
    line.reference = scale->rival ? "SQLite, by the primary key" : NULL;
    return bench_say(&line);
}

/* --- Changes */

struct batch {
    uint32_t ids[AT_ONCE];
    size_t n;
};

static int change_item(struct store_txn *txn, uint32_t id, struct error *err)
{
    struct item_header header;
    struct card_facts facts;
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 22);
    int result = items_txn_get(txn, id, &header, &body, err);
    if (result || !card_facts_read(body.bytes, body.len, &facts))
        return result ? result : error_set(err, PROVIDER_EPARSE, "item %u is no card", id);
    json_auto_t *item =
        json_pack("{s:s, s:f}", "title", "Changed Quxblorp", "popularity", facts.popularity);
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 22);
    card_pack(item, &facts, &card);
    struct change change = {
        .item_id = id, .kind = header.kind, .what = CHANGE_UPDATED, .at_ms = clock_wall_ms()
    };
    result = changes_txn_add(txn, &change, header.revision, &header.revision, err);
    return result ? result : items_txn_put(txn, &header, &card, &card, err);
}

static int change_batch(struct store_txn *txn, void *context, struct error *err)
{
    const struct batch *batch = context;
    int result = 0;
    for (size_t i = 0; !result && i < batch->n; i++)
        result = change_item(txn, batch->ids[i], err);
    return result;
}

struct choice {
    uint32_t ids[N_CHANGED];
    size_t n, seen, every;
};

static int choose(uint32_t id, const void *card UNUSED, size_t len UNUSED, void *context)
{
    struct choice *choice = context;
    if (choice->seen++ % choice->every == 0 && choice->n < N_CHANGED)
        choice->ids[choice->n++] = id;
    return 0;
}

static int commit_changes(struct scale *scale, const struct choice *choice, struct error *err)
{
    struct batch batch = { 0 };
    int result = 0;
    for (size_t i = 0; !result && i < choice->n; i++) {
        batch.ids[batch.n++] = choice->ids[i];
        if (batch.n < AT_ONCE && i + 1 < choice->n)
            continue;
        result = store_write(scale->store, change_batch, &batch, err);
        batch.n = 0;
    }
    return result;
}

static int measure_following(struct scale *scale)
{
    CLEANUP(mem_free) struct choice *choice = mem_new(struct choice);
    struct error err;
    if (!bench_wanted("changed items are found"))
        return 0;
    choice->every = MAX(index_count(scale->index, 0) / N_CHANGED, 1);
    if (cards_walk(scale->store, choose, choice, &err) || commit_changes(scale, choice, &err)) {
        fprintf(stderr, "scale_index: %s\n", err.text);
        return 1;
    }
    int64_t start_ms = clock_steady_ms();
    index_wait(scale->index, store_revision(scale->store), start_ms + 60000);
    bool all = ask(scale, "quxblorp") == choice->n;
    CLEANUP(mem_free) char *name = mem_format("%zu changed items are found", choice->n);
    struct bench_line line = { .name = name,
                               .unit = "s",
                               .value = (double)(clock_steady_ms() - start_ms) / 1e3,
                               .promise = "all, within 3 s of their commit" };
    line.kept = all && line.value <= 3;
    return bench_say(&line);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    CLEANUP(mem_free) struct scale *scale = mem_new(struct scale);
    struct store_options options = { .path = argv[1],
                                     .sync_each_commit = true,
                                     .cache_bytes = CACHE_KIB << 10 };
    struct error err;
    int64_t start_ms;
    if (store_open(&options, &scale->store, &err) ||
        (start_ms = clock_steady_ms(),
         index_open(scale->store, &rank_default_weights, &scale->index, &err))) {
        fprintf(stderr, "scale_index: %s\n", err.text);
        return 1;
    }
    struct bench_line line = { .name = "the index out of the store",
                               .unit = "s",
                               .value = (double)(clock_steady_ms() - start_ms) / 1e3 };
    int broken = bench_say(&line);
    scale->rival = bench_rival_cards_new(CACHE_KIB);
    cards_walk(scale->store, take_card, scale, &err);
    if (scale->rival)
        bench_rival_cards_ready(scale->rival);
    broken += measure_by_id(scale);
    bench_rival_cards_free(scale->rival);
    broken += measure_building(scale) + measure_following(scale);
    index_close(scale->index);
    store_close(scale->store);
    free(scale->ids);
    return broken > 0;
}
