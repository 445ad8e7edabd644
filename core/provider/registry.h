/* SPDX-License-Identifier: MIT
 *
 * The providers: loads each enabled plugin (libltdl), judges its description before any of its code
 * runs, opens it with its options, keeps its state and counters, and takes it out of service when
 * it misbehaves.  registry_open() and registry_reload() on the main thread only (libltdl is not
 * thread-safe); the rest on any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "net/net.h"

/* One provider as configured. */
struct provider_settings {
    const char *name;    /* "tmdb" */
    const char *file;    /* "etc/providers.d/tmdb.conf"; for messages */
    const char *library; /* path of the .so/.la; NULL: NAME in the plugin path */
    bool enabled;
    const char *languages; /* the catalogue's, best first, spaces between; NULL: none */
    /* Values of its options as the operator gave them; several for lists. */
    const struct provider_setting {
        const char *name;
        const char *value;
        unsigned line;
    } * values;
    size_t n_values;
    struct upstream_options
        pace;                 /* zeros: the plugin's own wishes; name and mirrors are not used */
    uint32_t call_timeout_ms; /* 0: 30 s */
};

/* Where the plugin's small state lives (the store, outside of tests). */
struct provider_memory {
    void *context;
    int (*get)(void *context, const char *provider, const char *key, struct text *out,
               struct error *err);
    int (*put)(void *context, const char *provider, const char *key, const char *value,
               struct error *err);
};

/* Another way to answer http() than through net: the conformance check and tests bring their own.
 * Any thread. */
struct provider_http {
    void *context;
    int (*fetch)(void *context, const char *provider, const struct provider_request *request,
                 const struct upstream_wait *wait, struct upstream_answer **out, struct error *err);
    void (*release)(void *context, struct upstream_answer *answer);
};

struct registry_options {
    const char *plugin_path;   /* folders, ':' between */
    const char *state_folder;  /* for death markers */
    struct net *net;           /* may be NULL when http is given */
    struct provider_http http; /* .fetch NULL: net */
    struct provider_memory memory;
    const struct provider_settings *providers;
    size_t n_providers;
};

enum provider_state {
    PROVIDER_STATE_ACTIVE,
    PROVIDER_STATE_DEGRADED,
    PROVIDER_STATE_DISABLED,
    PROVIDER_STATE_QUARANTINED
};
const char *provider_state_name(enum provider_state state);

struct registry;
struct provider_entry;

/* A plugin that cannot be used never fails this: its entry is disabled and says why. */
struct registry *registry_open(const struct registry_options *options);
void registry_close(struct registry *registry);
DEFINE_CLEANUP(struct registry *, registry_close);

/* SIGHUP: opens what is new, closes what is gone, reopens what changed; calls under way finish
 * first. */
void registry_reload(struct registry *registry, const struct provider_settings *providers,
                     size_t n);

/* Counted: _unref() when done.  NULL when there is none of that name. */
struct provider_entry *registry_find(struct registry *registry, const char *name);
void provider_entry_unref(struct provider_entry *provider);
DEFINE_CLEANUP(struct provider_entry *, provider_entry_unref);

/* All of them in configured order, each with a reference for the caller; free() the array. */
size_t registry_list(struct registry *registry, struct provider_entry ***out);

enum {
    PROVIDER_CAN_SEARCH = 1,
    PROVIDER_CAN_FETCH = 2,
    PROVIDER_CAN_SYNC = 4,
    PROVIDER_CAN_RESOLVE = 8,
    PROVIDER_CAN_IMAGES = 16,
    PROVIDER_CAN_CHECK_SWARMS = 32,
    PROVIDER_CAN_STREAM = 64
};

/* For /api/providers; plain value, texts included. */
struct provider_status {
    char name[32], version[32], summary[128], file[256];
    enum provider_state state;
    char reason[240]; /* why it is not active: "option 'api_key' is missing: set it in ... or
                         TMDB_API_KEY" */
    uint32_t can;     /* PROVIDER_CAN_ bits */
    uint32_t deaths;
    uint64_t calls, failures, timeouts, documents, refused;
    uint64_t misuses; /* it did what provider.h forbids */
    char last_refusal[240], last_misuse[240];
    uint32_t running;
    int64_t last_success_ms, last_failure_ms; /* wall; 0: never */
    char last_error[240];
    struct upstream_status upstream;
};
void provider_entry_status(struct provider_entry *provider, struct provider_status *out);
const char *provider_entry_name(const struct provider_entry *provider);
bool provider_entry_can(struct provider_entry *provider, uint32_t can);

/* Active or degraded: calls are worth a try. */
bool provider_entry_in_service(struct provider_entry *provider);

/* The hosts its options name, single spaces between: these alone may be private when it says where
 * a picture is.  For the caller to free. */
char *provider_entry_hosts(struct provider_entry *provider);

/* The operator's hand: reset clears quarantine, circuit and back-off, and opens what is out of
 * service for any other reason than this hand; disabling lasts until the next start or reload. */
int provider_entry_reset(struct provider_entry *provider, struct error *err);
int provider_entry_set_enabled(struct provider_entry *provider, bool enabled, struct error *err);
