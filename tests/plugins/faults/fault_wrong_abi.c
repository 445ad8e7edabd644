/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int wrong_abi_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                           const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api, .fetch = wrong_abi_fetch };

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI + 1,
    .size = sizeof(struct provider_info),
    .name = "fault_wrong_abi",
    .version = "1",
    .summary = "A plugin with one thing wrong",
    .api = &api,
};
