/* SPDX-License-Identifier: MIT
 *
 * The fields of an item that come from records, in the order in which they are merged: the one
 * table behind the merge, the configuration's orders per field and the locks.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum merge_how {
    MERGE_PLAIN,  /* one record gives the whole */
    MERGE_TEXT,   /* one text per language */
    MERGE_UNITED, /* what all records say */
    MERGE_OWN,    /* by rules of its own */
    MERGE_PART,   /* of seasons and episodes only */
};

enum {
    MERGE_LOCK_MOVIE = 1, /* may be locked, of a movie */
    MERGE_LOCK_SHOW = 2,
    MERGE_LOCK = 3,
    MERGE_FOLLOWS = 4, /* has no order of its own */
};

struct merge_field {
    const char *name;
    enum merge_how how;
    uint32_t flags;
};

extern const struct merge_field merge_fields[];
extern const size_t merge_n_fields;

/* NULL when there is no such field. */
const struct merge_field *merge_field_find(const char *name);

/* Whether providers may have an order of their own for it. */
bool merge_field_has_order(const char *name);
