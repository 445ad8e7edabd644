/* SPDX-License-Identifier: MIT
 *
 * A swarm on loopback: a torrent with three files, a tracker that speaks HTTP and UDP, and peers
 * that seed with libtorrent itself, honestly or not.  Everything is gone with swarm_free().  What
 * would be a broken test ends the process with a message. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum swarm_format { SWARM_V1, SWARM_V2, SWARM_HYBRID, SWARM_PRIVATE /* v1 */ };

enum { SWARM_FILES = 3 };

struct swarm;

/* The torrent, its files and its tracker; nobody seeds yet. */
struct swarm *swarm_new(enum swarm_format format);
void swarm_free(struct swarm *swarm);

const char *swarm_hash(const struct swarm *swarm);        /* 40 digits */
const char *swarm_magnet(const struct swarm *swarm);      /* with the HTTP tracker */
const char *swarm_tracker(const struct swarm *swarm);     /* "http://127.0.0.1:1234/announce" */
const char *swarm_udp_tracker(const struct swarm *swarm); /* "udp://127.0.0.1:1234" */

/* Leaves its .torrent there under the name the engine gives it; nobody tells a magnet's owner what
 * a private torrent is. */
void swarm_put_torrent(const struct swarm *swarm, const char *folder);

/* What a file holds; `index` as a person counts, padding left out. */
const unsigned char *swarm_bytes(const struct swarm *swarm, size_t index, size_t *len);
const char *swarm_path(const struct swarm *swarm, size_t index);

/* One more peer that the tracker names from now on. */
void swarm_add_seed(struct swarm *swarm);
/* One that has every piece and sends other bytes. */
void swarm_add_corrupt_seed(struct swarm *swarm);
/* One of our own, not libtorrent's: "honest", "corrupt", "lying" (about the metadata), "stalling",
 * "silent", "huge_metadata", "resetting", "repenting" (sends wrong bytes at first) or
 * "false_hashes" (right bytes, wrong nodes of a v2 torrent's hash trees). */
void swarm_add_peer(struct swarm *swarm, const char *manner);
/* An address nobody listens at. */
void swarm_add_dead_peer(struct swarm *swarm);
/* The tracker names nobody. */
void swarm_forget_peers(struct swarm *swarm);
/* What the tracker says when it is asked for figures. */
void swarm_claim(struct swarm *swarm, int32_t seeds, int32_t peers);

/* Nodes of a DHT, "gate honest lying": "honest", "gate" (names other nodes, never peers), "rubbish"
 * (answers what is not the protocol) or "lying" (names who cannot be talked to).  From now on they
 * know the peers that the tracker knows.  Whoever joins begins with the first. */
void swarm_start_dht(struct swarm *swarm, const char *manners);
/* "127.0.0.1:1234", of the first. */
const char *swarm_dht_gate(const struct swarm *swarm);
/* How often its nodes were asked anything; for the peers of a torrent, by its 40 digits; and how
 * many announced themselves as one of them. */
unsigned swarm_dht_n_asked(const struct swarm *swarm);
unsigned swarm_dht_n_sought(const struct swarm *swarm, const char *hash);
unsigned swarm_dht_n_announced(const struct swarm *swarm, const char *hash);

/* How often the tracker was asked anything. */
unsigned swarm_n_asked(const struct swarm *swarm);

#ifdef __cplusplus
}
#endif
