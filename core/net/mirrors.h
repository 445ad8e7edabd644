/* SPDX-License-Identifier: MIT
 *
 * The mirrors of one upstream: the one that answered last is asked first.  Plain value without
 * lock: the owner holds its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MIRRORS_MAX = 32 };

struct mirrors {
    size_t n;
    size_t current;      /* sticky */
    uint32_t generation; /* changes with the list */
    char *bases[MIRRORS_MAX];
};

/* Keeps the current one when the new list has it too. */
void mirrors_set(struct mirrors *mirrors, const char *const *bases, size_t n);
void mirrors_done(struct mirrors *mirrors);

/* The best one not in the set of bits `tried`; -1 when all are. */
int mirrors_next(const struct mirrors *mirrors, uint32_t tried);

/* It answered genuinely. */
void mirrors_prefer(struct mirrors *mirrors, size_t which);
