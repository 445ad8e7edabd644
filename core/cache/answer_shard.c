/* SPDX-License-Identifier: MIT */
#include "cache/answer_shard.h"

#include <utlist.h>

enum { SMALL_PART = 10 };

struct answer_entry *answer_shard_find(struct answer_shard *shard, uint64_t hash, const char *key,
                                       size_t key_len)
{
    struct answer_entry *entry;
    HASH_FIND_BYHASHVALUE(hh, shard->by_key, key, key_len, (unsigned)hash, entry);
    return entry;
}

static void enqueue(struct answer_shard *shard, struct answer_entry *entry, enum answer_queue queue)
{
    entry->queue = (uint8_t)queue;
    DL_APPEND(shard->queues[queue], entry);
    shard->bytes[queue] += entry->size;
}

static void dequeue(struct answer_shard *shard, struct answer_entry *entry)
{
    DL_DELETE(shard->queues[entry->queue], entry);
    shard->bytes[entry->queue] -= entry->size;
}

static void add_to_tag(struct answer_shard *shard, struct answer_entry *entry)
{
    struct answer_tag *tag;
    HASH_FIND(hh, shard->tags, &entry->tag, sizeof entry->tag, tag);
    if (!tag) {
        tag = mem_new(struct answer_tag);
        tag->tag = entry->tag;
        HASH_ADD(hh, shard->tags, tag, sizeof tag->tag, tag);
    }
    entry->home = tag;
    DL_APPEND2(tag->entries, entry, tag_prev, tag_next);
}

static void remove_from_tag(struct answer_shard *shard, struct answer_entry *entry)
{
    struct answer_tag *tag = entry->home;
    DL_DELETE2(tag->entries, entry, tag_prev, tag_next);
    if (tag->entries)
        return;
    HASH_DEL(shard->tags, tag);
    free(tag);
}

void answer_shard_remove(struct answer_shard *shard, struct answer_entry *entry)
{
    dequeue(shard, entry);
    remove_from_tag(shard, entry);
    HASH_DEL(shard->by_key, entry);
    shard->entries--;
    answer_unref(entry->answer);
    free(entry);
}

static void evict(struct answer_shard *shard, struct answer_entry *entry)
{
    shard->evictions++;
    answer_shard_remove(shard, entry);
}

/* What was asked again moves on to the main queue, the rest leaves a ghost behind. */
static void shrink_small(struct answer_shard *shard)
{
    struct answer_entry *oldest = shard->queues[ANSWER_SMALL];
    if (oldest->used) {
        dequeue(shard, oldest);
        oldest->used = 0;
        enqueue(shard, oldest, ANSWER_MAIN);
        return;
    }
    shard->ghosts[oldest->hash % ANSWER_GHOSTS] = oldest->hash;
    evict(shard, oldest);
}

/* What was asked since it stood here last goes round once more. */
static void shrink_main(struct answer_shard *shard)
{
    struct answer_entry *oldest = shard->queues[ANSWER_MAIN];
    if (!oldest->used) {
        evict(shard, oldest);
        return;
    }
    dequeue(shard, oldest);
    oldest->used--;
    enqueue(shard, oldest, ANSWER_MAIN);
}

static void make_room(struct answer_shard *shard)
{
    while (shard->bytes[ANSWER_SMALL] + shard->bytes[ANSWER_MAIN] > shard->max_bytes) {
        bool small = shard->bytes[ANSWER_SMALL] > shard->max_bytes / SMALL_PART ||
                     !shard->queues[ANSWER_MAIN];
        if (small)
            shrink_small(shard);
        else
            shrink_main(shard);
    }
}

void answer_shard_add(struct answer_shard *shard, struct answer_entry *entry)
{
    uint64_t *ghost = &shard->ghosts[entry->hash % ANSWER_GHOSTS];
    bool returns = *ghost == entry->hash;
    if (returns)
        *ghost = 0;
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, shard->by_key, entry->key, entry->key_len,
                                (unsigned)entry->hash, entry);
    add_to_tag(shard, entry);
    shard->entries++;
    enqueue(shard, entry, returns ? ANSWER_MAIN : ANSWER_SMALL);
    make_room(shard);
}

void answer_shard_drop_tag(struct answer_shard *shard, uint32_t tag, uint64_t revision)
{
    struct answer_tag *found;
    HASH_FIND(hh, shard->tags, &tag, sizeof tag, found);
    struct answer_entry *next = found ? found->entries : NULL;
    while (next) {
        struct answer_entry *entry = next;
        next = entry->tag_next;
        if (entry->since >= revision)
            continue;
        if (entry->used && shard->lost)
            shard->lost(shard->lost_context, entry->key, entry->key_len);
        answer_shard_remove(shard, entry);
    }
}

void answer_shard_drop_all(struct answer_shard *shard)
{
    struct answer_tag *tag, *next;
    HASH_ITER (hh, shard->tags, tag, next)
        answer_shard_drop_tag(shard, tag->tag, UINT64_MAX);
}

void answer_shard_done(struct answer_shard *shard)
{
    for (int queue = 0; queue < ANSWER_QUEUES; queue++)
        while (shard->queues[queue])
            answer_shard_remove(shard, shard->queues[queue]);
}
