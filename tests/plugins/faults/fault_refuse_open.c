/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int refuse_open_open(struct provider_call *call, struct provider **out)
{
    (void)call;
    (void)out;
    return PROVIDER_EAUTH;
}

static int refuse_open_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                             const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api,
                                         .open = refuse_open_open,
                                         .fetch = refuse_open_fetch };

FAULT_INFO("fault_refuse_open", api);
