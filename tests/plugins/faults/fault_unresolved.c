/* SPDX-License-Identifier: MIT */
#include "fault.h"

int fault_nobody_defines_this(void);

static int unresolved_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                            const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    return fault_nobody_defines_this();
}

static const struct provider_api api = { .size = sizeof api, .fetch = unresolved_fetch };

FAULT_INFO("fault_unresolved", api);
