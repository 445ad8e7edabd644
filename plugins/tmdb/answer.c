/* SPDX-License-Identifier: MIT */
#include "tmdb/answer.h"

#include <string.h>

#include "common/field.h"

enum { CODE_MAX = 47 };

/* TMDB's status codes; what is not listed goes by the HTTP status. */
static const int8_t meanings[CODE_MAX + 1] = {
    [2] = PROVIDER_ENOTSUP, /* no such service */
    [3] = PROVIDER_EDENIED,    [4] = PROVIDER_EINVAL,     [5] = PROVIDER_EINVAL,
    [6] = PROVIDER_ENOTFOUND,  [7] = PROVIDER_EAUTH,      [8] = PROVIDER_ECONFLICT,
    [9] = PROVIDER_EUPSTREAM, /* offline */
    [10] = PROVIDER_EAUTH,     [11] = PROVIDER_EUPSTREAM, [14] = PROVIDER_EAUTH,
    [15] = PROVIDER_EUPSTREAM, [17] = PROVIDER_EAUTH,     [18] = PROVIDER_EINVAL,
    [19] = PROVIDER_EINVAL,    [20] = PROVIDER_EINVAL,    [22] = PROVIDER_EINVAL,
    [23] = PROVIDER_EINVAL,    [24] = PROVIDER_EUPSTREAM, [25] = PROVIDER_EBUSY,
    [26] = PROVIDER_EINVAL,    [27] = PROVIDER_EINVAL,    [28] = PROVIDER_EINVAL,
    [29] = PROVIDER_EINVAL,    [30] = PROVIDER_EAUTH,     [31] = PROVIDER_EAUTH,
    [32] = PROVIDER_EAUTH,     [33] = PROVIDER_EAUTH,     [34] = PROVIDER_ENOTFOUND,
    [35] = PROVIDER_EAUTH,     [36] = PROVIDER_EDENIED,   [37] = PROVIDER_ENOTFOUND,
    [38] = PROVIDER_EDENIED,   [39] = PROVIDER_EDENIED, /* private */
    [42] = PROVIDER_EINVAL,    [43] = PROVIDER_EUPSTREAM, [44] = PROVIDER_EUPSTREAM,
    [45] = PROVIDER_EAUTH,     /* user suspended */
    [46] = PROVIDER_EUPSTREAM, /* maintenance */
    [47] = PROVIDER_EINVAL,
};

static int code_of_status(int32_t status, const json_t *body)
{
    if (status >= 200 && status < 300)
        return body ? PROVIDER_OK : PROVIDER_EPARSE;
    if (status >= 500)
        return PROVIDER_EUPSTREAM;
    /* A 404 or 401 that is not JSON comes from something in between and says nothing about us. */
    if (!body && status != 429)
        return PROVIDER_EUPSTREAM;
    switch (status) {
    case 401:
        return PROVIDER_EAUTH;
    case 403:
        return PROVIDER_EDENIED;
    case 404:
        return PROVIDER_ENOTFOUND;
    case 429:
        return PROVIDER_EBUSY;
    default:
        return status >= 400 ? PROVIDER_EINVAL : PROVIDER_EPARSE;
    }
}

int answer_code(int32_t status, const json_t *body)
{
    int64_t code = 0;

    /* 1, 12 and 13 say "success" in a body of their own. */
    if (field_int(body, "status_code", 1, CODE_MAX, &code) && meanings[code] != PROVIDER_OK)
        return meanings[code];
    if (status >= 200 && status < 300 &&
        (field_array(body, "errors") || field_bool(body, "success") == 0))
        return PROVIDER_EINVAL;
    return code_of_status(status, body);
}

const char *answer_message(const json_t *body)
{
    const char *message = field_string(body, "status_message");

    return message ? message : json_string_value(json_array_get(field_array(body, "errors"), 0));
}

static int is_json(const char *body, size_t len)
{
    size_t from = 0;

    while (from < len && strchr(" \t\r\n", body[from]))
        from++;
    while (len > from && strchr(" \t\r\n", body[len - 1]))
        len--;
    /* The last character tells an answer that was cut off. */
    return len - from >= 2 && ((body[from] == '{' && body[len - 1] == '}') ||
                               (body[from] == '[' && body[len - 1] == ']'));
}

int answer_is_genuine(const struct provider_response *response)
{
    /* A gateway may put its own words around "too many"; it counts all the same. */
    if (response->status == 429 || response->status == 304)
        return 1;
    return is_json(response->body, response->body_len);
}
