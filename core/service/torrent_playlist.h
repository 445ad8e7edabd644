/* SPDX-License-Identifier: MIT
 *
 * Playlists of torrents for players: the film, the episodes in order, or the sound files.  Any
 * thread. */
#pragma once

#include "service/torrents.h"

struct playlist_wish {
    int64_t season;     /* -1: all */
    const char *origin; /* "https://media.example"; "": paths alone */
    const char *ticket; /* "": none */
};

/* Adds an extended M3U.  PROVIDER_ENOTFOUND: no such torrent, or nothing of that to play. */
int torrent_playlist(struct torrents *torrents, const char *infohash,
                     const struct playlist_wish *wish, struct text *out, struct error *err);
