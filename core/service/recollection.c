/* SPDX-License-Identifier: MIT */
#include "service/recollection.h"

#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/lock.h"

enum { MAX_MEMORIES = 2000 };

struct memory {
    char *key;
    int64_t said_at_ms, until_ms; /* steady */
    uint64_t revision;
    struct memory *prev, *next; /* oldest first */
    UT_hash_handle hh;
    size_t n_found;
    struct source_found found[];
};

struct recollection {
    unsigned refs; /* atomic */
    struct lock lock;
    struct memory *by_key, *by_age; /* lock */
};

struct recollection *recollection_new(void)
{
    struct recollection *recollection = mem_new(struct recollection);
    recollection->refs = 1;
    lock_init(&recollection->lock);
    return recollection;
}

struct recollection *recollection_ref(struct recollection *recollection)
{
    __atomic_add_fetch(&recollection->refs, 1, __ATOMIC_RELAXED);
    return recollection;
}

static void forget(struct recollection *recollection, struct memory *memory)
    REQUIRES(recollection->lock)
{
    HASH_DEL(recollection->by_key, memory);
    DL_DELETE(recollection->by_age, memory);
    free(memory->key);
    free(memory);
}

void recollection_unref(struct recollection *recollection)
{
    if (!recollection || __atomic_sub_fetch(&recollection->refs, 1, __ATOMIC_ACQ_REL))
        return;
    lock_take(&recollection->lock);
    while (recollection->by_age)
        forget(recollection, recollection->by_age);
    lock_release(&recollection->lock);
    lock_done(&recollection->lock);
    free(recollection);
}

static struct memory *memory_new(const char *key, const struct source_found *found, size_t n_found)
{
    struct memory *memory = mem_alloc(sizeof *memory + n_found * sizeof *found);
    *memory = (struct memory){ .key = mem_dup_text(key), .n_found = n_found };
    if (n_found)
        memcpy(memory->found, found, n_found * sizeof *found);
    return memory;
}

void recollection_put(struct recollection *recollection, const char *key, int64_t said_at_ms,
                      int64_t until_ms, uint64_t revision, const struct source_found *found,
                      size_t n_found)
{
    struct memory *memory = memory_new(key, found, n_found), *old;
    memory->said_at_ms = said_at_ms;
    memory->until_ms = until_ms;
    memory->revision = revision;
    LOCK_SCOPE(&recollection->lock);
    HASH_FIND_STR(recollection->by_key, key, old);
    if (old)
        forget(recollection, old);
    if (HASH_COUNT(recollection->by_key) >= MAX_MEMORIES)
        forget(recollection, recollection->by_age);
    HASH_ADD_KEYPTR(hh, recollection->by_key, memory->key, strlen(memory->key), memory);
    DL_APPEND(recollection->by_age, memory);
}

bool recollection_get(struct recollection *recollection, const char *key, struct source_answer *out)
{
    int64_t now_ms = clock_steady_ms();
    LOCK_SCOPE(&recollection->lock);
    struct memory *memory;
    HASH_FIND_STR(recollection->by_key, key, memory);
    if (memory && now_ms >= memory->until_ms) {
        forget(recollection, memory);
        memory = NULL;
    }
    if (!memory)
        return false;
    out->status = "cached";
    out->age_s = (now_ms - memory->said_at_ms) / 1000;
    out->left_s = (memory->until_ms - now_ms) / 1000;
    out->revision = memory->revision;
    out->n_found = memory->n_found;
    memcpy(out->found, memory->found, memory->n_found * sizeof *memory->found);
    return true;
}
