/* SPDX-License-Identifier: MIT */
#include "cache/answers.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/lock.h"
#include "cache/answer_shard.h"

enum { SHARDS = 16, TAG_SLOTS = 4096, MAX_USED = 3 };

struct locked_shard {
    struct lock lock;
    struct answer_shard shard; /* lock */
};

struct answers {
    unsigned char hash_key[crypto_shorthash_KEYBYTES]; /* keys come from clients */
    /* The last revision that dropped a tag which falls on the slot.  Sharing it with another tag
     * only costs now and then an answer that is not kept. */
    uint64_t changed[TAG_SLOTS]; /* atomic */
    uint64_t catalogue_changed;  /* atomic; of tag 0 */
    uint64_t followed;           /* atomic */
    struct locked_shard shards[SHARDS];
};

struct answers *answers_new(uint64_t max_bytes)
{
    struct answers *answers = mem_new(struct answers);
    if (sodium_init() < 0)
        abort(); /* no source of randomness: nothing would be safe */
    crypto_shorthash_keygen(answers->hash_key);
    for (size_t i = 0; i < SHARDS; i++) {
        lock_init(&answers->shards[i].lock);
        answers->shards[i].shard.max_bytes = max_bytes / SHARDS;
    }
    return answers;
}

void answers_free(struct answers *answers)
{
    if (!answers)
        return;
    for (size_t i = 0; i < SHARDS; i++) {
        answer_shard_done(&answers->shards[i].shard);
        lock_done(&answers->shards[i].lock);
    }
    free(answers);
}

/* What this thread asked for twice running: a connection has a thread, and who asks whether
 * something has changed asks for the same again and again. */
static _Thread_local struct {
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
    uint64_t hash;
    size_t len;
    char key[256];
} last;

static uint64_t hash_of(const struct answers *answers, const char *key, size_t len)
{
    if (last.len == len && memcmp(last.key, key, len) == 0 &&
        memcmp(last.hash_key, answers->hash_key, sizeof last.hash_key) == 0)
        return last.hash;
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key, len, answers->hash_key);
    last.len = hash == last.hash && len <= sizeof last.key ? len : 0;
    last.hash = hash;
    memcpy(last.key, key, last.len);
    if (last.len)
        memcpy(last.hash_key, answers->hash_key, sizeof last.hash_key);
    return hash;
}

/* The low bits go to the shard's table, so the shard is chosen by the high ones. */
static struct locked_shard *shard_of(struct answers *answers, uint64_t hash)
{
    return &answers->shards[hash >> 60];
}

static uint64_t *slot_of(struct answers *answers, uint32_t tag)
{
    /* Knuth's multiplicative hash; 12 bits for 4096 slots. */
    return tag ? &answers->changed[(tag * 2654435761u) >> 20] : &answers->catalogue_changed;
}

static bool has_changed(const uint64_t *slot, uint64_t since)
{
    return __atomic_load_n(slot, __ATOMIC_SEQ_CST) > since;
}

struct answer *answers_get(struct answers *answers, const char *key, size_t key_len)
{
    uint64_t hash = hash_of(answers, key, key_len);
    struct locked_shard *locked = shard_of(answers, hash);
    LOCK_SCOPE(&locked->lock);
    struct answer_entry *entry = answer_shard_find(&locked->shard, hash, key, key_len);
    int64_t now_ms = clock_coarse_steady_ms();
    if (entry && entry->until_ms <= now_ms) {
        answer_shard_remove(&locked->shard, entry);
        entry = NULL;
    }
    if (!entry)
        return NULL;
    if (entry->renew_ms <= now_ms && locked->shard.lost) {
        entry->renew_ms = INT64_MAX;
        locked->shard.lost(locked->shard.lost_context, key, key_len);
    }
    locked->shard.hits++;
    if (entry->used < MAX_USED)
        entry->used++;
    __atomic_add_fetch(&entry->answer->refs, 1, __ATOMIC_RELAXED);
    return entry->answer;
}

void answers_miss(struct answers *answers, const char *key, size_t key_len)
{
    struct locked_shard *locked = shard_of(answers, hash_of(answers, key, key_len));
    LOCK_SCOPE(&locked->lock);
    locked->shard.misses++;
}

static struct answer *new_answer(const void *bytes, size_t len)
{
    struct answer *answer = mem_new(struct answer);
    answer->refs = 1;
    answer->len = len;
    answer->bytes = mem_dup(bytes, len);
    return answer;
}

static struct answer_entry *new_entry(const char *key, size_t key_len, uint64_t hash)
{
    struct answer_entry *entry = mem_alloc(sizeof *entry + key_len);
    memcpy(entry->key, key, key_len);
    entry->key_len = key_len;
    entry->hash = hash;
    return entry;
}

void answers_put(struct answers *answers, const char *key, size_t key_len, uint32_t tag,
                 uint64_t since, int64_t until_ms, const void *bytes, size_t len)
{
    uint64_t hash = hash_of(answers, key, key_len);
    struct locked_shard *locked = shard_of(answers, hash);
    uint64_t size = sizeof(struct answer_entry) + sizeof(struct answer) + key_len + len;
    /* One giant must not drive out everything else. */
    int64_t now_ms = clock_steady_ms();
    if (size > locked->shard.max_bytes / 4 || until_ms <= now_ms)
        return;
    struct answer_entry *entry = new_entry(key, key_len, hash);
    entry->answer = new_answer(bytes, len);
    entry->size = size;
    entry->until_ms = until_ms;
    entry->renew_ms = until_ms - (until_ms - now_ms) / 10;
    entry->tag = tag;
    entry->since = since;
    LOCK_SCOPE(&locked->lock);
    /* Under the shard's lock: a drop notes its revision first and visits the shards then, so either
     * it is seen here, or it finds what is added here. */
    if (has_changed(slot_of(answers, tag), since)) {
        answer_unref(entry->answer);
        free(entry);
        return;
    }
    struct answer_entry *old = answer_shard_find(&locked->shard, hash, key, key_len);
    if (old) {
        entry->used = old->used;
        answer_shard_remove(&locked->shard, old);
    }
    answer_shard_add(&locked->shard, entry);
}

/* Two writers may come out of order: only ever upwards. */
static void note_change(uint64_t *slot, uint64_t revision)
{
    uint64_t known = __atomic_load_n(slot, __ATOMIC_SEQ_CST);
    while (known < revision && !__atomic_compare_exchange_n(slot, &known, revision, false,
                                                            __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        continue;
}

void answers_drop(struct answers *answers, uint32_t tag, uint64_t revision)
{
    note_change(slot_of(answers, tag), revision);
    note_change(slot_of(answers, 0), revision);
    for (size_t i = 0; i < SHARDS; i++) {
        struct locked_shard *locked = &answers->shards[i];
        LOCK_SCOPE(&locked->lock);
        answer_shard_drop_tag(&locked->shard, tag, revision);
        answer_shard_drop_tag(&locked->shard, 0, revision);
    }
}

void answers_drop_all(struct answers *answers)
{
    for (size_t i = 0; i < SHARDS; i++) {
        LOCK_SCOPE(&answers->shards[i].lock);
        answer_shard_drop_all(&answers->shards[i].shard);
    }
}

void answers_listen(struct answers *answers, answers_lost *lost, void *context)
{
    for (size_t i = 0; i < SHARDS; i++) {
        struct locked_shard *locked = &answers->shards[i];
        LOCK_SCOPE(&locked->lock);
        locked->shard.lost = lost;
        locked->shard.lost_context = context;
    }
}

void answers_each_asked(struct answers *answers,
                        bool (*each)(void *context, const char *key, size_t key_len), void *context)
{
    bool more = true;
    for (size_t i = 0; i < SHARDS && more; i++) {
        struct locked_shard *locked = &answers->shards[i];
        LOCK_SCOPE(&locked->lock);
        for (int queue = ANSWER_QUEUES - 1; queue >= 0 && more; queue--)
            for (struct answer_entry *entry = locked->shard.queues[queue]; entry && more;
                 entry = entry->next)
                if (entry->used || queue == ANSWER_MAIN)
                    more = each(context, entry->key, entry->key_len);
    }
}

void answers_follow(struct answers *answers, uint64_t revision)
{
    note_change(&answers->followed, revision);
}

uint64_t answers_followed(const struct answers *answers)
{
    return __atomic_load_n(&answers->followed, __ATOMIC_SEQ_CST);
}

const void *answer_bytes(const struct answer *answer, size_t *out_len)
{
    *out_len = answer->len;
    return answer->bytes;
}

void answer_unref(struct answer *answer)
{
    if (!answer || __atomic_sub_fetch(&answer->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    free(answer->bytes);
    free(answer);
}

void answers_status(struct answers *answers, struct answers_status *out)
{
    *out = (struct answers_status){ 0 };
    for (size_t i = 0; i < SHARDS; i++) {
        struct locked_shard *locked = &answers->shards[i];
        LOCK_SCOPE(&locked->lock);
        out->hits += locked->shard.hits;
        out->misses += locked->shard.misses;
        out->evictions += locked->shard.evictions;
        out->entries += locked->shard.entries;
        out->bytes += locked->shard.bytes[ANSWER_SMALL] + locked->shard.bytes[ANSWER_MAIN];
    }
}
