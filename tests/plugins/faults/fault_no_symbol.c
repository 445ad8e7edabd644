/* SPDX-License-Identifier: MIT */
#include "fault.h"

PROVIDER_EXPORT const struct provider_info miauflix_provider_misspelt;
PROVIDER_EXPORT const struct provider_info miauflix_provider_misspelt = { .abi = PROVIDER_ABI };
