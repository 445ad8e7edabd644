/* SPDX-License-Identifier: MIT */
#include "tmdb/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/day.h"

static const char *const names[] = {
    [CURSOR_START] = "",
    [CURSOR_EXPORT] = "export",
    [CURSOR_FEEDS] = "feeds",
    [CURSOR_CHANGES] = "changes",
};

static bool read_line(const char *text, uint64_t *out)
{
    const size_t len = strlen(text);
    uint64_t line = 0;

    if (len < 1 || len > 12)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        line = line * 10 + (uint64_t)(text[i] - '0');
    }
    *out = line;
    return true;
}

bool cursor_read(const char *text, struct cursor *out)
{
    struct cursor read = { .phase = CURSOR_START };

    if (!text || strncmp(text, "1:", 2) != 0)
        return false;
    text += 2;
    for (unsigned i = CURSOR_EXPORT; i <= CURSOR_CHANGES; i++) {
        const size_t len = strlen(names[i]);

        if (strncmp(text, names[i], len) != 0 || text[len] != ':')
            continue;
        read.phase = (enum cursor_phase)i;
        text += len + 1;
        break;
    }
    if (read.phase == CURSOR_START || !day_parse(text, &read.day))
        return false;
    text += 10;
    if (read.phase == CURSOR_EXPORT) {
        if (*text != ':' || !read_line(text + 1, &read.line))
            return false;
    } else if (*text) {
        return false;
    }
    *out = read;
    return true;
}

void cursor_write(const struct cursor *cursor, char text[CURSOR_TEXT_SIZE])
{
    char day[DAY_TEXT_SIZE];

    day_write(cursor->day, day);
    if (cursor->phase == CURSOR_EXPORT)
        (void)snprintf(text, CURSOR_TEXT_SIZE, "1:export:%s:%" PRIu64, day, cursor->line);
    else
        (void)snprintf(text, CURSOR_TEXT_SIZE, "1:%s:%s", names[cursor->phase], day);
}
