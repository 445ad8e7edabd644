/* SPDX-License-Identifier: MIT
 *
 * One shard of the answers: S3-FIFO over what its share of the bytes holds.  Three queues: a small
 * one (a tenth) that everything enters, a main one for what was asked again, and a memory of what
 * left the small one lately (the ghosts), which goes straight to the main one when it comes back.
 *
 * Why not LRU: most answers of a catalogue are asked once (crawlers, deep pages, rare films), and
 * under LRU each of them pushes out something asked often before it leaves itself.  Here a one-time
 * answer only ever passes through the small queue.  And a hit changes one counter instead of moving
 * a list's links.
 *
 * The owner holds the shard's lock. */
#pragma once

#include <uthash.h>

#include "cache/answers.h"

enum answer_queue { ANSWER_SMALL, ANSWER_MAIN, ANSWER_QUEUES };

struct answer {
    int refs; /* atomic; the shard's is one of them */
    size_t len;
    char *bytes;
};

struct answer_entry {
    UT_hash_handle hh;
    struct answer_entry *prev, *next;         /* in its queue; the oldest first */
    struct answer_entry *tag_prev, *tag_next; /* with the same tag */
    struct answer_tag *home;
    struct answer *answer;
    uint64_t hash;
    uint64_t since;             /* the revision of the store it shows, or an older one */
    uint64_t size;              /* counted against the limit */
    int64_t until_ms, renew_ms; /* the last tenth of its time begins; INT64_MAX: that was told */
    uint32_t tag;
    uint8_t queue;
    uint8_t used; /* 0 to 3 */
    size_t key_len;
    char key[];
};

struct answer_tag {
    UT_hash_handle hh;
    uint32_t tag;
    struct answer_entry *entries;
};

enum { ANSWER_GHOSTS = 4096 };

struct answer_shard {
    uint64_t max_bytes;
    uint64_t bytes[ANSWER_QUEUES];
    uint64_t entries;
    uint64_t hits, misses, evictions;
    struct answer_entry *by_key;
    struct answer_entry *queues[ANSWER_QUEUES];
    struct answer_tag *tags;
    answers_lost *lost; /* NULL: nobody listens */
    void *lost_context;

    /* Hashes, each in the place it falls on, so that a newer one drives out an older one: as good
     * as a queue of that length, without its links. */
    uint64_t ghosts[ANSWER_GHOSTS];
};

struct answer_entry *answer_shard_find(struct answer_shard *shard, uint64_t hash, const char *key,
                                       size_t key_len);

/* Takes an entry whose key is not there yet, and makes room. */
void answer_shard_add(struct answer_shard *shard, struct answer_entry *entry);
void answer_shard_remove(struct answer_shard *shard, struct answer_entry *entry);

/* What shows the store as it was before `revision`. */
void answer_shard_drop_tag(struct answer_shard *shard, uint32_t tag, uint64_t revision);
void answer_shard_drop_all(struct answer_shard *shard);
void answer_shard_done(struct answer_shard *shard);
