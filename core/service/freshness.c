/* SPDX-License-Identifier: MIT */
#include "service/freshness.h"

#include <string.h>

#include "base/clock.h"
#include "store/heads.h"

/* Nonzero: something of it is missing. */
static int note_oldest(const struct record_header *header, void *context)
{
    int64_t *oldest_ms = context;
    if (!strcmp(header->provider, MERGE_LOCAL) || header->flags & (RECORD_PARTIAL | RECORD_GONE))
        return 0;
    if (!*oldest_ms || header->fetched_at_ms < *oldest_ms)
        *oldest_ms = header->fetched_at_ms;
    return header->flags & RECORD_UNFINISHED ? 1 : 0;
}

bool freshness_is_fresh(struct store *store, const struct derive_policy *policy,
                        struct item_header *header)
{
    int64_t now_ms = clock_wall_ms(), oldest_ms = 0;
    if (header->expires_at_ms) /* by what is configured now, not when it was stored */
        header->expires_at_ms = header->fetched_at_ms + derive_ttl_ms(policy, header->kind);
    if (header->flags & ITEM_GONE || now_ms < header->expires_at_ms)
        return true;
    struct error ignored;
    if (header->flags & ITEM_TITLE_ONLY ||
        heads_walk(store, header->id, note_oldest, &oldest_ms, &ignored) || !oldest_ms)
        return false;
    header->fetched_at_ms = oldest_ms;
    header->expires_at_ms = oldest_ms + derive_ttl_ms(policy, header->kind);
    return now_ms < header->expires_at_ms;
}
