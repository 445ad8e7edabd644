/* SPDX-License-Identifier: MIT
 *
 * The sandbox: answers of upstream services, made up on loopback.  A request goes in, a reply comes
 * out; wire.c carries both over HTTP.  Each service has its own files (tmdb_*.c); sandbox.c holds
 * what they share: routes, counters, faults, the dressing of replies.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "catalog.h"

enum { SANDBOX_MAX_PARAMS = 48, SANDBOX_MAX_SEGMENTS = 8, SANDBOX_BODY_LIMIT = 1 << 20 };

struct sandbox;
struct lists;
struct reels;

struct sandbox_param {
    char *name;
    char *value;
};

struct sandbox_request {
    const char *method;
    char *path;                           /* decoded, "/3/movie/11" */
    char *segments[SANDBOX_MAX_SEGMENTS]; /* "3", "movie", "11" */
    size_t n_segments;
    struct sandbox_param params[SANDBOX_MAX_PARAMS];
    size_t n_params;
    const char *authorization; /* header values; NULL absent */
    const char *accept_encoding;
    const char *if_none_match;
    const char *body;
    size_t body_len;
};

/* What wire.c does to a reply on its way out. */
enum sandbox_fault {
    SANDBOX_FAULT_NONE,
    SANDBOX_FAULT_HANG,    /* nothing is ever sent */
    SANDBOX_FAULT_TRICKLE, /* a byte at a time */
    SANDBOX_FAULT_CUT_OFF, /* half of the body, then the connection ends */
};

struct sandbox_reply {
    int status;
    const char *content_type;
    struct text body;
    int max_age; /* -1: no Cache-Control, and no ETag either */
    bool gzipped;
    char etag[40];        /* W/"32 hex"; "" none */
    char retry_after[64]; /* "" none */
    char location[256];   /* "" none */
    enum sandbox_fault fault;
    int64_t delay_ms; /* before the first byte */
};

/* Splits a raw target ("/3/movie/11?language=de") into the request; false: it is not well formed.
 */
bool sandbox_request_parse(struct sandbox_request *request, const char *path, const char *query);
void sandbox_request_done(struct sandbox_request *request);
DEFINE_CLEANUP_VALUE(struct sandbox_request, sandbox_request_done);
void sandbox_reply_done(struct sandbox_reply *reply);
DEFINE_CLEANUP_VALUE(struct sandbox_reply, sandbox_reply_done);

/* NULL when the parameter is absent. */
const char *sandbox_param(const struct sandbox_request *request, const char *name);

struct sandbox_options {
    uint32_t n_invented; /* films */
    uint32_t n_shows;    /* invented ones */
    uint64_t seed;
    const char *key;           /* NULL: SANDBOX_KEY */
    double churn;              /* films, and shows, that change by themselves, per second */
    bool quiet;                /* nothing is announced that did not change */
    const struct reels *reels; /* NULL: no film is really there; not the sandbox's own */
};

#define SANDBOX_KEY "0123456789abcdef0123456789abcdef"

/* The v4 token of a user, who alone may read the private lists. */
#define SANDBOX_USER_TOKEN "eyJ1c2VyIjoxfQ.eyJ1c2VyIjoxfQ.b3duZXI"

struct sandbox *sandbox_new(const struct sandbox_options *options, struct error *err);
void sandbox_free(struct sandbox *sandbox);
DEFINE_CLEANUP(struct sandbox *, sandbox_free);

/* The reply must be empty; sandbox_reply_done() afterwards. */
void sandbox_answer(struct sandbox *sandbox, const struct sandbox_request *request,
                    struct sandbox_reply *reply);

struct catalog *sandbox_catalog(struct sandbox *sandbox); /* of films */
struct catalog *sandbox_shows(struct sandbox *sandbox);
struct lists *sandbox_lists(struct sandbox *sandbox);
const struct reels *sandbox_reels(struct sandbox *sandbox);
struct tmdb_exports;
struct tmdb_exports *sandbox_exports(struct sandbox *sandbox);
const char *sandbox_key(const struct sandbox *sandbox);

/* For the services: a JSON reply begun anew, with this status; max_age as above. */
struct text *sandbox_json(struct sandbox_reply *reply, int status, int max_age);
