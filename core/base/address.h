/* SPDX-License-Identifier: MIT
 *
 * Which network addresses are public unicast ones, by IANA's special-purpose registry: what data
 * from outside may name, and what it may not.  Pure, resolves nothing; any thread. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

bool address_is_public(const struct sockaddr *address);

/* An address as text, with or without brackets; what is no address is not public. */
bool address_is_public_text(const char *address);

/* True when `host` is a literal address or a name that never leads outside (localhost), and
 * not public: refused before anything is resolved. */
bool address_refuses_host(const char *host);
