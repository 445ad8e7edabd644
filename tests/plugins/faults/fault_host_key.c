/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int host_key_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                          const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api, .fetch = host_key_fetch };

static const struct provider_option options[] = {
    { .name = "retries", .help = "The host has an idea of its own" },
    { 0 },
};

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(struct provider_info),
    .name = "fault_host_key",
    .options = options,
    .version = "1",
    .summary = "A plugin with one thing wrong",
    .api = &api,
};
