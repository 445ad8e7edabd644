/* SPDX-License-Identifier: MIT */
#include "base/schedule.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { AT_LATE_MS = 10 * 60 * 1000, MAX_DAYS = 366 };
#define DAY_MS INT64_C(86400000)

static const struct unit {
    const char *name;
    int64_t ms;
} units[] = {
    { "s", 1000 },
    { "min", 60000 },
    { "h", 3600000 },
    { "d", 86400000 },
};

/* Digits alone: no sign, no blank. */
static bool read_number(const char **at, int max_digits, int64_t *out)
{
    int n = 0;
    *out = 0;
    for (; **at >= '0' && **at <= '9'; ++*at, n++)
        *out = n < max_digits ? *out * 10 + (**at - '0') : *out;
    return n > 0 && n <= max_digits;
}

static bool read_every(const char *text, struct schedule *out)
{
    int64_t n;
    if (!read_number(&text, 8, &n) || !n)
        return false;
    text += *text == ' ';
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (strcmp(text, units[i].name) != 0)
            continue;
        *out = (struct schedule){ .every_ms = n * units[i].ms, .at_ms = -1 };
        return out->every_ms <= MAX_DAYS * DAY_MS;
    }
    return false;
}

static bool read_at(const char *text, struct schedule *out)
{
    int64_t hour, minute;
    if (strlen(text) != 5 || !read_number(&text, 2, &hour) || *text++ != ':' ||
        !read_number(&text, 2, &minute) || *text || hour > 23 || minute > 59)
        return false;
    *out = (struct schedule){ .at_ms = (hour * 60 + minute) * 60000 };
    return true;
}

bool schedule_parse(const char *text, struct schedule *out)
{
    struct schedule read = { .at_ms = -1 };
    bool fine = strcmp(text, "never") == 0;
    if (strncmp(text, "every ", 6) == 0)
        fine = read_every(text + 6, &read);
    else if (strncmp(text, "at ", 3) == 0)
        fine = read_at(text + 3, &read);
    if (fine)
        *out = read;
    return fine;
}

int64_t schedule_next_ms(const struct schedule *schedule, int64_t last_ms, uint32_t salt)
{
    uint64_t late = (uint64_t)(salt * 2654435761u >> 16);
    if (schedule->every_ms)
        return last_ms + schedule->every_ms +
               (int64_t)((uint64_t)schedule->every_ms / 10 * late / 65536);
    if (schedule->at_ms < 0)
        return INT64_MAX;
    int64_t day_ms = last_ms - last_ms % DAY_MS;
    int64_t at_ms = day_ms + schedule->at_ms;
    /* What was done a little late was done that day. */
    if (at_ms <= last_ms)
        at_ms += DAY_MS;
    return at_ms + (int64_t)(AT_LATE_MS * late / 65536);
}
