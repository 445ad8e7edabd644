/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int emit_open_open(struct provider_call *call, struct provider **out)
{
    (void)out;
    return fault_emit_good(call) == 0 ? PROVIDER_EIO : 0;
}

static const struct provider_api api = { .size = sizeof api,
                                         .open = emit_open_open,
                                         .fetch = fault_fetch_good };

FAULT_INFO("fault_emit_open", api);
