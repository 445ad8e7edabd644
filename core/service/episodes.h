/* SPDX-License-Identifier: MIT
 *
 * Seasons and episodes of a show, and the calendar, as they are shown.  A show nobody knows here,
 * of which only a title is known, or that is stale is fetched from the providers first, as
 * catalog_item() does.  Any thread. */
#pragma once

#include "service/catalog.h"

struct episodes_ask {
    struct catalog_ask show; /* its kind is PROVIDER_TVSHOW */
    uint32_t season, episode;
    uint32_t page, limit; /* of pages, from 1 */
};

/* Of these, out->json is a JSON array of a page's elements, and *out_total counts them all. */
int episodes_seasons(struct catalog *catalog, const struct episodes_ask *ask,
                     struct catalog_item *out, uint64_t *out_total, struct error *err);
int episodes_page(struct catalog *catalog, const struct episodes_ask *ask, struct catalog_item *out,
                  uint64_t *out_total, struct error *err);

/* Of these it is one object.  PROVIDER_ENOTFOUND: there is no such season or episode. */
int episodes_season(struct catalog *catalog, const struct episodes_ask *ask,
                    struct catalog_item *out, struct error *err);
int episodes_one(struct catalog *catalog, const struct episodes_ask *ask, struct catalog_item *out,
                 struct error *err);

/* A page of the episodes that air from one day to another (since 1970, both included), each with
 * the card of its show as "show". */
struct episodes_calendar_ask {
    int32_t from_day, to_day;
    const struct language_wish *wish;
    uint32_t page, limit;
};
int episodes_calendar(struct catalog *catalog, const struct episodes_calendar_ask *ask,
                      struct catalog_page *out, struct error *err);
