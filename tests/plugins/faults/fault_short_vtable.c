/* SPDX-License-Identifier: MIT */
#include "fault.h"

static const struct provider_api api = { .size = offsetof(struct provider_api, sync),
                                         .fetch = fault_fetch_good };

FAULT_INFO("fault_short_vtable", api);
