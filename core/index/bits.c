/* SPDX-License-Identifier: MIT */
#include "index/bits.h"

/* One binary serves old and new processors, and these loops are worth the compiler's full effort.
 * The sanitizers' start-up cannot run the choice. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) &&             \
    !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("avx2", "popcnt", "default"), optimize("O3")))
#else
#define CLONES
#endif

/* A pooled buffer; the bits begin behind it. */
struct buffer {
    size_t n_words;
    uint64_t bits[];
};

static struct buffer *pool[BITS_POOLED];

static void free_buffer(struct buffer *buffer)
{
    free(buffer);
}

uint64_t *bits_take(size_t n_words)
{
    for (size_t i = 0; i < BITS_POOLED; i++) {
        if (!__atomic_load_n(&pool[i], __ATOMIC_RELAXED))
            continue;
        struct buffer *buffer = __atomic_exchange_n(&pool[i], NULL, __ATOMIC_ACQUIRE);
        if (buffer && buffer->n_words >= n_words)
            return buffer->bits;
        free_buffer(buffer); /* of a smaller catalogue */
    }
    /* Rounded up, so that a growing catalogue goes on using it. */
    size_t room = n_words + n_words / 8 + 64;
    struct buffer *buffer = mem_resize(NULL, 1, sizeof *buffer + room * sizeof *buffer->bits);
    buffer->n_words = room;
    return buffer->bits;
}

void bits_give(uint64_t *bits)
{
    if (!bits)
        return;
    struct buffer *buffer = (struct buffer *)((char *)bits - offsetof(struct buffer, bits));
    for (size_t i = 0; i < BITS_POOLED; i++) {
        struct buffer *none = NULL;
        if (__atomic_compare_exchange_n(&pool[i], &none, buffer, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
            return;
    }
    free_buffer(buffer);
}

CLONES void bits_and(uint64_t *into, const uint64_t *with, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        into[i] &= with[i];
}

CLONES void bits_and_not(uint64_t *into, const uint64_t *without, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        into[i] &= ~without[i];
}

CLONES void bits_or(uint64_t *into, const uint64_t *with, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        into[i] |= with[i];
}

CLONES uint64_t bits_count(const uint64_t *bits, size_t n_words)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n_words; i++)
        count += (uint64_t)__builtin_popcountll(bits[i]);
    return count;
}

CLONES uint64_t bits_count_both(const uint64_t *a, const uint64_t *b, size_t n_words)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n_words; i++)
        count += (uint64_t)__builtin_popcountll(a[i] & b[i]);
    return count;
}

CLONES size_t bits_find_word(const uint64_t *bits, uint64_t nth, uint64_t *out_before)
{
    uint64_t before = 0;
    size_t word = 0;
    for (uint64_t here; before + (here = (uint64_t)__builtin_popcountll(bits[word])) <= nth; word++)
        before += here;
    *out_before = before;
    return word;
}
