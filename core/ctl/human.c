/* SPDX-License-Identifier: MIT */
#include "ctl/human.h"

#include <inttypes.h>

#include "base/clock.h"

const char *human_bytes(int64_t bytes, char out[HUMAN_LEN])
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    if (bytes < 1024) {
        snprintf(out, HUMAN_LEN, "%" PRId64 " B", MAX(bytes, 0));
        return out;
    }
    double value = (double)bytes / 1024;
    size_t unit = 0;
    /* 1023.96 would be written as 1024.0. */
    for (; value >= 1023.95 && unit + 1 < ARRAY_LEN(units); unit++)
        value /= 1024;
    snprintf(out, HUMAN_LEN, "%.1f %s", value, units[unit]);
    return out;
}

const char *human_count(int64_t count, char out[HUMAN_LEN])
{
    char digits[HUMAN_LEN];
    int len =
        snprintf(digits, sizeof digits, "%" PRIu64, count < 0 ? -(uint64_t)count : (uint64_t)count);
    size_t at = 0;
    if (count < 0)
        out[at++] = '-';
    for (int i = 0; i < len && at + 2 < HUMAN_LEN; i++) {
        if (i && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *human_duration(int64_t seconds, char out[HUMAN_LEN])
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
    seconds = MAX(seconds, 0);
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(units) && seconds < units[i].seconds)
        i++;
    int len = snprintf(out, HUMAN_LEN, "%" PRId64 " %s", seconds / units[i].seconds, units[i].unit);
    int64_t rest = i + 1 < ARRAY_LEN(units) ? seconds % units[i].seconds / units[i + 1].seconds : 0;
    if (rest && len > 0)
        snprintf(out + len, HUMAN_LEN - (size_t)len, " %" PRId64 " %s", rest, units[i + 1].unit);
    return out;
}

const char *human_age(const char *time, int64_t now_ms, char out[HUMAN_LEN])
{
    int64_t at_ms;
    char duration[HUMAN_LEN];
    if (!time || !clock_parse(time, &at_ms)) {
        snprintf(out, HUMAN_LEN, "-");
        return out;
    }
    bool past = at_ms <= now_ms;
    human_duration((past ? now_ms - at_ms : at_ms - now_ms) / 1000, duration);
    snprintf(out, HUMAN_LEN, past ? "%.30s ago" : "in %.30s", duration);
    return out;
}

const char *human_share(int64_t part, int64_t whole, char out[HUMAN_LEN])
{
    if (whole > 0)
        snprintf(out, HUMAN_LEN, "%d %%", (int)((double)part * 100 / (double)whole));
    else
        snprintf(out, HUMAN_LEN, "-");
    return out;
}
