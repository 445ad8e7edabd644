/* SPDX-License-Identifier: MIT */
#include "index/members.h"

#include <stdlib.h>
#include <string.h>

#include "base/lock.h"
#include "store/lists.h"

enum { KEPT = 16 };

struct member_cache {
    struct store *store;
    struct lock lock; /* guards what follows */
    struct members *kept[KEPT];
    size_t next; /* whose place is taken next */
};

struct member_cache *member_cache_new(struct store *store)
{
    struct member_cache *cache = mem_new(struct member_cache);
    cache->store = store;
    lock_init(&cache->lock);
    return cache;
}

void member_cache_free(struct member_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < KEPT; i++)
        members_unref(cache->kept[i]);
    lock_done(&cache->lock);
    free(cache);
}

static struct members *members_ref(struct members *members)
{
    __atomic_add_fetch(&members->references, 1, __ATOMIC_RELAXED);
    return members;
}

void members_unref(struct members *members)
{
    if (members && !__atomic_sub_fetch(&members->references, 1, __ATOMIC_ACQ_REL))
        free(members);
}

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static struct members *read_members(struct store *store, uint32_t list, uint64_t revision)
{
    struct members *out = mem_alloc(sizeof *out + LIST_MAX_ITEMS * sizeof out->ids[0]);
    out->list = list;
    out->revision = revision;
    out->references = 1;
    list_items_numbers(store, list, out->ids, &out->n, NULL);
    qsort(out->ids, out->n, sizeof out->ids[0], compare_ids);
    return mem_resize(out, 1, sizeof *out + out->n * sizeof out->ids[0]);
}

static struct members *find_kept(struct member_cache *cache, uint32_t list, uint64_t revision)
{
    LOCK_SCOPE(&cache->lock);
    for (size_t i = 0; i < KEPT; i++) {
        struct members *one = cache->kept[i];
        if (one && one->list == list && one->revision == revision)
            return members_ref(one);
    }
    return NULL;
}

static void keep(struct member_cache *cache, struct members *members)
{
    LOCK_SCOPE(&cache->lock);
    size_t place = cache->next;
    for (size_t i = 0; i < KEPT; i++)
        if (cache->kept[i] && cache->kept[i]->list == members->list)
            place = i;
    if (place == cache->next)
        cache->next = (cache->next + 1) % KEPT;
    members_unref(cache->kept[place]);
    cache->kept[place] = members_ref(members);
}

static struct members *nobody(void)
{
    struct members *out = mem_new(struct members);
    out->references = 1;
    return out;
}

struct members *members_get(struct member_cache *cache, uint32_t list)
{
    struct list_row row = { 0 };
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN * 2);
    /* Read before its items: what is read of a later state is kept under the number of this one,
     * and so read again. */
    if (list_rows_get(cache->store, list, &row, &about, NULL))
        return nobody();
    struct members *found = find_kept(cache, list, row.revision);
    if (found)
        return found;
    found = read_members(cache->store, list, row.revision);
    keep(cache, found);
    return found;
}

bool members_have(const struct members *members, uint32_t id)
{
    return members->n && bsearch(&id, members->ids, members->n, sizeof id, compare_ids);
}
