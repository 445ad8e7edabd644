/* SPDX-License-Identifier: MIT
 *
 * What is known of a release's swarm: what the last check met, when to look again, and how it fared
 * over time, claimed and verified, as a short series of samples.  That is dense near its end and
 * thin far back; figures that stay the same cost two samples however long they do.  Plain values;
 * pure; any thread. */
#pragma once

#include "base/text.h"

/* More than that no swarm has: such figures are typing mistakes or lies. */
enum { SWARM_MOST = 1000000 };
uint32_t swarm_clamp(int64_t figure); /* negative ones are 0 */

struct swarm_sample {
    int64_t at_ms; /* whole minutes */
    uint32_t seeds, peers;
    bool verified; /* somebody looked; else a provider says so */
};

/* The last of a kind stands at the end of the longest run, so the newest of each kind is there. */
enum { SWARM_SAMPLES = 64 };
struct swarm_series {
    struct swarm_sample samples[SWARM_SAMPLES]; /* by time */
    size_t n;
};

const struct swarm_sample *swarm_last(const struct swarm_series *series,
                                      bool verified); /* or NULL */

/* Takes in one that is not older than the last of its kind; others are left out.  When there is no
 * room the one gives way that is missed least: close to its neighbours, and long ago. */
void swarm_add(struct swarm_series *series, const struct swarm_sample *sample);

/* By how many seeds it grew (or shrank) in the seven days before its newest sample, of what was
 * verified if that was done often enough, else of what was claimed.  A series of less than seven
 * days counts as far as it goes.  False: it tells less than one day, or nothing of the last week.
 */
bool swarm_trend(const struct swarm_series *series, int64_t now_ms, int32_t *out);

/* All that is known of one. */
struct swarm {
    int64_t due_at_ms;          /* 0: nobody will look */
    int64_t checked_at_ms;      /* the last check that anybody answered; 0: none */
    int64_t dead_since_ms;      /* verified without seeds since; 0: it is not dead */
    uint32_t unanswered;        /* checks in a row since then that nobody answered */
    uint32_t trackers, answers; /* of the last check: asked, and answered */
    uint32_t dht_peers;         /* named by the DHT */
    uint32_t met, seeds_met;    /* peers that shook hands; of these with every piece */
    struct swarm_series series;
};

/* The bytes it is stored as: 11 for each sample behind its head. */
enum { SWARM_HEAD = 3 * 8 + 6 * 4, SWARM_PACKED_MAX = SWARM_HEAD + SWARM_SAMPLES * 11 };
void swarm_pack(const struct swarm *swarm, struct text *out);
bool swarm_open(const void *bytes, size_t len, struct swarm *out); /* false: broken */

/* {"at","next_at","dead_since","unanswered","trackers","answers","dht_peers","met","seeds_met"} */
void swarm_render_check(const struct swarm *swarm, struct text *out);

/* [{"at","seeds","peers","verified"}, ...], oldest first. */
void swarm_render_history(const struct swarm_series *series, struct text *out);
