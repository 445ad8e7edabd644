/* SPDX-License-Identifier: MIT */
#include "fault.h"

#include <stdatomic.h>
#include <unistd.h>

static atomic_int inside;

/* Says so when two calls are in at once. */
static int serial_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                        const struct provider_id *id)
{
    (void)self;
    (void)kind;
    if (strcmp(id->value, "wait") == 0)
        while (call->host->remaining_ms(call) > 0)
            usleep(1000);
    if (atomic_fetch_add(&inside, 1) != 0)
        return PROVIDER_ECONFLICT;
    usleep(2000);
    atomic_fetch_sub(&inside, 1);
    return fault_emit_good(call);
}

static const struct provider_api api = { .size = sizeof api, .fetch = serial_fetch };

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(struct provider_info),
    .flags = PROVIDER_SERIAL,
    .name = "fault_serial",
    .version = "1",
    .summary = "One at a time",
    .api = &api,
};
