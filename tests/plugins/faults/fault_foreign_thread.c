/* SPDX-License-Identifier: MIT */
#include "fault.h"
#include <pthread.h>

static void *emit_elsewhere(void *argument)
{
    fault_emit_good(argument);
    return NULL;
}

static int foreign_thread_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                                const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    pthread_t thread;
    if (pthread_create(&thread, NULL, emit_elsewhere, call) != 0)
        return PROVIDER_ENOMEM;
    pthread_join(thread, NULL);
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api, .fetch = foreign_thread_fetch };

FAULT_INFO("fault_foreign_thread", api);
