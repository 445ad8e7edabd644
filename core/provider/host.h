/* SPDX-License-Identifier: MIT
 *
 * One call into a plugin, and the services the host offers while it runs: struct host_call is what
 * lies behind the plugin's struct provider_call.
 *
 * A call is counted: its caller and the thread inside the plugin hold it.  When the plugin does not
 * come back, the caller abandons it: from then on no service does anything, and nothing of the
 * caller's is touched.  So that this is safe, every service runs between host_enter() and
 * host_leave(), and abandoning waits for the service under way; each of them is bounded by the
 * call's deadline. */
#pragma once

#include "base/lock.h"
#include "provider/call.h"
#include "provider/instance.h"

enum operation {
    OPERATION_OPEN,
    OPERATION_CLOSE,
    OPERATION_SEARCH,
    OPERATION_FETCH,
    OPERATION_SYNC,
    OPERATION_RESOLVE,
    OPERATION_LOCATE,
    OPERATION_CHECK_SWARM,
    OPERATION_STREAM_OPEN,
    OPERATION_STREAM_READ,
    OPERATION_STREAM_STATE,
    OPERATION_STREAM_CANCEL,
    OPERATION_STREAM_CLOSE,
    OPERATION_METAINFO,
    OPERATION_FORGET,
    OPERATION_LEARN
};
const char *operation_name(enum operation operation);

enum { HOST_KEPT_ANSWERS = 8, HOST_MAX_STATE_LEN = 64 << 10, HOST_MAX_CLASSES = 16 };

struct host_call {
    struct provider_call call; /* first: what the plugin sees */
    struct instance *instance;
    enum operation operation;
    int64_t deadline_ms; /* steady */
    bool background;     /* nobody waits for it */

    struct lock lock;
    struct lock_condition changed;
    unsigned refs;                /* lock */
    unsigned in_host;             /* lock: a service is running */
    bool overdue;                 /* lock: the caller waits only for that */
    bool done;                    /* lock: the plugin came back */
    bool abandoned;               /* lock: nobody waits */
    bool thread_known;            /* lock */
    pthread_t thread;             /* lock: the one that may use all services */
    volatile int stop;            /* atomic: cancelled */
    const struct call_sink *sink; /* the caller's; NULL: nothing can be emitted */

    /* The call's thread; its caller once it is done. */
    int result;
    int stop_code;     /* what emit() or checkpoint() ended the call with; sticky */
    bool stop_is_ours; /* enough was emitted: not a failure */
    bool explained;    /* the plugin called vfail() */
    struct error error;
    uint32_t limit;      /* documents; 0: any number */
    bool wants_releases; /* a search for them */
    uint32_t n_matches;  /* of the documents, those the limit is about */
    uint32_t n_documents, n_refused, n_misused, n_logged;
    struct error refusal, misuse;
    uint64_t classes[HOST_MAX_CLASSES]; /* of refusals that were logged */
    size_t n_classes;
    struct upstream_answer *answers[HOST_KEPT_ANSWERS];
    size_t next_answer;
    char *state_answer;
    struct call_arguments *arguments; /* call.c: the operation's own copy of what it was asked */
};

struct host_call *host_call_new(struct instance *instance, enum operation operation,
                                int64_t deadline_ms, const struct call_sink *sink);
void host_call_unref(struct host_call *call);

/* Once the plugin came back.  Behind an abandoned call they stay where they are: net may be gone
 * before the thread inside is done with them. */
void host_release_answers(struct host_call *call);

extern const struct provider_host host_table;

/* For the parts of the host. */
struct host_call *host_of(struct provider_call *call);

/* False: this service is not to be had now, `*out` is what to answer instead.  Otherwise
 * host_leave() must follow. */
struct host_visit {
    struct marker *marker;
};
bool host_enter(struct host_call *call, const char *service, struct host_visit *visit, int *out);
void host_leave(struct host_call *call, const struct host_visit *visit);

int host_fail(struct host_call *call, int code, const char *fmt, ...) PRINTF(3, 4);

/* The plugin did what the header forbids; counted, and logged once per call. */
void host_misused(struct host_call *call, const char *fmt, ...) PRINTF(2, 3);

int host_http(struct provider_call *call, const struct provider_request *request,
              const struct provider_response **out);
int host_emit(struct provider_call *call, const struct provider_document *document);
int host_checkpoint(struct provider_call *call, const char *cursor);
