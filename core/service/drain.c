/* SPDX-License-Identifier: MIT */
#include "service/drain.h"

#include <string.h>
#include <uthash.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "provider/registry.h"
#include "store/fetches.h"

enum {
    REFILL = 256,       /* rows looked at to find some that nobody works on */
    MAX_TRIES = 3,      /* of one fetch within a drain, then it is parked */
    PAUSE_MIN_MS = 500, /* after a failure of the upstream, doubling */
    PAUSE_MAX_MS = 30000,
    LOOK_EVERY_MS = 200, /* for cancellation while pausing */
};

struct key {
    uint32_t item_id;
    char provider[sizeof((struct fetch *)0)->provider];
};

/* A fetch somebody works on, or one that failed before. */
struct attempt {
    struct key key;
    unsigned tries;
    bool busy;
    UT_hash_handle hh;
};

struct drain {
    const struct drain_options *options;
    struct lock lock;
    struct lock_condition change;
    struct attempt *attempts;
    struct fetch ready[REFILL];
    size_t n_ready, next_ready;
    unsigned n_busy;
    int64_t pause_until_ms, pause_ms;
    int result; /* ends everything */
    struct error err;
};

static struct key key_of(const struct fetch *fetch)
{
    struct key key = { .item_id = fetch->item_id };
    memcpy(key.provider, fetch->provider, sizeof key.provider);
    return key;
}

static struct attempt *find_attempt(struct drain *drain, const struct fetch *fetch)
    REQUIRES(drain->lock)
{
    struct key key = key_of(fetch);
    struct attempt *attempt;
    HASH_FIND(hh, drain->attempts, &key, sizeof key, attempt);
    return attempt;
}

static bool is_over(const struct drain *drain) REQUIRES(drain->lock)
{
    return drain->result || clock_steady_ms() >= drain->options->until_ms ||
           __atomic_load_n(job_canceled(drain->options->job), __ATOMIC_RELAXED);
}

/* Reads the head of the queue again, so that what became urgent meanwhile goes first. */
static void refill(struct drain *drain) REQUIRES(drain->lock)
{
    struct fetch *rows = drain->ready;
    size_t n = 0, kept = 0;
    struct error err;
    if (fetches_next(catalog_store(drain->options->catalog), NULL, rows, REFILL, &n, &err)) {
        drain->result = err.code;
        drain->err = err;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct attempt *attempt = find_attempt(drain, &rows[i]);
        if (!attempt || !attempt->busy)
            rows[kept++] = rows[i];
    }
    drain->n_ready = kept;
    drain->next_ready = 0;
}

static void begin(struct drain *drain, const struct fetch *fetch) REQUIRES(drain->lock)
{
    struct attempt *attempt = find_attempt(drain, fetch);
    if (!attempt) {
        attempt = mem_new(struct attempt);
        attempt->key = key_of(fetch);
        HASH_ADD(hh, drain->attempts, key, sizeof attempt->key, attempt);
    }
    attempt->busy = true;
    attempt->tries++;
    drain->n_busy++;
}

/* Waits for work; false when there is none any more. */
static bool take_next(struct drain *drain, struct fetch *out) REQUIRES(drain->lock)
{
    while (!is_over(drain)) {
        int64_t now_ms = clock_steady_ms();
        bool pausing = now_ms < drain->pause_until_ms;
        if (!pausing && drain->next_ready == drain->n_ready)
            refill(drain);
        if (!pausing && drain->next_ready < drain->n_ready) {
            *out = drain->ready[drain->next_ready++];
            begin(drain, out);
            return true;
        }
        if (!pausing && !drain->n_busy)
            return false;
        lock_wait_until(&drain->change, &drain->lock, now_ms + LOOK_EVERY_MS);
    }
    return false;
}

static bool is_in_service(const struct drain *drain, const char *provider)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(drain->options->registry, provider);
    if (!entry)
        return false;
    CLEANUP(mem_free) struct provider_status *status = mem_new(struct provider_status);
    provider_entry_status(entry, status);
    return status->state == PROVIDER_STATE_ACTIVE || status->state == PROVIDER_STATE_DEGRADED;
}

static bool is_transient(int result)
{
    return result == PROVIDER_EBUSY || result == PROVIDER_EUPSTREAM || result == PROVIDER_ETIME ||
           result == PROVIDER_ENOMEM;
}

static void pause_all(struct drain *drain) REQUIRES(drain->lock)
{
    int64_t now_ms = clock_steady_ms();
    if (now_ms < drain->pause_until_ms)
        return;
    drain->pause_ms = MIN(MAX(drain->pause_ms * 2, (int64_t)PAUSE_MIN_MS), (int64_t)PAUSE_MAX_MS);
    drain->pause_until_ms = now_ms + drain->pause_ms;
    drain->n_ready = drain->next_ready = 0;
}

static void give_up_on_provider(struct drain *drain, const struct fetch *fetch)
    REQUIRES(drain->lock)
{
    drain->result = error_set(&drain->err, PROVIDER_EBUSY,
                              "provider '%s' is out of service, its fetches wait", fetch->provider);
}

static bool is_local_failure(int result)
{
    return result == PROVIDER_EIO || result == PROVIDER_EFULL;
}

/* True when the fetch is to be parked: it failed too often, while others may well succeed. */
static bool settle(struct drain *drain, const struct fetch *fetch, int result, bool in_service,
                   const struct error *err) REQUIRES(drain->lock)
{
    struct attempt *attempt = find_attempt(drain, fetch);
    attempt->busy = false;
    drain->n_busy--;
    bool park = false;
    if (result == 0)
        drain->pause_ms = 0;
    if (is_local_failure(result)) {
        drain->result = result;
        drain->err = *err;
    } else if (is_transient(result) && !in_service) {
        give_up_on_provider(drain, fetch);
    } else if (is_transient(result)) {
        park = attempt->tries >= MAX_TRIES && result != PROVIDER_EBUSY;
        pause_all(drain);
    }
    if (!is_transient(result) || park) {
        HASH_DEL(drain->attempts, attempt);
        free(attempt);
    }
    lock_broadcast(&drain->change);
    return park;
}

static void report(struct drain *drain, int result, const struct error *err)
{
    struct job *job = drain->options->job;
    if (result && result != PROVIDER_ECANCEL && result != PROVIDER_EBUSY)
        job_note_error(job, err->text);
    if (!is_transient(result) && result != PROVIDER_ECANCEL)
        job_add_done(job, 1);
}

static void fetch_one(struct drain *drain, const struct fetch *fetch)
{
    struct catalog *catalog = drain->options->catalog;
    struct error err = { 0 };
    int result = catalog_fetch(catalog, fetch->provider, fetch->item_id,
                               clock_steady_ms() + drain->options->call_timeout_ms,
                               job_canceled(drain->options->job), &err);
    bool in_service = !is_transient(result) || is_in_service(drain, fetch->provider);
    report(drain, result, &err);
    lock_take(&drain->lock);
    bool park = settle(drain, fetch, result, in_service, &err);
    lock_release(&drain->lock);
    if (park)
        catalog_park(catalog, fetch->provider, fetch->item_id);
}

static void *work(void *argument)
{
    struct drain *drain = argument;
    struct fetch fetch;
    for (;;) {
        lock_take(&drain->lock);
        bool got = take_next(drain, &fetch);
        lock_release(&drain->lock);
        if (!got)
            return NULL;
        fetch_one(drain, &fetch);
    }
}

static void run_workers(struct drain *drain)
{
    unsigned n = drain->options->workers;
    CLEANUP(mem_free) pthread_t *threads = mem_alloc_array(n, sizeof *threads);
    for (unsigned i = 0; i < n; i++)
        threads[i] = lock_thread_start("fetch", work, drain);
    for (unsigned i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static void free_attempts(struct drain *drain)
{
    struct attempt *attempt, *next;
    HASH_ITER (hh, drain->attempts, attempt, next) {
        HASH_DEL(drain->attempts, attempt);
        free(attempt);
    }
}

int drain_fetches(const struct drain_options *options, uint64_t *out_left, struct error *err)
{
    CLEANUP(mem_free) struct drain *drain = mem_new(struct drain);
    drain->options = options;
    lock_init(&drain->lock);
    lock_condition_init(&drain->change);
    run_workers(drain);
    free_attempts(drain);
    lock_condition_done(&drain->change);
    lock_done(&drain->lock);
    if (drain->result && err)
        *err = drain->err;
    if (drain->result)
        return drain->result;
    return fetches_count(catalog_store(options->catalog), out_left, err);
}
