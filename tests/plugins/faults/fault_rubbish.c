/* SPDX-License-Identifier: MIT */
#include "fault.h"

static int rubbish_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                         const struct provider_id *id)
{
    (void)self;
    (void)call;
    (void)kind;
    (void)id;
    fault_emit(call, "<html>not JSON</html>");
    fault_emit(call, "[1, 2, 3]");
    fault_emit(call, "{\"ids\":{\"tmdb\":\"six\"},\"title\":[]}");
    fault_emit(call, "{\"ids\":{\"tmdb\":603}");
    return 0;
}

static const struct provider_api api = { .size = sizeof api, .fetch = rubbish_fetch };

FAULT_INFO("fault_rubbish", api);
