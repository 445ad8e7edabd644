/* SPDX-License-Identifier: MIT */
#include "service/images.h"

#include <string.h>

#include "base/lock.h"
#include "provider/call.h"

enum {
    MAX_FILE_LEN = 200,
    MAX_BODY = 16 << 20,
    KEPT_S = 30 * 24 * 3600,           /* a picture's path changes when the picture does */
    STALE_S = KEPT_S + 60 * 24 * 3600, /* while the host is away */
    MAX_HOSTS = 32,
};

/* The upstream for one provider's pictures: apart from its API, with no budget but never private.
 */
struct source {
    char name[40];
    char *hosts; /* those the operator chose, single spaces between; may be private */
    struct upstream *upstream;
    struct source *next;
};

struct images {
    struct net *net;
    struct registry *registry;
    struct images_options options;
    struct lock lock;
    struct source *sources; /* lock */
    uint32_t asks;          /* lock; under way */
};

struct images *images_new(struct net *net, struct registry *registry,
                          const struct images_options *options)
{
    struct images *images = mem_new(struct images);
    images->net = net;
    images->registry = registry;
    images->options = *options;
    lock_init(&images->lock);
    return images;
}

void images_free(struct images *images)
{
    if (!images)
        return;
    for (struct source *source = images->sources, *next; source; source = next) {
        next = source->next;
        free(source->hosts);
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

static void guard(struct source *source, const char *hosts)
{
    const char *allowed[MAX_HOSTS + 1] = { NULL };
    CLEANUP(mem_free) char *names = mem_dup_text(hosts);
    char *rest = names;
    for (size_t n = 0; n < MAX_HOSTS && rest && *rest; n++)
        allowed[n] = strsep(&rest, " ");
    upstream_set_public_only(source->upstream, allowed);
    free(source->hosts);
    source->hosts = mem_dup_text(hosts);
}

static struct source *add_source(struct images *images, const char *name) REQUIRES(images->lock)
{
    struct source *source = mem_new(struct source);
    snprintf(source->name, sizeof source->name, "%s", name);
    struct upstream_options options = {
        .name = source->name,
        .max_parallel = 16,
        .retries = 1,
        .stale_if_error_s = STALE_S,
        .not_found_ttl_s = 3600,
        .one_host = true,
    };
    source->upstream = net_upstream(images->net, &options);
    upstream_set_cache(source->upstream, &images->options.cache);
    source->next = images->sources;
    images->sources = source;
    return source;
}

static struct upstream *upstream_for(struct images *images, struct provider_entry *provider)
{
    CLEANUP(mem_free) char *hosts = provider_entry_hosts(provider);
    char name[sizeof images->sources->name];
    snprintf(name, sizeof name, "images/%s", provider_entry_name(provider));
    LOCK_SCOPE(&images->lock);
    struct source *source = images->sources;
    while (source && !text_equal(source->name, name))
        source = source->next;
    if (!source)
        source = add_source(images, name);
    if (!text_equal(source->hosts, hosts))
        guard(source, hosts);
    return source->upstream;
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

/* What is no picture must not be kept as one: it would be refused for as long as that is fresh. */
static int is_genuine(const struct provider_response *response)
{
    return response->status != 200 || images_type_of(response->body, response->body_len);
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
        .genuine = is_genuine,
    };
    struct upstream_wait upstream_wait = { .deadline_ms = ask->deadline_ms };
    return upstream_fetch(upstream_for(images, provider), &request, &upstream_wait, out, err);
}

/* What the host did is not the reader's doing. */
static int blame_host(struct error *err)
{
    if (err->code == PROVIDER_ELIMIT || err->code == PROVIDER_EDENIED)
        err->code = PROVIDER_EUPSTREAM;
    return err->code;
}

/* Who waits for a picture holds a connection: while its host hangs, some are left for the rest. */
static bool enter(struct images *images)
{
    LOCK_SCOPE(&images->lock);
    if (images->asks >= images->options.max_asks)
        return false;
    images->asks++;
    return true;
}

static void leave(struct images *images)
{
    LOCK_SCOPE(&images->lock);
    images->asks--;
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
    if (!enter(images))
        return error_set(err, PROVIDER_EBUSY, "too many wait for pictures already");
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    int result = fetch(images, provider, ask, &answer, err);
    leave(images);
    if (result)
        return blame_host(err);
    result = judge(answer, out_type, err);
    if (!result)
        *out = steal(answer);
    return result;
}
