/* SPDX-License-Identifier: MIT
 *
 * A magnet link as the host hands it over, which has judged and normalised it: read into its parts
 * once more by our own rules, because the engine would take a wrong hash without a word.  Only
 * hashes and trackers are used; what else a link may name (web seeds, sources, peers, DHT nodes)
 * would have us connect to wherever its author likes.  Pure; any thread. */
#pragma once

#include <stdbool.h>

#include "webtorrent/engine.h"

enum { LINK_TRACKERS = 64, LINK_TRACKER_LEN = 1024, LINK_LEN = 256 << 10 };

struct link {
    char v1[ENGINE_HASH_SIZE], v2[ENGINE_V2_SIZE]; /* lower-case hex; "": none */
    char *trackers[LINK_TRACKERS];
    size_t n_trackers;
};

/* False when there is no hash beyond doubt, or no memory; link_done() in any case. */
bool link_read(const char *text, struct link *out);
void link_done(struct link *link);

/* The same parts for the engine, which borrows them. */
struct engine_magnet link_magnet(const struct link *link);
