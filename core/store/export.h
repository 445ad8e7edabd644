/* SPDX-License-Identifier: MIT
 *
 * What export and import agree on. */
#pragma once

/* Version 1 had no seasons, 2 no lists, 3 no torrents; all are still
 * read. */
#define EXPORT_FORMAT "miauflix-export"

enum { EXPORT_VERSION = 5, EXPORT_MAX_LINE_LEN = 24 << 20 };
