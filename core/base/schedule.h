/* SPDX-License-Identifier: MIT
 *
 * When something is done again: "every 6 h" (s, min, h, d), "at 09:30" (UTC, each day) or "never".
 * Plain values; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct schedule {
    int64_t every_ms; /* 0: not at intervals */
    int64_t at_ms;    /* of the day; -1: at no time of the day */
};

/* False when it is none of the three forms, or more often than each second. */
bool schedule_parse(const char *text, struct schedule *out);

/* Wall time at which what was done at last_ms is due again; INT64_MAX: never.  Late by a little
 * that depends on `salt`, so that not everybody asks at the same minute: at most a tenth of the
 * interval, or ten minutes. */
int64_t schedule_next_ms(const struct schedule *schedule, int64_t last_ms, uint32_t salt);
