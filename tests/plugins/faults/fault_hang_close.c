/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <unistd.h>

static void hang_close_close(struct provider *self)
{
    (void)self;
    for (;;)
        pause();
}

static int hang_close_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                            const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api,
                                         .close = hang_close_close,
                                         .fetch = hang_close_fetch };

FAULT_INFO("fault_hang_close", api);
