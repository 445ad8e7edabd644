/* SPDX-License-Identifier: MIT
 *
 * URLs and peers inside magnet links, in a normal form: scheme and host in lower case, no default
 * port, no fragment, no user, and hosts that are public.  A private part of magnet; any thread. */
#pragma once

#include <stddef.h>

/* `schemes`: "udp http https"; NULL when it is no such URL or its host is not allowed. */
char *magnet_url_normalise(const char *url, size_t len, const char *schemes, unsigned flags);

/* host:port; NULL when it is none or not allowed. */
char *magnet_peer_normalise(const char *peer, size_t len, unsigned flags);
