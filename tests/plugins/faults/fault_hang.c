/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <unistd.h>

static int hang_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                      const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    while (pause() != 0) {
    }
    return 0;
}

static const struct provider_api api = { .size = sizeof api, .fetch = hang_fetch };

FAULT_INFO("fault_hang", api);
