/* SPDX-License-Identifier: MIT
 *
 * Carries requests and replies of the sandbox over HTTP, and does to the connection what a fault
 * asks for.  A handler of api/server.h. */
#pragma once

#include "sandbox.h"
#include "server.h"

/* The handler; `context` is a struct wire. */
struct wire {
    struct sandbox *sandbox;
    bool stopping; /* atomic: connections that hang or trickle give up */
};

void wire_handle(struct exchange *exchange, void *context);
