/* SPDX-License-Identifier: MIT
 *
 * A stored torrent by what stands in a path, and the magnet link that it comes from.  Any thread.
 */
#pragma once

#include <jansson.h>

#include "store/torrents.h"

/* "40 hex digits" or 64 of v2; PROVIDER_ENOTFOUND when it is none, or nobody knows it. */
int torrent_find(struct store *store, const char *infohash, struct torrent_row *out,
                 struct text *out_json, struct error *err);

/* The link of a stored document, with its trackers; PROVIDER_EPARSE when it has no hash. */
int torrent_link(const json_t *document, struct text *out, struct error *err);
