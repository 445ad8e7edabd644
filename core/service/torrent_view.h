/* SPDX-License-Identifier: MIT
 *
 * A stored torrent as clients see it: its document with every file judged.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "store/torrents.h"

/* Appended.  PROVIDER_EPARSE when what is stored is no torrent. */
int torrent_view_whole(const struct torrent_row *row, const char *json, size_t len,
                       struct text *out, struct error *err);

/* One of its files; PROVIDER_ENOTFOUND when it has none of this index. */
int torrent_view_file(const char *json, size_t len, int64_t index, json_t **out, struct error *err);

/* Without the files and trackers. */
int torrent_view_short(const struct torrent_row *row, const char *json, size_t len,
                       struct text *out, struct error *err);
