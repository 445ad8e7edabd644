/* SPDX-License-Identifier: MIT
 *
 * The one thread that moves bytes: curl's multi interface, connections and HTTP/2 streams reused
 * across all upstreams.  It knows nothing of pace, retries or caches: one transfer, one end.  Any
 * thread may start, wait for and free transfers; each belongs to one thread at a time. */
#pragma once

#include "net/guard.h"
#include "net/response.h"

struct engine;
struct transfer;

/* As in net_options; copied. */
struct engine_options {
    const char *user_agent, *proxy, *ca_file;
    uint32_t connect_timeout_ms;
};

struct engine *engine_new(const struct engine_options *options);

/* Aborts all transfers.  Their owners still free them, before engine_free(). */
void engine_stop(struct engine *engine);
void engine_free(struct engine *engine);

struct transfer_spec {
    const char *url;
    const char *host; /* of that URL, for the guard */
    const char *method;
    const char *const *headers; /* ends with NULL; may be NULL */
    const char *condition;      /* one more, may be NULL */
    const void *body;
    size_t body_len;
    uint64_t max_body; /* bytes after decoding */
    uint32_t timeout_ms;
    bool once;                 /* never sent twice: not even because a kept-alive connection died */
    const struct guard *guard; /* NULL: any address; outlives the transfer */
};

struct transfer *engine_start(struct engine *engine, const struct transfer_spec *spec);

enum transfer_end {
    TRANSFER_DONE,    /* an answer, whatever its status */
    TRANSFER_FAILED,  /* no answer, or one cut off */
    TRANSFER_TIMEOUT, /* the try's time passed */
    TRANSFER_TOO_LARGE,
    TRANSFER_REFUSED, /* the guard said no */
    TRANSFER_ABORTED, /* the engine stopped */
};

/* False when it has not ended by then. */
bool transfer_wait(struct transfer *transfer, int64_t until_ms);

/* Only after it ended. */
enum transfer_end transfer_end(const struct transfer *transfer);
const char *transfer_problem(const struct transfer *transfer); /* curl's words */
uint64_t transfer_bytes(const struct transfer *transfer);
struct response *transfer_take_response(struct transfer *transfer);

/* Ends it if it runs. */
void transfer_free(struct transfer *transfer);
