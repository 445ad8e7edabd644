/* SPDX-License-Identifier: MIT
 *
 * Tells systemd how the service is doing, when it was started by it.  One datagram; the library for
 * this would pull in seven others.  Any thread. */
#pragma once

/* "READY=1", "STOPPING=1", "RELOADING=1", "STATUS=..." */
void notify_manager(const char *state);
