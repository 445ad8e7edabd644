/* SPDX-License-Identifier: MIT
 *
 * One request, read strictly: path segments and query parameters decoded each on its own (so "%2F"
 * stays inside its segment and ".." is a word like any other), headers checked for what CivetWeb
 * lets pass (two lengths, a length and chunks, no Host, more headers than it shows).  Lives on the
 * thread of its exchange. */
#pragma once

#include <jansson.h>

#include "problem.h"
#include "server.h"
#include "store/tokens.h"

enum request_method {
    REQUEST_GET = 1,
    REQUEST_HEAD = 2,
    REQUEST_POST = 4,
    REQUEST_PUT = 8,
    REQUEST_DELETE = 16,
    REQUEST_OPTIONS = 32,
};

enum { REQUEST_MAX_SEGMENTS = 12, REQUEST_MAX_PARAMS = 40, REQUEST_MAX_TARGET = 8000 };

struct request {
    struct exchange *exchange;
    enum request_method method; /* 0: none of ours */
    size_t n_segments, n_params;

    /* Headers that somebody looks at; NULL: absent. */
    const char *host, *authorization, *accept_encoding, *accept_language, *if_none_match, *if_match,
        *origin, *content_type, *content_length, *transfer_encoding, *expect, *last_event_id;

    /* Set by whoever routes it. */
    const char *arguments[4]; /* the segments that stand for ":id" and the like, in order */
    struct token_row caller;  /* user "" : anonymous */
    bool is_own;              /* the daemon's own (warm.h): no provider is asked for it */
    size_t max_body;
    struct text arena; /* where the decoded texts are */
    json_t *json;      /* the body, once it was read */
    struct text seen;  /* with If-Match: what GET showed when it held.  For whoever compares it
                          again where nobody comes in between */

    /* Last, because they are large: beyond their numbers nothing is set. */
    const char *segments[REQUEST_MAX_SEGMENTS];
    struct request_param {
        const char *name, *value;
    } params[REQUEST_MAX_PARAMS];
};

/* Reads the headers, then the target; false: refused, *problem says why.  request_done() in any
 * case. */
bool request_read_head(struct exchange *exchange, struct request *out, struct problem *problem);
bool request_read_target(struct request *request, struct problem *problem);
void request_done(struct request *request);
DEFINE_CLEANUP_VALUE(struct request, request_done);

/* NULL: not given. */
const char *request_param(const struct request *request, const char *name);

/* A parameter that was already checked. */
int64_t request_int(const struct request *request, const char *name, int64_t fallback);

bool request_flag(const struct request *request, const char *name); /* "1" or "true" */

/* The body as a JSON object, borrowed; no body is an empty object.  Refuses other types, what is no
 * JSON, what is too long or too slow. */
bool request_object(struct request *request, const json_t **out, struct problem *problem);

/* Whether the body says to be of a media type; whether its bytes could be read. */
bool request_is_type(const struct request *request, const char *type);
bool request_bytes(struct request *request, size_t max, struct text *out, struct problem *problem);

/* Reads and drops what must not be there; a body on a request that has none is refused. */
bool request_no_body(struct request *request, struct problem *problem);

/* "GET"; NULL when `method` is no single method. */
const char *request_method_name(enum request_method method);

/* Whether the client takes gzip (RFC 9110: q-values, "*"). */
bool request_accepts_gzip(const struct request *request);

/* Whether a list of entity tags ("*" too) has `etag`, compared weakly. */
bool request_etag_matches(const char *list, const char *etag);
