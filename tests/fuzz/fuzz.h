/* SPDX-License-Identifier: MIT
 *
 * What a fuzz target exports.  libFuzzer calls it by this name; replay.c calls it with every file
 * of tests/data/fuzz/NAME/, so that make check remembers what the fuzzer found. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* A property that does not hold is a crash. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)
