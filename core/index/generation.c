/* SPDX-License-Identifier: MIT */
#include "index/generation.h"

#include <string.h>

void generation_unref(struct generation *generation)
{
    if (!generation || __atomic_sub_fetch(&generation->references, 1, __ATOMIC_ACQ_REL))
        return;
    free(generation->ids);
    free(generation->facts);
    free(generation->ordinals);
    free(generation->title_starts);
    free(generation->titles);
    free(generation->terms.pool);
    free(generation->terms.texts);
    free(generation->terms.postings);
    free(generation->terms.starts);
    free(generation->terms.gram_starts);
    free(generation->terms.grams);
    for (size_t i = 0; i < ARRAY_LEN(generation->orders); i++)
        free(generation->orders[i]);
    free(generation);
}

struct generation *generation_ref(struct generation *generation)
{
    __atomic_add_fetch(&generation->references, 1, __ATOMIC_RELAXED);
    return generation;
}

uint32_t generation_ordinal(const struct generation *generation, uint32_t id)
{
    return id <= generation->max_id && generation->n ? generation->ordinals[id] : GENERATION_NONE;
}

/* The first term that is not below `word`, looking at `len` bytes of each. */
static uint32_t lower_bound(const struct generation *generation, const char *word, size_t len,
                            bool after_equals)
{
    uint32_t low = 0, high = generation->terms.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strncmp(generation_term(generation, middle), word, len);
        if (order < 0 || (after_equals && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void generation_prefix(const struct generation *generation, const char *prefix, uint32_t *out_low,
                       uint32_t *out_high)
{
    size_t len = strlen(prefix);
    *out_low = lower_bound(generation, prefix, len, false);
    *out_high = lower_bound(generation, prefix, len, true);
}

uint32_t generation_find_term(const struct generation *generation, const char *word)
{
    uint32_t at = lower_bound(generation, word, strlen(word) + 1, false);
    bool found = at < generation->terms.n && strcmp(generation_term(generation, at), word) == 0;
    return found ? at : GENERATION_NONE;
}

uint32_t generation_gram(const char *three_bytes)
{
    return (uint32_t)text_hash(three_bytes, 3) & (GENERATION_GRAM_BUCKETS - 1);
}
