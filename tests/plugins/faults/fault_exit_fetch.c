/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <stdlib.h>

static int exit_fetch_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                            const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    exit(3);
}

static const struct provider_api api = { .size = sizeof api, .fetch = exit_fetch_fetch };

FAULT_INFO("fault_exit_fetch", api);
