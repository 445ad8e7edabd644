/* SPDX-License-Identifier: MIT
 *
 * Where a synchronisation stands, as text that begins with its version:
 *
 *     1:export:2026-11-22:40000   that day's id export, after this many of its lines
 *     1:feeds:2026-11-22          that export is read, the feeds come next; of the scope
 *                                 "export:...": that export was listed
 *     1:changes:2026-11-22        changes are read up to that day, which was not over perhaps
 *
 * Plain values; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum cursor_phase { CURSOR_START, CURSOR_EXPORT, CURSOR_FEEDS, CURSOR_CHANGES };

struct cursor {
    enum cursor_phase phase;
    int32_t day;
    uint64_t line;
};

enum { CURSOR_TEXT_SIZE = 64 };

/* False for anything else than what cursor_write() wrote. */
bool cursor_read(const char *text, struct cursor *out);
void cursor_write(const struct cursor *cursor, char text[CURSOR_TEXT_SIZE]);
