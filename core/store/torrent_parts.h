/* SPDX-License-Identifier: MIT
 *
 * What is kept beside a torrent and goes with it: its metainfo file, and what each media file
 * turned out to be made of.  `hash` is the torrent's first. */
#pragma once

#include "store/torrents.h"

enum torrent_part {
    TORRENT_PART_METAINFO = 1, /* one, at index 0 */
    TORRENT_PART_MEDIA = 2,    /* JSON, by the index of the file */
};

/* Replaces what is in *out.  PROVIDER_ENOTFOUND without a text when there is none. */
int torrent_parts_get(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                      enum torrent_part part, uint32_t index, struct text *out, struct error *err);
int torrent_parts_put(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                      enum torrent_part part, uint32_t index, const void *bytes, size_t len,
                      struct error *err);
int torrent_parts_txn_put(struct store_txn *txn, const uint8_t hash[TORRENT_HASH_LEN],
                          enum torrent_part part, uint32_t index, const void *bytes, size_t len,
                          struct error *err);

/* Those of one torrent and one kind, by index; what `each` gets is borrowed. */
typedef int torrent_parts_each(uint32_t index, const char *bytes, size_t len, void *context);
int torrent_parts_walk(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                       enum torrent_part part, torrent_parts_each *each, void *context,
                       struct error *err);

/* All of one torrent. */
int torrent_parts_txn_delete(struct store_txn *txn, const uint8_t hash[TORRENT_HASH_LEN],
                             struct error *err);

/* Every one there is, for the export. */
typedef int torrent_parts_any(const uint8_t hash[TORRENT_HASH_LEN], enum torrent_part part,
                              uint32_t index, const char *bytes, size_t len, void *context);
int torrent_parts_walk_all(struct store *store, torrent_parts_any *each, void *context,
                           struct error *err);
