/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "provider/registry.h"
#include "service/lists.h"
#include "sync/sync_inside.h"

/* One list being read. */
struct reading {
    struct task *task;
    struct job *job;
    struct lists_source source;
};

/* It comes whole, and is the source's that was asked for, whatever ids it says. */
static int on_document(void *context, uint32_t kind, uint32_t flags UNUSED, json_t *document,
                       struct error *err)
{
    struct reading *reading = context;
    if (kind != PROVIDER_LIST)
        return 0;
    job_add_done(reading->job, 1);
    return lists_take(reading->task->sync->catalog, &reading->source, document, err);
}

/* One that is gone, or private now, is a sighting of its absence and no failure. */
static int read_list(struct reading *reading, struct provider_entry *entry, struct error *err)
{
    struct call_sink sink = { .context = reading,
                              .extra_kinds = 1u << PROVIDER_LIST,
                              .document = on_document };
    struct call_wait wait = { .deadline_ms = clock_steady_ms() + SYNC_LISTING_TIMEOUT_MS,
                              .canceled = job_canceled(reading->job),
                              .background = true };
    CLEANUP(mem_free) char *scope = mem_format(SYNC_LIST_PREFIX "%s", reading->source.name);
    struct error why = { 0 };
    int result = call_sync(entry, scope, NULL, &wait, &sink, &why);
    if (result != PROVIDER_ENOTFOUND)
        return result ? error_set(err, result, "%s: %s", scope, why.text) : 0;
    job_note_error(reading->job, why.text);
    return lists_miss(reading->task->sync->catalog, &reading->source, err);
}

static int read_configured(struct reading *reading, struct provider_entry *entry, const char *text,
                           struct error *err)
{
    if (!lists_source_parse(text, &reading->source) ||
        !text_equal(reading->source.provider, provider_entry_name(entry)))
        return 0;
    int result = lists_declare(reading->task->sync->catalog, &reading->source, err);
    return result ? result : read_list(reading, entry, err);
}

/* All of the configuration that this provider keeps; a sick one does not keep the others back. */
static int read_all(struct reading *reading, struct provider_entry *entry, struct error *err)
{
    const struct conf_list *lists = &sync_plans(reading->task->sync)->conf->lists;
    int failed = 0;
    for (size_t i = 0; i < lists->n && !sync_is_canceled(reading->job); i++) {
        struct error why = { 0 };
        int result = read_configured(reading, entry, lists->values[i], &why);
        if (!result)
            continue;
        job_note_error(reading->job, why.text);
        log_warning("sync", "%s, keeping the list as it is", why.text);
        failed = failed ? failed : error_set(err, result, "%s", why.text);
    }
    return failed;
}

static int read_from(struct task *task, struct job *job, const char *provider, struct error *err)
{
    struct reading reading = { .task = task, .job = job };
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(task->sync->registry, provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "there is no provider '%s' any more", provider);
    CLEANUP(mem_free) char *phase = mem_format("%s: listing", provider);
    job_set_phase(job, phase);
    if (text_equal(task->scope, SYNC_LISTS_SCOPE))
        return read_all(&reading, entry, err);
    snprintf(reading.source.provider, sizeof reading.source.provider, "%s", provider);
    snprintf(reading.source.name, sizeof reading.source.name, "%s",
             task->scope + strlen(SYNC_LIST_PREFIX));
    return read_list(&reading, entry, err);
}

/* What is on them is fetched as well, but not all that waits in the queue behind. */
int sync_run_lists(struct job *job, void *context, struct error *err)
{
    struct task *task = context;
    int result = 0;
    for (size_t i = 0; i < task->n_providers && !sync_is_canceled(job); i++) {
        struct error why = { 0 };
        int failed = read_from(task, job, task->providers[i], &why);
        if (failed && !result)
            result = error_set(err, failed, "%s", why.text);
    }
    bool more = false;
    struct error why = { 0 };
    int drained = sync_is_canceled(job) ? 0 : sync_drain(task, job, FETCH_CHANGED, &more, &why);
    if (drained && !result)
        result = error_set(err, drained, "%s", why.text);
    return sync_end(task, job, result, err);
}

bool sync_keeps_list(struct sync *sync, const char *provider, const char *name)
{
    const struct conf_list *lists = &sync_plans(sync)->conf->lists;
    CLEANUP(mem_free) char *source = mem_format("%s:%s", provider, name);
    for (size_t i = 0; i < lists->n; i++)
        if (text_equal(lists->values[i], source))
            return true;
    return false;
}
