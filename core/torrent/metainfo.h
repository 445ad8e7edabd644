/* SPDX-License-Identifier: MIT
 *
 * Metainfo: what is in a .torrent file, v1, v2 and both in one, read strictly.  The infohash is
 * that of the info dictionary's bytes as they stand; whatever else the file says is a claim.  A
 * file that means different things to different readers is refused; what is merely of no use (web
 * seeds, DHT nodes, odd trackers) is left out.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "base/text.h"
#include "torrent/bencode.h"
#include "torrent/magnet.h"

#define METAINFO_TYPE "application/x-bittorrent"

enum {
    METAINFO_MAX = 4 << 20, /* bytes of a file */
    METAINFO_MAX_FILES = 50000,
    METAINFO_MAX_PATH = 4096,
    METAINFO_MAX_PART = 1024, /* of a path */
    METAINFO_MAX_TRACKERS = 500,
};

struct metainfo {
    char v1[MAGNET_V1_HEX + 1]; /* lower-case hex; "": it has no v1 half */
    char v2[MAGNET_V2_HEX + 1];
    json_t *document;      /* as a provider would emit it, docs/media-document.md */
    struct bencode info;   /* within the caller's bytes, as is the next */
    struct bencode layers; /* at NULL: none */
};

void metainfo_free(struct metainfo *metainfo);
DEFINE_CLEANUP(struct metainfo *, metainfo_free);

/* `bytes` are borrowed until metainfo_free().  PROVIDER_EREFUSED says what is wrong;
 * PROVIDER_ELIMIT: it is too large. */
int metainfo_read(const char *bytes, size_t len, struct metainfo **out, struct error *err);

/* Whether it is the torrent of an infohash as the store has it: 40 digits of v1 or of v2. */
bool metainfo_is(const struct metainfo *metainfo, const char *infohash);

/* A file of the same torrent with nothing in it that was left out above; false: past the limit. */
bool metainfo_write(const struct metainfo *metainfo, struct text *out);
