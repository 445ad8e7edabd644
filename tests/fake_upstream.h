/* SPDX-License-Identifier: MIT
 *
 * A scripted HTTP/1.1 server on loopback, for tests of whoever talks to an upstream.  Each path
 * (with its query) has a list of answers; the last one repeats.  What is not scripted is 404.  Any
 * thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_upstream;

enum fake_manner {
    FAKE_WHOLE,
    FAKE_HANG,    /* reads the request and says nothing until the server stops */
    FAKE_HOLD,    /* answers once fake_release() was called */
    FAKE_TRICKLE, /* headers, then a byte every 20 ms */
    FAKE_CUT_OFF, /* announces the whole body, closes after half of it */
    FAKE_DROP,    /* closes instead of answering */
};

struct fake_answer {
    int status;
    const char *headers; /* "Name: value\r\n" lines; may be NULL */
    const char *body;    /* may be NULL */
    size_t body_len;     /* 0: strlen(body) */
    enum fake_manner manner;
};

struct fake_upstream *fake_upstream_start(void);
void fake_upstream_stop(struct fake_upstream *fake);

/* "http://127.0.0.1:PORT" */
const char *fake_upstream_url(const struct fake_upstream *fake);
int fake_upstream_port(const struct fake_upstream *fake);

/* Replaces the path's script; nothing is copied, so it must outlive the server. */
void fake_upstream_script(struct fake_upstream *fake, const char *target,
                          const struct fake_answer *answers, size_t n);

/* What is not scripted gets this instead of 404. */
void fake_upstream_script_rest(struct fake_upstream *fake, const struct fake_answer *answer);

void fake_upstream_release(struct fake_upstream *fake);

/* Requests seen so far; NULL: all paths. */
unsigned fake_upstream_seen(struct fake_upstream *fake, const char *target);

/* True once `n` requests for the path were seen; false after five seconds. */
bool fake_upstream_await(struct fake_upstream *fake, const char *target, unsigned n);

/* The most requests that were being answered at once. */
unsigned fake_upstream_peak(struct fake_upstream *fake);

/* The value of a header in the path's last request, copied into `out`; false when absent. */
bool fake_upstream_header(struct fake_upstream *fake, const char *target, const char *name,
                          char *out, size_t out_size);
