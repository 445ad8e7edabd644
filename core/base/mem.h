/* SPDX-License-Identifier: MIT
 *
 * Small allocations that cannot fail: they end the process with a message instead.  Whatever takes
 * its size from outside goes through a limit first (text_reserve() has one built in).  Everything
 * is freed with free(), or with CLEANUP(mem_free).  Any thread. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/cleanup.h"

/* Zeroed. */
void *mem_alloc(size_t len) __attribute__((malloc, alloc_size(1), returns_nonnull));
void *mem_alloc_array(size_t n, size_t len)
    __attribute__((malloc, alloc_size(1, 2), returns_nonnull));

/* As mem_alloc_array(), for what is read here and there, and may be large: the system is asked for
 * large pages then, so that finding an address takes less time than reading there. */
void *mem_alloc_wide(size_t n, size_t len)
    __attribute__((malloc, alloc_size(1, 2), returns_nonnull));

/* As realloc(); the new part is not zeroed. */
void *mem_resize(void *old, size_t n, size_t len)
    __attribute__((alloc_size(2, 3), returns_nonnull));

/* A copy with a NUL behind it. */
void *mem_dup(const void *from, size_t len) __attribute__((malloc, returns_nonnull));

/* A copy of a string; NULL stays NULL. */
char *mem_dup_text(const char *from);
char *mem_format(const char *fmt, ...) PRINTF(1, 2) __attribute__((malloc, returns_nonnull));
char *mem_format_args(const char *fmt, va_list args) PRINTF(1, 0)
    __attribute__((malloc, returns_nonnull));

/* Gives the system back what is free here and there, after work that needed much of it.  Takes a
 * few milliseconds, in which other threads may wait for memory. */
void mem_give_back(void);

#define mem_new(type) ((type *)mem_alloc(sizeof(type)))
