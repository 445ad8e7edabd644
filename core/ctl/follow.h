/* SPDX-License-Identifier: MIT
 *
 * The live line of a job, as text.  Pure; any thread. */
#pragma once

#include "base/json.h"

/* "[####....]  31 %  fetching: 1,418 of 4,500, 584/s, 5 s left, 2 errors" */
void follow_line(const json_t *job, struct text *out);
