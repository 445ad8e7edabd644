/* SPDX-License-Identifier: MIT */
#include "provider/host.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "provider/arguments.h"

enum { MAX_LOG_LINES = 500 }; /* of one call; a plugin must not fill the disk */

static const char *const operation_names[] = { [OPERATION_OPEN] = "open",
                                               [OPERATION_CLOSE] = "close",
                                               [OPERATION_SEARCH] = "search",
                                               [OPERATION_FETCH] = "fetch",
                                               [OPERATION_SYNC] = "sync",
                                               [OPERATION_RESOLVE] = "resolve_magnet",
                                               [OPERATION_LOCATE] = "locate_image",
                                               [OPERATION_CHECK_SWARM] = "check_swarm",
                                               [OPERATION_STREAM_OPEN] = "stream_open",
                                               [OPERATION_STREAM_READ] = "stream_read",
                                               [OPERATION_STREAM_STATE] = "stream_state",
                                               [OPERATION_STREAM_CANCEL] = "stream_cancel",
                                               [OPERATION_STREAM_CLOSE] = "stream_close",
                                               [OPERATION_METAINFO] = "metainfo",
                                               [OPERATION_FORGET] = "forget",
                                               [OPERATION_LEARN] = "learn" };

const char *operation_name(enum operation operation)
{
    return operation_names[operation];
}

struct host_call *host_of(struct provider_call *call)
{
    /* The plugin's view is the first member. */
    return (struct host_call *)(void *)call;
}

struct host_call *host_call_new(struct instance *instance, enum operation operation,
                                int64_t deadline_ms, const struct call_sink *sink)
{
    struct host_call *call = mem_new(struct host_call);
    call->call.host = &host_table;
    call->instance = instance;
    call->operation = operation;
    call->deadline_ms = deadline_ms;
    call->sink = sink;
    call->refs = 1;
    lock_init(&call->lock);
    lock_condition_init(&call->changed);
    return call;
}

void host_release_answers(struct host_call *call)
{
    const struct provider_http *http = &call->instance->services->http;
    for (size_t i = 0; i < HOST_KEPT_ANSWERS; i++)
        if (call->answers[i])
            http->release(http->context, steal(call->answers[i]));
}

void host_call_unref(struct host_call *call)
{
    if (!call)
        return;
    lock_take(&call->lock);
    bool last = --call->refs == 0;
    lock_release(&call->lock);
    if (!last)
        return;
    lock_condition_done(&call->changed);
    lock_done(&call->lock);
    free(call->state_answer);
    arguments_free(call->arguments);
    free(call);
}

int host_fail(struct host_call *call, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    error_vset(&call->error, code, fmt, args);
    va_end(args);
    return code;
}

void host_misused(struct host_call *call, const char *fmt, ...)
{
    LOCK_SCOPE(&call->lock);
    if (call->n_misused++ > 0)
        return; /* the first one explains the others */
    va_list args;
    va_start(args, fmt);
    error_vset(&call->misuse, PROVIDER_EINVAL, fmt, args);
    va_end(args);
    log_warning("provider", "'%s': %s, ignoring that", call->instance->info->name,
                call->misuse.text);
}

/* Reasons why no service is to be had; a lost thread and an ended call are the plugin's mistakes.
 */
static int why_closed(struct host_call *call, bool *out_wrong_thread)
{
    LOCK_SCOPE(&call->lock);
    if (call->abandoned)
        return PROVIDER_ECANCEL;
    *out_wrong_thread =
        call->done || !call->thread_known || !pthread_equal(call->thread, pthread_self());
    if (*out_wrong_thread)
        return PROVIDER_EINVAL;
    call->in_host++;
    return 0;
}

bool host_enter(struct host_call *call, const char *service, struct host_visit *visit, int *out)
{
    bool wrong_thread = false;
    visit->marker = marker_pause();
    *out = why_closed(call, &wrong_thread);
    if (*out == 0)
        return true;
    if (wrong_thread)
        host_misused(call, "it called %s() outside of the call it belongs to", service);
    marker_resume(visit->marker);
    return false;
}

void host_leave(struct host_call *call, const struct host_visit *visit)
{
    {
        LOCK_SCOPE(&call->lock);
        if (--call->in_host == 0 && call->overdue)
            lock_broadcast(&call->changed);
    }
    marker_resume(visit->marker);
}

static void host_vlog(struct provider_call *of, int level, const char *fmt, va_list args)
{
    struct host_call *call = host_of(of);
    if (level < PROVIDER_LOG_ERROR || level > PROVIDER_LOG_DEBUG)
        level = PROVIDER_LOG_DEBUG;
    uint32_t n = __atomic_add_fetch(&call->n_logged, 1u, __ATOMIC_RELAXED);
    if (n > MAX_LOG_LINES && call->operation != OPERATION_OPEN)
        return;
    log_write((enum log_level)level, call->instance->info->name, fmt, args);
    if (n == MAX_LOG_LINES && call->operation != OPERATION_OPEN)
        log_warning("provider", "'%s' logged %d lines in one call, leaving out the rest",
                    call->instance->info->name, MAX_LOG_LINES);
}

static const char *host_option(struct provider_call *of, const char *name)
{
    return options_get(host_of(of)->instance->values, name);
}

static uint32_t host_remaining_ms(struct provider_call *of)
{
    struct host_call *call = host_of(of);
    LOCK_SCOPE(&call->lock);
    if (call->abandoned || __atomic_load_n(&call->stop, __ATOMIC_RELAXED))
        return 0;
    /* The call of open() lives on for the plugin's own threads. */
    if (call->operation == OPERATION_OPEN && call->done)
        return atomic_load(&call->instance->retiring) ? 0 : UINT32_MAX;
    int64_t left = call->deadline_ms - clock_steady_ms();
    return left <= 0 ? 0 : (uint32_t)MIN(left, (int64_t)UINT32_MAX);
}

static void host_progress(struct provider_call *of, uint64_t done, uint64_t total)
{
    struct host_call *call = host_of(of);
    struct host_visit visit;
    int code;
    if (!host_enter(call, "progress", &visit, &code))
        return;
    if (call->sink && call->sink->progress)
        call->sink->progress(call->sink->context, done, total);
    host_leave(call, &visit);
}

static const char *host_state_get(struct provider_call *of, const char *key)
{
    struct host_call *call = host_of(of);
    struct host_visit visit;
    int code;
    if (!key || !host_enter(call, "state_get", &visit, &code))
        return NULL;
    const struct provider_memory *memory = &call->instance->services->memory;
    CLEANUP(text_done) struct text value = TEXT_INIT(HOST_MAX_STATE_LEN + 1);
    struct error err = { 0 };
    free(steal(call->state_answer));
    code = memory->get ? memory->get(memory->context, call->instance->info->name, key, &value, &err)
                       : PROVIDER_ENOTFOUND;
    if (code == 0)
        call->state_answer = text_take(&value);
    else if (code != PROVIDER_ENOTFOUND)
        log_warning("provider", "'%s': state '%s': %s, going on without it",
                    call->instance->info->name, key, err.text);
    host_leave(call, &visit);
    return call->state_answer;
}

static int put_state(struct host_call *call, const char *key, const char *value)
{
    const struct provider_memory *memory = &call->instance->services->memory;
    if (text_is_empty(key) || strlen(key) > 128)
        return host_fail(call, PROVIDER_EINVAL, "a state key has 1 to 128 bytes");
    if (value && strlen(value) > HOST_MAX_STATE_LEN)
        return host_fail(call, PROVIDER_ELIMIT, "state '%s': more than %d bytes", key,
                         HOST_MAX_STATE_LEN);
    if (!memory->put)
        return host_fail(call, PROVIDER_ENOTSUP, "state '%s': there is no store", key);
    return memory->put(memory->context, call->instance->info->name, key, value, &call->error);
}

static int host_state_put(struct provider_call *of, const char *key, const char *value)
{
    struct host_call *call = host_of(of);
    struct host_visit visit;
    int code;
    if (!host_enter(call, "state_put", &visit, &code))
        return code;
    code = put_state(call, key, value);
    host_leave(call, &visit);
    return code;
}

/* What the host said about the same failure a moment ago belongs behind the plugin's words. */
static int host_vfail(struct provider_call *of, int code, const char *fmt, va_list args)
{
    struct host_call *call = host_of(of);
    struct host_visit visit;
    int closed;
    if (!host_enter(call, "vfail", &visit, &closed))
        return code;
    struct error said = { 0 };
    error_vset(&said, code, fmt, args);
    if (call->error.code == code && !call->explained && call->error.text[0])
        error_prefix(&call->error, "%s", said.text);
    else
        call->error = said;
    call->explained = true;
    host_leave(call, &visit);
    return code;
}

const struct provider_host host_table = { .size = sizeof host_table,
                                          .vlog = host_vlog,
                                          .option = host_option,
                                          .remaining_ms = host_remaining_ms,
                                          .http = host_http,
                                          .emit = host_emit,
                                          .checkpoint = host_checkpoint,
                                          .progress = host_progress,
                                          .state_get = host_state_get,
                                          .state_put = host_state_put,
                                          .vfail = host_vfail };
