/* SPDX-License-Identifier: MIT
 *
 * What has to happen beside the writing: checkpoints (by size and by time), the log to disk once a
 * second when commits do not wait for it, and a look for deadlocks, without which Berkeley DB never
 * notices that a lock timed out.  Two threads: a large checkpoint takes seconds, and deadlocks must
 * not wait for it. */
#include "base/clock.h"
#include "base/log.h"
#include "store/inside.h"

enum { TICK_MS = 1000 };

struct ticker {
    struct store *store;
    pthread_t thread;
    struct lock lock;
    struct lock_condition stop;
    bool stopping;
    void (*tick)(struct store *store);
};

struct keeper {
    struct ticker checkpointer, detector;
};

static void find_deadlocks(struct store *store)
{
    struct environment *environment = &store->environment;
    if (environment_enter(environment, NULL))
        return;
    int n_rejected = 0;
    int db_code = environment->env->lock_detect(environment->env, 0, DB_LOCK_MINWRITE, &n_rejected);
    if (db_code)
        environment_fail(environment, db_code, NULL, "cannot look for deadlocks");
    environment_leave(environment);
}

static void flush_log(struct store *store)
{
    struct environment *environment = &store->environment;
    struct error err;
    if (environment_enter(environment, NULL))
        return;
    int db_code = environment->env->log_flush(environment->env, NULL);
    if (db_code) {
        environment_fail(environment, db_code, &err, "cannot write the log to disk");
        log_warning("store", "%s, trying again in a second", err.text);
    }
    environment_leave(environment);
}

static void keep_log_short(struct store *store)
{
    struct error err = { 0 };
    if (!store->environment.sync_each_commit)
        flush_log(store);
    if (environment_checkpoint(&store->environment, false, &err))
        log_warning("store", "%s, keeping the log until it succeeds", err.text);
}

static void *ticker_thread(void *argument)
{
    struct ticker *ticker = argument;
    lock_take(&ticker->lock);
    while (!ticker->stopping) {
        int64_t next_ms = clock_steady_ms() + TICK_MS;
        while (!ticker->stopping && lock_wait_until(&ticker->stop, &ticker->lock, next_ms))
            continue;
        if (ticker->stopping)
            break;
        lock_release(&ticker->lock);
        ticker->tick(ticker->store);
        lock_take(&ticker->lock);
    }
    lock_release(&ticker->lock);
    return NULL;
}

static void ticker_start(struct ticker *ticker, struct store *store, const char *name,
                         void (*tick)(struct store *))
{
    ticker->store = store;
    ticker->tick = tick;
    lock_init(&ticker->lock);
    lock_condition_init(&ticker->stop);
    ticker->thread = lock_thread_start(name, ticker_thread, ticker);
}

static void ticker_stop(struct ticker *ticker)
{
    lock_take(&ticker->lock);
    ticker->stopping = true;
    lock_signal(&ticker->stop);
    lock_release(&ticker->lock);
    pthread_join(ticker->thread, NULL);
    lock_condition_done(&ticker->stop);
    lock_done(&ticker->lock);
}

struct keeper *keeper_start(struct store *store)
{
    struct keeper *keeper = mem_new(struct keeper);
    ticker_start(&keeper->checkpointer, store, "store-checkpt", keep_log_short);
    ticker_start(&keeper->detector, store, "store-deadlock", find_deadlocks);
    return keeper;
}

void keeper_stop(struct keeper *keeper)
{
    if (!keeper)
        return;
    ticker_stop(&keeper->checkpointer);
    ticker_stop(&keeper->detector);
    free(keeper);
}
