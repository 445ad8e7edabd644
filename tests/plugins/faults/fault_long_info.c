/* SPDX-License-Identifier: MIT */
#include "fault.h"

static const struct provider_api api = { .size = sizeof api, .fetch = fault_fetch_good };

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(struct provider_info) + 64,
    .name = "fault_long_info",
    .version = "1",
    .summary = "A plugin with one thing wrong",
    .api = &api,
};
