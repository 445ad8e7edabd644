/* SPDX-License-Identifier: MIT
 *
 * Torrents whose metadata is known: the document a provider emitted, under the infohash.  A torrent
 * that is both v1 and v2 is found under either hash; `hash` below is always its first. */
#pragma once

#include "store/store.h"

enum { TORRENT_HASH_LEN = 20, TORRENT_ROW_PROVIDER = 32 };

struct torrent_row {
    uint8_t hash[TORRENT_HASH_LEN];
    bool has_second;
    uint8_t second[TORRENT_HASH_LEN]; /* the first 20 bytes of the v2 hash of a hybrid */
    int64_t added_at_ms;
    char provider[TORRENT_ROW_PROVIDER];
};

int torrent_rows_get(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                     struct torrent_row *out, struct text *out_json, struct error *err);
int torrent_rows_put(struct store *store, const struct torrent_row *row, const char *json,
                     size_t len, struct error *err);
/* By either hash. */
bool torrent_rows_txn_known(struct store_txn *txn, const uint8_t hash[TORRENT_HASH_LEN]);
int torrent_rows_txn_put(struct store_txn *txn, const struct torrent_row *row, const char *json,
                         size_t len, struct error *err);
/* With its parts; by its first hash; PROVIDER_ENOTFOUND. */
int torrent_rows_delete(struct store *store, const uint8_t hash[TORRENT_HASH_LEN],
                        struct error *err);

/* Each once, by hash; what `each` gets is borrowed. */
int torrent_rows_walk(struct store *store,
                      int (*each)(const struct torrent_row *row, const char *json, size_t len,
                                  void *context),
                      void *context, struct error *err);
