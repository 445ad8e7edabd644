/* SPDX-License-Identifier: MIT
 *
 * What the fault plugins share: each is a plugin with one thing wrong. */
#pragma once

#include <miauflix/provider.h>

#include <stdarg.h>
#include <string.h>

#define FAULT_INFO(plugin_name, plugin_api)                                                        \
    PROVIDER_EXPORT const struct provider_info miauflix_provider = {                               \
        .abi = PROVIDER_ABI,                                                                       \
        .size = sizeof(struct provider_info),                                                      \
        .name = plugin_name,                                                                       \
        .version = "1",                                                                            \
        .summary = "A plugin with one thing wrong",                                                \
        .api = &plugin_api,                                                                        \
    }

static inline int fault_emit(struct provider_call *call, const char *json)
{
    const struct provider_document document = { .size = sizeof document,
                                                .kind = PROVIDER_MOVIE,
                                                .json_len = (uint32_t)strlen(json),
                                                .json = json };
    return call->host->emit(call, &document);
}

static inline int fault_emit_good(struct provider_call *call)
{
    return fault_emit(call, "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}");
}

/* What fetch() does where the fault lies elsewhere. */
static inline int fault_fetch_good(struct provider *self, struct provider_call *call, uint32_t kind,
                                   const struct provider_id *id)
{
    (void)self;
    (void)kind;
    (void)id;
    return fault_emit_good(call);
}

/* Tells the host why, and returns `code`. */
static inline int fault_explain(struct provider_call *call, int code, const char *fmt, ...)
    PROVIDER_PRINTF(3, 4);
static inline int fault_explain(struct provider_call *call, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    call->host->vfail(call, code, fmt, args);
    va_end(args);
    return code;
}
