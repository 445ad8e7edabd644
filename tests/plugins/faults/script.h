/* SPDX-License-Identifier: MIT
 *
 * A plugin that does what its upstream says, line by line, so that a test plays any provider by
 * answering its requests:
 *
 *     D kind flags {"ids":...}     emit a document
 *     C cursor                     checkpoint
 *     F code reason                fail
 *     G /path                      ask for that, and do what it says
 *
 * It asks /fetch/KIND/SPACE:VALUE, /search/KIND/TEXT, /sync/SCOPE/CURSOR ("-": none) and
 * /resolve/INFOHASH.  A search of items adds ?id=SPACE:VALUE and ?year=YEAR, when they are given.
 * Asked for a swarm it asks /check/INFOHASH, whose answer is a line of
 *
 *     S seeds peers dht_peers trackers answers met seeds_met
 */
#pragma once

#include <miauflix/provider.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int script_fail(struct provider_call *call, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    call->host->vfail(call, code, fmt, args);
    va_end(args);
    return code;
}

static int script_emit(struct provider_call *call, const char *line, size_t len)
{
    char *end;
    const unsigned long kind = strtoul(line, &end, 10);
    const unsigned long flags = strtoul(end, &end, 10);
    const size_t head = (size_t)(end - line) + 1;
    const struct provider_document document = { .size = sizeof document,
                                                .kind = (uint32_t)kind,
                                                .flags = (uint32_t)flags,
                                                .json_len = (uint32_t)(len - head),
                                                .json = line + head };
    return call->host->emit(call, &document);
}

static int script_play(struct provider_call *call, const char *url);

static int script_line(struct provider_call *call, const char *line, size_t len)
{
    char text[200];
    if (len > 2 && line[0] == 'D')
        return script_emit(call, line + 2, len - 2);
    snprintf(text, sizeof text, "%.*s", len > 2 ? (int)(len - 2) : 0, line + 2);
    if (line[0] == 'C')
        return call->host->checkpoint(call, text);
    if (line[0] == 'G') {
        char url[240];
        snprintf(url, sizeof url, "http://script.test%s", text);
        return script_play(call, url);
    }
    if (line[0] != 'F')
        return PROVIDER_OK;
    char *reason;
    const int code = (int)strtol(text, &reason, 10);
    return script_fail(call, code, "%s", reason + (*reason == ' '));
}

static int script_play(struct provider_call *call, const char *url)
{
    const struct provider_request request = { .size = sizeof request, .url = url };
    const struct provider_response *response;
    int code = call->host->http(call, &request, &response);
    const char *at = code == PROVIDER_OK ? response->body : "";
    while (code == PROVIDER_OK && *at) {
        const size_t len = strcspn(at, "\n");
        code = script_line(call, at, len);
        at += len + (at[len] == '\n');
    }
    return code;
}

static int script_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                        const struct provider_id *id)
{
    char url[200];
    (void)self;
    snprintf(url, sizeof url, "http://script.test/fetch/%u/%s:%s", (unsigned)kind, id->space,
             id->value);
    return script_play(call, url);
}

static int script_search(struct provider *self, struct provider_call *call,
                         const struct provider_query *query)
{
    char url[200];
    (void)self;
    int len = snprintf(url, sizeof url, "http://script.test/search/%u/%s", (unsigned)query->kind,
                       query->text);
    if (query->kind != PROVIDER_RELEASE && query->n_ids)
        len += snprintf(url + len, sizeof url - (size_t)len, "?id=%s:%s", query->ids->space,
                        query->ids->value);
    if (query->kind != PROVIDER_RELEASE && query->year)
        snprintf(url + len, sizeof url - (size_t)len, "?year=%d", (int)query->year);
    return script_play(call, url);
}

static int script_sync(struct provider *self, struct provider_call *call, const char *scope,
                       const char *cursor)
{
    char url[200];
    (void)self;
    snprintf(url, sizeof url, "http://script.test/sync/%s/%s", scope, cursor ? cursor : "-");
    return script_play(call, url);
}

/* By the first hash of the link alone. */
static int script_resolve(struct provider *self, struct provider_call *call, const char *magnet)
{
    char url[200];
    const char *hash = strstr(magnet, "btih:");
    (void)self;
    snprintf(url, sizeof url, "http://script.test/resolve/%.40s", hash ? hash + 5 : "-");
    return script_play(call, url);
}

static int script_check(struct provider *self, struct provider_call *call, const char *magnet,
                        struct provider_swarm *out)
{
    char url[200];
    const char *hash = strstr(magnet, "btih:");
    struct provider_request request = { .size = sizeof request, .url = url };
    const struct provider_response *response;
    (void)self;
    snprintf(url, sizeof url, "http://script.test/check/%.40s", hash ? hash + 5 : "-");
    const int code = call->host->http(call, &request, &response);
    if (code)
        return code;
    long n[7] = { -1, -1, -1, 0, 0, 0, 0 };
    char *at = (char *)(uintptr_t)response->body + (*response->body == 'S');
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        n[i] = strtol(at, &at, 10);
    *out = (struct provider_swarm){ .size = out->size,
                                    .seeds = (int32_t)n[0],
                                    .peers = (int32_t)n[1],
                                    .dht_peers = (int32_t)n[2],
                                    .trackers = (uint32_t)n[3],
                                    .answers = (uint32_t)n[4],
                                    .met = (uint32_t)n[5],
                                    .seeds_met = (uint32_t)n[6],
                                    .metadata_ms = -1 };
    return PROVIDER_OK;
}

static const struct provider_availability script_availability = {
    .size = sizeof script_availability,
    .check = script_check,
};

static const void *script_extension(const char *name)
{
    return strcmp(name, PROVIDER_AVAILABILITY) == 0 ? &script_availability : NULL;
}

static const struct provider_api script_api = { .size = sizeof script_api,
                                                .search = script_search,
                                                .fetch = script_fetch,
                                                .sync = script_sync,
                                                .resolve_magnet = script_resolve,
                                                .extension = script_extension };

#define SCRIPT_INFO(plugin_name)                                                                   \
    PROVIDER_EXPORT const struct provider_info miauflix_provider = {                               \
        .abi = PROVIDER_ABI,                                                                       \
        .size = sizeof(struct provider_info),                                                      \
        .name = plugin_name,                                                                       \
        .version = "1",                                                                            \
        .summary = "A plugin that does what its upstream says",                                    \
        .api = &script_api,                                                                        \
    }
