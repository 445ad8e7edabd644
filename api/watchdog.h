/* SPDX-License-Identifier: MIT
 *
 * Ends reads that take too long.  CivetWeb waits for a body as long as something trickles in; the
 * watchdog shuts the receiving side of the socket at a deadline, and the read comes back.  One
 * thread per server; watchdog_add() and watchdog_remove() on any. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

struct watchdog;
struct watchdog *watchdog_new(void);
void watchdog_free(struct watchdog *watchdog);
DEFINE_CLEANUP(struct watchdog *, watchdog_free);

/* One wait, in the memory of who waits. */
struct watchdog_wait {
    int fd;
    int64_t deadline_ms; /* steady */
    bool expired;
    struct watchdog_wait *next;
};

/* `wait` belongs to the watchdog until watchdog_remove(), which comes before the socket is closed
 * and says whether the deadline struck. */
void watchdog_add(struct watchdog *watchdog, struct watchdog_wait *wait);
bool watchdog_remove(struct watchdog *watchdog, struct watchdog_wait *wait);

/* The socket of this process connected to that peer, through that port of ours; -1: none.  CivetWeb
 * does not give it away, so all descriptors are looked at: for bodies only, not for every request.
 */
int watchdog_find_socket(const char *remote, uint16_t remote_port, uint16_t own_port);
