/* SPDX-License-Identifier: MIT */
#include <malloc.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon.h"

enum { LARGE = 1 << 20 };

int main(int argc, char **argv)
{
    /* Large blocks go back to the system when they are freed: without this the C library begins to
     * keep them once it has seen one go, and each generation of the index leaves its holes. */
    mallopt(M_MMAP_THRESHOLD, LARGE);
    /* Naming that threshold stops the library from raising this one, and each document, parsed and
     * freed, would go back to the system page by page. */
    mallopt(M_TRIM_THRESHOLD, 2 * LARGE);
    /* By default each of a sync's threads has an arena of its own, and finds it cold in its turn.
     */
    mallopt(M_ARENA_MAX, (int)MAX(2 * sysconf(_SC_NPROCESSORS_ONLN), 4));
    struct command_line line = { 0 };
    struct conf *conf = NULL;
    int status = command_line_run(argc, argv, &line, &conf);
    if (status != COMMAND_LINE_START)
        return status;
    struct error err;
    CLEANUP(daemon_close) struct daemon *daemon = NULL;
    if (daemon_open(&line, conf, &daemon, &err)) {
        log_error("daemon", "%s", err.text);
        return EXIT_FAILURE;
    }
    daemon_run(daemon);
    return EXIT_SUCCESS;
}
