/* SPDX-License-Identifier: MIT
 *
 * What the configured providers would start with: their plugins are loaded, and none of their
 * operations runs.  Main thread, before registry_open(). */
#pragma once

#include "conf/conf.h"

/* How many of the enabled ones cannot start; `out` says in a line each why. */
size_t provider_setup_check(const struct conf *conf, FILE *out);

/* Each option with its value and where that came from, as conf_print() does; secrets masked. */
void provider_setup_print(const struct conf *conf, FILE *out);
