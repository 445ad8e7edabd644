/* SPDX-License-Identifier: MIT
 *
 * One answer of an upstream: status, headers, body; counted, so that callers who asked the same at
 * the same time share it.  It is built by one thread and immutable from the moment it is shared;
 * ref and unref may then be called by any thread. */
#pragma once

#include "base/text.h"
#include "net/net.h"

struct response {
    struct upstream_answer public; /* first: plugins and callers hold a pointer to it */
    int refs;                      /* atomic */
    int64_t stored_ms;             /* wall time the upstream vouched for it */
    struct text headers;           /* "name: value\n" ... as text, each "\n" and ": " a NUL */
    struct text body;
};

enum { RESPONSE_MAX_HEADERS = 64 * 1024 };

struct response *response_new(uint64_t max_body);
struct response *response_copy(const struct response *from);
struct response *response_ref(struct response *response);
void response_unref(struct response *response);
DEFINE_CLEANUP(struct response *, response_unref);

/* One raw line with or without its line end.  A status line begins the headers anew; what is no
 * header is skipped.  False when all headers together pass their limit. */
bool response_add_header(struct response *response, const char *line, size_t len);

/* NULL when absent; the first one when repeated. */
const char *response_header(const struct response *response, const char *name);

/* Makes it presentable: the public part points at the body. */
void response_finish(struct response *response, int status);

/* The headers and facts as a text for the disk, and back; the body travels apart. */
bool response_write_head(const struct response *response, struct text *out);
bool response_read_head(struct response *response, const struct text *head);
