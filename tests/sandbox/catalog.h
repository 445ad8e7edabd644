/* SPDX-License-Identifier: MIT
 *
 * All films of the sandbox or, in a catalog of its own, all shows: the bundled real ones and the
 * invented ones, and what happened to them since it started: changes, removals, merges, additions.
 * "Film" below is also the part of a show that is like a film.  Any thread; the catalog locks
 * itself. */
#pragma once

#include "film.h"
#include "invent.h"

struct catalog;

/* One film as lists and filters see it. */
struct catalog_entry {
    int64_t id;
    int64_t revenue;
    float popularity;
    float vote_average;
    int32_t vote_count;
    int32_t date;               /* 20081231; 0 unknown */
    int32_t last_air, next_air; /* of shows: the dates next to today; 0 none */
    uint32_t genres;            /* bits, see names_genre_bit() */
    int16_t runtime;
    char language[3];
    bool adult;
    bool video;
    bool removed;
    int8_t status; /* of shows, by TMDB's numbers; -1 unknown */
    int8_t type;
};

struct catalog_change {
    int64_t id;
    int64_t at_ms;
    bool adult;
    bool adult_unknown; /* shows as null */
};

struct catalog_options {
    bool shows; /* else films */
    uint32_t n_invented;
    uint64_t seed;
    bool quiet; /* nothing is announced that did not change */
};

struct catalog *catalog_new(const struct catalog_options *options, struct error *err);
void catalog_free(struct catalog *catalog);
DEFINE_CLEANUP(struct catalog *, catalog_free);

/* A film of the caller's own; NULL: no such film, or removed. */
struct film *catalog_film(struct catalog *catalog, int64_t id, enum invent_depth depth);

/* The same for a show with its seasons. */
struct show;
struct show *catalog_show(struct catalog *catalog, int64_t id, enum invent_depth depth);

/* Calls `take` for each show that may have something by that TVDB number or, when that is 0, an
 * episode by that IMDb id: all real ones, and the invented one to which the number belongs. */
void catalog_shows_by(struct catalog *catalog, int64_t tvdb_id, const char *imdb_id,
                      void (*take)(const struct show *show, void *context), void *context);

/* -1: nobody has that IMDb id. */
int64_t catalog_find_imdb(struct catalog *catalog, const char *imdb_id);
int64_t catalog_find_wikidata(struct catalog *catalog, const char *wikidata_id);

typedef bool (*catalog_filter)(const struct catalog_entry *entry, void *context);
typedef int (*catalog_order)(const struct catalog_entry *a, const struct catalog_entry *b);

/* The ids of one page of those that pass the filter (NULL: all that are not removed nor adult), in
 * `order` (NULL: most popular first).  Returns how many were stored in out; *total counts all. */
size_t catalog_list(struct catalog *catalog, catalog_filter filter, void *context,
                    catalog_order order, size_t skip, size_t n, int64_t *out, int64_t *total);

/* The titles, for search: English and original, of a row. */
bool catalog_matches(struct catalog *catalog, const struct catalog_entry *entry,
                     const char *folded_query);

/* Deterministic neighbours of a film, for recommendations; never the film itself. */
size_t catalog_neighbours(struct catalog *catalog, const struct film *film, uint64_t salt, size_t n,
                          int64_t *out);

int64_t catalog_latest(struct catalog *catalog);
int64_t catalog_count(struct catalog *catalog);

/* The ids in a fixed order, real films first; removed ones are among them. */
int64_t catalog_id_at(struct catalog *catalog, uint64_t position);

/* What the tests do to it.  Each is announced in the changes feed except removal, as at TMDB. */
bool catalog_change(struct catalog *catalog, int64_t id);
int64_t catalog_change_any(struct catalog *catalog); /* a film by chance; -1: there is none */
bool catalog_remove(struct catalog *catalog, int64_t id);

/* `id` is gone, and its IMDb id leads to `into`, which has it if it had none. */
bool catalog_merge(struct catalog *catalog, int64_t id, int64_t into);
int64_t catalog_add(struct catalog *catalog, const char *json, size_t len, struct error *err);
int64_t catalog_invent(struct catalog *catalog, uint32_t n); /* the first new id */

/* Films change by themselves from now on, so many a second on average. */
void catalog_churn(struct catalog *catalog, double per_second);

/* Changes in [from, until), newest first, each id once.  Returns a malloc'ed array. */
struct catalog_change *catalog_changes(struct catalog *catalog, int64_t from_ms, int64_t until_ms,
                                       size_t *out_n);

/* The times at which this film changed in the window, oldest first; at most `max`. */
size_t catalog_changes_of(struct catalog *catalog, int64_t id, int64_t from_ms, int64_t until_ms,
                          int64_t *out, size_t max);

/* Grows with every addition and removal. */
uint64_t catalog_version(struct catalog *catalog);
