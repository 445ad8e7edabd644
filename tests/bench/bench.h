/* SPDX-License-Identifier: MIT
 *
 * One line per case, the same for all measurements.  Header only; one thread. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether this case is to run: BENCH_ONLY, when set, is a part of the names of those that are. */
static inline bool bench_wanted(const char *name)
{
    const char *only = getenv("BENCH_ONLY");
    return !only || strstr(name, only);
}

struct bench_line {
    const char *name, *unit;
    double value;
    double ratio;          /* 0: there is no reference */
    const char *reference; /* what ran in the same run */
    const char *promise;   /* NULL: none is made */
    bool kept;
};

/* How many promises it breaks: 0 or 1. */
static inline int bench_say(const struct bench_line *line)
{
    printf("bench: %-44s %12.2f %-10s", line->name, line->value, line->unit);
    if (line->reference)
        printf("  ratio %.3f of %s", line->ratio, line->reference);
    if (line->promise)
        printf("  (promise %s: %s)", line->promise, line->kept ? "kept" : "BROKEN");
    putchar('\n');
    fflush(stdout);
    return line->promise && !line->kept;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts them. */
static inline double bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, bench_compare);
    return values[n / 2];
}

/* Of this process, in MiB. */
static inline long bench_rss_mb(void)
{
    long pages = 0, all = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &all, &pages) != 2)
        pages = 0;
    if (file)
        fclose(file);
    return pages / 256;
}
