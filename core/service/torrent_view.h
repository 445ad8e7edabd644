/* SPDX-License-Identifier: MIT
 *
 * A stored torrent as clients see it: its document with every file judged.  Any thread. */
#pragma once

#include <jansson.h>

#include "store/torrents.h"
#include "torrent/torrent_file.h"

/* Appended; `state` is what is read of it (streams_state()), and with what is known of its media
 * files.  PROVIDER_EPARSE when what is stored is no torrent. */
int torrent_view_whole(struct store *store, const struct torrent_row *row, const char *state,
                       const char *json, size_t len, struct text *out, struct error *err);

/* One of its files; PROVIDER_ENOTFOUND when it has none of this index. */
int torrent_view_file(const char *json, size_t len, int64_t index, json_t **out, struct error *err);

/* Without the files and trackers. */
int torrent_view_short(const struct torrent_row *row, const char *state, const char *json,
                       size_t len, struct text *out, struct error *err);

/* The files of a document, judged: free() them; their paths are the document's.  And the index each
 * is known by. */
struct torrent_file *torrent_view_judge(const json_t *document, size_t *out_n);
int64_t torrent_view_index(const json_t *document, size_t i);
