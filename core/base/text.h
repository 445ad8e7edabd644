/* SPDX-License-Identifier: MIT
 *
 * Text: a growable buffer with a mandatory limit, and the few questions one asks of strings. Bytes,
 * not only characters: a buffer may hold NULs, and always has one behind its last byte.  Any
 * thread, object not shared. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

struct text {
    char *bytes; /* NULL while nothing was ever added */
    size_t len;
    size_t capacity;
    size_t limit;  /* bytes; what would pass it is not added */
    bool overflow; /* something was not added; sticky */
};

#define TEXT_INIT(max_len)                                                                         \
    {                                                                                              \
        .limit = (max_len)                                                                         \
    }

void text_done(struct text *text);
DEFINE_CLEANUP_VALUE(struct text, text_done);

/* Empties it and keeps the memory. */
void text_clear(struct text *text);

/* Room for `more` bytes; false (and overflow) when that would pass the limit. */
bool text_reserve(struct text *text, size_t more);

/* text_add() where there is no room yet, or the limit is near. */
bool text_add_slowly(struct text *text, const void *bytes, size_t len);

/* Each returns false, adding nothing, when the limit would be passed. */
static inline bool text_add(struct text *text, const void *bytes, size_t len)
{
    if (!text->bytes || len >= text->capacity - text->len || text->len + len > text->limit)
        return text_add_slowly(text, bytes, len);
    if (len) /* of an empty text there may be no bytes */
        memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = '\0';
    return true;
}
static inline bool text_add_string(struct text *text, const char *string)
{
    return text_add(text, string, strlen(string));
}
static inline bool text_add_char(struct text *text, char c)
{
    return text_add(text, &c, 1);
}
bool text_add_number(struct text *text, uint64_t number); /* in decimal */
bool text_add_format(struct text *text, const char *fmt, ...) PRINTF(2, 3);

/* As a JSON string with its quotes; `string` is valid UTF-8.  NULL becomes null. */
bool text_add_json_string(struct text *text, const char *string);

/* Percent-encoded as one path segment or query value (RFC 3986 unreserved characters stay). */
bool text_add_url_encoded(struct text *text, const char *string);

/* Moves the bytes out (free() them); never NULL. */
char *text_take(struct text *text);

/* "" instead of NULL. */
const char *text_string(const struct text *text);

bool text_equal(const char *a, const char *b); /* NULL equals NULL */
bool text_is_empty(const char *string);        /* NULL or "" */
bool text_starts_with(const char *string, const char *prefix);
bool text_ends_with(const char *string, const char *suffix);

/* Well-formed UTF-8 without NULs, surrogates or overlong forms. */
bool text_is_utf8(const char *bytes, size_t len);

/* Copies what can be shown as it stands, as much as fits, and ends it with a NUL; returns its
 * length.  Control characters and NULs become blanks; bytes that are no UTF-8, and characters that
 * turn the direction of text or are not seen, are left out.  `out` may be `bytes`. */
size_t text_tidy(const char *bytes, size_t len, char *out, size_t out_size);

/* The whole string is a decimal number within the bounds; *out is untouched otherwise. */
bool text_to_int(const char *string, int64_t min, int64_t max, int64_t *out);
bool text_to_double(const char *string, double *out);

/* Decodes %XX (and '+' as space when asked) of one segment; false on a bad sign, %00 or invalid
 * UTF-8. */
bool text_url_decode(const char *string, size_t len, bool plus_is_space, char **out);

/* FNV-1a, 64 bits, for hash tables and ETags of our own bytes; not against adversaries. */
uint64_t text_hash(const void *bytes, size_t len);

/* Many times faster on long bytes, and as good at telling them apart.  The same on every machine;
 * but not for what is stored, so that it may change. */
uint64_t text_digest(const void *bytes, size_t len);
