/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int no_vtable_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                           const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

int no_vtable_use(struct provider_call *call);
int no_vtable_use(struct provider_call *call)
{
    return no_vtable_fetch(NULL, call, 0, NULL);
}

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(struct provider_info),
    .name = "fault_no_vtable",
    .version = "1",
    .summary = "A plugin with one thing wrong",
};
