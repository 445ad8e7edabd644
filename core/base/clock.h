/* SPDX-License-Identifier: MIT
 *
 * Time, and how it is written.  Wall-clock times are milliseconds since 1970 UTC, steady times
 * milliseconds since some start and only good for differences.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

int64_t clock_wall_ms(void);
int64_t clock_steady_ms(void);
int64_t clock_steady_us(void);

/* The same two as of the kernel's last tick, some milliseconds behind and cheaper to ask: for what
 * every request looks at. */
int64_t clock_coarse_wall_ms(void);
int64_t clock_coarse_steady_ms(void);

/* For tests of schedules: from now on both clocks answer what `source` says; NULL restores the real
 * ones. Not while other threads run. */
void clock_set_source(int64_t (*source)(void));

#define CLOCK_TEXT_LEN 25 /* "2026-11-22T13:25:00.000Z" and its NUL */

/* RFC 3339 in UTC, whole seconds: "2026-11-22T13:25:00Z". */
const char *clock_format(int64_t wall_ms, char out[CLOCK_TEXT_LEN]);

/* "2026-11-22" of the UTC day. */
const char *clock_format_date(int64_t wall_ms, char out[CLOCK_TEXT_LEN]);

/* Reads RFC 3339 with any offset, or a bare date as its midnight UTC; false when it is neither. */
bool clock_parse(const char *text, int64_t *out_wall_ms);

/* A calendar date YYYY-MM-DD that exists, in the years 1000 to 9999. */
bool clock_is_date(const char *text);

/* Reads an HTTP date (RFC 9110, all three forms). */
bool clock_parse_http(const char *text, int64_t *out_wall_ms);
