/* SPDX-License-Identifier: MIT */
#include "index/generation.h"

#include <endian.h>
#include <string.h>

void generation_unref(struct generation *generation)
{
    if (!generation || __atomic_sub_fetch(&generation->references, 1, __ATOMIC_ACQ_REL))
        return;
    columns_done(&generation->columns);
    free(generation->ordinals);
    free(generation->by_id);
    free(generation->many_titles);
    free(generation->shorter);
    free(generation->fame_most);
    free(generation->terms.signatures);
    free(generation->terms.samples);
    free(generation->terms.dense_bits);
    free(generation->items);
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

static uint32_t find_by_id(const struct generation *generation, uint32_t id)
{
    uint32_t low = 0, high = generation->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (generation->columns.ids[generation->by_id[middle]] < id)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < generation->n && generation->columns.ids[generation->by_id[low]] == id;
    return found ? generation->by_id[low] : GENERATION_NONE;
}

uint32_t generation_ordinal(const struct generation *generation, uint32_t id)
{
    if (!generation->n || id > generation->max_id)
        return GENERATION_NONE;
    return generation->ordinals ? generation->ordinals[id] : find_by_id(generation, id);
}

/* Of terms low to before high, the first that is not below `word`, or that is above it, looking at
 * `len` bytes of each. */
static uint32_t find_bound(const struct generation *generation, const char *word, size_t len,
                           bool above, uint32_t low, uint32_t high)
{
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strncmp(generation_term(generation, middle), word, len);
        if (order < 0 || (above && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* They are few, mostly, and begin at `low`. */
static uint32_t find_end(const struct generation *generation, const char *prefix, size_t len,
                         uint32_t low)
{
    uint32_t n = generation->terms.n, step = 1;
    while (low + step < n && strncmp(generation_term(generation, low + step), prefix, len) == 0) {
        low += step;
        step *= 2;
    }
    return find_bound(generation, prefix, len, true, low, MIN(low + step, n));
}

uint64_t generation_key(const char *word, size_t len)
{
    uint64_t key = 0;
    memcpy(&key, word, MIN(len, sizeof key));
    return be64toh(key);
}

/* How many of the samples are below the key, or at it, too. */
static uint32_t count_samples(const struct generation_terms *terms, uint64_t key, bool at)
{
    uint32_t low = 0, high = (terms->n + GENERATION_SAMPLED - 1) / GENERATION_SAMPLED;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (terms->samples[middle] < key || (at && terms->samples[middle] == key))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first term that is not below `word`, looking at `len` bytes of each: near samples that tell.
 */
static uint32_t find_first(const struct generation *generation, const char *word, size_t len)
{
    const struct generation_terms *terms = &generation->terms;
    uint64_t key = generation_key(word, strlen(word));
    uint32_t below = count_samples(terms, key, false), until = count_samples(terms, key, true);
    return find_bound(generation, word, len, false,
                      below ? (below - 1) * GENERATION_SAMPLED + 1 : 0,
                      MIN(until * GENERATION_SAMPLED, terms->n));
}

void generation_prefix(const struct generation *generation, const char *prefix, uint32_t *out_low,
                       uint32_t *out_high)
{
    size_t len = strlen(prefix);
    *out_low = find_first(generation, prefix, len);
    *out_high = find_end(generation, prefix, len, *out_low);
}

uint32_t generation_find_term(const struct generation *generation, const char *word)
{
    uint32_t at = find_first(generation, word, strlen(word) + 1);
    bool found = at < generation->terms.n && strcmp(generation_term(generation, at), word) == 0;
    return found ? at : GENERATION_NONE;
}

uint32_t generation_gram(const char *three_bytes)
{
    return (uint32_t)text_hash(three_bytes, 3) & (GENERATION_GRAM_BUCKETS - 1);
}

uint32_t generation_signature(const char *word, size_t len)
{
    uint32_t signature = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)word[i];
        if (c >= 128)
            signature |= GENERATION_NOT_PLAIN;
        else
            signature |= 1u << (c >= 'a' && c <= 'z' ? c - 'a' : 26 + c % 4);
    }
    return signature;
}

const uint64_t *generation_dense(const struct generation *generation, uint32_t low, uint32_t high)
{
    const struct generation_terms *terms = &generation->terms;
    if (terms->starts[high] - terms->starts[low] <= terms->dense_over)
        return NULL;
    for (uint32_t i = 0; i < terms->n_dense; i++)
        if (terms->dense[i].low == low && terms->dense[i].high == high)
            return terms->dense_bits + (size_t)i * generation->columns.n_words;
    return NULL;
}
