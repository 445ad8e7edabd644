/* SPDX-License-Identifier: MIT
 *
 * Commands of the shell, for tests that need what other programs make. */
#pragma once

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

/* In a folder; the status as waitpid() has it, -1: it could not begin. */
static inline int run_in(const char *folder, const char *command)
{
    CLEANUP(mem_free) char *line = mem_format("cd '%s' && %s", folder, command);
    char shell[] = "sh", option[] = "-c";
    char *arguments[] = { shell, option, line, NULL };
    pid_t pid;
    int status = -1;
    if (posix_spawnp(&pid, shell, NULL, NULL, arguments, environ) == 0)
        waitpid(pid, &status, 0);
    return status;
}
