/* SPDX-License-Identifier: MIT
 *
 * Numbers as people read them.  Each writes into `out` and returns it.  Pure; any thread. */
#pragma once

#include <stdint.h>

#include "base/json.h"

enum { HUMAN_LEN = 40 };

/* "812 B", "1.2 MiB". */
const char *human_bytes(int64_t bytes, char out[HUMAN_LEN]);

/* "1,234,567". */
const char *human_count(int64_t count, char out[HUMAN_LEN]);

/* "45 s", "3 min 12 s", "5 h 2 min", "12 d 3 h". */
const char *human_duration(int64_t seconds, char out[HUMAN_LEN]);

/* "3 min 12 s ago", "in 20 s" of an RFC 3339 time; "-" when it is none. */
const char *human_age(const char *time, int64_t now_ms, char out[HUMAN_LEN]);

/* The part in hundredths, "93 %"; "-" of nothing. */
const char *human_share(int64_t part, int64_t whole, char out[HUMAN_LEN]);
