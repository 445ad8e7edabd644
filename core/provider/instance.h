/* SPDX-License-Identifier: MIT
 *
 * What the parts of this folder share: an entry is a configured provider for as long as somebody
 * holds it; an instance is its plugin, opened once with one set of options.  A reload or a reset
 * retires the instance and opens the next. */
#pragma once

#include <stdatomic.h>

#include "base/lock.h"
#include "provider/call.h"
#include "provider/judge.h"
#include "provider/loader.h"
#include "provider/marker.h"
#include "provider/options.h"
#include "provider/pool.h"
#include "provider/registry.h"
#include "provider/settings.h"

enum { CALL_GRACE_MS = 2000, CALL_DEFAULT_TIMEOUT_MS = 30000 };

struct host_call;
struct call_stream;

/* What a registry lends to its entries while it is open. */
struct provider_services {
    char *plugin_path, *state_folder;
    struct net *net;
    struct provider_memory memory;
    struct provider_http http;
    bool http_is_net; /* then its context is the instance's upstream */
    struct pool *pool;
};

struct instance {
    struct provider_entry *entry; /* counted */
    const struct provider_services *services;
    struct module *module;
    const struct provider_info *info;
    const struct provider_images *images; /* NULL: none; as the next two */
    const struct provider_availability *availability;
    const struct provider_streams *streams;
    struct option_values *values;
    struct upstream *upstream; /* NULL without net */
    struct marker *marker;     /* the entry's */
    struct provider *self;
    struct host_call *open_call; /* lives until close() */
    uint32_t timeout_ms;
    atomic_bool retiring;             /* calls are to end */
    unsigned users;                   /* entry lock: calls under way */
    struct call_stream *open_streams; /* entry lock */
    bool serial_busy;                 /* entry lock */
    bool stuck; /* entry lock: a thread never came back, so nothing of this is freed */
};

struct provider_entry {
    char *name;
    struct lock lock;
    struct lock_condition changed;
    unsigned refs;                            /* lock */
    const struct provider_services *services; /* lock; NULL once the registry is closed */
    struct provider_settings *settings;       /* lock */
    struct instance *instance;                /* lock; NULL while out of service */
    struct marker *marker;                    /* lock */
    struct upstream *upstream;                /* lock; NULL until it was opened once */
    bool left_behind;                         /* lock: a thread is stuck inside */
    bool switched_off;                        /* lock: by the operator's hand, until a start */
    bool changing;                            /* lock: somebody opens or retires an instance */
    enum provider_state state;                /* lock */
    char reason[240];                         /* lock */
    unsigned failures_in_row;                 /* lock */
    bool is_rejected;                         /* lock: the service refuses our credentials */
    struct provider_status counted;           /* lock: counters, texts of the description */
};

struct provider_entry *entry_new(const struct provider_services *services,
                                 const struct provider_settings *settings);

/* Loads and opens; what goes wrong becomes the entry's state and reason.  Not while changing. */
void entry_start(struct provider_entry *entry);

/* Takes the instance out of service, lets calls end (cancels them after `patience_ms`), closes it.
 * The entry is left in `state` with `reason`. */
void entry_stop(struct provider_entry *entry, int64_t patience_ms, enum provider_state state,
                const char *reason);

/* Calls under way are to end soon; entry_detach() follows. */
void entry_cancel(struct provider_entry *entry);

/* Stops and cuts the entry's ties to the registry. */
void entry_detach(struct provider_entry *entry, int64_t patience_ms);

void entry_use_settings(struct provider_entry *entry, const struct provider_settings *settings);
void entry_enable(struct provider_entry *entry);
struct provider_entry *entry_ref(struct provider_entry *entry);

/* The instance for one call, counted as in use; NULL with the reason when it is out of service. */
struct instance *entry_use(struct provider_entry *entry, struct error *err);
void entry_unuse(struct provider_entry *entry, struct instance *instance);

/* This instance once more; false when it is no longer the one in service. */
bool entry_use_again(struct provider_entry *entry, struct instance *instance) REQUIRES(entry->lock);

/* For PROVIDER_SERIAL: false when the deadline or `canceled` came first. */
bool entry_serial_enter(struct instance *instance, const struct call_wait *wait);
void entry_serial_leave(struct instance *instance);

/* The outcome of a call. */
void entry_note(struct provider_entry *entry, struct host_call *call, int code,
                const struct error *err);

/* A thread did not come back from `what`. */
void entry_quarantine_stuck(struct instance *instance, const char *what);

/* In call.c: opens and closes under the same deadline and marker as every call. */
int call_open(struct instance *instance, struct error *err);
void call_close(struct instance *instance);

/* In call_streams.c: closes what is still open, when nobody is inside. */
void call_streams_end(struct instance *instance);
