/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int short_vtable_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                              const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = offsetof(struct provider_api, sync),
                                         .fetch = short_vtable_fetch };

FAULT_INFO("fault_short_vtable", api);
