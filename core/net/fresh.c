/* SPDX-License-Identifier: MIT */
#include "net/fresh.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

static bool is_not_found(int status)
{
    return status == 404 || status == 410;
}

/* With its NUL, so that neighbours cannot run into each other. */
static void hash_text(crypto_generichash_state *state, const char *text)
{
    const char *known = text ? text : "";
    crypto_generichash_update(state, (const unsigned char *)known, strlen(known) + 1);
}

void fresh_key_of(const struct upstream *upstream, const struct provider_request *request,
                  struct fresh_key *out)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof out->bytes);
    hash_text(&state, upstream->name);
    hash_text(&state, request->method ? request->method : "GET");
    hash_text(&state, request->url);
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        hash_text(&state, request->headers[i]);
    hash_text(&state, "");
    crypto_generichash_update(&state, (const unsigned char *)request->body, request->body_len);
    crypto_generichash_final(&state, out->bytes, sizeof out->bytes);
}

static const char *hex_of(const struct fresh_key *key, char out[2 * FRESH_KEY_LEN + 1])
{
    return sodium_bin2hex(out, 2 * FRESH_KEY_LEN + 1, key->bytes, FRESH_KEY_LEN);
}

/* The plugin asks its own questions, or for a part: then it gets the upstream's own answer. */
static bool is_conditional(const struct provider_request *request)
{
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        if (strncasecmp(request->headers[i], "If-", 3) == 0 ||
            strncasecmp(request->headers[i], "Range:", 6) == 0)
            return true;
    return false;
}

/* The plugin sees to it itself that what it learns is kept. */
static bool forbids_keeping(const struct provider_request *request)
{
    static const char name[] = "Cache-Control:";
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        if (strncasecmp(request->headers[i], name, sizeof name - 1) == 0 &&
            strcasestr(request->headers[i], "no-store"))
            return true;
    return false;
}

bool fresh_is_cacheable(const struct upstream *upstream, const struct provider_request *request)
{
    return upstream->cache.get && !request->body_len && !is_conditional(request) &&
           !forbids_keeping(request) && (!request->method || strcmp(request->method, "GET") == 0);
}

struct response *fresh_load(const struct upstream *upstream, const struct fresh_key *key,
                            uint64_t max_body)
{
    const struct net_body_cache *cache = &upstream->cache;
    CLEANUP(text_done) struct text head = TEXT_INIT(2 * RESPONSE_MAX_HEADERS);
    CLEANUP(response_unref) struct response *found = response_new(max_body);
    char hex[2 * FRESH_KEY_LEN + 1];
    if (!cache->get(cache->context, hex_of(key, hex), &head, &found->body))
        return NULL;
    if (found->body.len > max_body || found->body.overflow || !response_read_head(found, &head))
        return NULL;
    return steal(found);
}

void fresh_store(const struct upstream *upstream, const struct fresh_key *key,
                 const struct provider_request *request, const struct response *response)
{
    const struct net_body_cache *cache = &upstream->cache;
    int status = response->public.response.status;
    const char *control = response_header(response, "Cache-Control");
    char hex[2 * FRESH_KEY_LEN + 1];
    bool usable = request->max_age_s > 0 || (status == 200 && response_header(response, "ETag"));
    if (status != 200 && !is_not_found(status))
        return;
    if (!usable || (control && strcasestr(control, "no-store"))) {
        /* What the upstream says now overrules what it said before. */
        cache->remove(cache->context, hex_of(key, hex));
        return;
    }
    CLEANUP(text_done) struct text head = TEXT_INIT(2 * RESPONSE_MAX_HEADERS);
    if (response_write_head(response, &head))
        cache->put(cache->context, hex_of(key, hex), &head, text_string(&response->body),
                   response->body.len);
}

int64_t fresh_age_s(const struct response *response)
{
    int64_t age_ms = clock_wall_ms() - response->stored_ms;
    return age_ms < 0 ? -1 : age_ms / 1000;
}

bool fresh_will_do(const struct response *response, uint32_t max_age_s, uint32_t not_found_ttl_s)
{
    if (is_not_found(response->public.response.status))
        max_age_s = MIN(max_age_s, not_found_ttl_s);
    int64_t age_s = fresh_age_s(response);
    return age_s >= 0 && age_s < max_age_s;
}

bool fresh_may_be_stale(const struct response *response, uint32_t stale_if_error_s)
{
    int64_t age_s = fresh_age_s(response);
    return response->public.response.status == 200 && age_s >= 0 && age_s <= stale_if_error_s;
}

char *fresh_condition(const struct response *response)
{
    const char *tag = response_header(response, "ETag");
    const char *date = response_header(response, "Last-Modified");
    if (response->public.response.status != 200)
        return NULL;
    if (!text_is_empty(tag))
        return mem_format("If-None-Match: %s", tag);
    return text_is_empty(date) ? NULL : mem_format("If-Modified-Since: %s", date);
}
