/* SPDX-License-Identifier: MIT
 *
 * Seeds the films in a folder that films.sh filled: makes torrents of them, runs a tracker over
 * HTTP and UDP that lets everybody in, and has libtorrent offer them.  On loopback only.  What it
 * returns may be used by any thread until it is closed. */
#pragma once

#include "reel.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SEEDING_WHY = 240 };

/* The tracker takes that port when it is free, or any; NULL: `why` says what is wrong. */
const struct reels *seeding_open(const char *folder, int tracker_port, char why[SEEDING_WHY]);
void seeding_close(const struct reels *reels);

#ifdef __cplusplus
}
#endif
