/* SPDX-License-Identifier: MIT */
#include "fault.h"

static const struct provider_api api = { .size = sizeof api };

FAULT_INFO("fault_does_nothing", api);
