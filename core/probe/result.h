/* SPDX-License-Identifier: MIT
 *
 * What the probing process says, judged: it has read a stranger's file, and may no longer be
 * itself. Pure; any thread. */
#pragma once

#include <jansson.h>

enum { RESULT_MAX_TRACKS = 64 };

/* A new object with nothing in it but what probe.h promises, in bounds; NULL when it does not
 * name a container and a track. */
json_t *result_clean(const json_t *said);
