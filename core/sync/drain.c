/* SPDX-License-Identifier: MIT */
#include "sync/drain.h"

#include <string.h>
#include <uthash.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "provider/registry.h"
#include "store/fetches.h"
#include "store/heads.h"

enum {
    REFILL = 256,       /* rows looked at to find some that nobody works on */
    MAX_TRIES = 3,      /* of one fetch within a drain, then it is left for the next */
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
    struct lock lock; /* guards what follows, and the shifts */
    struct lock_condition change;
    struct attempt *attempts; /* of all shifts */
    unsigned n_shifts;
    int64_t pause_until_ms, pause_ms;
};

/* One call of drain_fetches(). */
struct shift {
    struct drain *drain;
    const struct drain_options *options;
    struct fetch ready[REFILL];
    size_t n_ready, next_ready;
    bool others_busy;                       /* what is left is being fetched already */
    char out[MAX_OUT][RECORD_PROVIDER_LEN]; /* of service: their fetches wait for another shift */
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

static bool is_over(const struct shift *shift) REQUIRES(shift->drain->lock)
{
    return shift->result || clock_steady_ms() >= shift->options->until_ms ||
           __atomic_load_n(job_canceled(shift->options->job), __ATOMIC_RELAXED);
}

static bool is_out(const struct shift *shift, const char *provider) REQUIRES(shift->drain->lock)
{
    for (size_t i = 0; i < shift->n_out; i++)
        if (text_equal(shift->out[i], provider))
            return true;
    return false;
}

static bool is_ready(struct shift *shift, const struct fetch *fetch) REQUIRES(shift->drain->lock)
{
    struct attempt *attempt = find_attempt(shift->drain, fetch);
    shift->others_busy = shift->others_busy || (attempt && attempt->busy);
    return !(attempt && (attempt->busy || attempt->given_up)) && !is_out(shift, fetch->provider);
}

/* The first rows behind `after` that this shift may take; *out_n is less than REFILL at the end. */
static int read_rows(struct shift *shift, const struct fetch *after, size_t *out_n,
                     struct error *err) REQUIRES(shift->drain->lock)
{
    const struct drain_options *options = shift->options;
    int failed =
        fetches_next(catalog_store(options->catalog), after, shift->ready, REFILL, out_n, err);
    for (size_t i = 0; !failed && i < *out_n; i++)
        if (fetch_class_of(shift->ready[i].priority) > options->least_urgent)
            *out_n = i;
    return failed;
}

/* Reads the head of the queue again, so that what became urgent meanwhile goes first. */
static void refill(struct shift *shift) REQUIRES(shift->drain->lock)
{
    struct fetch *rows = shift->ready, last;
    size_t n, kept = 0;
    const struct fetch *after = NULL;
    shift->others_busy = false;
    do {
        struct error err;
        if (read_rows(shift, after, &n, &err)) {
            shift->result = err.code;
            shift->err = err;
            return;
        }
        if (n)
            last = rows[n - 1];
        after = &last;
        for (size_t i = 0; i < n; i++)
            if (is_ready(shift, &rows[i]))
                rows[kept++] = rows[i];
    } while (!kept && n == REFILL);
    shift->n_ready = kept;
    shift->next_ready = 0;
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
}

/* Another shift may have begun it, or ended it, since the rows were read. */
static bool take_ready(struct shift *shift, struct fetch *out) REQUIRES(shift->drain->lock)
{
    while (shift->next_ready < shift->n_ready) {
        *out = shift->ready[shift->next_ready++];
        if (!is_ready(shift, out))
            continue;
        begin(shift->drain, out);
        return true;
    }
    return false;
}

/* Waits for work; false when there is none any more. */
static bool take_next(struct shift *shift, struct fetch *out) REQUIRES(shift->drain->lock)
{
    struct drain *drain = shift->drain;
    while (!is_over(shift)) {
        int64_t now_ms = clock_steady_ms();
        bool pausing = now_ms < drain->pause_until_ms;
        if (!pausing && shift->next_ready == shift->n_ready)
            refill(shift);
        if (!pausing && take_ready(shift, out))
            return true;
        if (!pausing && !shift->n_ready && !shift->others_busy)
            return false;
        if (pausing || shift->others_busy)
            lock_wait_until(&drain->change, &drain->lock, now_ms + LOOK_EVERY_MS);
    }
    return false;
}

static bool is_in_service(const struct shift *shift, const char *provider)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(shift->options->registry, provider);
    return entry && provider_entry_in_service(entry);
}

static bool is_transient(int result)
{
    return result == PROVIDER_EBUSY || result == PROVIDER_EUPSTREAM || result == PROVIDER_ETIME ||
           result == PROVIDER_ENOMEM || result == PROVIDER_ECANCEL;
}

static void pause_all(struct shift *shift) REQUIRES(shift->drain->lock)
{
    struct drain *drain = shift->drain;
    int64_t now_ms = clock_steady_ms();
    if (now_ms < drain->pause_until_ms)
        return;
    drain->pause_ms = MIN(MAX(drain->pause_ms * 2, (int64_t)PAUSE_MIN_MS), (int64_t)PAUSE_MAX_MS);
    drain->pause_until_ms = now_ms + drain->pause_ms;
    shift->n_ready = shift->next_ready = 0;
}

static void leave_out(struct shift *shift, const struct fetch *fetch, const struct error *err)
    REQUIRES(shift->drain->lock)
{
    if (is_out(shift, fetch->provider) || shift->n_out == MAX_OUT)
        return;
    snprintf(shift->out[shift->n_out++], sizeof shift->out[0], "%s", fetch->provider);
    error_set(&shift->out_err, PROVIDER_EBUSY,
              "provider '%s' is out of service, its fetches wait: %s", fetch->provider, err->text);
    shift->n_ready = shift->next_ready = 0;
}

/* What becomes of a fetch. */
enum verdict {
    FETCHED,
    RETRY,
    LEAVE, /* it failed too often for now: it waits for the next drain */
    PARK,  /* it failed in a way that will not pass, while others may well succeed */
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
    return tries >= MAX_TRIES && result != PROVIDER_EBUSY && result != PROVIDER_ECANCEL ? LEAVE
                                                                                        : RETRY;
}

static void forget_attempt(struct drain *drain, struct attempt *attempt) REQUIRES(drain->lock)
{
    HASH_DEL(drain->attempts, attempt);
    free(attempt);
}

/* True when the fetch is to be parked. */
static bool settle(struct shift *shift, const struct fetch *fetch, int result, bool in_service,
                   const struct error *err) REQUIRES(shift->drain->lock)
{
    struct drain *drain = shift->drain;
    struct attempt *attempt = find_attempt(drain, fetch);
    enum verdict verdict = judge(result, in_service, attempt->tries);
    attempt->busy = false;
    attempt->given_up = verdict == LEAVE || verdict == PARK || verdict == NOTED;
    if (verdict == FETCHED) {
        drain->pause_ms = 0;
        forget_attempt(drain, attempt);
    } else if (verdict == END) {
        shift->result = result;
        shift->err = *err;
    } else if (verdict == OUT) {
        leave_out(shift, fetch, err);
    }
    if (is_transient(result) && verdict != OUT)
        pause_all(shift);
    lock_broadcast(&drain->change);
    return verdict == PARK;
}

static void report(struct shift *shift, int result, const struct error *err)
{
    struct job *job = shift->options->job;
    if (result && result != PROVIDER_ECANCEL && result != PROVIDER_EBUSY)
        job_note_error(job, err->text);
    if (!is_transient(result) && result != PROVIDER_ECANCEL)
        job_add_done(job, 1);
}

/* Somebody who asked for it, or another shift, may have brought it since the row was read. */
static bool still_waits(struct shift *shift, const struct fetch *fetch)
{
    struct record_header head;
    struct error ignored;
    int result = heads_get(catalog_store(shift->options->catalog), fetch->item_id, fetch->provider,
                           &head, &ignored);
    return result ? result != PROVIDER_ENOTFOUND : head.fetch_priority != 0;
}

static void fetch_one(struct shift *shift, const struct fetch *fetch)
{
    struct drain *drain = shift->drain;
    struct catalog *catalog = shift->options->catalog;
    struct error err = { 0 };
    int result = 0;
    if (still_waits(shift, fetch))
        result = catalog_fetch(catalog, fetch->provider, fetch->item_id,
                               clock_steady_ms() + shift->options->call_timeout_ms,
                               job_canceled(shift->options->job), &err);
    bool in_service = !is_transient(result) || is_in_service(shift, fetch->provider);
    report(shift, result, &err);
    lock_take(&drain->lock);
    bool park = settle(shift, fetch, result, in_service, &err);
    lock_release(&drain->lock);
    if (park)
        catalog_park(catalog, fetch->provider, fetch->item_id);
}

static void *work(void *argument)
{
    struct shift *shift = argument;
    struct fetch fetch;
    for (;;) {
        lock_take(&shift->drain->lock);
        bool got = take_next(shift, &fetch);
        lock_release(&shift->drain->lock);
        if (!got)
            return NULL;
        fetch_one(shift, &fetch);
    }
}

static void run_workers(struct shift *shift)
{
    unsigned n = shift->options->workers;
    CLEANUP(mem_free) pthread_t *threads = mem_alloc_array(n, sizeof *threads);
    for (unsigned i = 0; i < n; i++)
        threads[i] = lock_thread_start("fetch", work, shift);
    for (unsigned i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static void free_attempts(struct drain *drain) REQUIRES(drain->lock)
{
    struct attempt *attempt, *next;
    HASH_ITER (hh, drain->attempts, attempt, next)
        forget_attempt(drain, attempt);
}

/* What failed is remembered for as long as anybody drains. */
static void change_shifts(struct drain *drain, int by)
{
    LOCK_SCOPE(&drain->lock);
    drain->n_shifts += (unsigned)by;
    if (drain->n_shifts)
        return;
    free_attempts(drain);
    drain->pause_ms = drain->pause_until_ms = 0;
}

int drain_fetches(struct drain *drain, const struct drain_options *options, bool *out_more,
                  struct error *err)
{
    CLEANUP(mem_free) struct shift *shift = mem_new(struct shift);
    shift->drain = drain;
    shift->options = options;
    change_shifts(drain, 1);
    run_workers(shift);
    change_shifts(drain, -1);
    const struct error *why = shift->result ? &shift->err : &shift->out_err;
    if (why->code && err)
        *err = *why;
    if (why->code)
        return why->code;
    uint64_t left = 0;
    int result = fetches_count(catalog_store(options->catalog), &left, err);
    *out_more = left && clock_steady_ms() >= options->until_ms;
    return result;
}

struct drain *drain_new(void)
{
    struct drain *drain = mem_new(struct drain);
    lock_init(&drain->lock);
    lock_condition_init(&drain->change);
    return drain;
}

void drain_free(struct drain *drain)
{
    if (!drain)
        return;
    lock_condition_done(&drain->change);
    lock_done(&drain->lock);
    free(drain);
}
