/* SPDX-License-Identifier: MIT */
#include "fault.h"

static const struct provider_api api = { .size = sizeof api, .fetch = fault_fetch_good };

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI + 1,
    .size = sizeof(struct provider_info),
    .name = "fault_wrong_abi",
    .version = "1",
    .summary = "A plugin with one thing wrong",
    .api = &api,
};
