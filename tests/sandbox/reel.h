/* SPDX-License-Identifier: MIT
 *
 * Reels: the films of the sandbox that are really there, in torrents that somebody seeds.  A plain
 * description, filled in by seeding.h and told by reels.h; also for C++. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reel {
    const char *name;
    const char *format;   /* "v1", "v2", "hybrid" */
    const char *imdb;     /* NULL: YTS does not list it */
    const char *quality;  /* "720p" */
    const char *infohash; /* 40 digits */
    const char *magnet;
    int64_t size;
    const char *metainfo;
    size_t metainfo_len;
};

struct reels {
    const struct reel *rows;
    size_t n;
    const char *trackers[2]; /* HTTP, UDP */
    /* One more peer of this torrent that behaves so; false: there is no such manner. */
    bool (*add_peer)(void *context, size_t index, const char *manner);
    void (*set_honest)(void *context, bool there); /* whether anybody but those seeds */
    void (*heal)(void *context);                   /* all of it undone */
    void *context;
};
