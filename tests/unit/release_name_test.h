/* SPDX-License-Identifier: MIT
 *
 * Reading the name of a release, for tests. */
#pragma once

#include "../test.h"

#include <string.h>

#include "naming/release_name.h"

#include "../parts.h"

static inline struct release_name parse(const char *name)
{
    struct release_name out;
    release_name_parse(name, strlen(name), &out);
    return out;
}

extern const struct test_part release_name_fields_part;
extern const struct test_part release_name_traps_part;
