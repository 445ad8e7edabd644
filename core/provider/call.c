/* SPDX-License-Identifier: MIT */
#include "provider/call.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "provider/arguments.h"
#include "provider/call_inside.h"

enum { OPEN_TIMEOUT_MS = 10000, LOOK_AGAIN_MS = 500, ASK_AGAIN_MS = 50 };

static bool is_canceled(const struct call_wait *wait)
{
    return wait && ((wait->canceled && __atomic_load_n(wait->canceled, __ATOMIC_RELAXED)) ||
                    (wait->is_over && wait->is_over(wait->context)));
}

static int open_instance(struct host_call *call)
{
    struct instance *instance = call->instance;
    const struct provider_api *api = instance->info->api;
    int code = api->open ? api->open(&call->call, &instance->self) : 0;
    if (code == 0)
        call_find_extensions(instance);
    return code;
}

/* The one place where plugin code is entered. */
static int invoke(struct host_call *call)
{
    struct instance *instance = call->instance;
    const struct provider_api *api = instance->info->api;
    struct provider *self = instance->self;
    struct call_arguments *with = call->arguments;
    switch (call->operation) {
    case OPERATION_OPEN:
        return open_instance(call);
    case OPERATION_CLOSE:
        if (api->close)
            api->close(self);
        return 0;
    case OPERATION_SEARCH:
        return api->search(self, &call->call, &with->query);
    case OPERATION_FETCH:
        return api->fetch(self, &call->call, with->kind, &with->id);
    case OPERATION_SYNC:
        return api->sync(self, &call->call, with->scope, with->cursor);
    case OPERATION_RESOLVE:
        return api->resolve_magnet(self, &call->call, with->magnet);
    case OPERATION_LOCATE:
        return instance->images->locate(self, &call->call, with->image_kind, with->path,
                                        with->width, with->url, sizeof with->url);
    default:
        return call_invoke_extension(call);
    }
}

static void run(void *argument)
{
    struct host_call *call = argument;
    struct instance *instance = call->instance;
    {
        LOCK_SCOPE(&call->lock);
        call->thread = pthread_self();
        call->thread_known = true;
    }
    marker_enter(instance->marker);
    int result = invoke(call);
    marker_leave(instance->marker);
    bool late;
    {
        LOCK_SCOPE(&call->lock);
        call->result = result;
        call->done = true;
        late = call->abandoned;
    }
    /* Whoever wakes finds the lock free; the call is held. */
    lock_broadcast(&call->changed);
    if (late)
        log_warning("provider", "'%s' came back from %s() after all, leaving it out of service",
                    instance->info->name, operation_name(call->operation));
    host_call_unref(call);
}

/* What is called because the provider goes. */
static bool is_an_end(enum operation operation)
{
    return operation == OPERATION_CLOSE || operation == OPERATION_STREAM_CLOSE;
}

/* Until the plugin came back; false when it was abandoned.  A service under way (the sink is the
 * caller's own) is waited for in any case. */
static bool wait_for(struct host_call *call, const struct call_wait *wait)
{
    int64_t give_up_ms = call->deadline_ms + CALL_GRACE_MS;
    LOCK_SCOPE(&call->lock);
    while (!call->done) {
        int64_t now_ms = clock_steady_ms();
        if (!__atomic_load_n(&call->stop, __ATOMIC_RELAXED) &&
            (is_canceled(wait) ||
             (!is_an_end(call->operation) && atomic_load(&call->instance->retiring)))) {
            __atomic_store_n(&call->stop, 1, __ATOMIC_RELAXED);
            give_up_ms = MIN(give_up_ms, now_ms + CALL_GRACE_MS);
        }
        if (now_ms >= give_up_ms && call->in_host == 0) {
            call->abandoned = true;
            return false;
        }
        call->overdue = now_ms >= give_up_ms;
        int64_t look_again_ms = now_ms + (wait && wait->is_over ? ASK_AGAIN_MS : LOOK_AGAIN_MS);
        lock_wait_until(&call->changed, &call->lock,
                        call->overdue ? look_again_ms : MIN(give_up_ms, look_again_ms));
    }
    return true;
}

static bool is_known_code(int code)
{
    return code <= PROVIDER_OK && code >= PROVIDER_EDENIED;
}

/* A search or sync may find nothing; a fetch that succeeds has something to show. */
static bool owes_a_document(const struct host_call *call)
{
    return call->operation == OPERATION_FETCH || call->operation == OPERATION_RESOLVE;
}

static int judge_success(struct host_call *call, struct error *err)
{
    if (!owes_a_document(call) || call->n_documents > 0)
        return 0;
    if (call->n_refused > 0)
        return error_set(err, PROVIDER_EREFUSED, "%s", call->refusal.text);
    return error_set(err, PROVIDER_EPARSE, "%s() succeeded without emitting anything",
                     operation_name(call->operation));
}

/* What the call comes to.  What ended it counts more than what the plugin made of that. */
static int judge_result(struct host_call *call, struct error *err)
{
    int code = call->result;
    if (call->stop_is_ours)
        return 0;
    if (call->stop_code != 0 && code != call->stop_code) {
        host_misused(call, "told to stop (%s), %s() answered %d", error_code_name(call->stop_code),
                     operation_name(call->operation), code);
        code = call->stop_code;
    }
    if (!is_known_code(code))
        return error_set(err, PROVIDER_EPARSE, "%s() answered the unknown code %d",
                         operation_name(call->operation), code);
    if (code == 0)
        return judge_success(call, err);
    if (call->error.code == code && call->error.text[0])
        return error_set(err, code, "%s", call->error.text);
    return error_set(err, code, "%s() failed and did not say why", operation_name(call->operation));
}

static int abandon(struct host_call *call, struct error *err)
{
    entry_quarantine_stuck(call->instance, operation_name(call->operation));
    return error_set(err, PROVIDER_ETIME, "%s() did not come back",
                     operation_name(call->operation));
}

/* On a thread of the pool, which holds the call too.  An end waits for one: what is not ended now
 * is not ended later. */
static int hand_over(struct host_call *call, struct error *err)
{
    call->refs++;
    int failed = pool_run(call->instance->services->pool, run, call, err);
    while (failed && is_an_end(call->operation) && clock_steady_ms() < call->deadline_ms) {
        lock_take(&call->lock);
        lock_wait_until(&call->changed, &call->lock, clock_steady_ms() + ASK_AGAIN_MS);
        lock_release(&call->lock);
        failed = pool_run(call->instance->services->pool, run, call, err);
    }
    if (failed)
        call->refs--;
    return failed;
}

int call_perform(struct host_call *call, const struct call_wait *wait, struct error *err)
{
    struct error why = { 0 };
    int failed = hand_over(call, &why);
    if (failed) /* for which the provider cannot do anything */
        return error_set(err, failed, "%s: %s", call->instance->info->name, why.text);
    int code;
    if (wait_for(call, wait)) {
        host_release_answers(call);
        code = judge_result(call, &why);
    } else {
        code = abandon(call, &why);
    }
    log_mask(why.text);
    if (code != 0)
        error_set(err, code, "%s: %s", call->instance->info->name, why.text);
    entry_note(call->instance->entry, call, code, &why);
    return code;
}

int call_open(struct instance *instance, struct error *err)
{
    int64_t deadline_ms = clock_steady_ms() + MIN(instance->timeout_ms, OPEN_TIMEOUT_MS);
    instance->open_call = host_call_new(instance, OPERATION_OPEN, deadline_ms, NULL);
    return call_perform(instance->open_call, NULL, err);
}

void call_close(struct instance *instance)
{
    struct host_call *call =
        host_call_new(instance, OPERATION_CLOSE, clock_steady_ms() + CALL_CLOSE_MS, NULL);
    struct error err = { 0 };
    if (call_perform(call, NULL, &err) != 0)
        log_warning("provider", "%s, leaving it loaded", err.text);
    host_call_unref(call);
}

static int64_t deadline_of(const struct instance *instance, const struct call_wait *wait)
{
    if (wait && wait->deadline_ms > 0)
        return wait->deadline_ms;
    return clock_steady_ms() + instance->timeout_ms;
}

static bool can(const struct instance *instance, enum operation operation)
{
    const struct provider_api *api = instance->info->api;
    switch (operation) {
    case OPERATION_SEARCH:
        return api->search != NULL;
    case OPERATION_FETCH:
        return api->fetch != NULL;
    case OPERATION_SYNC:
        return api->sync != NULL;
    case OPERATION_RESOLVE:
        return api->resolve_magnet != NULL;
    case OPERATION_LOCATE:
        return instance->images != NULL;
    default:
        return call_has_extension(instance, operation);
    }
}

/* Whoever waits for a stream's bytes is to be reached by what ends that. */
static bool waits_its_turn(const struct host_call *call)
{
    return call->instance->info->flags & PROVIDER_SERIAL &&
           call->operation != OPERATION_STREAM_CANCEL;
}

static int perform_in_turn(struct host_call *call, const struct call_wait *wait, struct error *err)
{
    struct instance *instance = call->instance;
    bool serial = waits_its_turn(call);
    if (serial && !entry_serial_enter(instance, wait))
        return error_set(err, is_canceled(wait) ? PROVIDER_ECANCEL : PROVIDER_EBUSY,
                         "%s: it does one thing at a time, and was busy until the deadline",
                         instance->info->name);
    int code = call_perform(call, wait, err);
    if (serial)
        entry_serial_leave(instance);
    return code;
}

static struct host_call *make_call(struct instance *instance, const struct call_order *order,
                                   struct call_arguments *arguments)
{
    const struct call_wait *wait = order->wait;
    struct host_call *call =
        host_call_new(instance, order->operation, deadline_of(instance, wait), order->sink);
    call->background = wait && wait->background;
    call->arguments = arguments;
    call->limit = order->operation == OPERATION_SEARCH ? arguments->query.limit : 0;
    call->wants_releases =
        order->operation == OPERATION_SEARCH && arguments->query.kind == PROVIDER_RELEASE;
    return call;
}

int call_instance(struct instance *instance, const struct call_order *order, struct error *err)
{
    CLEANUP(arguments_free) struct call_arguments *arguments = order->arguments;
    if (!can(instance, order->operation))
        return error_set(err, PROVIDER_ENOTSUP, "%s: it has no %s()", instance->info->name,
                         operation_name(order->operation));
    struct host_call *call = make_call(instance, order, steal(arguments));
    struct call_wait bounded = order->wait ? *order->wait : (struct call_wait){ 0 };
    bounded.deadline_ms = call->deadline_ms;
    int code = perform_in_turn(call, &bounded, err);
    bool came_back;
    {
        LOCK_SCOPE(&call->lock);
        came_back = !call->abandoned;
    }
    if (order->take && came_back)
        code = order->take(call->arguments, code, order->context, err);
    host_call_unref(call);
    return code;
}

int call_provider(struct provider_entry *provider, const struct call_order *order,
                  struct error *err)
{
    struct instance *instance = entry_use(provider, err);
    if (!instance) {
        arguments_free(order->arguments);
        return PROVIDER_EBUSY;
    }
    int code = call_instance(instance, order, err);
    entry_unuse(provider, instance);
    return code;
}

int call_search(struct provider_entry *provider, const struct provider_query *query,
                const struct call_wait *wait, const struct call_sink *sink, struct error *err)
{
    return call_provider(provider,
                         &(struct call_order){ .operation = OPERATION_SEARCH,
                                               .arguments = arguments_of_query(query),
                                               .wait = wait,
                                               .sink = sink },
                         err);
}

int call_fetch(struct provider_entry *provider, uint32_t kind, const struct provider_id *id,
               const struct call_wait *wait, const struct call_sink *sink, struct error *err)
{
    return call_provider(provider,
                         &(struct call_order){ .operation = OPERATION_FETCH,
                                               .arguments = arguments_of_id(kind, id),
                                               .wait = wait,
                                               .sink = sink },
                         err);
}

int call_sync(struct provider_entry *provider, const char *scope, const char *cursor,
              const struct call_wait *wait, const struct call_sink *sink, struct error *err)
{
    return call_provider(provider,
                         &(struct call_order){ .operation = OPERATION_SYNC,
                                               .arguments = arguments_of_scope(scope, cursor),
                                               .wait = wait,
                                               .sink = sink },
                         err);
}

int call_resolve_magnet(struct provider_entry *provider, const char *magnet,
                        const struct call_wait *wait, const struct call_sink *sink,
                        struct error *err)
{
    return call_provider(provider,
                         &(struct call_order){ .operation = OPERATION_RESOLVE,
                                               .arguments = arguments_of_magnet(magnet),
                                               .wait = wait,
                                               .sink = sink },
                         err);
}

struct url {
    char *bytes;
    size_t size;
};

static int take_url(struct call_arguments *arguments, int code, void *context, struct error *err)
{
    struct url *url = context;
    return code ? code : arguments_take_url(arguments, url->bytes, url->size, err);
}

int call_locate_image(struct provider_entry *provider, const char *kind, const char *path,
                      uint32_t width, const struct call_wait *wait, char *url, size_t url_size,
                      struct error *err)
{
    return call_provider(
        provider,
        &(struct call_order){ .operation = OPERATION_LOCATE,
                              .arguments = arguments_of_image(kind, path, width),
                              .wait = wait,
                              .take = take_url,
                              .context = &(struct url){ .bytes = url, .size = url_size } },
        err);
}
