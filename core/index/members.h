/* SPDX-License-Identifier: MIT
 *
 * The items of lists as numbers, for filters that name one.  What was read last is kept, and used
 * as long as the list has not changed since.  Any thread. */
#pragma once

#include "store/store.h"

/* The items of one list, by rising number; counted, immutable. */
struct members {
    uint32_t list;
    uint64_t revision; /* of the list */
    unsigned references;
    size_t n;
    uint32_t ids[];
};

struct member_cache;
struct member_cache *member_cache_new(struct store *store);
void member_cache_free(struct member_cache *cache);

/* A reference; an unknown list has no members. */
struct members *members_get(struct member_cache *cache, uint32_t list);
void members_unref(struct members *members); /* NULL is fine */
DEFINE_CLEANUP(struct members *, members_unref);

bool members_have(const struct members *members, uint32_t id);
