/* SPDX-License-Identifier: MIT
 *
 * Calendar days in UTC, counted from 1970-01-01, so that the day before is one less.  Pure but for
 * day_today(); any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DAY_TEXT_SIZE = 11 }; /* "2026-11-22" and its NUL */

/* Today, and the hour of it when `hour` is given. */
int32_t day_today(int *hour);

/* The start of `text` is a date of the form YYYY-MM-DD that exists, years 1000 to 9999. */
bool day_parse(const char *text, int32_t *out);
void day_split(int32_t day, int *year, int *month, int *mday);
void day_write(int32_t day, char text[DAY_TEXT_SIZE]);
