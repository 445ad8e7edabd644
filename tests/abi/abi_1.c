/* SPDX-License-Identifier: MIT
 *
 * A plugin as somebody built it when ABI 1 was new: from the frozen header, in C99. */
#include "provider-1.h"

#include <string.h>

struct provider {
    struct provider_call *host;
    int n_fetches;
};

static struct provider only;

static int abi_1_open(struct provider_call *call, struct provider **out)
{
    only.host = call;
    *out = &only;
    return PROVIDER_OK;
}

static void abi_1_close(struct provider *self)
{
    self->host = NULL;
}

static int abi_1_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                       const struct provider_id *id)
{
    struct provider_document document;
    memset(&document, 0, sizeof document);
    document.size = sizeof document;
    document.kind = kind;
    document.json = "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}";
    self->n_fetches++;
    if (strcmp(id->space, "tmdb") != 0 || call->host->remaining_ms(call) == 0)
        return PROVIDER_ENOTFOUND;
    return call->host->emit(call, &document);
}

static const struct provider_api api = { sizeof api,  abi_1_open, abi_1_close, NULL,
                                         abi_1_fetch, NULL,       NULL,        NULL };

const struct provider_info miauflix_provider = { PROVIDER_ABI,
                                                 sizeof(struct provider_info),
                                                 PROVIDER_SERIAL,
                                                 "abi_1",
                                                 "1.0",
                                                 "Built when ABI 1 was new",
                                                 NULL,
                                                 &api,
                                                 0,
                                                 0 };
