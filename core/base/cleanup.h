/* SPDX-License-Identifier: MIT
 *
 * Scope-bound ownership.  Each owner is declared with its destructor and initialised at once:
 *
 *     CLEANUP(item_free) struct item *item = item_new(kind);
 *     ...
 *     return steal(item);
 *
 * A header that offers a destructor says DEFINE_CLEANUP(struct item *, item_free) behind it.
 * Destructors take NULL and half-built objects. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function##_cleanup)))

/* For `type` a pointer: `function` gets the pointer itself. */
#define DEFINE_CLEANUP(type, function)                                                             \
    static inline void function##_cleanup(type *owner)                                             \
    {                                                                                              \
        function(*owner);                                                                          \
    }                                                                                              \
    struct error /* swallows the semicolon */

/* For a value: `function` gets its address. */
#define DEFINE_CLEANUP_VALUE(type, function)                                                       \
    static inline void function##_cleanup(type *owner)                                             \
    {                                                                                              \
        function(owner);                                                                           \
    }                                                                                              \
    struct error /* swallows the semicolon */

/* Moves ownership out of a variable and leaves NULL behind. */
#define steal(pointer)                                                                             \
    __extension__({                                                                                \
        __typeof__(pointer) stolen_ = (pointer);                                                   \
        (pointer) = NULL;                                                                          \
        stolen_;                                                                                   \
    })

static inline void mem_free_cleanup(void *owner)
{
    free(*(void **)owner);
}

static inline void file_close_cleanup(FILE **owner)
{
    if (*owner)
        fclose(*owner);
}

static inline void fd_close_cleanup(int *owner)
{
    if (*owner >= 0)
        close(*owner);
}

#define UNUSED __attribute__((unused))
#define PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
