/* SPDX-License-Identifier: MIT
 *
 * Seasons: what each provider said of one, as it said it; what is shown of it, packed by
 * media/season in one row with all its episodes; and the calendar, one row per episode that has a
 * date, which follows the packed seasons by itself. */
#pragma once

#include "store/records.h"

/* One provider's document of one season. */
struct season_record {
    uint32_t show, season;
    char provider[RECORD_PROVIDER_LEN];
    uint32_t flags; /* RECORD_PARTIAL */
};

int season_records_txn_get(struct store_txn *txn, uint32_t show, uint32_t season,
                           const char *provider, struct season_record *out, struct text *out_json,
                           struct error *err);
int season_records_txn_put(struct store_txn *txn, const struct season_record *record,
                           const char *json, size_t len, struct error *err);
int season_records_txn_delete(struct store_txn *txn, const struct season_record *record,
                              struct error *err);

/* Of the seasons of a show from `season` on, by number and provider, until `each` returns nonzero,
 * which is returned.  show 0: of all shows. */
typedef int season_records_each(const struct season_record *record, const char *json, size_t len,
                                void *context);
int season_records_walk(struct store *store, uint32_t show, uint32_t season,
                        season_records_each *each, void *context, struct error *err);
int season_records_txn_walk(struct store_txn *txn, uint32_t show, uint32_t season,
                            season_records_each *each, void *context, struct error *err);

/* The packed season.  PROVIDER_ENOTFOUND. */
int seasons_get(struct store *store, uint32_t show, uint32_t season, struct text *out,
                struct error *err);
int seasons_txn_get(struct store_txn *txn, uint32_t show, uint32_t season, struct text *out,
                    struct error *err);

/* Writes or removes it, and its rows in the calendar. */
int seasons_txn_put(struct store_txn *txn, uint32_t show, uint32_t season,
                    const struct text *packed, struct error *err);
int seasons_txn_delete(struct store_txn *txn, uint32_t show, uint32_t season, struct error *err);

/* Those of a show in the order of their numbers; show 0: of all shows. */
typedef int seasons_each(uint32_t show, uint32_t season, const void *packed, size_t len,
                         void *context);
int seasons_walk(struct store *store, uint32_t show, seasons_each *each, void *context,
                 struct error *err);
int seasons_txn_walk(struct store_txn *txn, uint32_t show, seasons_each *each, void *context,
                     struct error *err);

/* Episodes by day, show, season and number, both days included. */
struct airing {
    int32_t day; /* since 1970 */
    uint32_t show, season, episode;
};
typedef int airings_each(const struct airing *airing, void *context);
int airings_walk(struct store *store, int32_t from_day, int32_t to_day, airings_each *each,
                 void *context, struct error *err);
