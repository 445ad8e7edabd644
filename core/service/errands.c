/* SPDX-License-Identifier: MIT */
#include "service/errands.h"

#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/mem.h"

/* What is slow for one reason: it must not take what others need. */
struct lane {
    char *name;
    unsigned running, waiting;
    UT_hash_handle hh; /* while either is above 0 */
};

struct errand {
    struct errands *owner;
    char *key;
    struct lane *lane; /* while it waits or runs; NULL: none */
    errands_run *run;
    void *context;
    void (*free_context)(void *);
    unsigned
        references;   /* the table's, the worker's and each waiter's; guarded by the owner's lock */
    int64_t since_ms; /* steady time */
    bool done;
    int64_t ended_ms; /* steady */
    int result;
    struct error err;
    struct errand *next; /* in the queue */
    UT_hash_handle hh;   /* while it waits or runs */
};

struct errands {
    struct lock lock;
    struct lock_condition work, change;
    struct errand *queue, *by_key;
    struct lane *lanes;
    pthread_t *threads;
    unsigned n_threads, live; /* live: errands not yet freed, which borrow this struct */
    bool stopping;
    int canceled; /* atomic, for what runs */
    struct errands_status status;
};

/* --- Lanes */

static bool lane_may_run(const struct errands *errands, const struct lane *lane)
{
    return !lane || lane->running < (errands->n_threads + 1) / 2;
}

static bool lane_may_wait(const struct errands *errands, const struct lane *lane)
{
    return !lane || lane->waiting < (errands->status.queue_len + 1) / 2;
}

/* The lane of a key, made when it is new; NULL when the key names none. */
static struct lane *lane_of(struct errands *errands, const char *key) REQUIRES(errands->lock)
{
    const char *first = strchr(key, '/'), *end = first ? strchr(first + 1, '/') : NULL;
    struct lane *lane = NULL;
    if (!end)
        return NULL;
    HASH_FIND(hh, errands->lanes, key, (size_t)(end - key), lane);
    if (lane)
        return lane;
    lane = mem_new(struct lane);
    lane->name = mem_format("%.*s", (int)(end - key), key);
    HASH_ADD_KEYPTR(hh, errands->lanes, lane->name, strlen(lane->name), lane);
    return lane;
}

static void lane_tidy(struct errands *errands, struct lane *lane) REQUIRES(errands->lock)
{
    if (!lane || lane->running || lane->waiting)
        return;
    HASH_DEL(errands->lanes, lane);
    free(lane->name);
    free(lane);
}

/* --- Running */

static void drop(struct errand *errand) REQUIRES(errand->owner->lock)
{
    if (--errand->references)
        return;
    struct errands *owner = errand->owner;
    if (errand->free_context)
        errand->free_context(errand->context);
    free(errand->key);
    free(errand);
    owner->live--;
    lock_broadcast(&owner->change);
}

static void finish(struct errand *errand, int result, const struct error *err)
    REQUIRES(errand->owner->lock)
{
    errand->result = result;
    if (err)
        errand->err = *err;
    errand->done = true;
    errand->ended_ms = clock_steady_ms();
    HASH_DEL(errand->owner->by_key, errand);
    errand->owner->status.done++;
    lock_broadcast(&errand->owner->change);
    drop(errand);
}

/* Out of the queue. */
static void unqueue(struct errand *errand) REQUIRES(errand->owner->lock)
{
    LL_DELETE(errand->owner->queue, errand);
    errand->owner->status.waiting--;
    if (errand->lane)
        errand->lane->waiting--;
}

/* The longest waiting whose lane has room. */
static struct errand *find_next(struct errands *errands) REQUIRES(errands->lock)
{
    struct errand *errand = errands->queue;
    while (errand && !lane_may_run(errands, errand->lane))
        errand = errand->next;
    return errand;
}

static void run_one(struct errands *errands, struct errand *errand) REQUIRES(errands->lock)
{
    struct lane *lane = errand->lane;
    unqueue(errand);
    errands->status.running++;
    if (lane)
        lane->running++;
    lock_release(&errands->lock);
    struct error err = { 0 };
    int result = errand->run(errand->context, &errands->canceled, &err);
    lock_take(&errands->lock);
    errands->status.running--;
    if (lane)
        lane->running--;
    lane_tidy(errands, lane);
    finish(errand, result, &err);
}

static void *work(void *argument)
{
    struct errands *errands = argument;
    lock_take(&errands->lock);
    while (!errands->stopping) {
        struct errand *next = find_next(errands);
        if (next)
            run_one(errands, next);
        else
            lock_wait(&errands->work, &errands->lock);
    }
    lock_release(&errands->lock);
    return NULL;
}

struct errands *errands_new(unsigned workers, unsigned queue_len, unsigned seats)
{
    struct errands *errands = mem_new(struct errands);
    lock_init(&errands->lock);
    lock_condition_init(&errands->work);
    lock_condition_init(&errands->change);
    errands->status.queue_len = queue_len;
    errands->status.seats = seats;
    errands->n_threads = workers;
    errands->threads = mem_alloc_array(workers, sizeof *errands->threads);
    for (unsigned i = 0; i < workers; i++)
        errands->threads[i] = lock_thread_start("errand", work, errands);
    return errands;
}

static void cancel_queue(struct errands *errands) REQUIRES(errands->lock)
{
    struct error err;
    error_set(&err, PROVIDER_ECANCEL, "the daemon is stopping");
    while (errands->queue) {
        struct errand *errand = errands->queue;
        unqueue(errand);
        lane_tidy(errands, errand->lane);
        finish(errand, PROVIDER_ECANCEL, &err);
    }
}

void errands_stop(struct errands *errands)
{
    LOCK_SCOPE(&errands->lock);
    errands->stopping = true;
    __atomic_store_n(&errands->canceled, 1, __ATOMIC_RELAXED);
    cancel_queue(errands);
    lock_broadcast(&errands->work);
}

void errands_free(struct errands *errands)
{
    if (!errands)
        return;
    errands_stop(errands);
    for (unsigned i = 0; i < errands->n_threads; i++)
        pthread_join(errands->threads[i], NULL);
    lock_take(&errands->lock);
    while (errands->live || errands->status.seated)
        lock_wait(&errands->change, &errands->lock);
    lock_release(&errands->lock);
    lock_condition_done(&errands->work);
    lock_condition_done(&errands->change);
    lock_done(&errands->lock);
    free(errands->threads);
    free(errands);
}

/* NULL: there is no room. */
static struct errand *add(struct errands *errands, const char *key, errands_run *run, void *context,
                          void (*free_context)(void *)) REQUIRES(errands->lock)
{
    if (errands->stopping || errands->status.waiting >= errands->status.queue_len)
        return NULL;
    struct lane *lane = lane_of(errands, key);
    if (!lane_may_wait(errands, lane))
        return NULL;
    struct errand *errand = mem_new(struct errand);
    errand->lane = lane;
    if (lane)
        lane->waiting++;
    errand->owner = errands;
    errand->key = mem_dup_text(key);
    errand->run = run;
    errand->context = context;
    errand->free_context = free_context;
    errand->references = 1;
    errand->since_ms = clock_steady_ms();
    errands->live++;
    HASH_ADD_KEYPTR(hh, errands->by_key, errand->key, strlen(errand->key), errand);
    LL_APPEND(errands->queue, errand);
    errands->status.waiting++;
    lock_signal(&errands->work);
    return errand;
}

/* The seat is taken already, or is now. */
static bool sit(struct errands *errands, struct errands_seat *seat) REQUIRES(errands->lock)
{
    if (seat->owner)
        return true;
    if (errands->status.seated >= errands->status.seats)
        return false;
    errands->status.seated++;
    seat->owner = errands;
    return true;
}

void errands_seat_done(struct errands_seat *seat)
{
    struct errands *errands = steal(seat->owner);
    if (!errands)
        return;
    LOCK_SCOPE(&errands->lock);
    errands->status.seated--;
    lock_broadcast(&errands->change);
}

static struct errand *join(struct errands *errands, const char *key, void *context,
                           void (*free_context)(void *)) REQUIRES(errands->lock)
{
    struct errand *errand;
    HASH_FIND_STR(errands->by_key, key, errand);
    if (!errand)
        return NULL;
    errands->status.joined++;
    if (free_context)
        free_context(context);
    return errand;
}

struct errand *errands_start(struct errands *errands, struct errands_seat *seat, const char *key,
                             errands_run *run, void *context, void (*free_context)(void *),
                             struct error *err)
{
    LOCK_SCOPE(&errands->lock);
    struct errand *errand = NULL;
    bool seated = sit(errands, seat);
    if (seated)
        errand = join(errands, key, context, free_context);
    if (seated && !errand)
        errand = add(errands, key, run, context, free_context);
    if (!errand) {
        errands->status.refused++;
        if (free_context)
            free_context(context);
        error_set(err, PROVIDER_EBUSY, "%u requests wait already for slow work",
                  seated ? errands->status.waiting : errands->status.seated);
        return NULL;
    }
    errand->references++;
    return errand;
}

int errand_wait(struct errand *errand, int64_t deadline_ms, struct error *err)
{
    struct errands *owner = errand->owner;
    LOCK_SCOPE(&owner->lock);
    bool in_time = true;
    while (!errand->done && in_time)
        in_time = lock_wait_until(&owner->change, &owner->lock, deadline_ms);
    if (!errand->done)
        return error_set(err, PROVIDER_ETIME, "no answer in time");
    if (errand->result && err)
        *err = errand->err;
    return errand->result;
}

void *errand_context(struct errand *errand)
{
    return errand->context;
}

int64_t errand_ended_ms(struct errand *errand)
{
    LOCK_SCOPE(&errand->owner->lock);
    return errand->ended_ms;
}

void errand_unref(struct errand *errand)
{
    if (!errand)
        return;
    struct errands *owner = errand->owner;
    LOCK_SCOPE(&owner->lock);
    drop(errand);
}

int64_t errands_oldest_ms(struct errands *errands, const char *lane)
{
    int64_t oldest_ms = INT64_MAX;
    LOCK_SCOPE(&errands->lock);
    for (const struct errand *errand = errands->by_key; errand; errand = errand->hh.next)
        if (errand->lane && strcmp(errand->lane->name, lane) == 0)
            oldest_ms = MIN(oldest_ms, errand->since_ms);
    return oldest_ms;
}

void errands_status(struct errands *errands, struct errands_status *out)
{
    LOCK_SCOPE(&errands->lock);
    *out = errands->status;
}
