/* SPDX-License-Identifier: MIT */
#include "net/net.h"

#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "net/upstream.h"

enum { DEFAULT_MAX_BODY = 8 * 1024 * 1024, MAX_MEMORY = 256 };

static void init_libraries(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (sodium_init() < 0)
        abort(); /* no source of randomness: nothing here would be safe */
}

static void save_exactly(struct upstream *upstream)
{
    const struct net_memory *memory = &upstream->net->options.memory;
    CLEANUP(text_done) struct text text = TEXT_INIT(MAX_MEMORY);
    if (!memory->save || (!upstream->set.budget_hour && !upstream->set.budget_day))
        return;
    {
        LOCK_SCOPE(&upstream->lock);
        pace_write(&upstream->pace, true, &text);
    }
    memory->save(memory->context, upstream->name, text_string(&text));
}

static void free_upstream(struct upstream *upstream)
{
    while (upstream->guards) {
        struct upstream_guard *old = upstream->guards;
        upstream->guards = old->next;
        guard_free(old->guard);
        free(old);
    }
    mirrors_done(&upstream->mirrors);
    lock_done(&upstream->lock);
    free(upstream->name);
    free(upstream);
}

struct net *net_open(const struct net_options *options)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_libraries);
    struct net *net = mem_new(struct net);
    net->options = *options;
    net->options.user_agent = net->options.proxy = net->options.ca_file = NULL;
    if (!net->options.max_body)
        net->options.max_body = DEFAULT_MAX_BODY;
    lock_init(&net->lock);
    lock_condition_init(&net->left);
    net->engine = engine_new(&(struct engine_options){
        .user_agent = options->user_agent,
        .proxy = text_is_empty(options->proxy) ? NULL : options->proxy,
        .ca_file = options->ca_file,
        .connect_timeout_ms = options->connect_timeout_ms,
    });
    return net;
}

void net_close(struct net *net)
{
    if (!net)
        return;
    __atomic_store_n(&net->closing, 1, __ATOMIC_RELEASE);
    engine_stop(net->engine);
    {
        LOCK_SCOPE(&net->lock);
        while (net->callers)
            lock_wait(&net->left, &net->lock);
    }
    while (net->upstreams) {
        struct upstream *upstream = net->upstreams;
        net->upstreams = upstream->next;
        save_exactly(upstream);
        free_upstream(upstream);
    }
    engine_free(net->engine);
    lock_condition_done(&net->left);
    lock_done(&net->lock);
    free(net);
}

static void remember(struct upstream *upstream)
{
    const struct net_memory *memory = &upstream->net->options.memory;
    CLEANUP(text_done) struct text text = TEXT_INIT(MAX_MEMORY);
    if (memory->load && memory->load(memory->context, upstream->name, &text))
        pace_read(&upstream->pace, text_string(&text), clock_wall_ms());
}

static struct upstream *find_or_add(struct net *net, const char *name)
{
    LOCK_SCOPE(&net->lock);
    for (struct upstream *at = net->upstreams; at; at = at->next)
        if (text_equal(at->name, name))
            return at;
    struct upstream *upstream = mem_new(struct upstream);
    upstream->net = net;
    upstream->name = mem_dup_text(name);
    upstream->cache = net->options.cache;
    lock_init(&upstream->lock);
    remember(upstream);
    upstream->next = net->upstreams;
    net->upstreams = upstream;
    return upstream;
}

struct upstream *net_upstream(struct net *net, const struct upstream_options *options)
{
    struct upstream *upstream = find_or_add(net, options->name);
    upstream_configure(upstream, options);
    return upstream;
}
