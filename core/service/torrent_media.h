/* SPDX-License-Identifier: MIT
 *
 * What the media files of torrents are made of: found out by a job that reads as much of the file
 * as it takes out of the swarm, kept, and shown with the file.  Any thread. */
#pragma once

#include <jansson.h>

#include "service/torrents.h"
#include "store/torrents.h"

struct streams;

/* Starts the job, or joins the one that runs; *out_job 0: it is known.  PROVIDER_ENOTFOUND: no such
 * file; PROVIDER_EREFUSED: it is neither video nor sound; PROVIDER_EBUSY: too many are analysed. */
int torrent_media_start(struct torrents *torrents, struct streams *streams, const char *infohash,
                        int64_t index, uint32_t *out_job, struct error *err);

/* Sets "media", or "media_error" where it is no media file, in a described file; neither when
 * nobody has looked. */
void torrent_media_tell(struct store *store, const struct torrent_row *row, int64_t index,
                        json_t *file);

/* The same for all files of one torrent. */
void torrent_media_tell_all(struct store *store, const struct torrent_row *row, json_t *files);
