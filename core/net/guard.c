/* SPDX-License-Identifier: MIT */
#include "net/guard.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

struct guard {
    size_t n_hosts;
    char **hosts;
};

struct guard *guard_new(const char *const *allowed_hosts)
{
    struct guard *guard = mem_new(struct guard);
    while (allowed_hosts && allowed_hosts[guard->n_hosts])
        guard->n_hosts++;
    guard->hosts = mem_alloc_array(guard->n_hosts + 1, sizeof *guard->hosts);
    for (size_t i = 0; i < guard->n_hosts; i++)
        guard->hosts[i] = mem_dup_text(allowed_hosts[i]);
    return guard;
}

void guard_free(struct guard *guard)
{
    if (!guard)
        return;
    for (size_t i = 0; i < guard->n_hosts; i++)
        free(guard->hosts[i]);
    free(guard->hosts);
    free(guard);
}

bool guard_exempts(const struct guard *guard, const char *host)
{
    for (size_t i = 0; i < guard->n_hosts; i++)
        if (strcasecmp(guard->hosts[i], host) == 0)
            return true;
    return false;
}
