/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <unistd.h>

static void hang_close_close(struct provider *self)
{
    (void)self;
    for (;;)
        pause();
}

static const struct provider_api api = { .size = sizeof api,
                                         .close = hang_close_close,
                                         .fetch = fault_fetch_good };

FAULT_INFO("fault_hang_close", api);
