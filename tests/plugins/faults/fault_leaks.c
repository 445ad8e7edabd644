/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <stdlib.h>

/* Volatile, or the compiler leaves out what nobody reads. */
static void *volatile last;

static int leaks_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                       const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    last = malloc(1000);
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api, .fetch = leaks_fetch };

FAULT_INFO("fault_leaks", api);
