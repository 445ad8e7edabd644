/* SPDX-License-Identifier: MIT
 *
 * What the files of the torrents' service share and nobody else includes. */
#pragma once

#include "provider/call_streams.h"
#include "service/torrent_find.h"
#include "service/torrent_media.h"
#include "store/torrents.h"

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
