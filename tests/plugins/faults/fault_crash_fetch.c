/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <stdlib.h>

static int crash_fetch_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                             const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    abort();
}

static const struct provider_api api = { .size = sizeof api, .fetch = crash_fetch_fetch };

FAULT_INFO("fault_crash_fetch", api);
