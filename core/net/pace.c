/* SPDX-License-Identifier: MIT */
#include "net/pace.h"

#include <inttypes.h>

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

/* Waits are whole milliseconds; without some slack a fast pace would lose what the rounding eats.
 */
#define SLACK_NS 2000000

#define GATHER_NS 200000000

void pace_set(struct pace *pace, uint32_t rate_per_1000s, uint32_t burst, uint64_t budget_hour,
              uint64_t budget_day)
{
    if (!burst)
        burst = MAX(rate_per_1000s / 1000, 1);
    pace->interval_ns = rate_per_1000s ? 1000000000000 / rate_per_1000s : 0;
    /* A burst beyond three hours' worth is no limit at all, and must not overflow. */
    int64_t most = 10000000000000 / MAX(pace->interval_ns, 1);
    pace->tolerance_ns = MAX(MIN((int64_t)burst - 1, most) * pace->interval_ns, SLACK_NS);
    pace->budget_hour = budget_hour;
    pace->budget_day = budget_day;
}

int64_t pace_ready_us(const struct pace *pace, int64_t now_us)
{
    if (!pace->interval_ns)
        return now_us;
    return (pace->due_ns - pace->tolerance_ns + 999) / 1000;
}

int64_t pace_gather_us(const struct pace *pace, uint32_t n)
{
    if (!pace->interval_ns || !n)
        return 0;
    int64_t most = MIN(GATHER_NS, pace->tolerance_ns) / pace->interval_ns;
    return MIN((int64_t)n - 1, most) * pace->interval_ns / 1000;
}

static void roll_windows(struct pace *pace, int64_t wall_ms)
{
    if (pace->hour != wall_ms / HOUR_MS) {
        pace->hour = wall_ms / HOUR_MS;
        pace->used_hour = pace->saved_hour = 0;
    }
    if (pace->day != wall_ms / DAY_MS) {
        pace->day = wall_ms / DAY_MS;
        pace->used_day = pace->saved_day = 0;
    }
}

static uint64_t share_of(uint64_t budget, bool background)
{
    return background ? budget - budget / 10 : budget;
}

int64_t pace_budget_ready_ms(struct pace *pace, int64_t wall_ms, bool background)
{
    roll_windows(pace, wall_ms);
    if (pace->budget_day && pace->used_day >= share_of(pace->budget_day, background))
        return (pace->day + 1) * DAY_MS;
    if (pace->budget_hour && pace->used_hour >= share_of(pace->budget_hour, background))
        return (pace->hour + 1) * HOUR_MS;
    return 0;
}

void pace_take(struct pace *pace, int64_t now_us, int64_t wall_ms)
{
    roll_windows(pace, wall_ms);
    pace->used_hour++;
    pace->used_day++;
    pace->due_ns = MAX(pace->due_ns, now_us * 1000) + pace->interval_ns;
}

void pace_drain(struct pace *pace, int64_t now_us)
{
    pace->due_ns = MAX(pace->due_ns, now_us * 1000 + pace->tolerance_ns);
}

bool pace_needs_save(const struct pace *pace)
{
    return (pace->budget_hour && pace->used_hour > pace->saved_hour) ||
           (pace->budget_day && pace->used_day > pace->saved_day);
}

static uint64_t ahead(uint64_t used, uint64_t budget)
{
    return used + budget / 100;
}

void pace_write(struct pace *pace, bool exact, struct text *out)
{
    pace->saved_hour = exact ? pace->used_hour : ahead(pace->used_hour, pace->budget_hour);
    pace->saved_day = exact ? pace->used_day : ahead(pace->used_day, pace->budget_day);
    text_add_format(out, "1 %" PRId64 " %" PRIu64 " %" PRId64 " %" PRIu64, pace->hour,
                    pace->saved_hour, pace->day, pace->saved_day);
}

void pace_read(struct pace *pace, const char *text, int64_t wall_ms)
{
    int64_t hour, day;
    uint64_t used_hour, used_day;
    int used = 0;
    if (sscanf(text, "1 %" SCNd64 " %" SCNu64 " %" SCNd64 " %" SCNu64 "%n", &hour, &used_hour, &day,
               &used_day, &used) != 4 ||
        text[used])
        return;
    roll_windows(pace, wall_ms);
    if (hour == pace->hour)
        pace->used_hour = pace->saved_hour = used_hour;
    if (day == pace->day)
        pace->used_day = pace->saved_day = used_day;
}
