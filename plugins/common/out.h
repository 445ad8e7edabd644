/* SPDX-License-Identifier: MIT
 *
 * Text that a plugin writes: URLs, and JSON put down member by member without a tree in between.
 * The buffer has a mandatory limit; what would pass it, or finds no memory, sets `failed`, which
 * sticks, so that one question at the end is enough.  What is unknown is left out: a NULL or empty
 * string adds nothing.  Any thread, object not shared. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct out {
    char *bytes; /* NUL-terminated once something was added */
    size_t len;
    size_t capacity;
    size_t limit;
    bool failed;
    bool comma; /* the next member or parameter has one before it */
};

#define OUT_INIT(max_len)                                                                          \
    {                                                                                              \
        .limit = (max_len)                                                                         \
    }
#define OUT_AUTO __attribute__((cleanup(out_done))) struct out

void out_done(struct out *out);
void out_clear(struct out *out); /* keeps the memory */

void out_add(struct out *out, const char *bytes, size_t len);
void out_add_text(struct out *out, const char *text);
void out_add_int(struct out *out, int64_t value);
void out_add_url_encoded(struct out *out, const char *text); /* RFC 3986 unreserved stay */

/* The next parameter of a query: "?name=" or "&name=" and the value. */
void out_param(struct out *url, const char *name, const char *value);
void out_param_int(struct out *url, const char *name, int64_t value);

/* JSON.  A NULL key: an element of an array, or the outermost value. */
void out_open(struct out *out, const char *key, char bracket); /* '{' or '[' */
void out_close(struct out *out, char bracket);                 /* '}' or ']' */
/* At most max_len bytes of it, cut between characters. */
void out_string(struct out *out, const char *key, const char *value, size_t max_len);
void out_int(struct out *out, const char *key, int64_t value);
void out_real(struct out *out, const char *key, double value); /* finite ones */
void out_bool(struct out *out, const char *key, bool value);

/* Where the writer stands; going back forgets what was written since, but not a failure. */
struct out_mark {
    size_t len;
    bool comma;
};
struct out_mark out_mark(const struct out *out);
void out_back(struct out *out, struct out_mark mark);
