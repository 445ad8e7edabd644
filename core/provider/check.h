/* SPDX-License-Identifier: MIT
 *
 * The conformance check: runs a plugin file through the daemon's own loader, host services and
 * calls, against an upstream that misbehaves in every way upstreams do, and says in TAP what it
 * thinks.  Nothing goes out to the network.  Each operation runs in a process of its own, so that a
 * crash is a finding and not the end.  To be called while the process has one thread. */
#pragma once

#include <stdio.h>

#include "provider/registry.h"

struct check_options {
    const char *library;                   /* the .so or .la */
    const struct provider_setting *values; /* of its options; required ones get a dummy */
    size_t n_values;
    const char *answers_folder; /* holds a file "answers" with lines "URL-PATTERN FILE [STATUS]" for
                                   the well-behaved upstream; NULL: it answers an empty result */
    uint32_t deadline_ms;       /* of each operation; 0: 3 s */
};

/* The number of findings that speak against the plugin; negative when the check itself failed. */
int check_plugin(const struct check_options *options, FILE *out, struct error *err);
