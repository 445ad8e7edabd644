/* SPDX-License-Identifier: MIT
 *
 * Names that say nothing.  Where nobody entered an episode's name in the language asked for, TMDB
 * answers "Episode 3" in that language ("Folge 3", "第3話") and does not say so.  Pure; any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Nothing but the word for an episode and this number; NULL, too. */
bool placeholder_is(const char *name, int64_t episode_number);
