/* SPDX-License-Identifier: MIT */
#include "fault.h"

static const struct provider_api api = { .size = sizeof api, .fetch = fault_fetch_good };

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
