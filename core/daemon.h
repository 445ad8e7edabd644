/* SPDX-License-Identifier: MIT
 *
 * The daemon: opens everything in order, serves until it is told to stop, closes in reverse.  Main
 * thread. */
#pragma once

#include "command_line.h"

struct daemon;

/* Everything up to a listening server; the first thing that fails ends it, with the reason. */
int daemon_open(const struct command_line *line, struct conf *conf, struct daemon **out,
                struct error *err);

/* Serves until SIGTERM or SIGINT; SIGHUP reloads providers, precedence, limits and
 * schedules. */
void daemon_run(struct daemon *daemon);
void daemon_close(struct daemon *daemon);
DEFINE_CLEANUP(struct daemon *, daemon_close);
