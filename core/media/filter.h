/* SPDX-License-Identifier: MIT
 *
 * Filters, sorts and facets of every list and search, as api.md names them.  Parsing is strict: an
 * unknown key or a wrong value is an error that names it.  Plain value; pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "media/language.h"

enum filter_sort {
    FILTER_SORT_DEFAULT, /* popularity on lists, relevance on searches */
    FILTER_SORT_POPULARITY,
    FILTER_SORT_RATING,
    FILTER_SORT_TITLE,
    FILTER_SORT_RELEASE_DATE,
    FILTER_SORT_ADDED,
    FILTER_SORT_UPDATED,
};

enum { FILTER_FACET_GENRE = 1, FILTER_FACET_YEAR = 2, FILTER_FACET_QUALITY = 4 };

struct members;

struct filter {
    uint32_t kind;       /* PROVIDER_MOVIE, PROVIDER_TVSHOW; 0: any */
    uint64_t genres_all; /* bits of genre.h */
    uint64_t genres_any;
    int32_t year_min, year_max; /* 0: unbounded */
    int32_t rating_min_x1000;   /* 7500 is 7.5; 0: unbounded */
    int32_t votes_min, runtime_min, runtime_max;
    char original_language[LANGUAGE_LEN];
    uint32_t qualities_all; /* bits of media/quality.h */
    uint32_t qualities_any; /* bits; what quality_min becomes */
    bool available;         /* "false" asks for nothing */
    uint32_t statuses;      /* bits of media/card.h's status; 0: any */
    uint32_t list;          /* its items only; 0: any */
    enum filter_sort sort;
    bool ascending;
    bool order_given;
    uint32_t facets;
    bool explain;                  /* searches say how each score came about */
    uint32_t given;                /* which keys were set already; filter_set()'s own */
    const struct members *members; /* of `list`; the index's own */
};

/* The keys of api.md, by index; NULL behind the last. */
const char *filter_key(size_t index);

/* Takes one query parameter ("genre", "year_min", "sort", "order", "facets", ...).
 * PROVIDER_ENOTFOUND: not a filter's key (the caller may know it); PROVIDER_EINVAL: a wrong value
 * or one given twice, with the key and the reason; the filter is unchanged. */
int filter_set(struct filter *filter, const char *key, const char *value, struct error *err);

/* Whether it leaves nothing out of a list: what it says is at most an order and which list. */
bool filter_is_open(const struct filter *filter);

/* Checks what only the whole can tell: year_min above year_max, runtime_min above runtime_max.
 * out_key: the key to name then. */
int filter_check(const struct filter *filter, const char **out_key, struct error *err);
