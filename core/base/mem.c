/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

enum { LARGE_PAGE_LEN = 2 << 20 };

static void *must(void *memory, size_t len)
{
    if (!memory) {
        fprintf(stderr, "miauflixd: out of memory for %zu bytes\n", len);
        abort();
    }
    return memory;
}

void *mem_alloc(size_t len)
{
    return must(calloc(1, len ? len : 1), len);
}

void *mem_alloc_array(size_t n, size_t len)
{
    return must(calloc(n ? n : 1, len), n * len);
}

void *mem_alloc_wide(size_t n, size_t len)
{
    size_t all;
    if (__builtin_mul_overflow(n, len, &all) || all < 2 * (size_t)LARGE_PAGE_LEN)
        return mem_alloc_array(n, len);
    void *memory = must(aligned_alloc(LARGE_PAGE_LEN, all), all);
#ifdef MADV_HUGEPAGE
    madvise(memory, all, MADV_HUGEPAGE); /* a wish: small pages do as well */
#endif
    return memset(memory, 0, all);
}

void *mem_resize(void *old, size_t n, size_t len)
{
    return must(reallocarray(old, n ? n : 1, len), n * len);
}

void *mem_dup(const void *from, size_t len)
{
    char *copy = must(malloc(len + 1), len);
    if (len)
        memcpy(copy, from, len);
    copy[len] = '\0';
    return copy;
}

char *mem_dup_text(const char *from)
{
    return from ? mem_dup(from, strlen(from)) : NULL;
}

char *mem_format_args(const char *fmt, va_list args)
{
    char *out = NULL;
    int n = vasprintf(&out, fmt, args);
    return must(n < 0 ? NULL : out, 0);
}

char *mem_format(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *out = mem_format_args(fmt, args);
    va_end(args);
    return out;
}

void mem_give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
