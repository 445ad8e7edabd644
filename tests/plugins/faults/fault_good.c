/* SPDX-License-Identifier: MIT */
#include "fault.h"

/* Nothing is wrong here: the others are measured against it.  What it does depends on the id it is
 * asked for, so that one module serves many tests. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct provider_option options[] = {
    { .name = "greeting", .env = "FAULT_GREETING", .fallback = "hello", .help = "Said in the log" },
    { .name = "base_url",
      .env = "FAULT_BASE_URL",
      .fallback = "http://127.0.0.1:9/",
      .help = "Where it asks",
      .flags = PROVIDER_MIRRORS },
    { .name = "words", .help = "Any words", .flags = PROVIDER_LIST_OF },
    { .name = "language", .fallback = "en", .help = "What it speaks" },
    { .name = "key", .env = "FAULT_KEY", .help = "A secret", .flags = PROVIDER_SECRET },
    { 0 },
};

/* Comes back as soon as nobody waits any more. */
static int wait_politely(struct provider_call *call)
{
    while (call->host->remaining_ms(call) > 0)
        usleep(1000);
    return PROVIDER_ECANCEL;
}

static int ask(struct provider_call *call)
{
    const struct provider_request request = { .size = sizeof request, .url = "{base}/thing" };
    const struct provider_response *response = NULL;
    int code = call->host->http(call, &request, &response);
    if (code != 0)
        return fault_explain(call, code, "no thing");
    return fault_emit(call, response->body);
}

static int ask_often(struct provider_call *call)
{
    const struct provider_response *first = NULL;
    for (int i = 0; i < 8; i++) {
        const struct provider_request request = { .size = sizeof request, .url = "{base}/thing" };
        const struct provider_response *response = NULL;
        int code = call->host->http(call, &request, &response);
        if (code != 0)
            return code;
        first = first ? first : response;
    }
    return fault_emit(call, first->body);
}

static int use_state(struct provider_call *call)
{
    const char *before = call->host->state_get(call, "visits");
    char now[16];
    snprintf(now, sizeof now, "%d", before && before[0] == '1' ? 2 : 1);
    int code = call->host->state_put(call, "visits", now);
    return code != 0 ? code : fault_explain(call, PROVIDER_ENOTFOUND, "visit %s", now);
}

/* A show as tmdb emits it. */
static int emit_with_season(struct provider_call *call)
{
    static const char season[] = "{\"ids\":{\"tmdb\":7},\"show\":{\"ids\":{\"tmdb\":603}},"
                                 "\"season_number\":0}";
    const struct provider_document document = { .size = sizeof document,
                                                .kind = PROVIDER_SEASON,
                                                .json = season };
    int code = fault_emit_good(call);
    return code != 0 ? code : call->host->emit(call, &document);
}

static int good_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
                      const struct provider_id *id)
{
    (void)self;
    (void)kind;
    if (strcmp(id->value, "gone") == 0)
        return fault_explain(call, PROVIDER_ENOTFOUND, "no movie '%s'", id->value);
    if (strcmp(id->value, "wait") == 0)
        return wait_politely(call);
    if (strcmp(id->value, "season") == 0)
        return emit_with_season(call);
    if (strcmp(id->value, "ask") == 0)
        return ask(call);
    if (strcmp(id->value, "ask-often") == 0)
        return ask_often(call);
    if (strcmp(id->value, "state") == 0)
        return use_state(call);
    if (strcmp(id->value, "option") == 0)
        return fault_explain(call, PROVIDER_ENOTFOUND, "%s", call->host->option(call, "greeting"));
    if (strcmp(id->value, "words") == 0)
        return fault_explain(call, PROVIDER_ENOTFOUND, "%s", call->host->option(call, "words"));
    if (strcmp(id->value, "language") == 0)
        return fault_explain(call, PROVIDER_ENOTFOUND, "%s", call->host->option(call, "language"));
    if (strcmp(id->value, "nothing") == 0)
        return 0;
    if (strcmp(id->value, "unknown-code") == 0)
        return 7;
    if (strcmp(id->value, "silent") == 0)
        return PROVIDER_EUPSTREAM;
    return fault_emit_good(call);
}

static int good_search(struct provider *self, struct provider_call *call,
                       const struct provider_query *query)
{
    (void)self;
    (void)query;
    for (int i = 0; i < 20; i++) {
        int code = fault_emit_good(call);
        if (code != 0)
            return code;
    }
    return 0;
}

static int good_sync(struct provider *self, struct provider_call *call, const char *scope,
                     const char *cursor)
{
    (void)self;
    int first = cursor ? (int)strtol(cursor, NULL, 10) : 0;
    for (int i = first; i < 5; i++) {
        char text[16];
        int code = fault_emit_good(call);
        if (code != 0)
            return code;
        snprintf(text, sizeof text, "%d", i + 1);
        if ((code = call->host->checkpoint(call, text)) != 0)
            return code;
        call->host->progress(call, (uint64_t)i + 1, 5);
    }
    return strcmp(scope, "wait") == 0 ? wait_politely(call) : 0;
}

static int good_locate(struct provider *self, struct provider_call *call, const char *kind,
                       const char *path, uint32_t width, char *url, size_t url_size)
{
    (void)self;
    (void)call;
    snprintf(url, url_size, "%s/%s/w%u%s", strcmp(kind, "logos") ? "https://img.test" : "file://",
             kind, width, path);
    return 0;
}

static const struct provider_images images = { .size = sizeof images, .locate = good_locate };

static const void *good_extension(const char *name)
{
    return strcmp(name, PROVIDER_IMAGES) == 0 ? &images : NULL;
}

static const struct provider_api api = { .size = sizeof api,
                                         .search = good_search,
                                         .fetch = good_fetch,
                                         .sync = good_sync,
                                         .extension = good_extension };

PROVIDER_EXPORT const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(struct provider_info),
    .name = "fault_good",
    .version = "1.2",
    .summary = "Nothing is wrong with it",
    .options = options,
    .api = &api,
};
