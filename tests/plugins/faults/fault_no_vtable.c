/* SPDX-License-Identifier: MIT */
#include "fault.h"

int no_vtable_use(struct provider_call *call);
int no_vtable_use(struct provider_call *call)
{
    return fault_fetch_good(NULL, call, 0, NULL);
}

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(struct provider_info),
    .name = "fault_no_vtable",
    .version = "1",
    .summary = "A plugin with one thing wrong",
};
