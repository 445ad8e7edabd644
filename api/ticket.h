/* SPDX-License-Identifier: MIT
 *
 * Tickets: players are given an address and send no headers, so the address of a stream may carry
 * the right to read it.  A ticket is good for the files of one torrent, for hours, and for as long
 * as the daemon runs; nothing else can be done with it.  Any thread. */
#pragma once

#include <stdbool.h>

struct app;

enum { TICKET_SIZE = 64, TICKET_LIFE_S = 12 * 3600 };

/* For whoever may stream: the caller has looked. */
void ticket_write(const struct app *app, const char *infohash, char out[TICKET_SIZE]);

/* Whether it is one of ours for this torrent, and not yet over. */
bool ticket_is_good(const struct app *app, const char *infohash, const char *ticket);
