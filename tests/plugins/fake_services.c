/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fake_host_private.h"
#include "media/document.h"

struct fake_host *fake_host_of(struct provider_call *call)
{
    /* The call is the first member of ours. */
    return ((struct fake_call *)(void *)call)->owner;
}

static struct fake_pair *find_pair(struct fake_pair *first, const char *name)
{
    for (struct fake_pair *at = first; at; at = at->next)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

static void put_pair(struct fake_pair **first, const char *name, const char *value)
{
    struct fake_pair *pair = find_pair(*first, name);
    if (!pair) {
        pair = mem_new(struct fake_pair);
        pair->name = mem_dup_text(name);
        pair->next = *first;
        *first = pair;
    }
    free(pair->value);
    pair->value = mem_dup_text(value);
}

static void log_line(struct provider_call *call, int level, const char *fmt, va_list args)
{
    struct fake_host *host = fake_host_of(call);
    char line[1024];
    vsnprintf(line, sizeof line, fmt, args);
    struct fake_pair *pair = mem_new(struct fake_pair);
    pair->name = mem_format("%d", level);
    pair->value = mem_dup_text(line);
    LOCK_SCOPE(&host->lock);
    pair->next = host->log;
    host->log = pair;
}

static const char *get_option(struct provider_call *call, const char *name)
{
    struct fake_host *host = fake_host_of(call);
    const struct fake_pair *pair = find_pair(host->options, name);
    if (pair)
        return pair->value;
    for (const struct provider_option *at = host->info->options; at && at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at->fallback;
    return NULL;
}

uint32_t fake_remaining_ms(struct provider_call *call)
{
    struct fake_host *host = fake_host_of(call);
    LOCK_SCOPE(&host->lock);
    const int64_t gone = clock_steady_ms() - host->began_ms;
    return gone < host->remaining_ms ? host->remaining_ms - (uint32_t)gone : 0;
}

int fake_say(struct fake_host *host, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(host->error, sizeof host->error, fmt, args);
    va_end(args);
    return code;
}

static int emit(struct provider_call *call, const struct provider_document *document)
{
    struct fake_host *host = fake_host_of(call);
    if (fake_remaining_ms(call) == 0)
        return fake_say(host, PROVIDER_ETIME, "the deadline passed");
    if (host->documents_left == 0)
        return fake_say(host, host->stop_code, "nobody wants more documents");
    struct error err = { 0 };
    json_t *json = NULL;
    size_t len = document->json_len ? document->json_len : strlen(document->json);
    int code = document_read(document->kind, document->flags, document->json, len, &json, &err);
    if (code != 0) {
        host->n_refused++;
        snprintf(host->refusal, sizeof host->refusal, "%s", err.text);
        return fake_say(host, code, "%s", err.text);
    }
    if (host->documents_left > 0)
        host->documents_left--;
    host->documents =
        mem_resize(host->documents, host->n_documents + 1, sizeof(struct fake_document));
    host->documents[host->n_documents++] =
        (struct fake_document){ .kind = document->kind, .flags = document->flags, .json = json };
    return 0;
}

static int set_checkpoint(struct provider_call *call, const char *cursor)
{
    struct fake_host *host = fake_host_of(call);
    host->checkpoints =
        mem_resize(host->checkpoints, host->n_checkpoints + 1, sizeof *host->checkpoints);
    host->checkpoints[host->n_checkpoints++] = mem_dup_text(cursor);
    return 0;
}

static void set_progress(struct provider_call *call, uint64_t done, uint64_t total)
{
    struct fake_host *host = fake_host_of(call);
    host->done = done;
    host->total = total;
}

static const char *get_state(struct provider_call *call, const char *key)
{
    struct fake_host *host = fake_host_of(call);
    free(host->state_answer);
    return host->state_answer = mem_dup_text(fake_host_state(host, key));
}

static int put_state(struct provider_call *call, const char *key, const char *value)
{
    struct fake_host *host = fake_host_of(call);
    if (value && strlen(value) > 64 * 1024)
        return fake_say(host, PROVIDER_ELIMIT, "state '%s': the value is too long", key);
    fake_host_set_state(host, key, value);
    return 0;
}

static int explain(struct provider_call *call, int code, const char *fmt, va_list args)
{
    struct fake_host *host = fake_host_of(call);
    vsnprintf(host->error, sizeof host->error, fmt, args);
    return code;
}

const struct provider_host fake_host_table = { .size = sizeof fake_host_table,
                                               .vlog = log_line,
                                               .option = get_option,
                                               .remaining_ms = fake_remaining_ms,
                                               .http = fake_http,
                                               .emit = emit,
                                               .checkpoint = set_checkpoint,
                                               .progress = set_progress,
                                               .state_get = get_state,
                                               .state_put = put_state,
                                               .vfail = explain };

void fake_host_set_option(struct fake_host *host, const char *name, const char *value)
{
    put_pair(&host->options, name, value);
}

void fake_host_set_state(struct fake_host *host, const char *key, const char *value)
{
    put_pair(&host->state, key, value);
}

const char *fake_host_state(const struct fake_host *host, const char *key)
{
    const struct fake_pair *pair = find_pair(host->state, key);
    return pair ? pair->value : NULL;
}

const char *fake_host_error(const struct fake_host *host)
{
    return host->error;
}

size_t fake_host_n_documents(const struct fake_host *host)
{
    return host->n_documents;
}

const struct fake_document *fake_host_document(const struct fake_host *host, size_t index)
{
    if (index >= host->n_documents)
        fail_msg("there is no document %zu, only %zu", index, host->n_documents);
    return &host->documents[index];
}

size_t fake_host_n_refused(const struct fake_host *host)
{
    return host->n_refused;
}

const char *fake_host_refusal(const struct fake_host *host)
{
    return host->refusal;
}

size_t fake_host_n_checkpoints(const struct fake_host *host)
{
    return host->n_checkpoints;
}

const char *fake_host_checkpoint(const struct fake_host *host, size_t index)
{
    if (index >= host->n_checkpoints)
        fail_msg("there is no checkpoint %zu, only %zu", index, host->n_checkpoints);
    return host->checkpoints[index];
}

uint64_t fake_host_progress_done(const struct fake_host *host)
{
    return host->done;
}

uint64_t fake_host_progress_total(const struct fake_host *host)
{
    return host->total;
}

bool fake_host_logged(const struct fake_host *host, int level, const char *part)
{
    for (const struct fake_pair *at = host->log; at; at = at->next)
        if (at->name[0] - '0' <= level && strstr(at->value, part))
            return true;
    return false;
}

static void requests_clear(struct fake_host *host)
{
    for (size_t i = 0; i < host->n_requests; i++) {
        free(host->requests[i].method);
        free(host->requests[i].url);
        free(host->requests[i].headers);
        free(host->requests[i].body);
    }
    host->n_requests = 0;
}

void fake_host_clear(struct fake_host *host)
{
    requests_clear(host);
    for (size_t i = 0; i < host->n_documents; i++)
        json_decref(host->documents[i].json);
    for (size_t i = 0; i < host->n_checkpoints; i++)
        free(host->checkpoints[i]);
    free(steal(host->checkpoints));
    fake_pairs_free(steal(host->log));
    host->n_documents = host->n_refused = host->n_checkpoints = 0;
    host->refusal[0] = '\0';
    host->done = host->total = 0;
}
