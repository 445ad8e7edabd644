/* SPDX-License-Identifier: MIT
 *
 * The filters and orders of discover, read from a request.  Pure; any thread. */
#pragma once

#include "sandbox.h"

struct filter {
    int32_t date_from, date_until; /* 20080101; 0: open */
    int32_t air_from, air_until;   /* of shows: of an episode next to today */
    int32_t year;
    uint32_t statuses, types; /* of shows, as bits; 0: any */
    uint32_t with_genres[16]; /* each a set of bits: all groups must be met, one of each group */
    size_t n_with_genres;
    uint32_t without_genres;
    const char *language;
    double votes_from, votes_until; /* averages */
    int64_t count_from, count_until;
    int64_t runtime_from, runtime_until;
    bool adult;
    bool video;
    struct catalog *catalog;
    const char *query; /* folded; NULL: any title */
};

void filter_read(struct filter *filter, const struct sandbox_request *request, bool of_shows);

/* "2008-12-31" as 20081231; 0: it is no date. */
int32_t filter_date(const char *date);
bool filter_passes(const struct catalog_entry *entry, void *filter);

/* NULL: most popular first; *out_known is false for a sort_by nobody knows. */
catalog_order filter_order(const char *sort_by, bool *out_known);
