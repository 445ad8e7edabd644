/* SPDX-License-Identifier: MIT
 *
 * The daemon's command line: what to do, and which values it sets over the configuration.  Main
 * thread. */
#pragma once

#include "conf/conf.h"

enum { COMMAND_LINE_SETS = 32 };

struct command_line {
    const char *config; /* NULL: the installed one if it is there */
    struct conf_override sets[COMMAND_LINE_SETS];
    size_t n_sets;
    char *memory[COMMAND_LINE_SETS]; /* keys of --set; lives as long as the process */
};

enum { COMMAND_LINE_START = -1 };

/* COMMAND_LINE_START: start the daemon with *out_conf.  Else all is done (--check, --help and such,
 * or a mistake, which it has told) and this is the exit status: 0, 1 for a bad configuration, 2 for
 * a bad command line.  `line` keeps what a later command_line_conf() needs. */
int command_line_run(int argc, char **argv, struct command_line *line, struct conf **out_conf);

/* Loads the configuration again, as SIGHUP wants. */
int command_line_conf(const struct command_line *line, struct conf **out, struct error *err);
