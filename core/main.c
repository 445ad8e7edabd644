/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "daemon.h"

int main(int argc, char **argv)
{
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
