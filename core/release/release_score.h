/* SPDX-License-Identifier: MIT
 *
 * How good a release is: one pure function from what is known of it, used wherever releases are
 * put in order.  The score is a sum, and each addend has a name, so that an answer can explain
 * itself.  Any thread. */
#pragma once

#include "release/release.h"

enum release_addend {
    RELEASE_SCORE_QUALITY, /* fit: nearest to 1080p, above before below */
    RELEASE_SCORE_SOURCE,  /* negative: filmed in a cinema, or before the release */
    RELEASE_SCORE_SEEDS,   /* logarithmic; verified ones count more than claimed ones */
    RELEASE_SCORE_SIZE,    /* negative: no such picture fits, or far too large */
    RELEASE_SCORE_CODEC,
    RELEASE_SCORE_FIXES, /* repack, proper */
    RELEASE_SCORE_FORM,  /* negative: 3D, subtitles in the picture */
    RELEASE_SCORE_AGE,   /* negative, slowly */
    RELEASE_SCORE_N_ADDENDS,
};

struct release_score {
    double score; /* never negative */
    double addends[RELEASE_SCORE_N_ADDENDS];
};

/* runtime_minutes: of the item, of one episode; 0: unknown. */
void release_score(const struct release_facts *facts, unsigned runtime_minutes, int64_t now_ms,
                   struct release_score *out);

/* "quality", "seeds", ...; NULL behind the last. */
const char *release_addend_name(unsigned addend);

/* What a size says of this release; packs of unknown length are untested. */
enum quality_verdict release_judge_size(const struct release_facts *facts,
                                        unsigned runtime_minutes);
