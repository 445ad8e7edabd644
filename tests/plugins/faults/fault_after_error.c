/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int after_error_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                             const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    int code = PROVIDER_OK;
    for (int i = 0; i < 10 && code == PROVIDER_OK; i++)
        code = fault_emit_good(call);
    for (int i = 0; i < 5; i++)
        fault_emit_good(call);
    return code;
}

static const struct provider_api api = { .size = sizeof api, .fetch = after_error_fetch };

FAULT_INFO("fault_after_error", api);
