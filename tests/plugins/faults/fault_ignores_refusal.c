/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int ignores_refusal_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                                 const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    for (int i = 0; i < 10; i++)
        fault_emit_good(call);
    return 0;
}

static const struct provider_api api = { .size = sizeof api, .fetch = ignores_refusal_fetch };

FAULT_INFO("fault_ignores_refusal", api);
