/* SPDX-License-Identifier: MIT
 *
 * An entry while it is in service: who uses its instance, what came of it, what is shown of it. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "provider/host.h"

enum { DEGRADED_AFTER = 3, SERIAL_LOOK_MS = 50 };

static const char *const state_names[] = { "active", "degraded", "disabled", "quarantined" };

const char *provider_state_name(enum provider_state state)
{
    return state_names[state];
}

struct instance *entry_use(struct provider_entry *entry, struct error *err)
{
    LOCK_SCOPE(&entry->lock);
    if (!entry->instance) {
        error_set(err, PROVIDER_EBUSY, "%s is %s: %s", entry->name, state_names[entry->state],
                  entry->reason);
        return NULL;
    }
    entry_use_again(entry, entry->instance);
    return entry->instance;
}

bool entry_use_again(struct provider_entry *entry, struct instance *instance)
{
    if (!instance || entry->instance != instance)
        return false;
    instance->users++;
    entry->counted.running++;
    return true;
}

void entry_unuse(struct provider_entry *entry, struct instance *instance)
{
    LOCK_SCOPE(&entry->lock);
    instance->users--;
    entry->counted.running--;
    lock_broadcast(&entry->changed);
}

bool entry_serial_enter(struct instance *instance, const struct call_wait *wait)
{
    struct provider_entry *entry = instance->entry;
    LOCK_SCOPE(&entry->lock);
    while (instance->serial_busy) {
        int64_t now_ms = clock_steady_ms();
        if (now_ms >= wait->deadline_ms || instance->stuck || atomic_load(&instance->retiring) ||
            (wait->canceled && __atomic_load_n(wait->canceled, __ATOMIC_RELAXED)))
            return false;
        lock_wait_until(&entry->changed, &entry->lock,
                        MIN(wait->deadline_ms, now_ms + SERIAL_LOOK_MS));
    }
    instance->serial_busy = true;
    return true;
}

void entry_serial_leave(struct instance *instance)
{
    struct provider_entry *entry = instance->entry;
    LOCK_SCOPE(&entry->lock);
    instance->serial_busy = instance->stuck;
    lock_broadcast(&entry->changed);
}

/* Whether the outcome speaks against the provider; what the caller asked for or did does not. */
static bool is_failure(int code)
{
    switch (code) {
    case PROVIDER_EAUTH:
    case PROVIDER_EBUSY:
    case PROVIDER_EUPSTREAM:
    case PROVIDER_EPARSE:
    case PROVIDER_ETIME:
    case PROVIDER_EREFUSED:
    case PROVIDER_ELIMIT:
        return true;
    default:
        return false;
    }
}

/* That a swarm has nobody left says nothing about the provider. */
static bool waits_for_peers(enum operation operation)
{
    return operation == OPERATION_RESOLVE || operation == OPERATION_CHECK_SWARM ||
           operation == OPERATION_STREAM_OPEN || operation == OPERATION_STREAM_READ;
}

static void note_documents(struct provider_status *counted, const struct host_call *call)
{
    counted->documents += call->n_documents;
    counted->refused += call->n_refused;
    if (call->n_refused)
        snprintf(counted->last_refusal, sizeof counted->last_refusal, "%s", call->refusal.text);
}

static void note_misuse(struct provider_status *counted, struct host_call *call)
{
    LOCK_SCOPE(&call->lock);
    counted->misuses += call->n_misused;
    if (call->n_misused)
        snprintf(counted->last_misuse, sizeof counted->last_misuse, "%s", call->misuse.text);
}

/* Nothing goes on without a person, who is told once. */
static void note_rejection(struct provider_entry *entry, int code, const struct error *err)
    REQUIRES(entry->lock)
{
    if (code == PROVIDER_EAUTH && !entry->is_rejected)
        log_error("provider", "'%s': its credentials are refused: %s", entry->name, err->text);
    if (code == PROVIDER_EAUTH)
        entry->is_rejected = true;
    else if (code == 0)
        entry->is_rejected = false;
}

void entry_note(struct provider_entry *entry, struct host_call *call, int code,
                const struct error *err)
{
    LOCK_SCOPE(&entry->lock);
    struct provider_status *counted = &entry->counted;
    note_documents(counted, call);
    note_misuse(counted, call);
    if (call->operation == OPERATION_OPEN || call->operation == OPERATION_CLOSE)
        return;
    counted->calls++;
    note_rejection(entry, code, err);
    bool of_the_swarm = code == PROVIDER_ETIME && waits_for_peers(call->operation);
    bool of_the_sink = call->stop_code != 0 && code == call->stop_code && code != PROVIDER_ETIME;
    if (is_failure(code) && !of_the_sink && !of_the_swarm) {
        counted->failures++;
        counted->timeouts += code == PROVIDER_ETIME;
        counted->last_failure_ms = clock_wall_ms();
        entry->failures_in_row++;
        snprintf(counted->last_error, sizeof counted->last_error, "%s", err->text);
        return;
    }
    if (code == 0 || code == PROVIDER_ENOTFOUND) {
        counted->last_success_ms = clock_wall_ms();
        entry->failures_in_row = 0;
    }
}

void entry_quarantine_stuck(struct instance *instance, const char *what)
{
    struct provider_entry *entry = instance->entry;
    LOCK_SCOPE(&entry->lock);
    instance->stuck = true;
    entry->left_behind = true;
    if (entry->instance == instance)
        entry->instance = NULL;
    entry->state = PROVIDER_STATE_QUARANTINED;
    snprintf(entry->reason, sizeof entry->reason,
             "%s() did not come back %d s after its deadline: out of service until it is reset or "
             "the daemon starts again",
             what, CALL_GRACE_MS / 1000);
    lock_broadcast(&entry->changed);
    log_error("provider", "'%s': %s", entry->name, entry->reason);
}

const char *provider_entry_name(const struct provider_entry *entry)
{
    return entry->name;
}

bool provider_entry_can(struct provider_entry *entry, uint32_t can)
{
    LOCK_SCOPE(&entry->lock);
    return (entry->counted.can & can) == can;
}

bool provider_entry_in_service(struct provider_entry *entry)
{
    LOCK_SCOPE(&entry->lock);
    return entry->state == PROVIDER_STATE_ACTIVE;
}

char *provider_entry_hosts(struct provider_entry *entry)
{
    LOCK_SCOPE(&entry->lock);
    return entry->instance ? options_hosts(entry->instance->values) : mem_dup_text("");
}

/* In service, but not well. */
static void look_closer(struct provider_entry *entry, struct provider_status *out)
{
    bool open = out->upstream.circuit != UPSTREAM_CLOSED;
    if (!open && !entry->is_rejected && entry->failures_in_row < DEGRADED_AFTER)
        return;
    out->state = PROVIDER_STATE_DEGRADED;
    const char *why =
        open && out->upstream.last_error[0] ? out->upstream.last_error : entry->counted.last_error;
    CLEANUP(mem_free)
    char *reason = open ? mem_format("upstream is failing: %s", why)
                   : entry->is_rejected
                       ? mem_format("its credentials are refused: %s", why)
                       : mem_format("%u calls in a row failed: %s", entry->failures_in_row, why);
    snprintf(out->reason, sizeof out->reason, "%s", reason);
}

void provider_entry_status(struct provider_entry *entry, struct provider_status *out)
{
    LOCK_SCOPE(&entry->lock);
    *out = entry->counted;
    snprintf(out->name, sizeof out->name, "%s", entry->name);
    snprintf(out->file, sizeof out->file, "%s", entry->settings->file ? entry->settings->file : "");
    out->state = entry->state;
    out->deaths = marker_deaths(entry->marker);
    memcpy(out->reason, entry->reason, sizeof out->reason);
    if (entry->services && entry->upstream)
        upstream_status(entry->upstream, &out->upstream);
    if (entry->state == PROVIDER_STATE_ACTIVE)
        look_closer(entry, out);
}

static int refuse_unless_in_service(struct provider_entry *entry, struct error *err)
{
    LOCK_SCOPE(&entry->lock);
    if (entry->instance)
        return 0;
    return error_set(err, PROVIDER_ECONFLICT, "%s is %s: %s", entry->name,
                     state_names[entry->state], entry->reason);
}

int provider_entry_reset(struct provider_entry *entry, struct error *err)
{
    bool is_switched_off;
    {
        LOCK_SCOPE(&entry->lock);
        if (!entry->services)
            return error_set(err, PROVIDER_EBUSY, "%s: the daemon is stopping", entry->name);
        marker_reset(entry->marker);
        entry->failures_in_row = 0;
        entry->is_rejected = false;
        if (entry->upstream)
            upstream_reset(entry->upstream);
        is_switched_off = entry->switched_off;
    }
    if (!is_switched_off)
        entry_start(entry);
    return refuse_unless_in_service(entry, err);
}

int provider_entry_set_enabled(struct provider_entry *entry, bool enabled, struct error *err)
{
    {
        LOCK_SCOPE(&entry->lock);
        if (!entry->services)
            return error_set(err, PROVIDER_EBUSY, "%s: the daemon is stopping", entry->name);
        entry->switched_off = !enabled;
    }
    if (!enabled) {
        entry_stop(entry, CALL_GRACE_MS, PROVIDER_STATE_DISABLED,
                   "switched off until the next start or reload");
        return 0;
    }
    entry_enable(entry);
    entry_start(entry);
    return refuse_unless_in_service(entry, err);
}
