/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <signal.h>

static int killed_fetch_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                              const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    return raise(SIGKILL);
}

static const struct provider_api api = { .size = sizeof api, .fetch = killed_fetch_fetch };

FAULT_INFO("fault_killed_fetch", api);
