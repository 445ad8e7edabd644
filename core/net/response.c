/* SPDX-License-Identifier: MIT */
#include "net/response.h"

#include <string.h>
#include <strings.h>

static const char *find_header(const struct provider_response *public, const char *name)
{
    /* The public part is the first member of the first member. */
    return response_header((const struct response *)(const void *)public, name);
}

struct response *response_new(uint64_t max_body)
{
    struct response *response = mem_new(struct response);
    response->refs = 1;
    response->headers.limit = RESPONSE_MAX_HEADERS;
    response->body.limit = max_body;
    response_finish(response, 0);
    return response;
}

struct response *response_copy(const struct response *from)
{
    struct response *copy = response_new(from->body.len);
    text_add(&copy->headers, text_string(&from->headers), from->headers.len);
    text_add(&copy->body, text_string(&from->body), from->body.len);
    copy->stored_ms = from->stored_ms;
    response_finish(copy, from->public.response.status);
    return copy;
}

struct response *response_ref(struct response *response)
{
    __atomic_add_fetch(&response->refs, 1, __ATOMIC_RELAXED);
    return response;
}

void response_unref(struct response *response)
{
    if (!response || __atomic_sub_fetch(&response->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    text_done(&response->headers);
    text_done(&response->body);
    free(response);
}

void upstream_answer_free(struct upstream_answer *answer)
{
    response_unref((struct response *)(void *)answer);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool add_pair(struct text *headers, const char *name, size_t name_len, const char *value,
                     size_t value_len)
{
    return text_reserve(headers, name_len + value_len + 2) && text_add(headers, name, name_len) &&
           text_add(headers, "", 1) && text_add(headers, value, value_len) &&
           text_add(headers, "", 1);
}

bool response_add_header(struct response *response, const char *line, size_t len)
{
    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        text_clear(&response->headers);
        return true;
    }
    while (len && is_blank(line[len - 1]))
        len--;
    const char *colon = len ? memchr(line, ':', len) : NULL;
    if (!colon || colon == line || memchr(line, '\0', len))
        return true;
    const char *value = colon + 1, *end = line + len;
    while (value < end && is_blank(*value))
        value++;
    return add_pair(&response->headers, line, (size_t)(colon - line), value, (size_t)(end - value));
}

const char *response_header(const struct response *response, const char *name)
{
    const char *at = response->headers.bytes, *end = at + response->headers.len;
    while (at && at < end) {
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, name) == 0)
            return value;
        at = value + strlen(value) + 1;
    }
    return NULL;
}

void response_finish(struct response *response, int status)
{
    response->public.response = (struct provider_response){
        .size = sizeof response->public.response,
        .status = status,
        .body = text_string(&response->body),
        .body_len = response->body.len,
        .header = find_header,
    };
}

bool response_write_head(const struct response *response, struct text *out)
{
    bool ok = text_add_format(out, "1 %d %lld\n", (int)response->public.response.status,
                              (long long)response->stored_ms);
    const char *at = response->headers.bytes, *end = at + response->headers.len;
    while (ok && at && at < end) {
        const char *value = at + strlen(at) + 1;
        ok = text_add_format(out, "%s: %s\n", at, value);
        at = value + strlen(value) + 1;
    }
    return ok;
}

bool response_read_head(struct response *response, const struct text *head)
{
    int status = 0, used = 0;
    long long stored_ms = 0;
    const char *at = text_string(head), *end = at + head->len;
    if (sscanf(at, "1 %3d %18lld\n%n", &status, &stored_ms, &used) != 2 || !used ||
        at[used - 1] != '\n' || status < 100 || memchr(at, '\0', head->len))
        return false;
    text_clear(&response->headers);
    for (at += used; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        if (!response_add_header(response, at, len))
            return false;
        at += len + 1;
    }
    response->stored_ms = stored_ms;
    response_finish(response, status);
    return true;
}
