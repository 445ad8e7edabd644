/* SPDX-License-Identifier: MIT
 *
 * Upstream bodies on disk: files in a folder, bounded in bytes, the least recently used go first.
 * A torn or foreign file counts as absent.  Any thread. */
#pragma once

#include "net/net.h"

struct bodies;
int bodies_open(const char *folder, uint64_t max_bytes, struct bodies **out, struct error *err);
void bodies_close(struct bodies *bodies);
DEFINE_CLEANUP(struct bodies *, bodies_close);

/* The operations net wants. */
struct net_body_cache bodies_cache(struct bodies *bodies);

struct bodies_status {
    uint64_t bytes, files, hits, misses, evictions;
};
void bodies_status(struct bodies *bodies, struct bodies_status *out);
