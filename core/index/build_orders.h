/* SPDX-License-Identifier: MIT
 *
 * The orders of a generation other than popularity, made once so that a list in any of them is a
 * walk.  Part of building; one thread. */
#pragma once

#include "index/generation.h"

/* Ordinals by rising id. */
void build_by_id(const struct generation *generation, uint32_t *out);

void build_orders(struct generation *generation);
