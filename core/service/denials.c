/* SPDX-License-Identifier: MIT */
#include "service/denials.h"

#include <string.h>

#include "base/lock.h"
#include "base/text.h"
#include "media/ids.h"

enum { PLACES = 1024, DENIED_MS = 60 * 1000 };

struct denial {
    uint32_t kind;
    char external[IDS_TEXT_LEN];
    int64_t until_ms; /* 0: free */
};

struct denials {
    struct lock lock;
    struct denial places[PLACES]; /* lock; each id has one place, and whoever came last holds it */
};

struct denials *denials_new(void)
{
    struct denials *denials = mem_new(struct denials);
    lock_init(&denials->lock);
    return denials;
}

void denials_free(struct denials *denials)
{
    if (!denials)
        return;
    lock_done(&denials->lock);
    free(denials);
}

static struct denial *place_of(struct denials *denials, uint32_t kind, const char *external)
{
    return &denials->places[(text_hash(external, strlen(external)) + kind) % PLACES];
}

void denials_put(struct denials *denials, uint32_t kind, const char *external, int64_t now_ms)
{
    struct denial denial = { .kind = kind, .until_ms = now_ms + DENIED_MS };
    snprintf(denial.external, sizeof denial.external, "%s", external);
    LOCK_SCOPE(&denials->lock);
    *place_of(denials, kind, external) = denial;
}

bool denials_has(struct denials *denials, uint32_t kind, const char *external, int64_t now_ms)
{
    LOCK_SCOPE(&denials->lock);
    const struct denial *denial = place_of(denials, kind, external);
    return denial->until_ms > now_ms && denial->kind == kind &&
           strcmp(denial->external, external) == 0;
}
