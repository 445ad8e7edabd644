/* SPDX-License-Identifier: MIT */
#include "provider/registry.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "provider/instance.h"

/* How long calls under way may go on before they are cancelled. */
enum { RELOAD_PATIENCE_MS = 5000, CLOSE_PATIENCE_MS = 500, THREADS_PATIENCE_MS = 200 };

struct registry {
    struct provider_services services;
    struct lock lock;
    struct provider_entry **entries; /* lock; in configured order */
    size_t n_entries;                /* lock */
};

static int fetch_through_net(void *context, const char *provider UNUSED,
                             const struct provider_request *request,
                             const struct upstream_wait *wait, struct upstream_answer **out,
                             struct error *err)
{
    if (!context)
        return error_set(err, PROVIDER_EUPSTREAM, "there is no network");
    return upstream_fetch(context, request, wait, out, err);
}

static void release_to_net(void *context UNUSED, struct upstream_answer *answer)
{
    upstream_answer_free(answer);
}

static const struct provider_http net_http = { .fetch = fetch_through_net,
                                               .release = release_to_net };

struct registry *registry_open(const struct registry_options *options)
{
    struct registry *registry = mem_new(struct registry);
    lock_init(&registry->lock);
    registry->services = (struct provider_services){
        .plugin_path = mem_dup_text(options->plugin_path),
        .state_folder = mem_dup_text(options->state_folder),
        .net = options->net,
        .memory = options->memory,
        .http = options->http.fetch ? options->http : net_http,
        .http_is_net = !options->http.fetch,
        .pool = pool_new(),
    };
    registry_reload(registry, options->providers, options->n_providers);
    return registry;
}

static void detach_all(struct provider_entry **entries, size_t n, int64_t patience_ms)
{
    /* Cancelling all first lets their calls end side by side. */
    for (size_t i = 0; i < n; i++)
        entry_cancel(entries[i]);
    for (size_t i = 0; i < n; i++) {
        entry_detach(entries[i], patience_ms);
        provider_entry_unref(entries[i]);
    }
}

void registry_close(struct registry *registry)
{
    if (!registry)
        return;
    size_t n;
    struct provider_entry **entries;
    {
        LOCK_SCOPE(&registry->lock);
        n = registry->n_entries;
        entries = steal(registry->entries);
        registry->n_entries = 0;
    }
    detach_all(entries, n, CLOSE_PATIENCE_MS);
    free(entries);
    pool_close(registry->services.pool, clock_steady_ms() + THREADS_PATIENCE_MS);
    lock_done(&registry->lock);
    free(registry->services.plugin_path);
    free(registry->services.state_folder);
    free(registry);
}

static struct provider_entry *find(struct provider_entry *const *entries, size_t n,
                                   const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (entries[i] && text_equal(entries[i]->name, name))
            return entries[i];
    return NULL;
}

/* One that is as it was stays open, with its calls. */
static bool is_unchanged(struct provider_entry *entry, const struct provider_settings *settings)
{
    LOCK_SCOPE(&entry->lock);
    return entry->instance && settings_equal(entry->settings, settings) &&
           (text_equal(entry->settings->languages, settings->languages) ||
            !options_follow_languages(entry->instance->info));
}

static void renew(struct provider_entry *entry, const struct provider_settings *settings)
{
    if (is_unchanged(entry, settings))
        return;
    bool in_quarantine;
    {
        LOCK_SCOPE(&entry->lock);
        in_quarantine = entry->state == PROVIDER_STATE_QUARANTINED;
    }
    if (!in_quarantine)
        entry_stop(entry, RELOAD_PATIENCE_MS, PROVIDER_STATE_DISABLED, "it is being reloaded");
    entry_use_settings(entry, settings);
    if (!in_quarantine || !settings->enabled)
        entry_start(entry);
}

void registry_reload(struct registry *registry, const struct provider_settings *providers, size_t n)
{
    struct provider_entry **next = mem_alloc_array(n + 1, sizeof(struct provider_entry *));
    struct provider_entry **before;
    size_t n_before;
    size_t n_next = 0;
    {
        LOCK_SCOPE(&registry->lock);
        before = steal(registry->entries);
        n_before = registry->n_entries;
        for (size_t i = 0; i < n; i++) {
            if (find(next, n_next, providers[i].name))
                continue; /* the first file of a name counts */
            struct provider_entry *known = find(before, n_before, providers[i].name);
            next[n_next++] =
                known ? entry_ref(known) : entry_new(&registry->services, &providers[i]);
        }
        registry->entries = next;
        registry->n_entries = n_next;
    }
    for (size_t i = 0; i < n_before; i++) {
        if (!find(next, n_next, before[i]->name))
            entry_detach(before[i], RELOAD_PATIENCE_MS);
        provider_entry_unref(before[i]);
    }
    free(before);
    for (size_t i = 0, at = 0; i < n; i++)
        if (at < n_next && text_equal(next[at]->name, providers[i].name))
            renew(next[at++], &providers[i]);
}

struct provider_entry *registry_find(struct registry *registry, const char *name)
{
    LOCK_SCOPE(&registry->lock);
    struct provider_entry *found = find(registry->entries, registry->n_entries, name);
    return found ? entry_ref(found) : NULL;
}

size_t registry_list(struct registry *registry, struct provider_entry ***out)
{
    LOCK_SCOPE(&registry->lock);
    *out = mem_alloc_array(registry->n_entries + 1, sizeof(struct provider_entry *));
    for (size_t i = 0; i < registry->n_entries; i++)
        (*out)[i] = entry_ref(registry->entries[i]);
    return registry->n_entries;
}
