/* SPDX-License-Identifier: MIT
 *
 * The upstream of the conformance check: one way to behave per scenario.  Any thread. */
#pragma once

#include <stdbool.h>

#include "provider/registry.h"

enum check_behaviour { CHECK_ANSWERS, CHECK_HANGS, CHECK_UNREACHABLE, CHECK_HUGE, CHECK_DEEP };

struct check_scenario {
    const char *name;
    enum check_behaviour behaviour;
    int32_t status;
    const char *type, *body, *retry_after;
    bool is_failure;    /* success without a document would make a failed source look empty */
    bool is_cancelled;  /* nobody waits for the answer any more */
    bool is_full;       /* the host takes no document */
    unsigned n_repeats; /* how often it is asked, to see whether memory grows */
    int fetch_code;     /* what a fetch has to answer; 0: any failure will do */
};

extern const struct check_scenario check_scenarios[];
extern const size_t check_n_scenarios;

struct check_upstream {
    const struct check_scenario *scenario;
    const char *answers_folder;
    unsigned n_requests; /* atomic */
};

struct provider_http check_upstream_http(struct check_upstream *upstream);
