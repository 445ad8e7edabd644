/* SPDX-License-Identifier: MIT
 *
 * Ready answers in memory, bounded in bytes, S3-FIFO admission.  Each belongs to a tag (an item's
 * id, or 0: anything of the catalogue may change it) and is dropped when that changes.  Any thread.
 */
#pragma once

#include "base/text.h"

struct answers;
struct answer; /* counted, immutable */

struct answers *answers_new(uint64_t max_bytes);
void answers_free(struct answers *answers);
DEFINE_CLEANUP(struct answers *, answers_free);

/* A reference, or NULL.  Only hits are counted: who finds nothing may have asked for what is never
 * kept, and says answers_miss() when it was not that. */
struct answer *answers_get(struct answers *answers, const char *key, size_t key_len);
void answers_miss(struct answers *answers, const char *key, size_t key_len);

/* Offers an answer that was computed from the store as of `since` (store_revision() read before
 * computing); refused silently when its tag changed after that.  until_ms: steady time it expires.
 * `bytes` is copied. */
void answers_put(struct answers *answers, const char *key, size_t key_len, uint32_t tag,
                 uint64_t since, int64_t until_ms, const void *bytes, size_t len);

/* An item changed with `revision`: its answers and those of tag 0 go, but for what was computed
 * from the store as of then or later. */
void answers_drop(struct answers *answers, uint32_t tag, uint64_t revision);

/* All of them go, whatever they were computed from. */
void answers_drop_all(struct answers *answers);

/* Tells `lost` the key of each answer that is still asked for when it is about to expire, and of
 * each that had been asked for when a change drops it.  It is called with a lock held: it only
 * notes the key.  NULL: nobody listens any more once this returns. */
typedef void answers_lost(void *context, const char *key, size_t key_len);
void answers_listen(struct answers *answers, answers_lost *lost, void *context);

/* Every key that was asked for again, until `each` returns false; the same about the lock. */
void answers_each_asked(struct answers *answers,
                        bool (*each)(void *context, const char *key, size_t key_len),
                        void *context);

/* The feed up to `revision` has been followed: what changed by then was dropped. */
void answers_follow(struct answers *answers, uint64_t revision);
uint64_t answers_followed(const struct answers *answers);

const void *answer_bytes(const struct answer *answer, size_t *out_len);
void answer_unref(struct answer *answer);
DEFINE_CLEANUP(struct answer *, answer_unref);

struct answers_status {
    uint64_t hits, misses, evictions, bytes, entries;
};
void answers_status(struct answers *answers, struct answers_status *out);
