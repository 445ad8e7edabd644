/* SPDX-License-Identifier: MIT */
#include "service/images.h"

#include <string.h>

#include "base/lock.h"
#include "provider/call.h"

enum {
    MAX_FILE_LEN = 200,
    MAX_BODY = 16 << 20,
    KEPT_S = 30 * 24 * 3600, /* a picture's path changes when the picture does */
    HOST_LEN = 128,
};

/* The upstream for one provider's pictures: apart from its API, with no budget but never private.
 */
struct source {
    char name[40];
    char host[HOST_LEN]; /* of the mirror the operator configured */
    const char *allowed[2];
    struct upstream *upstream;
    struct source *next;
};

struct images {
    struct net *net;
    struct registry *registry;
    struct net_body_cache cache;
    struct lock lock;
    struct source *sources; /* lock */
};

struct images *images_new(struct net *net, struct registry *registry,
                          const struct net_body_cache *cache)
{
    struct images *images = mem_new(struct images);
    images->net = net;
    images->registry = registry;
    images->cache = *cache;
    lock_init(&images->lock);
    return images;
}

void images_free(struct images *images)
{
    if (!images)
        return;
    for (struct source *source = images->sources, *next; source; source = next) {
        next = source->next;
        free(source);
    }
    lock_done(&images->lock);
    free(images);
}

static bool is_kind(const char *kind)
{
    static const char *const kinds[] = { "posters", "backdrops", "logos", "profiles", "stills" };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (text_equal(kinds[i], kind))
            return true;
    }
    return false;
}

static bool is_file(const char *file)
{
    size_t len = strlen(file);
    return len > 0 && len <= MAX_FILE_LEN && file[0] != '.' && !strstr(file, "..") &&
           strspn(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == len;
}

/* "http://127.0.0.1:8/x" to "127.0.0.1". */
static void host_of(const char *url, char out[HOST_LEN])
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    snprintf(out, HOST_LEN, "%.*s", (int)MIN(strcspn(host, ":/"), (size_t)HOST_LEN - 1), host);
}

static struct source *add_source(struct images *images, const char *name, const char *host)
    REQUIRES(images->lock)
{
    struct source *source = mem_new(struct source);
    snprintf(source->name, sizeof source->name, "%s", name);
    snprintf(source->host, sizeof source->host, "%s", host);
    source->allowed[0] = *host ? source->host : NULL;
    struct upstream_options options = {
        .name = source->name,
        .max_parallel = 16,
        .retries = 1,
        .not_found_ttl_s = 3600,
    };
    source->upstream = net_upstream(images->net, &options);
    upstream_set_cache(source->upstream, &images->cache);
    upstream_set_public_only(source->upstream, source->allowed);
    source->next = images->sources;
    images->sources = source;
    return source;
}

static struct upstream *upstream_for(struct images *images, struct provider_entry *provider)
{
    struct upstream *api = provider_entry_upstream(provider);
    CLEANUP(mem_free) struct upstream_status *status = mem_new(struct upstream_status);
    char host[HOST_LEN] = "", name[40];
    if (api)
        upstream_status(api, status);
    host_of(status->mirror, host);
    snprintf(name, sizeof name, "images/%s", provider_entry_name(provider));
    LOCK_SCOPE(&images->lock);
    for (struct source *source = images->sources; source; source = source->next) {
        if (text_equal(source->name, name) && text_equal(source->host, host))
            return source->upstream;
    }
    return add_source(images, name, host)->upstream;
}

const char *images_type_of(const void *bytes, size_t len)
{
    static const struct {
        const char *magic;
        size_t len, offset;
        const char *type;
    } rows[] = {
        { "\xFF\xD8\xFF", 3, 0, "image/jpeg" }, { "\x89PNG\r\n\x1A\n", 8, 0, "image/png" },
        { "WEBPVP8", 7, 8, "image/webp" },      { "GIF87a", 6, 0, "image/gif" },
        { "GIF89a", 6, 0, "image/gif" },        { "ftypavif", 8, 4, "image/avif" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (len >= rows[i].offset + rows[i].len &&
            memcmp((const char *)bytes + rows[i].offset, rows[i].magic, rows[i].len) == 0)
            return rows[i].type;
    }
    return NULL;
}

static int judge(const struct upstream_answer *answer, const char **out_type, struct error *err)
{
    const struct provider_response *response = &answer->response;
    if (response->status == 404 || response->status == 410)
        return error_set(err, PROVIDER_ENOTFOUND, "there is no such picture");
    if (response->status != 200)
        return error_set(err, PROVIDER_EUPSTREAM, "the picture's host answered %d",
                         response->status);
    const char *type = images_type_of(response->body, response->body_len);
    if (!type)
        return error_set(err, PROVIDER_EPARSE, "what the picture's host sent is no picture");
    *out_type = type;
    return 0;
}

static int fetch(struct images *images, struct provider_entry *provider,
                 const struct images_ask *ask, struct upstream_answer **out, struct error *err)
{
    char path[MAX_FILE_LEN + 2], url[2048];
    snprintf(path, sizeof path, "/%s", ask->file);
    struct call_wait wait = { .deadline_ms = ask->deadline_ms };
    int result =
        call_locate_image(provider, ask->kind, path, ask->width, &wait, url, sizeof url, err);
    if (result)
        return result;
    struct provider_request request = {
        .size = sizeof request,
        .url = url,
        .max_age_s = KEPT_S,
        .max_body = MAX_BODY,
    };
    struct upstream_wait upstream_wait = { .deadline_ms = ask->deadline_ms };
    return upstream_fetch(upstream_for(images, provider), &request, &upstream_wait, out, err);
}

int images_fetch(struct images *images, const struct images_ask *ask, struct upstream_answer **out,
                 const char **out_type, struct error *err)
{
    if (!is_kind(ask->kind) || !is_file(ask->file))
        return error_set(err, PROVIDER_EINVAL, "there can be no such picture");
    CLEANUP(provider_entry_unref)
    struct provider_entry *provider = registry_find(images->registry, ask->provider);
    if (!provider || !provider_entry_can(provider, PROVIDER_CAN_IMAGES))
        return error_set(err, PROVIDER_ENOTFOUND, "no provider '%s' has pictures", ask->provider);
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    int result = fetch(images, provider, ask, &answer, err);
    if (!result)
        result = judge(answer, out_type, err);
    if (!result)
        *out = steal(answer);
    return result;
}
