/* SPDX-License-Identifier: MIT
 *
 * The lines of a gzip file (or of a plain one) that lies in memory, inflated piece by piece.  Any
 * thread, object not shared. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINES_MAX_LEN = 64 << 10 };

struct lines;

/* Borrows `bytes`.  NULL: no memory.  At most max_len bytes come out of it. */
struct lines *lines_new(const char *bytes, size_t len, uint64_t max_len);
void lines_free(struct lines *lines);
#define LINES_AUTO __attribute__((cleanup(lines_free_at))) struct lines
void lines_free_at(struct lines **lines);

enum lines_verdict {
    LINES_LINE,
    LINES_LONG, /* a line of more than LINES_MAX_LEN bytes, skipped */
    LINES_END,
    LINES_CUT, /* the file ends in the middle, or is damaged */
    LINES_LIMIT,
};

/* The next line without its newline, valid until the next call. */
enum lines_verdict lines_next(struct lines *lines, const char **out, size_t *out_len);

/* How much of the file has been taken in, 0 to 1. */
double lines_share(const struct lines *lines);

/* Whether bytes begin as gzip or as a line of JSON does. */
bool lines_is_export(const char *bytes, size_t len);
