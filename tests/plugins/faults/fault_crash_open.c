/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <stdlib.h>

static int crash_open_open(struct provider_call *call, struct provider **out)
{
    (void)call;
    (void)out;
    abort();
}

static const struct provider_api api = { .size = sizeof api,
                                         .open = crash_open_open,
                                         .fetch = fault_fetch_good };

FAULT_INFO("fault_crash_open", api);
