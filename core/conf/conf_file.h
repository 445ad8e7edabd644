/* SPDX-License-Identifier: MIT
 *
 * One libconfig file with what it includes, read so that nothing goes wrong silently: libconfig
 * itself cuts integers beyond 32 bits that carry no L, names no file when it cannot open one, and
 * counts the line of an open string at the end of the text.  Main thread. */
#pragma once

#include <libconfig.h>

#include "base/text.h"

enum { CONF_FILE_MAX = 1 << 20, CONF_FILE_PATH_LEN = 4096 };

/* Adds the file's settings to `out`, which is initialised.  The error begins with "file:line: "
 * where there is a line. */
int conf_file_read(const char *path, config_t *out, struct error *err);

/* The file a setting stands in: `path`, or an include beside it. */
const char *conf_file_of(const config_setting_t *setting, const char *path,
                         char out[CONF_FILE_PATH_LEN]);

/* Why a text (not an include of it) is no configuration, before libconfig sees it: strings and
 * comments left open, integers that do not fit, bytes that are not UTF-8.  `path` is for the
 * message. */
int conf_scan(const char *path, const char *bytes, size_t len, struct error *err);
