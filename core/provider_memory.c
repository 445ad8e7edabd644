/* SPDX-License-Identifier: MIT */
#include "provider_memory.h"

#include "base/log.h"
#include "store/state.h"

enum { OWNER_LEN = 64 };

static const char *owner_of_net(const char *upstream, char out[OWNER_LEN])
{
    snprintf(out, OWNER_LEN, "net/%s", upstream);
    return out;
}

static bool load_budget(void *context, const char *upstream, struct text *out)
{
    char owner[OWNER_LEN];
    return state_get(context, owner_of_net(upstream, owner), "budget", out, NULL) == 0;
}

static void save_budget(void *context, const char *upstream, const char *value)
{
    char owner[OWNER_LEN];
    struct error err;
    if (state_put(context, owner_of_net(upstream, owner), "budget", value, &err))
        log_warning("net", "cannot keep the budget of '%s': %s, counting in memory", upstream,
                    err.text);
}

struct net_memory provider_memory_of_net(struct store *store)
{
    return (struct net_memory){ .context = store, .load = load_budget, .save = save_budget };
}

static const char *owner_of_plugin(const char *provider, char out[OWNER_LEN])
{
    snprintf(out, OWNER_LEN, "provider/%s", provider);
    return out;
}

static int get_value(void *context, const char *provider, const char *key, struct text *out,
                     struct error *err)
{
    char owner[OWNER_LEN];
    return state_get(context, owner_of_plugin(provider, owner), key, out, err);
}

static int put_value(void *context, const char *provider, const char *key, const char *value,
                     struct error *err)
{
    char owner[OWNER_LEN];
    return state_put(context, owner_of_plugin(provider, owner), key, value, err);
}

struct provider_memory provider_memory_of_plugins(struct store *store)
{
    return (struct provider_memory){ .context = store, .get = get_value, .put = put_value };
}
