/* SPDX-License-Identifier: MIT
 *
 * The one writer.  Callers queue what they want written; the writer's thread takes what is there,
 * commits it group by group, tells the listeners, and only then answers the callers.  It also
 * brings a broken environment back. */
#include <assert.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/inside.h"

enum { MAX_QUEUED = 1024, MAX_TAKEN = 200, REOPEN_EVERY_MS = 1000 };

struct writer {
    struct store *store;
    pthread_t thread;
    struct lock lock; /* guards the rest */
    struct lock_condition work, room;
    struct request *first, **end;
    size_t n_queued;
    bool stopping;
    int64_t next_reopen_ms; /* the writer's thread only */
};

static void queue_add(struct writer *writer, struct request *request) REQUIRES(writer->lock)
{
    *writer->end = request;
    writer->end = &request->next;
    if (!writer->n_queued++)
        lock_signal(&writer->work);
}

static size_t queue_take(struct writer *writer, struct request *out[MAX_TAKEN])
    REQUIRES(writer->lock)
{
    size_t n = 0;
    while (writer->first && n < MAX_TAKEN) {
        out[n] = writer->first;
        writer->first = writer->first->next;
        out[n++]->next = NULL;
    }
    if (!writer->first)
        writer->end = &writer->first;
    writer->n_queued -= n;
    if (n)
        lock_broadcast(&writer->room);
    return n;
}

static bool is_broken(const struct writer *writer)
{
    return atomic_load(&writer->store->environment.broken);
}

/* Waits for work, or until a broken environment may be tried again; false when it is time to end.
 */
static bool wait_for_work(struct writer *writer) REQUIRES(writer->lock)
{
    while (!writer->first) {
        if (writer->stopping)
            return false;
        int64_t now_ms = clock_steady_ms();
        if (is_broken(writer) && now_ms >= writer->next_reopen_ms)
            return true;
        lock_wait_until(&writer->work, &writer->lock,
                        is_broken(writer) ? writer->next_reopen_ms : now_ms + REOPEN_EVERY_MS);
    }
    return true;
}

static void tell_listeners(struct store *store, uint64_t revision_before)
{
    uint64_t revision = atomic_load(&store->revision);
    for (size_t i = 0; revision != revision_before && i < store->n_listeners; i++)
        store->listeners[i].committed(revision, store->listeners[i].context);
}

static void finish(struct writer *writer, struct request *request)
{
    if (request->finished) {
        /* Its memory is the waiting caller's, who may be gone as soon as the lock is free. */
        LOCK_SCOPE(&writer->lock);
        request->is_finished = true;
        lock_signal(request->finished);
        return;
    }
    if (request->done)
        request->done(request->context, request->result, &request->err);
    free(request);
}

/* After a failure that only recovery can take back. */
static void bring_back(struct writer *writer)
{
    struct store *store = writer->store;
    struct error err = { 0 };
    if (clock_steady_ms() < writer->next_reopen_ms)
        return;
    log_warning("store", "a write failed beyond repair, recovering from the log");
    uint64_t revision_before = atomic_load(&store->revision);
    int failed = environment_reopen(&store->environment, &err);
    if (!failed && (failed = counters_load(store, &err)))
        atomic_store(&store->environment.broken, true); /* the numbers in memory are of before */
    writer->next_reopen_ms = clock_steady_ms() + REOPEN_EVERY_MS;
    if (failed) {
        log_error("store", "cannot recover, trying again in a second: %s", err.text);
        return;
    }
    log_notice("store", "recovered, writing again");
    tell_listeners(store, revision_before);
}

static void write_all(struct writer *writer, struct request **requests, size_t n)
{
    for (size_t done = 0; done < n;) {
        uint64_t revision_before = atomic_load(&writer->store->revision);
        size_t end = done + group_run(writer->store, requests + done, n - done);
        tell_listeners(writer->store, revision_before);
        while (done < end)
            finish(writer, requests[done++]);
    }
}

static void *writer_thread(void *argument)
{
    struct writer *writer = argument;
    struct request *taken[MAX_TAKEN];
    lock_take(&writer->lock);
    while (wait_for_work(writer)) {
        size_t n = queue_take(writer, taken);
        lock_release(&writer->lock);
        if (n)
            write_all(writer, taken, n);
        if (is_broken(writer))
            bring_back(writer);
        lock_take(&writer->lock);
    }
    lock_release(&writer->lock);
    return NULL;
}

struct writer *writer_start(struct store *store)
{
    struct writer *writer = mem_new(struct writer);
    writer->store = store;
    writer->end = &writer->first;
    lock_init(&writer->lock);
    lock_condition_init(&writer->work);
    lock_condition_init(&writer->room);
    writer->thread = lock_thread_start("store-writer", writer_thread, writer);
    return writer;
}

void writer_stop(struct writer *writer)
{
    if (!writer)
        return;
    lock_take(&writer->lock);
    writer->stopping = true;
    lock_signal(&writer->work);
    lock_broadcast(&writer->room);
    lock_release(&writer->lock);
    pthread_join(writer->thread, NULL);
    lock_condition_done(&writer->work);
    lock_condition_done(&writer->room);
    lock_done(&writer->lock);
    free(writer);
}

/* False: the store is closing.  The writer's own thread never waits for itself. */
static bool wait_for_room(struct writer *writer) REQUIRES(writer->lock)
{
    bool is_own = pthread_equal(pthread_self(), writer->thread);
    while (writer->n_queued >= MAX_QUEUED && !is_own && !writer->stopping)
        lock_wait(&writer->room, &writer->lock);
    return !writer->stopping;
}

int writer_run(struct writer *writer, store_apply *apply, void *context, bool may_use_reserve,
               struct error *err)
{
    /* It would wait for itself for ever. */
    assert(!pthread_equal(pthread_self(), writer->thread));
    struct lock_condition finished;
    struct request request = { .apply = apply,
                               .context = context,
                               .may_use_reserve = may_use_reserve,
                               .finished = &finished };
    lock_condition_init(&finished);
    lock_take(&writer->lock);
    bool is_queued = wait_for_room(writer);
    if (is_queued)
        queue_add(writer, &request);
    while (is_queued && !request.is_finished)
        lock_wait(&finished, &writer->lock);
    lock_release(&writer->lock);
    lock_condition_done(&finished);
    if (!is_queued)
        return error_set(err, PROVIDER_ECANCEL, "the store is closing");
    if (request.result && err)
        *err = request.err;
    return request.result;
}

void writer_submit(struct writer *writer, store_apply *apply,
                   void (*done)(void *context, int result, const struct error *err), void *context)
{
    struct request *request = mem_new(struct request);
    *request = (struct request){ .apply = apply, .context = context, .done = done };
    lock_take(&writer->lock);
    bool is_queued = wait_for_room(writer);
    if (is_queued)
        queue_add(writer, request);
    lock_release(&writer->lock);
    if (is_queued)
        return;
    request->result = error_set(&request->err, PROVIDER_ECANCEL, "the store is closing");
    if (done)
        done(context, request->result, &request->err);
    free(request);
}
