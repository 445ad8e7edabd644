/* SPDX-License-Identifier: MIT
 *
 * What the files of the torrents' service share and nobody else includes. */
#pragma once

#include "provider/call_streams.h"
#include "service/torrent_find.h"
#include "service/torrent_media.h"
#include "store/torrents.h"
#include "torrent/magnet.h"

/* Kinds of jobs. */
#define TORRENTS_JOB_RESOLVE "resolve"
#define TORRENTS_JOB_ANALYSE "analyse"

struct torrents {
    struct store *store;
    struct registry *registry;
    struct jobs *jobs;
    struct streams *streams;
};

/* As the document has it and as providers know it: 40 digits. */
void torrents_name(const struct torrent_row *row, char out[TORRENTS_HASH_SIZE]);

/* Its row, by the two hashes of its document; false: they are none. */
bool torrents_make_row(const json_t *document, const char *provider, struct torrent_row *out);

/* From now on there is this torrent; of a release that is one, the swarm is looked at soon. */
int torrents_txn_keep(struct store_txn *txn, const struct torrent_row *row, const struct text *json,
                      struct error *err);

/* Those of `document` become those of `known` and then its own, as many as there may be. */
void torrents_unite_trackers(json_t *document, const json_t *known);

/* Keeps those of the magnet that its torrent, which is known with that document, does not have yet;
 * of a private torrent nothing. */
int torrents_learn_trackers(struct torrents *torrents, const struct torrent_row *row,
                            const struct text *json, const struct magnet *magnet,
                            struct error *err);
