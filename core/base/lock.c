/* SPDX-License-Identifier: MIT */
#include "base/lock.h"

#include <assert.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

void lock_init(struct lock *lock)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    /* Ours are held for a moment: to look again is cheaper than to sleep and be woken. */
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(&lock->mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

void lock_done(struct lock *lock)
{
    pthread_mutex_destroy(&lock->mutex);
}

void lock_take(struct lock *lock) NO_LOCK_ANALYSIS
{
    int failed = pthread_mutex_lock(&lock->mutex);
    assert(!failed);
    (void)failed;
}

void lock_release(struct lock *lock) NO_LOCK_ANALYSIS
{
    pthread_mutex_unlock(&lock->mutex);
}

void lock_condition_init(struct lock_condition *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&condition->condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

void lock_condition_done(struct lock_condition *condition)
{
    pthread_cond_destroy(&condition->condition);
}

void lock_signal(struct lock_condition *condition)
{
    pthread_cond_signal(&condition->condition);
}

void lock_broadcast(struct lock_condition *condition)
{
    pthread_cond_broadcast(&condition->condition);
}

void lock_wait(struct lock_condition *condition, struct lock *lock)
{
    pthread_cond_wait(&condition->condition, &lock->mutex);
}

bool lock_wait_until(struct lock_condition *condition, struct lock *lock, int64_t until_ms)
{
    /* By the clock's distance, not its value: a test's own clock may be days from the system's. */
    int64_t left_ms = MAX(until_ms - clock_steady_ms(), (int64_t)0);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(left_ms / 1000);
    until.tv_nsec += (long)(left_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return pthread_cond_timedwait(&condition->condition, &lock->mutex, &until) == 0;
}

int lock_thread_try(const char *name, void *(*run)(void *), void *argument, pthread_t *out,
                    struct error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    /* A fault while its signal is blocked ends the process without asking its handler. */
    const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int failed = pthread_create(&thread, NULL, run, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return error_set(err, PROVIDER_EBUSY, "no thread '%s' can be started: error %d", name,
                         failed);
    pthread_setname_np(thread, name);
    *out = thread;
    return 0;
}

pthread_t lock_thread_start(const char *name, void *(*run)(void *), void *argument)
{
    pthread_t thread;
    struct error err;
    if (lock_thread_try(name, run, argument, &thread, &err)) {
        fprintf(stderr, "miauflixd: %s\n", err.text);
        abort();
    }
    return thread;
}

unsigned lock_place(void)
{
    static unsigned n_threads;
    static _Thread_local unsigned place = UINT_MAX;
    if (place == UINT_MAX)
        place = __atomic_fetch_add(&n_threads, 1, __ATOMIC_RELAXED) % LOCK_PLACES;
    return place;
}
