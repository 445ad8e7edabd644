/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdatomic.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/text.h"

enum { MAX_SECRETS = 64, MIN_SECRET_LEN = 4, LINE_LEN = 2048 };

static _Atomic int threshold = LOG_LEVEL_NOTICE;
static struct lock secrets_lock = LOCK_INIT;
static char *secrets[MAX_SECRETS];
static size_t n_secrets;

static const char *const level_names[] = { "error", "warning", "notice", "debug" };
static const int journal_priorities[] = { 3, 4, 5, 7 };

void log_set_level(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

bool log_level_parse(const char *name, enum log_level *out)
{
    for (size_t i = 0; name && i < ARRAY_LEN(level_names); i++)
        if (strcasecmp(name, level_names[i]) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    return false;
}

void log_secret(const char *text)
{
    if (!text || strlen(text) < MIN_SECRET_LEN)
        return;
    LOCK_SCOPE(&secrets_lock);
    for (size_t i = 0; i < n_secrets; i++)
        if (text_equal(secrets[i], text))
            return;
    if (n_secrets < MAX_SECRETS)
        secrets[n_secrets++] = mem_dup_text(text);
}

void log_mask(char *text)
{
    LOCK_SCOPE(&secrets_lock);
    for (size_t i = 0; i < n_secrets; i++)
        for (char *at = text; (at = strstr(at, secrets[i])); at += 3) {
            char *rest = at + strlen(secrets[i]);
            memcpy(at, "***", 3);
            memmove(at + 3, rest, strlen(rest) + 1);
        }
}

/* One line stays one line, and a terminal stays unharmed. */
static void escape_controls(const char *from, char *to, size_t to_size)
{
    size_t n = 0;
    for (const unsigned char *at = (const unsigned char *)from; *at && n + 5 < to_size; at++) {
        if (*at >= 0x20 && *at != 0x7f)
            to[n++] = (char)*at;
        else
            n += (size_t)snprintf(to + n, to_size - n, "\\x%02x", *at);
    }
    to[n] = '\0';
}

void log_write(enum log_level level, const char *area, const char *fmt, va_list args)
{
    if ((int)level > atomic_load(&threshold))
        return;
    CLEANUP(mem_free) char *said = mem_alloc(LINE_LEN);
    CLEANUP(mem_free) char *line = mem_alloc(LINE_LEN);
    vsnprintf(said, LINE_LEN, fmt, args);
    log_mask(said);
    escape_controls(said, line, LINE_LEN);
    char when[CLOCK_TEXT_LEN];
    if (getenv("JOURNAL_STREAM"))
        fprintf(stderr, "<%d>%s: %s\n", journal_priorities[level], area, line);
    else
        fprintf(stderr, "%s %-7s %s: %s\n", clock_format(clock_wall_ms(), when), level_names[level],
                area, line);
}

#define DEFINE_LOG(name, level)                                                                    \
    void name(const char *area, const char *fmt, ...)                                              \
    {                                                                                              \
        va_list args;                                                                              \
        va_start(args, fmt);                                                                       \
        log_write(level, area, fmt, args);                                                         \
        va_end(args);                                                                              \
    }

DEFINE_LOG(log_error, LOG_LEVEL_ERROR)
DEFINE_LOG(log_warning, LOG_LEVEL_WARNING)
DEFINE_LOG(log_notice, LOG_LEVEL_NOTICE)
DEFINE_LOG(log_debug, LOG_LEVEL_DEBUG)
