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
    free(generation->terms.keys);
    free(generation->terms.samples);
    free(generation->terms.marks);
    free(generation->terms.mark_starts);
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

uint64_t generation_key(const char *word, size_t len)
{
    uint64_t key = 0;
    memcpy(&key, word, MIN(len, sizeof key));
    return be64toh(key);
}

/* How many of the sorted keys are below this one.  No step of the search is worth a guess, so none
 * is a branch; what either way would read next is fetched instead. */
static uint32_t count_below(const uint64_t *keys, uint32_t n, uint64_t key)
{
    const uint64_t *from = keys;
    while (n > 1) {
        uint32_t half = n / 2;
        __builtin_prefetch(&from[half / 2]);
        __builtin_prefetch(&from[half + half / 2]);
        from += (from[half - 1] < key) * half;
        n -= half;
    }
    return (uint32_t)(from - keys) + (n && *from < key);
}

/* How many terms' keys are below this one. */
static uint32_t terms_below(const struct generation_terms *terms, uint64_t key)
{
    uint32_t n_samples = (terms->n + GENERATION_SAMPLED - 1) / GENERATION_SAMPLED;
    uint32_t below = count_below(terms->samples, n_samples, key);
    uint32_t from = below ? (below - 1) * GENERATION_SAMPLED : 0;
    uint32_t n = MIN(below * GENERATION_SAMPLED, terms->n) - from;
    for (uint32_t i = 0; i < n; i += 8) /* a line of the cache */
        __builtin_prefetch(&terms->keys[from + i]);
    return from + count_below(terms->keys + from, n, key);
}

static uint32_t terms_until(const struct generation_terms *terms, uint64_t key)
{
    return key == UINT64_MAX ? terms->n : terms_below(terms, key + 1);
}

void generation_prefix(const struct generation *generation, const char *prefix, uint32_t *out_low,
                       uint32_t *out_high)
{
    size_t len = strlen(prefix);
    uint64_t key = generation_key(prefix, len);
    uint64_t open = len < sizeof key ? UINT64_MAX >> 8 * len : 0; /* bytes that may be any */
    *out_low = terms_below(&generation->terms, key);
    *out_high = terms_until(&generation->terms, key | open);
    if (len <= sizeof key)
        return;
    *out_low = find_bound(generation, prefix, len, false, *out_low, *out_high);
    *out_high = find_bound(generation, prefix, len, true, *out_low, *out_high);
}

uint32_t generation_find_term(const struct generation *generation, const char *word)
{
    const struct generation_terms *terms = &generation->terms;
    size_t len = strlen(word);
    uint64_t key = generation_key(word, len);
    uint32_t at = terms_below(terms, key);
    bool is_whole = len < sizeof key; /* the key has its end, too */
    if (!is_whole)
        at = find_bound(generation, word, len + 1, false, at, terms_until(terms, key));
    bool found = at < terms->n && terms->keys[at] == key &&
                 (is_whole || strcmp(generation_term(generation, at), word) == 0);
    return found ? at : GENERATION_NONE;
}

uint32_t generation_n_marks(uint64_t n_postings)
{
    enum { FEWEST = 1 << 10, EACH = 32 };
    uint32_t n = FEWEST;
    while (n < GENERATION_MOST_MARKS && n < n_postings * EACH)
        n *= 2;
    return n;
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
