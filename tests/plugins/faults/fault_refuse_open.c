/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int refuse_open_open(struct provider_call *call, struct provider **out)
{
    (void)call;
    (void)out;
    return PROVIDER_EAUTH;
}

static const struct provider_api api = { .size = sizeof api,
                                         .open = refuse_open_open,
                                         .fetch = fault_fetch_good };

FAULT_INFO("fault_refuse_open", api);
