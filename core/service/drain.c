/* SPDX-License-Identifier: MIT */
#include "service/drain.h"

#include <string.h>
#include <uthash.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "provider/registry.h"
#include "store/fetches.h"
#include "store/records.h"

enum {
    REFILL = 256,       /* rows looked at to find some that nobody works on */
    MAX_TRIES = 3,      /* of one fetch within a drain, then it is parked */
    PAUSE_MIN_MS = 500, /* after a failure of the upstream, doubling */
    PAUSE_MAX_MS = 30000,
    LOOK_EVERY_MS = 200, /* for cancellation while pausing */
    MAX_OUT = 16,        /* providers */
};

struct key {
    uint32_t item_id;
    char provider[sizeof((struct fetch *)0)->provider];
};

/* A fetch somebody works on, or one that failed before. */
struct attempt {
    struct key key;
    unsigned tries;
    bool busy, given_up;
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
    char out[MAX_OUT][RECORD_PROVIDER_LEN]; /* of service: their fetches wait for another drain */
    size_t n_out;
    struct error out_err;
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

static bool is_out(const struct drain *drain, const char *provider) REQUIRES(drain->lock)
{
    for (size_t i = 0; i < drain->n_out; i++)
        if (text_equal(drain->out[i], provider))
            return true;
    return false;
}

static bool is_ready(struct drain *drain, const struct fetch *fetch) REQUIRES(drain->lock)
{
    struct attempt *attempt = find_attempt(drain, fetch);
    return !(attempt && (attempt->busy || attempt->given_up)) && !is_out(drain, fetch->provider);
}

/* Reads the head of the queue again, so that what became urgent meanwhile goes first. */
static void refill(struct drain *drain) REQUIRES(drain->lock)
{
    struct store *store = catalog_store(drain->options->catalog);
    struct fetch *rows = drain->ready, last;
    size_t n, kept = 0;
    const struct fetch *after = NULL;
    do {
        struct error err;
        if (fetches_next(store, after, rows, REFILL, &n, &err)) {
            drain->result = err.code;
            drain->err = err;
            return;
        }
        if (n)
            last = rows[n - 1];
        after = &last;
        for (size_t i = 0; i < n; i++)
            if (is_ready(drain, &rows[i]))
                rows[kept++] = rows[i];
    } while (!kept && n == REFILL);
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
    return entry && provider_entry_in_service(entry);
}

static bool is_transient(int result)
{
    return result == PROVIDER_EBUSY || result == PROVIDER_EUPSTREAM || result == PROVIDER_ETIME ||
           result == PROVIDER_ENOMEM || result == PROVIDER_ECANCEL;
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

static void leave_out(struct drain *drain, const struct fetch *fetch, const struct error *err)
    REQUIRES(drain->lock)
{
    if (is_out(drain, fetch->provider) || drain->n_out == MAX_OUT)
        return;
    snprintf(drain->out[drain->n_out++], sizeof drain->out[0], "%s", fetch->provider);
    error_set(&drain->out_err, PROVIDER_EBUSY,
              "provider '%s' is out of service, its fetches wait: %s", fetch->provider, err->text);
    drain->n_ready = drain->next_ready = 0;
}

/* What becomes of a fetch. */
enum verdict {
    FETCHED,
    RETRY,
    PARK,  /* it failed too often, or in a way that will not pass, while others may well succeed */
    OUT,   /* all of this provider's would fail */
    END,   /* all would fail */
    NOTED, /* the failure has been written down, and it no longer waits */
};

static enum verdict judge(int result, bool in_service, unsigned tries)
{
    switch (result) {
    case 0:
        return FETCHED;
    case PROVIDER_EIO:
    case PROVIDER_EFULL:
        return END;
    case PROVIDER_EAUTH:
        return OUT;
    case PROVIDER_ENOTFOUND:
    case PROVIDER_EREFUSED:
    case PROVIDER_EPARSE:
    case PROVIDER_ENOTSUP:
    case PROVIDER_EINVAL:
    case PROVIDER_ELIMIT:
        return NOTED;
    default:
        break;
    }
    if (!is_transient(result))
        return PARK;
    if (!in_service)
        return OUT;
    return tries >= MAX_TRIES && result != PROVIDER_EBUSY && result != PROVIDER_ECANCEL ? PARK
                                                                                        : RETRY;
}

static void forget_attempt(struct drain *drain, struct attempt *attempt) REQUIRES(drain->lock)
{
    HASH_DEL(drain->attempts, attempt);
    free(attempt);
}

/* True when the fetch is to be parked. */
static bool settle(struct drain *drain, const struct fetch *fetch, int result, bool in_service,
                   const struct error *err) REQUIRES(drain->lock)
{
    struct attempt *attempt = find_attempt(drain, fetch);
    enum verdict verdict = judge(result, in_service, attempt->tries);
    attempt->busy = false;
    attempt->given_up = verdict == PARK || verdict == NOTED;
    drain->n_busy--;
    if (verdict == FETCHED) {
        drain->pause_ms = 0;
        forget_attempt(drain, attempt);
    } else if (verdict == END) {
        drain->result = result;
        drain->err = *err;
    } else if (verdict == OUT) {
        leave_out(drain, fetch, err);
    }
    if (is_transient(result) && verdict != OUT)
        pause_all(drain);
    lock_broadcast(&drain->change);
    return verdict == PARK;
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
    LOCK_SCOPE(&drain->lock);
    struct attempt *attempt, *next;
    HASH_ITER (hh, drain->attempts, attempt, next)
        forget_attempt(drain, attempt);
}

int drain_fetches(const struct drain_options *options, bool *out_more, struct error *err)
{
    CLEANUP(mem_free) struct drain *drain = mem_new(struct drain);
    drain->options = options;
    lock_init(&drain->lock);
    lock_condition_init(&drain->change);
    run_workers(drain);
    free_attempts(drain);
    lock_condition_done(&drain->change);
    lock_done(&drain->lock);
    const struct error *why = drain->result ? &drain->err : &drain->out_err;
    if (why->code && err)
        *err = *why;
    if (why->code)
        return why->code;
    uint64_t left = 0;
    int result = fetches_count(catalog_store(options->catalog), &left, err);
    *out_more = left && clock_steady_ms() >= options->until_ms;
    return result;
}
