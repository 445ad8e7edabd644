/* SPDX-License-Identifier: MIT */
#include "net/upstream.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/flight.h"
#include "net/gate.h"
#include "net/target.h"

enum {
    LOOK_AGAIN_MS = 500, /* for whoever gave up; a sync has dozens waiting for their turn */
    MAX_HEADERS = 64,
    MAX_HEADER_LEN = 8192,
    MAX_REQUEST_BODY = 16 * 1024 * 1024,
    MAX_SAVED = 256
};

static uint32_t or_default(uint32_t value, uint32_t fallback)
{
    return value ? value : fallback;
}

void upstream_configure(struct upstream *upstream, const struct upstream_options *options)
{
    LOCK_SCOPE(&upstream->lock);
    upstream->set = *options;
    upstream->set.name = NULL;
    upstream->set.mirrors = NULL;
    upstream->set.max_parallel = or_default(options->max_parallel, 4);
    upstream->set.timeout_ms = or_default(options->timeout_ms, 15000);
    upstream->set.stale_if_error_s = or_default(options->stale_if_error_s, 7 * 24 * 3600);
    upstream->set.not_found_ttl_s = or_default(options->not_found_ttl_s, 60);
    pace_set(&upstream->pace, options->rate_per_1000s, options->burst, options->budget_hour,
             options->budget_day);
    upstream->group_us = 0;
    circuit_set(&upstream->circuit, or_default(options->circuit_failures, 5),
                or_default(options->circuit_open_ms, 10000));
    mirrors_set(&upstream->mirrors, options->mirrors, options->n_mirrors);
    gate_open(upstream);
}

void upstream_set_cache(struct upstream *upstream, const struct net_body_cache *cache)
{
    upstream->cache = *cache;
}

void upstream_set_public_only(struct upstream *upstream, const char *const *allowed_hosts)
{
    struct upstream_guard *newest = mem_new(struct upstream_guard);
    newest->guard = guard_new(allowed_hosts);
    LOCK_SCOPE(&upstream->lock);
    newest->next = upstream->guards;
    upstream->guards = newest;
}

int upstream_gave_up(const struct upstream *upstream, const struct upstream_wait *wait,
                     struct error *err)
{
    if (__atomic_load_n(&upstream->net->closing, __ATOMIC_ACQUIRE))
        return error_set(err, PROVIDER_ECANCEL, "%s: the daemon is stopping", upstream->name);
    if (wait->canceled && __atomic_load_n(wait->canceled, __ATOMIC_ACQUIRE))
        return error_set(err, PROVIDER_ECANCEL, "%s: nobody waits any more", upstream->name);
    if (clock_steady_ms() >= wait->deadline_ms)
        return error_set(err, PROVIDER_ETIME, "%s: the deadline passed", upstream->name);
    return 0;
}

int64_t upstream_look_again_ms(const struct upstream_wait *wait, int64_t until_ms)
{
    int64_t soon_ms = clock_steady_ms() + LOOK_AGAIN_MS;
    return MIN(MIN(soon_ms, until_ms), wait->deadline_ms);
}

void upstream_note_ailing(struct upstream *upstream, const char *trouble, const char *instead)
{
    {
        LOCK_SCOPE(&upstream->lock);
        if (upstream->ailing)
            return;
        upstream->ailing = true;
    }
    log_warning("net", "%s: %s, %s", upstream->name, trouble, instead);
}

void upstream_save_budget(struct upstream *upstream)
{
    const struct net_memory *memory = &upstream->net->options.memory;
    CLEANUP(text_done) struct text text = TEXT_INIT(MAX_SAVED);
    {
        LOCK_SCOPE(&upstream->lock);
        if (!memory->save || !pace_needs_save(&upstream->pace))
            return;
        pace_write(&upstream->pace, false, &text);
    }
    memory->save(memory->context, upstream->name, text_string(&text));
}

static bool is_method(const char *method)
{
    static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (!method || strcmp(method, known[i]) == 0)
            return true;
    return false;
}

/* "Name: value" without anything that would begin another line. */
static bool is_header(const char *line)
{
    const char *colon = strchr(line, ':');
    if (!colon || colon == line || strlen(line) > MAX_HEADER_LEN)
        return false;
    for (const char *at = line; *at; at++)
        if ((unsigned char)*at < 0x20 && *at != '\t')
            return false;
    return strcspn(line, " \t\"(),/;<=>?@[\\]{}") >= (size_t)(colon - line);
}

static int check_request(const struct provider_request *request, struct error *err)
{
    size_t n = 0;
    if (text_is_empty(request->url))
        return error_set(err, PROVIDER_EINVAL, "a request without a URL");
    if (!is_method(request->method))
        return error_set(err, PROVIDER_EINVAL, "a request with an unknown method");
    if (request->body_len > MAX_REQUEST_BODY || (request->body_len && !request->body))
        return error_set(err, PROVIDER_EINVAL, "a request body too large or absent");
    for (; request->headers && request->headers[n]; n++)
        if (n >= MAX_HEADERS || !is_header(request->headers[n]))
            return error_set(err, PROVIDER_EINVAL, "a request header out of order");
    return 0;
}

/* Fields that an older plugin's table does not have count as zero. */
static void read_request(const struct provider_request *from, struct provider_request *out)
{
    *out = (struct provider_request){ 0 };
    memcpy(out, from, MIN(from->size, sizeof *out));
}

static int enter(struct net *net, struct error *err)
{
    LOCK_SCOPE(&net->lock);
    if (__atomic_load_n(&net->closing, __ATOMIC_ACQUIRE))
        return error_set(err, PROVIDER_ECANCEL, "the daemon is stopping");
    net->callers++;
    return 0;
}

static void leave(struct net *net)
{
    LOCK_SCOPE(&net->lock);
    if (--net->callers == 0)
        lock_signal(&net->left);
}

int upstream_fetch(struct upstream *upstream, const struct provider_request *request,
                   const struct upstream_wait *wait, struct upstream_answer **out,
                   struct error *err)
{
    struct provider_request known;
    struct error ignored;
    err = err ? err : &ignored;
    read_request(request, &known);
    int code = check_request(&known, err);
    if (!code)
        code = enter(upstream->net, err);
    if (code)
        return code;
    struct response *response = NULL;
    code = flight_fetch(upstream, &known, wait, &response, err);
    if (!code)
        *out = &response->public;
    leave(upstream->net);
    return code;
}

static int64_t to_wall(int64_t steady_ms)
{
    return steady_ms - clock_steady_ms() + clock_wall_ms();
}

void upstream_status(struct upstream *upstream, struct upstream_status *out)
{
    LOCK_SCOPE(&upstream->lock);
    pace_budget_ready_ms(&upstream->pace, clock_wall_ms(), false);
    *out = upstream->counted;
    out->circuit = upstream->circuit.state;
    if (out->circuit == UPSTREAM_OPEN)
        out->circuit_until_ms = to_wall(upstream->circuit.until_ms);
    if (upstream->pause.until_ms > clock_steady_ms())
        out->backoff_until_ms = to_wall(upstream->pause.until_ms);
    if (upstream->mirrors.n)
        snprintf(out->mirror, sizeof out->mirror, "%s",
                 upstream->mirrors.bases[upstream->mirrors.current]);
    out->used_hour = upstream->pace.used_hour;
    out->used_day = upstream->pace.used_day;
    out->budget_hour = upstream->pace.budget_hour;
    out->budget_day = upstream->pace.budget_day;
    out->rate_per_1000s = upstream->set.rate_per_1000s;
}

void upstream_reset(struct upstream *upstream)
{
    LOCK_SCOPE(&upstream->lock);
    circuit_close(&upstream->circuit);
    upstream->pause = (struct retry_pause){ 0 };
    upstream->pace.due_ns = 0;
    upstream->group_us = 0;
    gate_open(upstream);
}
