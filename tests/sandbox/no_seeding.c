/* SPDX-License-Identifier: MIT
 *
 * In place of seeding.cc where libtorrent is not there. */
#include "seeding.h"

#include <stdio.h>

#include "base/mem.h"

const struct reels *seeding_open(const char *folder UNUSED, int tracker_port UNUSED,
                                 char why[SEEDING_WHY])
{
    snprintf(why, SEEDING_WHY, "built without libtorrent (apt install libtorrent-rasterbar-dev)");
    return NULL;
}

void seeding_close(const struct reels *reels UNUSED)
{
}
