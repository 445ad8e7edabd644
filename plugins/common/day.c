/* SPDX-License-Identifier: MIT */
#include "common/day.h"

#include <stdio.h>
#include <time.h>

enum { SECONDS_A_DAY = 86400, EPOCH_OFFSET = 719468 };

int32_t day_today(int *hour)
{
    const time_t now = time(NULL);

    if (hour)
        *hour = (int)(now % SECONDS_A_DAY / 3600);
    return (int32_t)(now / SECONDS_A_DAY);
}

/* The civil calendar counted from 0000-03-01, so that the leap day ends a year. */
static int32_t from_civil(int year, int month, int mday)
{
    const int shifted = month > 2 ? year : year - 1;
    const int era = shifted / 400;
    const int year_of_era = shifted % 400;
    const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + mday - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           EPOCH_OFFSET;
}

void day_split(int32_t day, int *year, int *month, int *mday)
{
    const int shifted = day + EPOCH_OFFSET;
    const int era = shifted / 146097;
    const int day_of_era = shifted % 146097;
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int month_from_march = (5 * day_of_year + 2) / 153;

    *mday = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    *year = era * 400 + year_of_era + (*month <= 2);
}

static int digits(const char *text, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + text[i] - '0';
    }
    return value;
}

bool day_parse(const char *text, int32_t *out)
{
    int year, month, mday;
    int year_again, month_again, mday_again;
    int32_t day;

    year = digits(text, 4);
    if (year < 1000 || text[4] != '-')
        return false;
    month = digits(text + 5, 2);
    if (month < 1 || month > 12 || text[7] != '-')
        return false;
    mday = digits(text + 8, 2);
    if (mday < 1)
        return false;
    day = from_civil(year, month, mday);
    day_split(day, &year_again, &month_again, &mday_again);
    if (mday_again != mday || month_again != month)
        return false;
    *out = day;
    return true;
}

void day_write(int32_t day, char text[DAY_TEXT_SIZE])
{
    int year, month, mday;

    day_split(day, &year, &month, &mday);
    (void)snprintf(text, DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000u,
                   (unsigned)month % 100u, (unsigned)mday % 100u);
}
