/* SPDX-License-Identifier: MIT */
#include "throttle.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/text.h"

/* Small sets, each with its lock: a look-up touches one, and what it replaces is in the same. */
enum { SETS = 512, WAYS = 8, MINUTE_US = 60000000 };

struct bucket {
    uint64_t who;   /* hash; 0: free */
    int64_t credit; /* MINUTE_US of it is one request; as of at_us */
    int64_t at_us;
};

/* Each set knows the limits, so that its lock guards them too. */
struct set {
    struct lock lock; /* guards what follows */
    uint32_t rate_per_minute, burst;
    struct bucket buckets[WAYS];
};

struct throttle {
    int is_on; /* atomic; without a limit nobody needs to take a lock */
    struct set sets[SETS];
};

struct throttle *throttle_new(uint32_t rate_per_minute, uint32_t burst)
{
    struct throttle *throttle = mem_new(struct throttle);
    for (size_t i = 0; i < SETS; i++)
        lock_init(&throttle->sets[i].lock);
    throttle_set(throttle, rate_per_minute, burst);
    return throttle;
}

void throttle_set(struct throttle *throttle, uint32_t rate_per_minute, uint32_t burst)
{
    __atomic_store_n(&throttle->is_on, rate_per_minute > 0, __ATOMIC_RELAXED);
    for (size_t i = 0; i < SETS; i++) {
        struct set *set = &throttle->sets[i];
        LOCK_SCOPE(&set->lock);
        set->rate_per_minute = rate_per_minute;
        set->burst = MAX(burst, 1u);
    }
}

void throttle_free(struct throttle *throttle)
{
    if (!throttle)
        return;
    for (size_t i = 0; i < SETS; i++)
        lock_done(&throttle->sets[i].lock);
    free(throttle);
}

static int64_t full_credit(const struct set *set) REQUIRES(set->lock)
{
    return (int64_t)set->burst * MINUTE_US;
}

/* Each microsecond brings rate_per_minute of credit, and a request costs a minute's microseconds:
 * no rounding, however often this is called. */
static void refill(const struct set *set, struct bucket *bucket, int64_t now_us) REQUIRES(set->lock)
{
    assert(set->rate_per_minute);
    int64_t full = full_credit(set), until_full = full / set->rate_per_minute + 1;
    int64_t passed = MIN(now_us - bucket->at_us, until_full);
    bucket->credit = MIN(full, bucket->credit + passed * set->rate_per_minute);
    bucket->at_us = now_us;
}

/* The bucket of `who`, or one to take over: a free one, else the fullest. */
static struct bucket *choose(struct set *set, uint64_t who, int64_t now_us) REQUIRES(set->lock)
{
    struct bucket *best = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        struct bucket *bucket = &set->buckets[i];
        if (bucket->who == who)
            return bucket;
        if (best && !best->who)
            continue;
        if (bucket->who)
            refill(set, bucket, now_us);
        if (!best || !bucket->who || bucket->credit > best->credit)
            best = bucket;
    }
    *best = (struct bucket){ .who = who, .credit = full_credit(set), .at_us = now_us };
    return best;
}

static uint32_t seconds_for(const struct set *set, int64_t credit) REQUIRES(set->lock)
{
    int64_t us = credit / set->rate_per_minute;
    return (uint32_t)((us + 999999) / 1000000);
}

bool throttle_take(struct throttle *throttle, const char *who, struct throttle_state *out)
{
    *out = (struct throttle_state){ 0 };
    if (!__atomic_load_n(&throttle->is_on, __ATOMIC_RELAXED))
        return true;
    uint64_t hash = text_hash(who, strlen(who)) | 1;
    struct set *set = &throttle->sets[(hash >> 32) % SETS];
    int64_t now_us = clock_coarse_steady_ms() * 1000; /* some milliseconds matter to nobody */
    LOCK_SCOPE(&set->lock);
    *out = (struct throttle_state){ .limited = set->rate_per_minute > 0,
                                    .burst = set->burst,
                                    .rate_per_minute = set->rate_per_minute };
    if (!out->limited)
        return true;
    struct bucket *bucket = choose(set, hash, now_us);
    refill(set, bucket, now_us);
    bool allowed = bucket->credit >= MINUTE_US;
    if (allowed)
        bucket->credit -= MINUTE_US;
    else
        out->retry_s = MAX(seconds_for(set, MINUTE_US - bucket->credit), 1u);
    out->left = (uint32_t)(bucket->credit / MINUTE_US);
    out->reset_s = seconds_for(set, full_credit(set) - bucket->credit);
    return allowed;
}

uint32_t throttle_count(struct throttle *throttle)
{
    uint32_t n = 0;
    for (size_t i = 0; i < SETS; i++) {
        LOCK_SCOPE(&throttle->sets[i].lock);
        for (size_t k = 0; k < WAYS; k++)
            n += throttle->sets[i].buckets[k].who != 0;
    }
    return n;
}
