/* SPDX-License-Identifier: MIT */
#include "net/retry.h"

#include <string.h>

#include "base/clock.h"

enum {
    FIRST_DELAY_MS = 250,
    MAX_DELAY_MS = 10 * 1000,
    FIRST_PAUSE_MS = 1000,
    MAX_PAUSE_MS = 30 * 1000,
    MAX_AFTER_MS = 24 * 3600 * 1000
};

bool retry_is_safe(const struct provider_request *request)
{
    const char *method = request->method ? request->method : "GET";
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           (request->flags & PROVIDER_HTTP_REPEAT);
}

bool retry_is_failure(int status)
{
    /* 501 and 505 will not change by asking again. */
    return status == 408 || (status >= 500 && status <= 599 && status != 501 && status != 505);
}

static int64_t doubled(int64_t first, uint32_t times, int64_t most, uint32_t random)
{
    int64_t delay = MIN(first << MIN(times, 20), most);
    return delay / 2 + random % (delay / 2 + 1);
}

int64_t retry_delay_ms(uint32_t n, uint32_t random)
{
    return doubled(FIRST_DELAY_MS, n ? n - 1 : 0, MAX_DELAY_MS, random);
}

int64_t retry_after_ms(const char *value, int64_t wall_ms)
{
    int64_t seconds, date_ms;
    if (!value)
        return -1;
    if (text_to_int(value, 1, INT64_MAX, &seconds))
        return MIN(seconds, MAX_AFTER_MS / 1000) * 1000;
    if (clock_parse_http(value, &date_ms) && date_ms > wall_ms)
        return MIN(date_ms - wall_ms, MAX_AFTER_MS);
    return -1;
}

void retry_pause_hit(struct retry_pause *pause, int64_t left_ms, int64_t now_ms, int64_t after_ms,
                     uint32_t random)
{
    bool known = pause->until_ms && left_ms <= pause->since_ms;
    if (after_ms < 0) {
        if (known)
            return;
        after_ms = doubled(FIRST_PAUSE_MS, pause->strikes, MAX_PAUSE_MS, random);
    }
    if (!known) {
        pause->strikes++;
        pause->since_ms = now_ms;
    }
    pause->until_ms = MAX(pause->until_ms, now_ms + after_ms);
}

void retry_pause_through(struct retry_pause *pause, int64_t left_ms)
{
    if (left_ms > pause->since_ms)
        pause->strikes = 0;
}
