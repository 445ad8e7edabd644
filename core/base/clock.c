/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A test may set it while threads ask for the time. */
static int64_t (*scripted_source)(void);

static int64_t (*source_at_hand(void))(void)
{
    return __atomic_load_n(&scripted_source, __ATOMIC_ACQUIRE);
}

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
    int64_t (*source)(void) = source_at_hand();
    return source ? source() : read_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_steady_us(void)
{
    int64_t (*source)(void) = source_at_hand();
    return source ? source() * 1000 : read_us(CLOCK_MONOTONIC);
}

int64_t clock_steady_ms(void)
{
    return clock_steady_us() / 1000;
}

int64_t clock_coarse_wall_ms(void)
{
    int64_t (*source)(void) = source_at_hand();
    return source ? source() : read_us(CLOCK_REALTIME_COARSE) / 1000;
}

int64_t clock_coarse_steady_ms(void)
{
    int64_t (*source)(void) = source_at_hand();
    return source ? source() : read_us(CLOCK_MONOTONIC_COARSE) / 1000;
}

void clock_set_source(int64_t (*source)(void))
{
    __atomic_store_n(&scripted_source, source, __ATOMIC_RELEASE);
}

static void split_utc(int64_t wall_ms, struct tm *out)
{
    time_t seconds = (time_t)(wall_ms / 1000 - (wall_ms % 1000 < 0));
    gmtime_r(&seconds, out);
}

const char *clock_format(int64_t wall_ms, char out[CLOCK_TEXT_LEN])
{
    struct tm parts;
    split_utc(wall_ms, &parts);
    if (!strftime(out, CLOCK_TEXT_LEN, "%Y-%m-%dT%H:%M:%SZ", &parts))
        out[0] = '\0';
    return out;
}

const char *clock_format_date(int64_t wall_ms, char out[CLOCK_TEXT_LEN])
{
    struct tm parts;
    split_utc(wall_ms, &parts);
    if (!strftime(out, CLOCK_TEXT_LEN, "%Y-%m-%d", &parts))
        out[0] = '\0';
    return out;
}

/* Exactly n digits at *at, which moves behind them; -1 when they are not there. */
static int digits(const char **at, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    *at += n;
    return value;
}

static bool take(const char **at, const char *any_of)
{
    if (!**at || !strchr(any_of, **at))
        return false;
    (*at)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

static bool parse_date(const char **at, struct tm *parts)
{
    int year = digits(at, 4);
    if (year < 1000 || !take(at, "-"))
        return false;
    int month = digits(at, 2);
    if (month < 1 || month > 12 || !take(at, "-"))
        return false;
    int day = digits(at, 2);
    if (day < 1 || day > days_in_month(year, month))
        return false;
    parts->tm_year = year - 1900;
    parts->tm_mon = month - 1;
    parts->tm_mday = day;
    return true;
}

bool clock_is_date(const char *text)
{
    struct tm parts = { 0 };
    return text && parse_date(&text, &parts) && !*text;
}

static bool parse_time_of_day(const char **at, struct tm *parts, int *out_ms)
{
    parts->tm_hour = digits(at, 2);
    if (parts->tm_hour < 0 || parts->tm_hour > 23 || !take(at, ":"))
        return false;
    parts->tm_min = digits(at, 2);
    if (parts->tm_min < 0 || parts->tm_min > 59 || !take(at, ":"))
        return false;
    parts->tm_sec = digits(at, 2);
    if (parts->tm_sec < 0 || parts->tm_sec > 60)
        return false;
    *out_ms = 0;
    if (!take(at, "."))
        return true;
    int scale = 100;
    const char *first = *at;
    for (int digit; (digit = digits(at, 1)) >= 0; scale /= 10)
        *out_ms += digit * scale;
    return *at > first;
}

static bool parse_offset(const char **at, int *out_minutes)
{
    *out_minutes = 0;
    if (take(at, "Zz"))
        return true;
    int sign = **at == '-' ? -1 : 1;
    if (!take(at, "+-"))
        return false;
    int hours = digits(at, 2);
    if (hours < 0 || hours > 23 || !take(at, ":"))
        return false;
    int minutes = digits(at, 2);
    if (minutes < 0 || minutes > 59)
        return false;
    *out_minutes = sign * (hours * 60 + minutes);
    return true;
}

bool clock_parse(const char *text, int64_t *out_wall_ms)
{
    struct tm parts = { 0 };
    int ms = 0, offset_minutes = 0;
    if (!text || !parse_date(&text, &parts))
        return false;
    if (*text && !(take(&text, "Tt ") && parse_time_of_day(&text, &parts, &ms) &&
                   parse_offset(&text, &offset_minutes) && !*text))
        return false;
    *out_wall_ms = ((int64_t)timegm(&parts) - offset_minutes * 60) * 1000 + ms;
    return true;
}

bool clock_parse_http(const char *text, int64_t *out_wall_ms)
{
    static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                         "%a %b %e %H:%M:%S %Y" };
    for (size_t i = 0; text && i < sizeof forms / sizeof forms[0]; i++) {
        struct tm parts = { 0 };
        const char *end = strptime(text, forms[i], &parts);
        if (end && !*end) {
            *out_wall_ms = (int64_t)timegm(&parts) * 1000;
            return true;
        }
    }
    return false;
}
