/* SPDX-License-Identifier: MIT
 *
 * What export and import agree on. */
#pragma once

/* Version 1 had no seasons, 2 no lists, 3 no torrents, 5 no parts of them, 6 releases as schema 9
 * packed them; all are still read. */
#define EXPORT_FORMAT "miauflix-export"

enum { EXPORT_VERSION = 7, EXPORT_MAX_LINE_LEN = 24 << 20 };
