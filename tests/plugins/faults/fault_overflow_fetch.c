/* SPDX-License-Identifier: MIT */
#include "fault.h"

static __attribute__((noinline, noclone)) int dig(int depth)
{
    volatile char room[2048];
    room[0] = (char)depth;
    return depth < 0 ? 0 : dig(depth + 1) + room[0];
}

static int overflow_fetch_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                                const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    return dig(1);
}

static const struct provider_api api = { .size = sizeof api, .fetch = overflow_fetch_fetch };

FAULT_INFO("fault_overflow_fetch", api);
