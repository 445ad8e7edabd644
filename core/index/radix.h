/* SPDX-License-Identifier: MIT
 *
 * Sorting rows by 64-bit keys, in time that grows with their number only.  Stable.  Pure; any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct radix_row {
    uint64_t key;
    uint32_t row;
};

void radix_sort(struct radix_row *rows, size_t n);

/* Keys whose unsigned order is that of the numbers. */
uint64_t radix_key_of_int(int64_t value);
uint64_t radix_key_of_double(double value);
