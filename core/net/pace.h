/* SPDX-License-Identifier: MIT
 *
 * How fast one upstream may be asked: a token bucket and budgets per UTC hour and day.  Plain
 * values without clock or lock: the owner holds its lock and says what time it is. */
#pragma once

#include "base/text.h"

struct pace {
    int64_t interval_ns;              /* between two requests; 0: unlimited */
    int64_t tolerance_ns;             /* how far ahead of schedule a burst may run */
    int64_t due_ns;                   /* steady time the next request is due when evenly spaced */
    uint64_t budget_hour, budget_day; /* 0: unlimited */
    int64_t hour, day;                /* since 1970, that the counts below are of */
    uint64_t used_hour, used_day;
    uint64_t saved_hour, saved_day; /* what memory was told: never less than what is used */
};

void pace_set(struct pace *pace, uint32_t rate_per_1000s, uint32_t burst, uint64_t budget_hour,
              uint64_t budget_day);

/* Steady microseconds from which the bucket lets the next one go; now or earlier: at once. */
int64_t pace_ready_us(const struct pace *pace, int64_t now_us);

/* How much later `n` that wait could leave together: a program that wakes up once for several does
 * the same with half the work.  A fifth of a second at most, and nothing that the bucket cannot
 * hold, so the rate stays what it is. */
int64_t pace_gather_us(const struct pace *pace, uint32_t n);

/* Wall milliseconds from which the budgets let the next one go; 0: at once.  In the background a
 * tenth of them is left to others. */
int64_t pace_budget_ready_ms(struct pace *pace, int64_t wall_ms, bool background);

/* Counts one request that leaves now. */
void pace_take(struct pace *pace, int64_t now_us, int64_t wall_ms);

/* Forgets what a burst has saved up, so that the end of a pause is no flood. */
void pace_drain(struct pace *pace, int64_t now_us);

/* The budgets survive a restart by being told to memory ahead of use, a hundredth at a time: after
 * a crash some of the budget is lost, never spent twice.  needs_save() says when; `exact` writes
 * what is really used, for an orderly end. */
bool pace_needs_save(const struct pace *pace);
void pace_write(struct pace *pace, bool exact, struct text *out);

/* What pace_write() wrote; anything else is ignored. */
void pace_read(struct pace *pace, const char *text, int64_t wall_ms);
