/* SPDX-License-Identifier: MIT
 *
 * The control file: where a running daemon listens and a token with every scope, for the operator's
 * tool on the same machine.  Two lines, mode 0600, in the data folder; made at start, removed at
 * stop.  Main thread. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum { CONTROL_URL_LEN = 80, CONTROL_TOKEN_LEN = 64 };

int control_write(const char *data_folder, const char *url, const char *token, struct error *err);
void control_remove(const char *data_folder);

/* PROVIDER_ENOTFOUND when no daemon left one there. */
int control_read(const char *data_folder, char out_url[CONTROL_URL_LEN],
                 char out_token[CONTROL_TOKEN_LEN], struct error *err);
