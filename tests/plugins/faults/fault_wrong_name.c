/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int wrong_name_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                            const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api, .fetch = wrong_name_fetch };

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(struct provider_info),
    .name = "somebody_else",
    .version = "1",
    .summary = "A plugin with one thing wrong",
    .api = &api,
};
