/* SPDX-License-Identifier: MIT
 *
 * Releases for who asks: pages of all or of one item's, in the same order everywhere; single ones;
 * and asking the providers what they have of an item.  Any thread. */
#pragma once

#include "release/release.h"
#include "service/sources.h"

struct releases;
struct releases *releases_new(struct catalog *catalog, struct registry *registry,
                              const struct conf *conf);
void releases_free(struct releases *releases);
DEFINE_CLEANUP(struct releases *, releases_free);

enum releases_sort { RELEASES_ADDED, RELEASES_SCORE, RELEASES_SEEDS, RELEASES_SIZE };

enum { /* what is in it */
       RELEASES_MOVIE = 1,
       RELEASES_SEASON = 2,
       RELEASES_EPISODE = 4,
};

/* Plain value; 0 and NULL: whatever it is. */
struct releases_filter {
    uint32_t item;
    bool of_season;                             /* only that season, packs and episodes */
    int32_t season, episode;                    /* episode 0: any, with packs */
    uint32_t qualities, sources, codecs, types; /* bits */
    int quality_min;                            /* QUALITY_NONE: any */
    uint32_t flags, without;                    /* RELEASE_ bits it must have, must not have */
    uint32_t min_seeds;                         /* verified ones when there are, else claimed */
    uint64_t min_size, max_size;
    uint32_t editions; /* bits */
    uint16_t language; /* release_language() */
    const char *provider;
    enum releases_sort sort;
    bool ascending;
};

/* A page of release objects. */
int releases_list(struct releases *releases, const struct releases_filter *filter, uint32_t page,
                  uint32_t limit, bool explain, struct catalog_page *out, struct error *err);

/* PROVIDER_EINVAL: that is no infohash; PROVIDER_ENOTFOUND. */
int releases_one(struct releases *releases, const char *infohash, bool explain, struct text *out,
                 struct error *err);

/* Looks at its swarm now; as availability_check().  Then releases_one() shows what was found. */
int releases_check(struct releases *releases, const char *infohash, int64_t deadline_ms,
                   struct error *err);

/* Asks every provider that searches what it has of the item, unless that was asked a moment ago;
 * what they say is taken in.  *out has room for SOURCES_MAX. */
struct releases_ask {
    uint32_t item, kind;
    int32_t season, episode; /* -1: any */
    int64_t deadline_ms;     /* steady */
};
void releases_search(struct releases *releases, const struct releases_ask *ask,
                     struct source_answer *out, size_t *out_n);

/* ",\"releases\":[...]": the best of an item, for the item itself. */
enum { RELEASES_SHOWN = 20 };
int releases_write_best(struct store *store, uint32_t item, unsigned runtime_minutes,
                        struct text *out, struct error *err);
