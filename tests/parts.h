/* SPDX-License-Identifier: MIT
 *
 * A test program of several files: each has its tests, and main() runs them all as one group, since
 * TAP has one plan. */
#pragma once

#include "test.h"

#include <string.h>

#include "base/mem.h"

struct test_part {
    const struct CMUnitTest *tests;
    size_t n;
};

#define TEST_PART(array)                                                                           \
    {                                                                                              \
        .tests = (array), .n = ARRAY_LEN(array)                                                    \
    }

static inline int run_parts(const struct test_part *parts, size_t n_parts, CMFixtureFunction setup,
                            CMFixtureFunction teardown)
{
    size_t n = 0;
    for (size_t i = 0; i < n_parts; i++)
        n += parts[i].n;
    CLEANUP(mem_free) struct CMUnitTest *all = mem_alloc_array(n, sizeof *all);
    n = 0;
    for (size_t i = 0; i < n_parts; n += parts[i++].n)
        memcpy(all + n, parts[i].tests, parts[i].n * sizeof *all);
    return _cmocka_run_group_tests("tests", all, n, setup, teardown);
}
