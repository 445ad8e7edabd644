/* SPDX-License-Identifier: MIT */
#include "yts/request.h"

#include <string.h>

#include "common/field.h"
#include "common/host.h"

void request_begin(struct out *url, const struct provider *self, const char *method)
{
    out_clear(url);
    out_add_text(url, "{base}");
    out_add_text(url, self->prefix);
    out_add_text(url, "/");
    out_add_text(url, method);
    out_add_text(url, ".json");
    url->comma = false;
}

/* Behind a byte order mark, which some mirrors send. */
static const char *skip_mark(const char *body, size_t len)
{
    return len >= 3 && memcmp(body, "\xef\xbb\xbf", 3) == 0 ? body + 3 : body;
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && strchr(" \t\r\n", *at))
        at++;
    return at;
}

/* The first "status" of the text is that of the envelope: nothing inside has a member of that name.
 */
static int says_ok(const char *body, size_t len)
{
    static const char status[] = "\"status\"", ok[] = "\"ok\"";
    const char *end = body + len;
    const char *at = memmem(body, len, status, strlen(status));

    if (!at)
        return 0;
    at = skip_space(at + strlen(status), end);
    if (at == end || *at != ':')
        return 0;
    at = skip_space(at + 1, end);
    return (size_t)(end - at) >= strlen(ok) && memcmp(at, ok, strlen(ok)) == 0;
}

int request_is_genuine(const struct provider_response *response)
{
    const char *end = response->body + response->body_len;
    const char *at = skip_space(skip_mark(response->body, response->body_len), end);

    if (response->status == 429 || response->status == 304)
        return 1;
    while (end > at && strchr(" \t\r\n", end[-1]))
        end--;
    /* The last character tells an answer that was cut off. */
    return response->status == 200 && end - at >= 2 && *at == '{' && end[-1] == '}' &&
           says_ok(at, (size_t)(end - at));
}

static int code_of(int32_t status)
{
    if (status == 200)
        return PROVIDER_OK;
    return status == 429 ? PROVIDER_EBUSY : PROVIDER_EUPSTREAM;
}

/* An empty array stands for "no data", too. */
static json_t *data_of(const json_t *envelope)
{
    json_t *data = field_object(envelope, "data");

    return data ? json_incref(data) : json_object();
}

int request_data(struct provider *self, struct provider_call *call, const struct out *url,
                 const char *what, json_t **out)
{
    const char *const headers[] = { "Accept: application/json", NULL };
    const struct provider_request request = {
        .size = sizeof(request),
        .url = url->bytes,
        .headers = headers,
        .max_age_s = (uint32_t)self->cache_ttl_s,
        .genuine = request_is_genuine,
    };
    const struct provider_response *response;
    const char *body;
    int code;

    if (url->failed)
        return host_fail(call, PROVIDER_ELIMIT, "%s: the request is too long", what);
    code = call->host->http(call, &request, &response);
    if (code)
        return code;
    if (code_of(response->status))
        return host_fail(call, code_of(response->status), "%s: HTTP %d", what, response->status);
    if (!request_is_genuine(response))
        return host_fail(call, PROVIDER_EUPSTREAM, "%s: this is no answer of YTS", what);
    body = skip_mark(response->body, response->body_len);
    json_t *envelope = field_parse(body, response->body_len - (size_t)(body - response->body));
    if (!envelope)
        return host_fail(call, PROVIDER_EPARSE, "%s: the answer is not JSON", what);
    *out = data_of(envelope);
    json_decref(envelope);
    return PROVIDER_OK;
}
