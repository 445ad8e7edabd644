/* SPDX-License-Identifier: MIT
 *
 * Whether a plugin's description can be relied on: ABI, sizes, name, texts, options, operations.
 * Reads the description only and runs none of the plugin's code.  Any thread. */
#pragma once

#include "base/error.h"

/* `name` is what the file and the configuration call it. */
int judge_info(const struct provider_info *info, const char *name, struct error *err);

/* PROVIDER_CAN_ bits of the operations it has. */
uint32_t judge_abilities(const struct provider_info *info);
