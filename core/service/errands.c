/* SPDX-License-Identifier: MIT */
#include "service/errands.h"

#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "base/lock.h"
#include "base/mem.h"

struct errand {
    struct errands *owner;
    char *key;
    errands_run *run;
    void *context;
    void (*free_context)(void *);
    unsigned
        references; /* the table's, the worker's and each waiter's; guarded by the owner's lock */
    bool done;
    int result;
    struct error err;
    struct errand *next; /* in the queue */
    UT_hash_handle hh;   /* while it waits or runs */
};

struct errands {
    struct lock lock;
    struct lock_condition work, change;
    struct errand *queue, *by_key;
    pthread_t *threads;
    unsigned n_threads, live; /* live: errands not yet freed, which borrow this struct */
    bool stopping;
    int canceled; /* atomic, for what runs */
    struct errands_status status;
};

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
    HASH_DEL(errand->owner->by_key, errand);
    errand->owner->status.done++;
    lock_broadcast(&errand->owner->change);
    drop(errand);
}

static void run_next(struct errands *errands) REQUIRES(errands->lock)
{
    struct errand *errand = errands->queue;
    LL_DELETE(errands->queue, errand);
    errands->status.waiting--;
    errands->status.running++;
    lock_release(&errands->lock);
    struct error err = { 0 };
    int result = errand->run(errand->context, &errands->canceled, &err);
    lock_take(&errands->lock);
    errands->status.running--;
    finish(errand, result, &err);
}

static void *work(void *argument)
{
    struct errands *errands = argument;
    lock_take(&errands->lock);
    while (!errands->stopping) {
        if (errands->queue)
            run_next(errands);
        else
            lock_wait(&errands->work, &errands->lock);
    }
    lock_release(&errands->lock);
    return NULL;
}

struct errands *errands_new(unsigned workers, unsigned queue_len)
{
    struct errands *errands = mem_new(struct errands);
    lock_init(&errands->lock);
    lock_condition_init(&errands->work);
    lock_condition_init(&errands->change);
    errands->status.queue_len = queue_len;
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
        LL_DELETE(errands->queue, errand);
        errands->status.waiting--;
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
    while (errands->live)
        lock_wait(&errands->change, &errands->lock);
    lock_release(&errands->lock);
    lock_condition_done(&errands->work);
    lock_condition_done(&errands->change);
    lock_done(&errands->lock);
    free(errands->threads);
    free(errands);
}

static struct errand *add(struct errands *errands, const char *key, errands_run *run, void *context,
                          void (*free_context)(void *)) REQUIRES(errands->lock)
{
    struct errand *errand = mem_new(struct errand);
    errand->owner = errands;
    errand->key = mem_dup_text(key);
    errand->run = run;
    errand->context = context;
    errand->free_context = free_context;
    errand->references = 1;
    errands->live++;
    HASH_ADD_KEYPTR(hh, errands->by_key, errand->key, strlen(errand->key), errand);
    LL_APPEND(errands->queue, errand);
    errands->status.waiting++;
    lock_signal(&errands->work);
    return errand;
}

struct errand *errands_start(struct errands *errands, const char *key, errands_run *run,
                             void *context, void (*free_context)(void *), struct error *err)
{
    LOCK_SCOPE(&errands->lock);
    struct errand *errand = NULL;
    HASH_FIND_STR(errands->by_key, key, errand);
    if (errand)
        errands->status.joined++;
    if (errand && free_context)
        free_context(context);
    if (!errand && !errands->stopping && errands->status.waiting < errands->status.queue_len)
        errand = add(errands, key, run, context, free_context);
    if (!errand) {
        errands->status.refused++;
        if (free_context)
            free_context(context);
        error_set(err, PROVIDER_EBUSY, "%u requests wait already for slow work",
                  errands->status.waiting);
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

void errand_unref(struct errand *errand)
{
    if (!errand)
        return;
    struct errands *owner = errand->owner;
    LOCK_SCOPE(&owner->lock);
    drop(errand);
}

void errands_status(struct errands *errands, struct errands_status *out)
{
    LOCK_SCOPE(&errands->lock);
    *out = errands->status;
}
