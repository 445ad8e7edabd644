/* SPDX-License-Identifier: MIT
 *
 * Keeps URLs that come from data away from the operator's own network: only public unicast
 * addresses (base/address.h), judged when the connection is made and again before the request is
 * sent, so that neither DNS nor a kept-alive connection is a way around.  Immutable once made; any
 * thread. */
#pragma once

#include <stdbool.h>

#include "base/mem.h"

struct guard;

/* allowed_hosts ends with NULL; those are not judged.  NULL: none. */
struct guard *guard_new(const char *const *allowed_hosts);
void guard_free(struct guard *guard);

bool guard_exempts(const struct guard *guard, const char *host);
