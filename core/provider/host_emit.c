/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "media/document.h"
#include "provider/host.h"

/* What the first release of this ABI held. */
static const uint32_t first_document_size =
    offsetof(struct provider_document, json) + sizeof(const char *);

/* From here on every service that could end the call answers the same. */
static int end_call(struct host_call *call, int code)
{
    call->stop_code = code;
    return code;
}

static int check_time(struct host_call *call)
{
    if (__atomic_load_n(&call->stop, __ATOMIC_RELAXED))
        return end_call(call, host_fail(call, PROVIDER_ECANCEL, "nobody waits any more"));
    if (clock_steady_ms() >= call->deadline_ms)
        return end_call(call, host_fail(call, PROVIDER_ETIME, "the deadline passed"));
    return 0;
}

/* "cast[3].name: a string of ..." and "cast[4].name: ..." are one class. */
static uint64_t class_of(const char *reason)
{
    char path[128];
    size_t n = 0;
    for (const char *at = reason; *at && *at != ':' && n < sizeof path; at++)
        if (!isdigit((unsigned char)*at))
            path[n++] = *at;
    return text_hash(path, n);
}

static bool is_new_class(struct host_call *call, uint64_t class)
{
    for (size_t i = 0; i < call->n_classes; i++)
        if (call->classes[i] == class)
            return false;
    if (call->n_classes == HOST_MAX_CLASSES)
        return false;
    call->classes[call->n_classes++] = class;
    return true;
}

static int refuse(struct host_call *call, uint32_t kind, const struct error *why)
{
    call->n_refused++;
    call->refusal = *why;
    call->error = *why;
    call->error.code = PROVIDER_EREFUSED;
    if (is_new_class(call, class_of(why->text))) {
        const char *name = document_kind_name(kind);
        log_warning("provider", "'%s' emitted a bad %s: %s, leaving it out",
                    call->instance->info->name, name ? name : "document", why->text);
    }
    return PROVIDER_EREFUSED;
}

static bool is_wanted(const struct call_sink *sink, uint32_t kind)
{
    return (kind != PROVIDER_SEASON && kind != PROVIDER_LIST) || sink->extra_kinds & 1u << kind;
}

/* Releases that come along with the items a search was for do not count. */
static bool is_match(const struct host_call *call, uint32_t kind)
{
    return kind != PROVIDER_RELEASE || call->wants_releases;
}

static int pass_on(struct host_call *call, const struct provider_document *document)
{
    struct error err = { 0 };
    json_auto_t *json = NULL;
    size_t len =
        document->json_len ? document->json_len : strnlen(document->json, DOCUMENT_MAX_LEN + 1);
    int code = document_read(document->kind, document->flags, document->json, len, &json, &err);
    if (code != 0)
        return refuse(call, document->kind, &err);
    if (!is_wanted(call->sink, document->kind))
        return 0;
    code = call->sink->document(call->sink->context, document->kind, document->flags, json, &err);
    if (code == PROVIDER_EREFUSED)
        return refuse(call, document->kind, &err);
    if (code != 0) {
        call->error = err;
        call->error.code = code;
        return end_call(call, code);
    }
    call->n_documents++;
    call->n_matches += is_match(call, document->kind);
    return 0;
}

static int emit(struct host_call *call, const struct provider_document *document)
{
    if (call->stop_code != 0) {
        host_misused(call, "it went on to emit after it was told to stop (%s)",
                     error_code_name(call->stop_code));
        return call->stop_code;
    }
    if (!call->sink || !call->sink->document) {
        host_misused(call, "it emitted from %s()", operation_name(call->operation));
        return host_fail(call, PROVIDER_EINVAL, "nothing is emitted from %s()",
                         operation_name(call->operation));
    }
    if (!document || document->size < first_document_size || !document->json) {
        host_misused(call, "it emitted a document without size or text");
        return host_fail(call, PROVIDER_EINVAL, "a document without size or text");
    }
    int code = check_time(call);
    if (code != 0)
        return code;
    if (call->limit && call->n_matches >= call->limit && is_match(call, document->kind)) {
        call->stop_is_ours = true;
        return end_call(call, PROVIDER_ECANCEL);
    }
    return pass_on(call, document);
}

int host_emit(struct provider_call *of, const struct provider_document *document)
{
    struct host_call *call = host_of(of);
    struct host_visit visit;
    int code;
    if (!host_enter(call, "emit", &visit, &code))
        return code;
    code = emit(call, document);
    host_leave(call, &visit);
    return code;
}

static int set_checkpoint(struct host_call *call, const char *cursor)
{
    if (call->operation != OPERATION_SYNC) {
        host_misused(call, "it set a checkpoint in %s()", operation_name(call->operation));
        return host_fail(call, PROVIDER_EINVAL, "only a sync has checkpoints");
    }
    if (call->stop_code != 0)
        return call->stop_code;
    if (!cursor || strlen(cursor) > HOST_MAX_STATE_LEN)
        return host_fail(call, PROVIDER_EINVAL, "a checkpoint has up to %d bytes",
                         HOST_MAX_STATE_LEN);
    if (!call->sink->checkpoint)
        return 0;
    struct error err = { 0 };
    int code = call->sink->checkpoint(call->sink->context, cursor, &err);
    if (code == 0)
        return 0;
    call->error = err;
    call->error.code = code;
    return end_call(call, code);
}

int host_checkpoint(struct provider_call *of, const char *cursor)
{
    struct host_call *call = host_of(of);
    struct host_visit visit;
    int code;
    if (!host_enter(call, "checkpoint", &visit, &code))
        return code;
    code = set_checkpoint(call, cursor);
    host_leave(call, &visit);
    return code;
}
