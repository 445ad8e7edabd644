/* SPDX-License-Identifier: MIT
 *
 * URLs: what "{base}" becomes, which host is asked, where a redirect leads.  Any thread. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum { TARGET_MAX_URL = 8192 };

#define TARGET_BASE "{base}"

/* Scheme, host and port: what must stay the same for credentials to travel on. */
struct target {
    bool https;
    int port;
    char host[256]; /* lower case */
};

/* False unless it is http or https with a host and without a user name. */
bool target_parse(const char *url, struct target *out);

/* The URL with its mirror filled in (base may be NULL when there is no "{base}"). */
int target_expand(const char *url, const char *base, char **out, struct error *err);

enum target_hop { TARGET_SAME_HOST, TARGET_OTHER_HOST, TARGET_NOWHERE };

/* Where a Location leads.  Leaving https for http is nowhere; http to https of the same name is
 * the same host.  *out is the absolute URL unless nowhere. */
enum target_hop target_redirect(const char *from, const char *location, char **out);
