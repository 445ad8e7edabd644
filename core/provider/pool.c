/* SPDX-License-Identifier: MIT */
#include "provider/pool.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/mem.h"
#include "provider/marker.h"

enum { IDLE_MS = 30000 };

struct pool_thread {
    struct pool *pool;
    struct lock_condition woken;
    void (*run)(void *argument); /* pool lock */
    void *argument;              /* pool lock */
    struct pool_thread *next;    /* in the idle list; pool lock */
};

struct pool {
    struct lock lock;
    struct lock_condition ended;
    struct pool_thread *idle; /* lock; last in, first out: the others can grow old and end */
    unsigned n_threads;       /* lock */
    bool closed;              /* lock */
    bool orphan;              /* lock: the owner left, the last thread frees */
};

struct pool *pool_new(void)
{
    struct pool *pool = mem_new(struct pool);
    lock_init(&pool->lock);
    lock_condition_init(&pool->ended);
    return pool;
}

static void pool_free(struct pool *pool)
{
    lock_condition_done(&pool->ended);
    lock_done(&pool->lock);
    free(pool);
}

static void leave_idle_list(struct pool_thread *thread) REQUIRES(thread->pool->lock)
{
    for (struct pool_thread **at = &thread->pool->idle; *at; at = &(*at)->next)
        if (*at == thread) {
            *at = thread->next;
            return;
        }
}

/* Whether there is work; false: this thread ends. */
static bool wait_for_work(struct pool_thread *thread) REQUIRES(thread->pool->lock)
{
    struct pool *pool = thread->pool;
    if (thread->run)
        return true;
    if (pool->closed)
        return false;
    thread->next = pool->idle;
    pool->idle = thread;
    int64_t until_ms = clock_steady_ms() + IDLE_MS;
    while (!thread->run && !pool->closed &&
           lock_wait_until(&thread->woken, &pool->lock, until_ms)) {
    }
    if (!thread->run)
        leave_idle_list(thread);
    return thread->run != NULL;
}

static void *live(void *argument)
{
    struct pool_thread *thread = argument;
    struct pool *pool = thread->pool;
    marker_thread_begin();
    lock_take(&pool->lock);
    while (wait_for_work(thread)) {
        void (*run)(void *) = steal(thread->run);
        void *with = steal(thread->argument);
        lock_release(&pool->lock);
        run(with);
        lock_take(&pool->lock);
    }
    pool->n_threads--;
    bool last = pool->orphan && pool->n_threads == 0;
    lock_broadcast(&pool->ended);
    lock_release(&pool->lock);
    marker_thread_end();
    lock_condition_done(&thread->woken);
    free(thread);
    if (last)
        pool_free(pool);
    return NULL;
}

int pool_run(struct pool *pool, void (*run)(void *argument), void *argument, struct error *err)
{
    LOCK_SCOPE(&pool->lock);
    struct pool_thread *thread = pool->idle;
    if (thread) {
        pool->idle = thread->next;
        thread->run = run;
        thread->argument = argument;
        lock_signal(&thread->woken);
        return 0;
    }
    thread = mem_new(struct pool_thread);
    *thread = (struct pool_thread){ .pool = pool, .run = run, .argument = argument };
    lock_condition_init(&thread->woken);
    pthread_t started;
    int failed = lock_thread_try("provider-call", live, thread, &started, err);
    if (failed) {
        lock_condition_done(&thread->woken);
        free(thread);
        return failed;
    }
    pool->n_threads++;
    return pthread_detach(started);
}

void pool_close(struct pool *pool, int64_t until_ms)
{
    if (!pool)
        return;
    lock_take(&pool->lock);
    pool->closed = true;
    for (struct pool_thread *at = pool->idle; at; at = at->next)
        lock_signal(&at->woken);
    while (pool->n_threads > 0 && lock_wait_until(&pool->ended, &pool->lock, until_ms)) {
    }
    pool->orphan = true;
    bool alone = pool->n_threads == 0;
    lock_release(&pool->lock);
    if (alone)
        pool_free(pool);
}
