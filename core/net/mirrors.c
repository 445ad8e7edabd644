/* SPDX-License-Identifier: MIT */
#include "net/mirrors.h"

#include <string.h>

#include "base/text.h"

static void free_bases(struct mirrors *mirrors)
{
    for (size_t i = 0; i < mirrors->n; i++)
        free(mirrors->bases[i]);
    mirrors->n = 0;
}

static bool is_same(const struct mirrors *mirrors, const char *const *bases, size_t n)
{
    if (mirrors->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!text_equal(mirrors->bases[i], bases[i]))
            return false;
    return true;
}

void mirrors_set(struct mirrors *mirrors, const char *const *bases, size_t n)
{
    n = MIN(n, MIRRORS_MAX);
    if (is_same(mirrors, bases, n))
        return;
    CLEANUP(mem_free)
    char *kept = mirrors->n ? mem_dup_text(mirrors->bases[mirrors->current]) : NULL;
    free_bases(mirrors);
    mirrors->n = n;
    mirrors->current = 0;
    mirrors->generation++;
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(bases[i]);
        while (len && bases[i][len - 1] == '/')
            len--;
        mirrors->bases[i] = mem_dup(bases[i], len);
        if (text_equal(kept, mirrors->bases[i]))
            mirrors->current = i;
    }
}

void mirrors_done(struct mirrors *mirrors)
{
    free_bases(mirrors);
}

int mirrors_next(const struct mirrors *mirrors, uint32_t tried)
{
    for (size_t i = 0; i < mirrors->n; i++) {
        size_t at = (mirrors->current + i) % mirrors->n;
        if (!(tried & 1u << at))
            return (int)at;
    }
    return -1;
}

void mirrors_prefer(struct mirrors *mirrors, size_t which)
{
    if (which < mirrors->n)
        mirrors->current = which;
}
