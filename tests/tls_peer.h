/* SPDX-License-Identifier: MIT
 *
 * A server of somebody else's on a port of 127.0.0.1, with a certificate that nobody vouches for,
 * for the tests of core/net.  Errors end the test. */
#pragma once

#include "test.h"

#include <stdbool.h>
#include <sys/types.h>

#include "base/cleanup.h"

struct tls_peer {
    char folder[64]; /* removed with all files in it */
    char certificate[96], key[96];
    pid_t pid; /* asked to end, and waited for; 0: none */
    int port;
};

/* A folder of its own with a certificate for `subject`, "IP:127.0.0.1"; false when there is no
 * openssl to make it. */
bool tls_peer_certify(struct tls_peer *peer, const char *subject);

/* Starts a program without input; what it prints goes to `output`, or nowhere when that is -1. */
pid_t tls_peer_run(char *const *arguments, int output);

void tls_peer_stop(struct tls_peer *peer);
DEFINE_CLEANUP_VALUE(struct tls_peer, tls_peer_stop);
