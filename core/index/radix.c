/* SPDX-License-Identifier: MIT */
#include "index/radix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = (64 + DIGIT_BITS - 1) / DIGIT_BITS };

static unsigned digit_of(uint64_t key, unsigned pass)
{
    return (unsigned)(key >> (pass * DIGIT_BITS)) & (DIGITS - 1);
}

/* False when all rows have the same digit there: nothing to do. */
static bool sort_by_digit(const struct radix_row *from, size_t n, unsigned pass, uint32_t *counts,
                          struct radix_row *out)
{
    if (counts[digit_of(from[0].key, pass)] == n)
        return false;
    uint32_t start = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        uint32_t count = counts[i];
        counts[i] = start;
        start += count;
    }
    for (size_t i = 0; i < n; i++)
        out[counts[digit_of(from[i].key, pass)]++] = from[i];
    return true;
}

void radix_sort(struct radix_row *rows, size_t n)
{
    if (n < 2)
        return;
    CLEANUP(mem_free) uint32_t *counts = mem_alloc_array((size_t)PASSES * DIGITS, sizeof *counts);
    CLEANUP(mem_free) struct radix_row *other = mem_resize(NULL, n, sizeof *other);
    for (size_t i = 0; i < n; i++)
        for (unsigned pass = 0; pass < PASSES; pass++)
            counts[pass * DIGITS + digit_of(rows[i].key, pass)]++;
    struct radix_row *from = rows, *into = other;
    for (unsigned pass = 0; pass < PASSES; pass++) {
        if (!sort_by_digit(from, n, pass, counts + (size_t)pass * DIGITS, into))
            continue;
        struct radix_row *swapped = from;
        from = into;
        into = swapped;
    }
    if (from != rows)
        memcpy(rows, from, n * sizeof *rows);
}

uint64_t radix_key_of_int(int64_t value)
{
    return (uint64_t)value ^ (1ull << 63);
}

uint64_t radix_key_of_double(double value)
{
    uint64_t bits;
    double plain = value == 0 ? 0 : value; /* -0.0 is 0.0 */
    memcpy(&bits, &plain, sizeof bits);
    return bits >> 63 ? ~bits : bits | 1ull << 63;
}
