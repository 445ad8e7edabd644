/* SPDX-License-Identifier: MIT
 *
 * What upstreams write where there is no title yet: "TBA", "Episode 12".  Such names lose to any
 * other, in any language.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

bool placeholder_title(const char *title);

/* As the name of this episode: "Episode 12" only of the twelfth, and "12" too. */
bool placeholder_episode(const char *name, int64_t number);
