/* SPDX-License-Identifier: MIT */
#include "provider/instance.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "provider/host.h"

enum { CAREFUL_RATE_PER_1000S = 1000, CAREFUL_PARALLEL = 2 };

struct provider_entry *entry_new(const struct provider_services *services,
                                 const struct provider_settings *settings)
{
    struct provider_entry *entry = mem_new(struct provider_entry);
    entry->name = mem_dup_text(settings->name);
    entry->services = services;
    entry->settings = settings_copy(settings);
    entry->refs = 1;
    entry->state = PROVIDER_STATE_DISABLED;
    lock_init(&entry->lock);
    lock_condition_init(&entry->changed);
    return entry;
}

struct provider_entry *entry_ref(struct provider_entry *entry)
{
    LOCK_SCOPE(&entry->lock);
    entry->refs++;
    return entry;
}

void provider_entry_unref(struct provider_entry *entry)
{
    if (!entry)
        return;
    lock_take(&entry->lock);
    bool last = --entry->refs == 0;
    lock_release(&entry->lock);
    if (!last)
        return;
    settings_free(entry->settings);
    lock_condition_done(&entry->changed);
    lock_done(&entry->lock);
    free(entry->name);
    free(entry);
}

static void set_state(struct provider_entry *entry, enum provider_state state, const char *reason)
{
    LOCK_SCOPE(&entry->lock);
    entry->state = state;
    snprintf(entry->reason, sizeof entry->reason, "%s", reason);
    log_mask(entry->reason);
}

/* --- opening --- */

static void instance_free(struct instance *instance)
{
    if (!instance)
        return;
    host_call_unref(instance->open_call);
    options_free(instance->values);
    loader_close(instance->module);
    provider_entry_unref(instance->entry);
    free(instance);
}
DEFINE_CLEANUP(struct instance *, instance_free);

static void remember_description(struct provider_entry *entry, const struct instance *instance)
{
    LOCK_SCOPE(&entry->lock);
    struct provider_status *to = &entry->counted;
    snprintf(to->version, sizeof to->version, "%s", instance->info->version);
    snprintf(to->summary, sizeof to->summary, "%s", instance->info->summary);
    to->can = judge_abilities(instance->info);
}

static void make_upstream(struct instance *instance)
{
    const struct provider_settings *settings = instance->entry->settings;
    if (!instance->services->net)
        return;
    const struct provider_info *info = instance->info;
    struct upstream_options options = settings->pace;
    options.name = settings->name;
    options.n_mirrors = options_mirrors(instance->values, &options.mirrors);
    if (options.rate_per_1000s == 0)
        options.rate_per_1000s =
            info->rate_per_1000s ? info->rate_per_1000s : CAREFUL_RATE_PER_1000S;
    if (options.max_parallel == 0)
        options.max_parallel = info->max_parallel ? info->max_parallel : CAREFUL_PARALLEL;
    instance->upstream = net_upstream(instance->services->net, &options);
    LOCK_SCOPE(&instance->entry->lock);
    instance->entry->upstream = instance->upstream;
}

/* Everything before the plugin's own code runs. */
static int prepare(struct provider_entry *entry, struct instance **out, struct error *err)
{
    const struct provider_settings *settings = entry->settings;
    CLEANUP(instance_free) struct instance *instance = mem_new(struct instance);
    instance->entry = entry_ref(entry);
    instance->services = entry->services;
    instance->marker = entry->marker;
    instance->timeout_ms =
        settings->call_timeout_ms ? settings->call_timeout_ms : CALL_DEFAULT_TIMEOUT_MS;
    int code = loader_open(entry->services->plugin_path, settings->name, settings->library,
                           &instance->module, err);
    if (code != 0)
        return code;
    instance->info = loader_info(instance->module);
    remember_description(entry, instance);
    if ((code = options_resolve(instance->info, settings, &instance->values, err)) != 0)
        return code;
    make_upstream(instance);
    *out = steal(instance);
    return 0;
}

static int open_prepared(struct provider_entry *entry, struct instance *prepared, struct error *err)
{
    int code = call_open(prepared, err);
    if (code != 0) {
        bool stuck;
        {
            LOCK_SCOPE(&entry->lock);
            stuck = prepared->stuck;
        }
        if (!stuck)
            instance_free(prepared);
        return code;
    }
    LOCK_SCOPE(&entry->lock);
    entry->counted.can |= (prepared->images ? PROVIDER_CAN_IMAGES : 0u) |
                          (prepared->availability ? PROVIDER_CAN_CHECK_SWARMS : 0u) |
                          (prepared->streams ? PROVIDER_CAN_STREAM : 0u);
    entry->instance = prepared;
    entry->state = PROVIDER_STATE_ACTIVE;
    entry->reason[0] = '\0';
    entry->failures_in_row = 0;
    entry->is_rejected = false;
    return 0;
}

static void report_last_run(const struct provider_entry *entry, const struct marker *marker)
{
    if (marker_died_now(marker))
        log_warning("provider", "the last run died inside '%s' (death %u of %d), trying it again",
                    entry->name, marker_deaths(marker), MARKER_MAX_DEATHS);
    else if (marker_was_killed(marker))
        log_notice("provider", "'%s' was in a call when the last run was killed", entry->name);
}

static int open_marker(struct provider_entry *entry, struct error *err)
{
    const char *folder = entry->services->state_folder;
    if (!folder || entry->marker)
        return 0;
    struct marker *marker;
    int code = marker_open(folder, entry->name, &marker, err);
    if (code != 0)
        return code;
    LOCK_SCOPE(&entry->lock);
    entry->marker = marker;
    if (!marker_forbids(marker))
        report_last_run(entry, marker);
    return 0;
}

static void start(struct provider_entry *entry)
{
    struct error err = { 0 };
    const struct provider_settings *settings = entry->settings;
    {
        LOCK_SCOPE(&entry->lock);
        entry->switched_off = false;
    }
    if (!settings->enabled) {
        CLEANUP(mem_free)
        char *reason = mem_format("not enabled: set 'enabled = true' in %s",
                                  settings->file ? settings->file : "its file in providers.d");
        set_state(entry, PROVIDER_STATE_DISABLED, reason);
        return;
    }
    int code = open_marker(entry, &err);
    if (code == 0 && marker_forbids(entry->marker)) {
        CLEANUP(mem_free)
        char *reason = mem_format("the daemon died inside it %u times: reset it once it is mended",
                                  marker_deaths(entry->marker));
        set_state(entry, PROVIDER_STATE_QUARANTINED, reason);
        log_error("provider", "'%s' is quarantined: %s", entry->name, reason);
        return;
    }
    struct instance *prepared = NULL;
    if (code == 0 && (code = prepare(entry, &prepared, &err)) == 0)
        code = open_prepared(entry, prepared, &err);
    if (code == 0) {
        log_notice("provider", "'%s' is in service", entry->name);
        return;
    }
    LOCK_SCOPE(&entry->lock);
    if (entry->state != PROVIDER_STATE_QUARANTINED) {
        entry->state = PROVIDER_STATE_DISABLED;
        snprintf(entry->reason, sizeof entry->reason, "%s", err.text);
        log_mask(entry->reason);
    }
    log_error("provider", "'%s' is out of service: %s", entry->name, entry->reason);
}

/* --- changing hands --- */

static void begin_change(struct provider_entry *entry)
{
    LOCK_SCOPE(&entry->lock);
    while (entry->changing)
        lock_wait(&entry->changed, &entry->lock);
    entry->changing = true;
}

static void end_change(struct provider_entry *entry)
{
    LOCK_SCOPE(&entry->lock);
    entry->changing = false;
    lock_broadcast(&entry->changed);
}

void entry_use_settings(struct provider_entry *entry, const struct provider_settings *settings)
{
    begin_change(entry);
    {
        LOCK_SCOPE(&entry->lock);
        settings_free(entry->settings);
        entry->settings = settings_copy(settings);
    }
    end_change(entry);
}

void entry_enable(struct provider_entry *entry)
{
    begin_change(entry);
    {
        LOCK_SCOPE(&entry->lock);
        entry->settings->enabled = true;
    }
    end_change(entry);
}

void entry_start(struct provider_entry *entry)
{
    begin_change(entry);
    if (!entry->instance && entry->services) {
        set_state(entry, PROVIDER_STATE_DISABLED, "it is being opened");
        start(entry);
    }
    end_change(entry);
}

/* True when nobody is inside any more. */
static bool wait_until_unused(struct provider_entry *entry, const struct instance *instance,
                              int64_t until_ms) REQUIRES(entry->lock)
{
    while (instance->users > 0 && !instance->stuck &&
           lock_wait_until(&entry->changed, &entry->lock, until_ms)) {
    }
    return instance->users == 0 && !instance->stuck;
}

static void retire(struct provider_entry *entry, struct instance *instance, int64_t patience_ms)
{
    bool unused;
    {
        LOCK_SCOPE(&entry->lock);
        wait_until_unused(entry, instance, clock_steady_ms() + patience_ms);
        atomic_store(&instance->retiring, true);
        unused = wait_until_unused(entry, instance, clock_steady_ms() + 2 * CALL_GRACE_MS);
    }
    if (!unused)
        return; /* a thread is still inside: what it uses has to stay */
    call_streams_end(instance);
    call_close(instance);
    {
        LOCK_SCOPE(&entry->lock);
        unused = !instance->stuck;
    }
    if (unused)
        instance_free(instance);
}

static void stop(struct provider_entry *entry, int64_t patience_ms)
{
    struct instance *instance;
    {
        LOCK_SCOPE(&entry->lock);
        instance = steal(entry->instance);
    }
    if (instance)
        retire(entry, instance, patience_ms);
}

void entry_stop(struct provider_entry *entry, int64_t patience_ms, enum provider_state state,
                const char *reason)
{
    begin_change(entry);
    set_state(entry, state, reason);
    stop(entry, patience_ms);
    set_state(entry, state, reason);
    end_change(entry);
}

void entry_cancel(struct provider_entry *entry)
{
    LOCK_SCOPE(&entry->lock);
    if (entry->instance)
        atomic_store(&entry->instance->retiring, true);
}

void entry_detach(struct provider_entry *entry, int64_t patience_ms)
{
    begin_change(entry);
    set_state(entry, PROVIDER_STATE_DISABLED, "the provider was removed");
    stop(entry, patience_ms);
    {
        LOCK_SCOPE(&entry->lock);
        entry->services = NULL;
        if (entry->left_behind)
            marker_leave_behind(entry->marker);
        else
            marker_close(entry->marker);
        entry->marker = NULL;
    }
    end_change(entry);
}
