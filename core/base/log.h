/* SPDX-License-Identifier: MIT
 *
 * The log: one line per event to standard error, journald's priority prefix when systemd reads it.
 * Error: a person must act.  Warning: ends in what happens instead ("..., serving the stale copy").
 * Notice: life cycle, one line per sync.  Debug: per request.  Control characters are escaped;
 * every text given to log_secret() is masked wherever it would appear.  Any thread. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_NOTICE, LOG_LEVEL_DEBUG };

/* Messages above `level` are dropped.  Until it is called: notice. */
void log_set_level(enum log_level level);
bool log_level_parse(const char *name, enum log_level *out);

/* Never show this text; shorter than four bytes is ignored.  At most 64 of them. */
void log_secret(const char *text);

/* Replaces every secret in `text` by "***", in place, as the log itself does.  For errors that
 * clients see. */
void log_mask(char *text);

void log_error(const char *area, const char *fmt, ...) PRINTF(2, 3);
void log_warning(const char *area, const char *fmt, ...) PRINTF(2, 3);
void log_notice(const char *area, const char *fmt, ...) PRINTF(2, 3);
void log_debug(const char *area, const char *fmt, ...) PRINTF(2, 3);
void log_write(enum log_level level, const char *area, const char *fmt, va_list args) PRINTF(3, 0);
