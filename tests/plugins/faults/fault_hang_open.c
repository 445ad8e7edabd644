/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <unistd.h>

static int hang_open_open(struct provider_call *call, struct provider **out)
{
    (void)call;
    (void)out;
    while (pause() != 0) {
    }
    return 0;
}

static int hang_open_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                           const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api,
                                         .open = hang_open_open,
                                         .fetch = hang_open_fetch };

FAULT_INFO("fault_hang_open", api);
