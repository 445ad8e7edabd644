/* SPDX-License-Identifier: MIT
 *
 * One answer: filled by a handler, then sent with head and body in one write.  Takes care of HEAD,
 * entity tags and 304, gzip, caching and security headers, so that no route can forget them.  Lives
 * on the thread of its request. */
#pragma once

#include "media/language.h"
#include "request.h"
#include "throttle.h"

enum { REPLY_ETAG_LEN = 48 };

struct reply {
    int status;          /* 0: nothing was said yet */
    const char *type;    /* NULL: application/json */
    struct text headers; /* whole lines with their CRLF: "Link: ...\r\n" */
    struct text body;
    const void *bytes; /* instead of `body`: borrowed until it is sent */
    size_t len;
    char etag[REPLY_ETAG_LEN]; /* without quotes; "": made from the body of a 200 */
    char language[LANGUAGE_LEN];
    int64_t max_age_s;          /* Cache-Control; negative: no-store */
    bool shared;                /* proxies may keep it for everybody */
    bool speaks;                /* depends on Accept-Language */
    bool packed;                /* `bytes` are gzip already */
    bool plain;                 /* never compress */
    const char *cors;           /* the origin to allow, or NULL */
    bool cors_varies;           /* the configuration allows some origins */
    struct throttle_state pace; /* what the RateLimit lines say; not limited: none */
    bool sent;                  /* the handler wrote it itself (events) */

    /* A ready one's (ready.h): everything is as it was finished then, `bytes` are the body. */
    bool is_ready;
    const char *lines; /* borrowed like `bytes`: reply_head_lines(), then those of the entity */
    size_t lines_len, entity_len;

    /* What the ready answers may keep of it (ready.h). */
    bool keep;
    uint32_t tag;
    uint64_t since;
};

void reply_init(struct reply *reply);
void reply_done(struct reply *reply);
DEFINE_CLEANUP_VALUE(struct reply, reply_done);

/* A JSON body, moved in. */
void reply_json(struct reply *reply, int status, struct text *body);

/* A JSON value as the body; takes the reference. */
void reply_value(struct reply *reply, int status, json_t *value);

/* Drops what was filled in so far. */
void reply_problem(struct reply *reply, const struct problem *problem);
void reply_error(struct reply *reply, const struct error *err);

void reply_header(struct reply *reply, const char *fmt, ...) PRINTF(2, 3);

/* A page: {"page","limit","total","total_pages","results":[...] members }, with Link headers made
 * from the request's own target.  `results` is a JSON array, `members` further members that begin
 * with a comma (may be NULL). */
void reply_page(struct reply *reply, const struct request *request, uint64_t total,
                const struct text *results, const char *members);

/* Tags a 200 that has no tag by its bytes, and packs the body with gzip when the client takes it
 * and it is worth it.  reply_send() does it too. */
void reply_finish(struct reply *reply, const struct request *request);

void reply_send(struct reply *reply, const struct request *request);

/* The head alone into `out`, for a body of `len` bytes that the caller sends; false: it cannot hold
 * it. */
bool reply_begin(struct reply *reply, const struct request *request, uint64_t len,
                 struct text *out);

/* The default page and limit of a request. */
uint32_t reply_page_of(const struct request *request);
uint32_t reply_limit_of(const struct request *request);
