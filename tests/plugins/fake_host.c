/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "fake_host.h"

#include <errno.h>
#include <ltdl.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fake_host_private.h"

static const char *folder_from(const char *variable)
{
    const char *folder = getenv(variable);
    return folder ? folder : ".";
}

char *fake_host_recorded(const char *name)
{
    CLEANUP(mem_free)
    char *path = mem_format("%s/../shared/recorded/%s", folder_from("MIAUFLIX_SRCDIR"), name);
    return access(path, R_OK) == 0 ? steal(path) : NULL;
}

char *fake_host_source_path(const char *name)
{
    if (name[0] == '/')
        return mem_dup_text(name);
    return mem_format("%s/%s", folder_from("MIAUFLIX_SRCDIR"), name);
}

static lt_dlhandle load(const char *path)
{
    lt_dladvise advice;
    if (lt_dlinit() != 0 || lt_dladvise_init(&advice) != 0)
        fail_msg("libltdl does not start");
    lt_dladvise_ext(&advice);
    lt_dladvise_local(&advice);
    lt_dlhandle module = lt_dlopenadvise(path, advice);
    lt_dladvise_destroy(&advice);
    if (!module)
        fail_msg("cannot load '%s': %s", path, lt_dlerror());
    return module;
}

struct fake_host *fake_host_new(const char *module)
{
    struct fake_host *host = mem_new(struct fake_host);
    CLEANUP(mem_free)
    char *path = module[0] == '/' ? mem_dup_text(module)
                                  : mem_format("%s/%s", folder_from("MIAUFLIX_BUILDDIR"), module);
    lock_init(&host->lock);
    host->remaining_ms = 60000;
    host->documents_left = -1;
    host->requests_left = -1;
    host->call.call.host = &fake_host_table;
    host->open_call.call.host = &fake_host_table;
    host->call.owner = host->open_call.owner = host;
    host->module = load(path);
    host->info = lt_dlsym(host->module, "miauflix_provider");
    if (!host->info)
        fail_msg("'%s' exports no miauflix_provider", path);
    return host;
}

void fake_pairs_free(struct fake_pair *pair)
{
    while (pair) {
        struct fake_pair *next = pair->next;
        free(pair->name);
        free(pair->value);
        free(pair);
        pair = next;
    }
}

static void scripts_free(struct fake_script *script)
{
    while (script) {
        struct fake_script *next = script->next;
        free(script->pattern);
        free(script->headers);
        free(script->body);
        free(script);
        script = next;
    }
}

void fake_host_free(struct fake_host *host)
{
    if (!host)
        return;
    fake_host_close(host);
    fake_host_clear(host);
    for (size_t i = 0; i < FAKE_RESPONSES; i++)
        fake_response_free(host->responses[i]);
    free(host->requests);
    free(host->documents);
    free(host->state_answer);
    fake_pairs_free(host->options);
    fake_pairs_free(host->state);
    scripts_free(host->scripts);
    /* The module stays loaded, so that sanitizers can name its functions in their reports. */
    lock_done(&host->lock);
    free(host);
}

const struct provider_info *fake_host_info(const struct fake_host *host)
{
    return host->info;
}

void fake_host_set_remaining(struct fake_host *host, uint32_t ms)
{
    LOCK_SCOPE(&host->lock);
    host->remaining_ms = ms;
}

void fake_host_expire_after_requests(struct fake_host *host, unsigned n)
{
    host->requests_left = (int)n;
}

void fake_host_stop_after_documents(struct fake_host *host, unsigned n, int code)
{
    host->documents_left = (int)n;
    host->stop_code = code;
}

/* --- operations --- */

static struct provider_call *begin(struct fake_host *host)
{
    host->error[0] = '\0';
    LOCK_SCOPE(&host->lock);
    host->began_ms = clock_steady_ms();
    return &host->call.call;
}

int fake_host_open(struct fake_host *host)
{
    if (host->opened)
        return 0;
    begin(host);
    if (host->info->api->open) {
        int code = host->info->api->open(&host->open_call.call, &host->provider);
        if (code != 0)
            return code;
    }
    host->opened = true;
    return 0;
}

void fake_host_close(struct fake_host *host)
{
    if (host->opened && host->info->api->close)
        host->info->api->close(host->provider);
    host->opened = false;
    host->provider = NULL;
}

int fake_host_search(struct fake_host *host, const struct provider_query *query)
{
    int code = fake_host_open(host);
    if (code != 0)
        return code;
    if (!host->info->api->search)
        return PROVIDER_ENOTSUP;
    return host->info->api->search(host->provider, begin(host), query);
}

int fake_host_fetch(struct fake_host *host, uint32_t kind, const char *space, const char *id)
{
    int code = fake_host_open(host);
    if (code != 0)
        return code;
    if (!host->info->api->fetch)
        return PROVIDER_ENOTSUP;
    const struct provider_id what = { .space = space, .value = id };
    return host->info->api->fetch(host->provider, begin(host), kind, &what);
}

int fake_host_sync(struct fake_host *host, const char *scope, const char *cursor)
{
    int code = fake_host_open(host);
    if (code != 0)
        return code;
    if (!host->info->api->sync)
        return PROVIDER_ENOTSUP;
    return host->info->api->sync(host->provider, begin(host), scope, cursor);
}

int fake_host_resolve_magnet(struct fake_host *host, const char *magnet)
{
    int code = fake_host_open(host);
    if (code != 0)
        return code;
    if (!host->info->api->resolve_magnet)
        return PROVIDER_ENOTSUP;
    return host->info->api->resolve_magnet(host->provider, begin(host), magnet);
}

int fake_host_locate_image(struct fake_host *host, const char *kind, const char *path,
                           uint32_t width, char *url, size_t url_size)
{
    int code = fake_host_open(host);
    if (code != 0)
        return code;
    const struct provider_images *images =
        host->info->api->extension ? host->info->api->extension(PROVIDER_IMAGES) : NULL;
    if (!images || !images->locate)
        return PROVIDER_ENOTSUP;
    return images->locate(host->provider, begin(host), kind, path, width, url, url_size);
}

struct provider_call *fake_host_call(struct fake_host *host)
{
    return begin(host);
}

struct provider *fake_host_provider(struct fake_host *host)
{
    return host->provider;
}
