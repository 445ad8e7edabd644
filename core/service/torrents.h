/* SPDX-License-Identifier: MIT
 *
 * Torrents: magnets become torrents (a job that asks the providers who can), torrents become lists
 * of files that are judged.  Any thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct torrents;
struct store;
struct registry;
struct jobs;
struct streams;
struct call_wait;

enum { TORRENTS_HASH_SIZE = 41, TORRENTS_MAX_JSON = 16 << 20 };

/* `streams` (NULL: none) knows what is read of them; `max_resolved` magnets are asked for at once
 * at most. */
struct torrents *torrents_new(struct store *store, struct registry *registry, struct jobs *jobs,
                              struct streams *streams, unsigned max_resolved);
void torrents_free(struct torrents *torrents); /* after its jobs have ended */
DEFINE_CLEANUP(struct torrents *, torrents_free);

/* What a magnet names.  *out_job is 0 when the torrent is known, else the job that finds it out.
 * PROVIDER_EREFUSED: it is no magnet that can be trusted; PROVIDER_ENOTSUP: no provider resolves
 * magnets; PROVIDER_EBUSY: none of those that do is in service, or too many are asked for. */
int torrents_add(struct torrents *torrents, const char *magnet, char out_hash[TORRENTS_HASH_SIZE],
                 uint32_t *out_job, struct error *err);

/* A .torrent file.  PROVIDER_EREFUSED: it is none that can be trusted; PROVIDER_ELIMIT: it is too
 * large.  What it says of trackers is added to what is known, unless the torrent is private. */
int torrents_upload(struct torrents *torrents, const char *bytes, size_t len,
                    char out_hash[TORRENTS_HASH_SIZE], bool *out_is_new, struct error *err);

/* Such a file of a torrent that is known, asked of its provider when it came by magnet. */
int torrents_metainfo(struct torrents *torrents, const char *infohash, const struct call_wait *wait,
                      struct text *out, struct error *err);

/* "40 hex digits" or 64 of v2 in a path; PROVIDER_ENOTFOUND when it is none, or nobody knows it. */
int torrents_show(struct torrents *torrents, const char *infohash, struct text *out_json,
                  struct error *err);

/* One of its files as clients see it; PROVIDER_ENOTFOUND. */
int torrents_file(struct torrents *torrents, const char *infohash, int64_t index, json_t **out,
                  struct error *err);

/* Newest first, without their files, as a JSON array. */
int torrents_list(struct torrents *torrents, uint32_t page, uint32_t limit, struct text *out_json,
                  uint64_t *out_total, struct error *err);

/* Its first hash, whichever it is asked by; PROVIDER_ENOTFOUND. */
int torrents_hash(struct torrents *torrents, const char *infohash, char out[TORRENTS_HASH_SIZE],
                  struct error *err);

/* with_files: what was downloaded, too; PROVIDER_ECONFLICT while it is read. */
int torrents_forget(struct torrents *torrents, const char *infohash, bool with_files,
                    struct error *err);
