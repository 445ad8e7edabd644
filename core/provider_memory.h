/* SPDX-License-Identifier: MIT
 *
 * What providers and their upstreams remember, kept in the store: the plugins' own small values,
 * and the request budgets.  net and provider stand below the store and know only these tables of
 * functions.  Any thread. */
#pragma once

#include "provider/registry.h"
#include "store/store.h"

struct net_memory provider_memory_of_net(struct store *store);
struct provider_memory provider_memory_of_plugins(struct store *store);
