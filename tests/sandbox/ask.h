/* SPDX-License-Identifier: MIT
 *
 * For the sandbox's own tests: asks without a network. */
#pragma once

#include <string.h>

#include "base/json.h"
#include "sandbox.h"

#define KEY "api_key=" SANDBOX_KEY

struct ask_extra {
    const char *method; /* NULL: GET */
    const char *authorization;
    const char *accept_encoding;
    const char *if_none_match;
    const char *body;
};

/* The status; the reply is the caller's to free. */
static inline int ask_with(struct sandbox *sandbox, const char *target,
                           const struct ask_extra *extra, struct sandbox_reply *reply)
{
    CLEANUP(sandbox_request_done)
    struct sandbox_request request = {
        .method = extra->method ? extra->method : "GET",
        .authorization = extra->authorization,
        .accept_encoding = extra->accept_encoding,
        .if_none_match = extra->if_none_match,
        .body = extra->body,
        .body_len = extra->body ? strlen(extra->body) : 0,
    };
    CLEANUP(mem_free) char *path = mem_dup_text(target);
    char *query = strchr(path, '?');

    if (query)
        *query++ = '\0';
    if (!sandbox_request_parse(&request, path, query))
        return -1;
    sandbox_answer(sandbox, &request, reply);
    return reply->status;
}

/* A GET with the key; *out is the parsed body, a new reference, or NULL. */
static inline int ask(struct sandbox *sandbox, const char *target, json_t **out)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { 0 };
    CLEANUP(mem_free)
    char *with_key = mem_format("%s%c" KEY, target, strchr(target, '?') ? '&' : '?');
    int status = ask_with(sandbox, with_key, &extra, &reply);

    *out = json_loadb(text_string(&reply.body), reply.body.len, JSON_DECODE_ANY, NULL);
    return status;
}

/* POST or DELETE to /sandbox/...: the status. */
static inline int direct(struct sandbox *sandbox, const char *method, const char *target,
                         const char *body)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { .method = method, .body = body };
    return ask_with(sandbox, target, &extra, &reply);
}

static inline struct sandbox *sandbox_with(uint32_t n_invented, uint32_t n_shows)
{
    const struct sandbox_options options = { .n_invented = n_invented,
                                             .n_shows = n_shows,
                                             .seed = 1 };
    struct error err = { 0 };
    struct sandbox *sandbox = sandbox_new(&options, &err);
    if (!sandbox)
        fprintf(stderr, "%s\n", err.text);
    return sandbox;
}

static inline struct sandbox *sandbox_of(uint32_t n_invented)
{
    return sandbox_with(n_invented, 0);
}
