/* SPDX-License-Identifier: MIT
 *
 * Mutexes and conditions, with the annotations clang's thread-safety analysis reads.  A shared
 * struct names its lock on the field; its functions carry REQUIRES(lock).
 *
 * Lock order, outermost first; a thread that holds one takes only those below it:
 *   1 service (jobs, sync, catalog flights)   2 provider registry   3 provider instance
 *   4 net upstream   5 net engine   6 cache   7 store writer queue, what is to be warmed   8 log */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#if defined(__clang__)
#define LOCK_ATTRIBUTE(x) __attribute__((x))
#else
#define LOCK_ATTRIBUTE(x)
#endif
#define CAPABILITY(name) LOCK_ATTRIBUTE(capability(name))
#define REQUIRES(...) LOCK_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) LOCK_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ACQUIRES(...) LOCK_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASES(...) LOCK_ATTRIBUTE(release_capability(__VA_ARGS__))
#define ASSERTS_HELD(...) LOCK_ATTRIBUTE(assert_capability(__VA_ARGS__))
#define NO_LOCK_ANALYSIS LOCK_ATTRIBUTE(no_thread_safety_analysis)

struct CAPABILITY("mutex") lock {
    pthread_mutex_t mutex;
};

/* Waits on the steady clock. */
struct lock_condition {
    pthread_cond_t condition;
};

#define LOCK_INIT                                                                                  \
    {                                                                                              \
        .mutex = PTHREAD_MUTEX_INITIALIZER                                                         \
    }

void lock_init(struct lock *lock);
void lock_done(struct lock *lock);
void lock_take(struct lock *lock) ACQUIRES(*lock);
void lock_release(struct lock *lock) RELEASES(*lock);

void lock_condition_init(struct lock_condition *condition);
void lock_condition_done(struct lock_condition *condition);
void lock_signal(struct lock_condition *condition);
void lock_broadcast(struct lock_condition *condition);
void lock_wait(struct lock_condition *condition, struct lock *lock) REQUIRES(*lock);

/* Until signalled or steady time `until_ms`; false when the time came first.  Wakes spuriously too.
 */
bool lock_wait_until(struct lock_condition *condition, struct lock *lock, int64_t until_ms)
    REQUIRES(*lock);

/* Holds a lock until the scope ends: `LOCK_SCOPE(&queue->lock);` */
/* In C the analysis cannot see a scope release a lock, so it is only told that the lock is held. */
static inline struct lock *lock_scope_enter(struct lock *lock) ASSERTS_HELD(*lock) NO_LOCK_ANALYSIS
{
    lock_take(lock);
    return lock;
}

static inline void lock_scope_cleanup(struct lock **lock) NO_LOCK_ANALYSIS
{
    lock_release(*lock);
}

#define LOCK_SCOPE_NAME(line) lock_scope_##line
#define LOCK_SCOPE_AT(held, line)                                                                  \
    CLEANUP(lock_scope) UNUSED struct lock *LOCK_SCOPE_NAME(line) = lock_scope_enter(held)
#define LOCK_SCOPE_LINE(held, line) LOCK_SCOPE_AT(held, line)
#define LOCK_SCOPE(held) LOCK_SCOPE_LINE(held, __LINE__)

/* Starts a named thread (15 characters at most) with all signals blocked.  PROVIDER_EBUSY: the
 * system lets this process have no more threads now. */
int lock_thread_try(const char *name, void *(*run)(void *), void *argument, pthread_t *out,
                    struct error *err);

/* One that there has to be: ends the process when it cannot. */
pthread_t lock_thread_start(const char *name, void *(*run)(void *), void *argument);

/* For counters that every thread counts: each counts in a place of its own (a few share one), far
 * enough from the others, and who reads adds them up. */
enum { LOCK_PLACES = 16, LOCK_PLACE_BYTES = 64 };
unsigned lock_place(void);
