/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <unistd.h>

static int hang_open_open(struct provider_call *call, struct provider **out)
{
    (void)call;
    (void)out;
    while (pause() != 0) {
    }
    return 0;
}

static const struct provider_api api = { .size = sizeof api,
                                         .open = hang_open_open,
                                         .fetch = fault_fetch_good };

FAULT_INFO("fault_hang_open", api);
