/* SPDX-License-Identifier: MIT
 *
 * What the fault plugins share: each is a plugin with one thing wrong. */
#pragma once

#include <miauflix/provider.h>

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
