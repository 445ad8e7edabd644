/* SPDX-License-Identifier: MIT
 *
 * The services over a real store in a temporary folder, with two providers, "script_a" and
 * "script_b", that do what the test's routes say (tests/plugins/faults/script.h).  One thread sets
 * it up; requests come from many. */
#pragma once

#include "base/lock.h"
#include "conf/conf.h"
#include "index/index.h"
#include "provider/registry.h"
#include "service/catalog.h"
#include "service/intake.h"
#include "service/jobs.h"
#include "store/store.h"

enum { SERVICE_MAX_ROUTES = 64 };

struct service_route {
    char provider[16], path[120];
    int failure; /* PROVIDER_E code instead of an answer */
    char *body;
    uint32_t age_s;
    bool stale;
    bool holds; /* until it is let go, cancelled or out of time */
    unsigned n; /* how often it was asked */
};

struct service {
    char folder[64];
    struct conf conf;
    struct provider_settings settings[2];
    struct store *store;
    struct registry *registry;
    struct index *index;
    struct catalog *catalog;
    struct jobs *jobs;
    struct derive_policy policy;

    struct lock lock; /* guards what follows */
    struct lock_condition change;
    struct service_route routes[SERVICE_MAX_ROUTES];
    size_t n_routes;
};

int service_begin(void **state);
int service_end(void **state); /* proves the store first */
#define SERVED(test) cmocka_unit_test_setup_teardown(test, service_begin, service_end)

/* As after a crash or a stop: everything anew over the same store. */
void service_close(struct service *service);
void service_open(struct service *service);

/* What `provider` is answered at `path` from now on: text, a failure, or nothing until
 * service_release(). */
void service_answer(struct service *service, const char *provider, const char *path,
                    const char *body);
void service_age(struct service *service, const char *provider, const char *path, uint32_t age_s,
                 bool stale); /* of what it is answered */
void service_fail(struct service *service, const char *provider, const char *path, int failure);
void service_hold(struct service *service, const char *provider, const char *path,
                  const char *body);
void service_release(struct service *service, const char *provider, const char *path);
unsigned service_asked(struct service *service, const char *provider, const char *path);

/* Waits until the path has been asked `n` times; false after ten seconds. */
bool service_wait_asked(struct service *service, const char *provider, const char *path,
                        unsigned n);

/* Takes in one document as `provider` would emit it; returns the item. */
uint32_t service_take(struct service *service, const char *provider, uint32_t kind, uint32_t flags,
                      const char *json);

/* Every table agrees, and every item is what its records imply. */
void service_prove(struct service *service);

uint32_t service_find(struct service *service, const char *external); /* a movie; 0: nobody */

/* The newest state of a job as JSON (new reference), once it no longer runs. */
json_t *service_wait_job(struct service *service, uint32_t job);

/* Lets days pass.  From then on waits with a deadline last until somebody wakes them. */
void service_pass_time(int64_t ms);
