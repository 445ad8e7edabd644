/* SPDX-License-Identifier: MIT
 *
 * Magnet links: read strictly, cleaned of what is hostile, and written in one canonical form.
 * Engines accept wrong hashes without a word (a digit that is none becomes zero), so nothing but
 * what is built here is ever handed to one.  A link is refused when its hashes are not beyond
 * doubt; any other part that is wrong is dropped and counted.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum {
    MAGNET_LEN = 256 << 10, /* of a whole link, bytes */
    MAGNET_URL_LEN = 1024,
    MAGNET_TEXT_LEN = 1024, /* names and keywords, cut there */
    MAGNET_TRACKERS = 64,
    MAGNET_SEEDS = 16, /* of each of web seeds, sources, exact sources */
    MAGNET_PEERS = 32,
    MAGNET_RANGES = 64,
    MAGNET_FILE_LAST = 999999,
    MAGNET_V1_HEX = 40,
    MAGNET_V2_HEX = 64,
};

/* What may be named although it is not public: the daemon's own tests, a swarm in one house. */
enum { MAGNET_ALLOW_PRIVATE = 1 };

struct magnet_list {
    char **texts;
    size_t n;
};

struct magnet_range {
    uint32_t first, last;
};

struct magnet {
    char v1[MAGNET_V1_HEX + 1]; /* lower-case hex; "": none */
    char v2[MAGNET_V2_HEX + 1];
    char *name;      /* valid UTF-8 without controls; NULL: none.  A hint, never a file name. */
    char *keywords;  /* parted by blanks; NULL: none */
    uint64_t length; /* bytes as claimed; 0: not said */
    struct magnet_list trackers;      /* udp, http, https, ws, wss; as ordered, none twice */
    struct magnet_list web_seeds;     /* http, https */
    struct magnet_list sources;       /* "as": http, https; not fetched */
    struct magnet_list exact_sources; /* "xs": http, https, urn:btpk; not fetched */
    struct magnet_list peers;         /* 1.2.3.4:6881, [2606::1]:6881, host:6881 */
    struct magnet_range files[MAGNET_RANGES]; /* ascending, apart from each other */
    size_t n_files;                           /* 0: all files */
    unsigned n_dropped;                       /* parts that were wrong, hostile, or too many */
};

void magnet_free(struct magnet *magnet);
DEFINE_CLEANUP(struct magnet *, magnet_free);

/* PROVIDER_EINVAL: no magnet, no hash, a malformed or zero hash, two different ones. */
int magnet_parse(const char *link, size_t len, unsigned flags, struct magnet **out,
                 struct error *err);

/* The canonical link of a magnet (or of one filled by hand, whose texts need not be checked):
 * xt (v1, v2), xl, dn, tr, ws, as, xs, kt, x.pe, so, in that order.  It reads back as the same
 * magnet.  false when nothing can be built: no hash, or the limit of `out` is passed. */
bool magnet_build(const struct magnet *magnet, struct text *out);

/* "abcd..." of 40 hex digits or 32 of base32 to lower-case hex; false when it is not one or zero.
 */
bool magnet_read_v1(const char *text, size_t len, char out[MAGNET_V1_HEX + 1]);
bool magnet_read_v2(const char *text, size_t len, char out[MAGNET_V2_HEX + 1]); /* "1220..." */

/* A tracker's announce URL in its normal form (free() it); NULL when it is none or not allowed. */
char *magnet_tracker(const char *url, size_t len, unsigned flags);

/* Adds a tracker unless it is there, wrong, or one too many; whether it was added. */
bool magnet_add_tracker(struct magnet *magnet, const char *url, unsigned flags);
