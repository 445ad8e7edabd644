/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "provider/host.h"

/* A plugin built against an older header lacks the last fields; they are zero for it. */
static struct provider_request whole_request(const struct provider_request *request)
{
    struct provider_request whole = { 0 };
    memcpy(&whole, request, MIN((size_t)request->size, sizeof whole));
    whole.size = sizeof whole;
    return whole;
}

static void keep(struct host_call *call, struct upstream_answer *answer)
{
    const struct provider_http *http = &call->instance->services->http;
    if (call->answers[call->next_answer])
        http->release(http->context, call->answers[call->next_answer]);
    call->answers[call->next_answer] = answer;
    call->next_answer = (call->next_answer + 1) % HOST_KEPT_ANSWERS;
}

static int fetch(struct host_call *call, const struct provider_request *request,
                 const struct provider_response **out)
{
    const struct provider_http *http = &call->instance->services->http;
    if (!request || request->size < offsetof(struct provider_request, headers) ||
        text_is_empty(request->url) || !out) {
        host_misused(call, "it made a request without size or URL");
        return host_fail(call, PROVIDER_EINVAL, "a request without size or URL");
    }
    if (call->stop_code != 0)
        return call->stop_code;
    if (__atomic_load_n(&call->stop, __ATOMIC_RELAXED))
        return host_fail(call, PROVIDER_ECANCEL, "nobody waits any more");
    if (clock_steady_ms() >= call->deadline_ms)
        return host_fail(call, PROVIDER_ETIME, "the deadline passed");
    const struct provider_request whole = whole_request(request);
    const struct upstream_wait wait = { .deadline_ms = call->deadline_ms,
                                        .canceled = &call->stop,
                                        .background = call->background };
    struct upstream_answer *answer = NULL;
    struct error err = { 0 };
    void *context =
        call->instance->services->http_is_net ? call->instance->upstream : http->context;
    int code = http->fetch(context, call->instance->info->name, &whole, &wait, &answer, &err);
    if (code != 0) {
        call->error = err;
        call->error.code = code;
        call->explained = false;
        return code;
    }
    keep(call, answer);
    if (call->sink && call->sink->heard)
        call->sink->heard(call->sink->context, answer->response.age_s, answer->response.stale);
    *out = &answer->response;
    return 0;
}

int host_http(struct provider_call *of, const struct provider_request *request,
              const struct provider_response **out)
{
    struct host_call *call = host_of(of);
    struct host_visit visit;
    int code;
    if (!host_enter(call, "http", &visit, &code))
        return code;
    code = fetch(call, request, out);
    host_leave(call, &visit);
    return code;
}
