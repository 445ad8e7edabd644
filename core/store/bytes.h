/* SPDX-License-Identifier: MIT
 *
 * How numbers stand in keys and values.  Keys are big endian, so that their byte order is their
 * order; values are little endian, field by field, never a struct as the compiler laid it out.
 * Pure; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

static inline void bytes_put_be(uint8_t *out, uint64_t value, size_t len)
{
    for (size_t i = len; i-- > 0; value >>= 8)
        out[i] = (uint8_t)value;
}

static inline uint64_t bytes_get_be(const void *from, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value << 8 | ((const uint8_t *)from)[i];
    return value;
}

/* The place behind what was written, so that fields follow each other. */
static inline uint8_t *bytes_put_le(uint8_t *out, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++, value >>= 8)
        out[i] = (uint8_t)value;
    return out + len;
}

/* Reads a field and moves *at behind it. */
static inline uint64_t bytes_take_le(const uint8_t **at, size_t len)
{
    uint64_t value = 0;
    for (size_t i = len; i-- > 0;)
        value = value << 8 | (*at)[i];
    *at += len;
    return value;
}
