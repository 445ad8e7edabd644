/* SPDX-License-Identifier: MIT
 *
 * What export and import agree on. */
#pragma once

/* Version 1 had no seasons; it is still read. */
#define EXPORT_FORMAT "miauflix-export"

enum { EXPORT_VERSION = 2, EXPORT_MAX_LINE_LEN = 24 << 20 };
