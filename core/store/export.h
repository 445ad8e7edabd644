/* SPDX-License-Identifier: MIT
 *
 * What export and import agree on. */
#pragma once

#define EXPORT_FORMAT "miauflix-export"

enum { EXPORT_VERSION = 1, EXPORT_MAX_LINE_LEN = 24 << 20 };
