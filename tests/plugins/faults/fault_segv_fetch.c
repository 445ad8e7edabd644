/* SPDX-License-Identifier: MIT */
#include "fault.h"

static __attribute__((no_sanitize("undefined"))) int segv_fetch_fetch(struct provider *self,
                                                                      struct provider_call *call,
                                                                      uint32_t kind,
                                                                      const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    int *volatile nowhere = NULL;
    return *nowhere;
}

static const struct provider_api api = { .size = sizeof api, .fetch = segv_fetch_fetch };

FAULT_INFO("fault_segv_fetch", api);
