/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int emit_open_open(struct provider_call *call, struct provider **out)
{
    (void)out;
    return fault_emit_good(call) == 0 ? PROVIDER_EIO : 0;
}

static int emit_open_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                           const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api,
                                         .open = emit_open_open,
                                         .fetch = emit_open_fetch };

FAULT_INFO("fault_emit_open", api);
