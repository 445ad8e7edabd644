/* SPDX-License-Identifier: MIT
 *
 * Bitsets of one bit per ordinal, and the memory that queries borrow for them: a query takes its
 * buffers from a small pool and gives them back, so that a busy daemon does not allocate.  At most
 * BITS_POOLED buffers are kept.  The pool is for any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

enum { BITS_POOLED = 16 };

static inline size_t bits_words(uint32_t n)
{
    return ((size_t)n + 63) / 64;
}

static inline bool bits_has(const uint64_t *bits, uint32_t at)
{
    return bits[at / 64] >> (at % 64) & 1;
}

static inline void bits_set(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= 1ull << (at % 64);
}

/* Memory for `n_words` words, not cleared. */
uint64_t *bits_take(size_t n_words);
void bits_give(uint64_t *bits); /* NULL is fine */
DEFINE_CLEANUP(uint64_t *, bits_give);

void bits_and(uint64_t *into, const uint64_t *with, size_t n_words);
void bits_and_not(uint64_t *into, const uint64_t *without, size_t n_words);
void bits_or(uint64_t *into, const uint64_t *with, size_t n_words);
uint64_t bits_count(const uint64_t *bits, size_t n_words);
uint64_t bits_count_both(const uint64_t *a, const uint64_t *b, size_t n_words);

/* The word in which the bit number `nth` (from 0) of those that are set is; *out_before are set
 * before that word.  There must be so many. */
size_t bits_find_word(const uint64_t *bits, uint64_t nth, uint64_t *out_before);
