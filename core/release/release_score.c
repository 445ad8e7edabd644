/* SPDX-License-Identifier: MIT */
#include "release/release_score.h"

#include <math.h>

#include "base/cleanup.h"

enum { DAY_MS = 24 * 3600 * 1000, PREFERRED = 2 /* 1080p */ };

static const double base = 50;

/* Trackers cap or lag their figures, so that more than that says nothing. */
enum { SEEDS_CAP = 1000 };

static const double source_addends[QUALITY_SOURCES] = {
    [QUALITY_CAM] = -40,      [QUALITY_TELESYNC] = -36, [QUALITY_TELECINE] = -30,
    [QUALITY_SCREENER] = -26, [QUALITY_DVD] = 2,        [QUALITY_TV] = 4,
    [QUALITY_WEB] = 8,        [QUALITY_BLURAY] = 10,    [QUALITY_REMUX] = 9,
};

/* What most players play without help stands before what packs a little better. */
static const double codec_addends[QUALITY_CODECS] = {
    [QUALITY_MPEG2] = -4, [QUALITY_XVID] = -4, [QUALITY_VC1] = -2, [QUALITY_H264] = 3,
    [QUALITY_VP9] = 1,    [QUALITY_H265] = 2,  [QUALITY_AV1] = 1,
};

static double judge_quality(int quality)
{
    if (quality == QUALITY_NONE)
        return 8;
    return quality > PREFERRED ? 30 - 3.0 * (quality - PREFERRED)
                               : 30 - 9.0 * (PREFERRED - quality);
}

/* Fresh uploads say 0 for hours, so that only an old 0 means dead. */
static double judge_seeds(const struct release_facts *facts, int64_t now_ms)
{
    if (facts->verified_at_ms)
        return facts->verified_seeds ? 3 * log2(1 + (double)MIN(facts->verified_seeds, SEEDS_CAP))
                                     : -30;
    if (!facts->claimed_at_ms)
        return 0;
    int64_t since_ms = facts->uploaded_at_ms ? facts->uploaded_at_ms : facts->added_at_ms;
    if (!facts->seeds)
        return facts->claimed_at_ms - since_ms < DAY_MS && now_ms - since_ms < 3 * (int64_t)DAY_MS
                   ? 0
                   : -15;
    return 2 * log2(1 + (double)MIN(facts->seeds, SEEDS_CAP));
}

enum quality_verdict release_judge_size(const struct release_facts *facts, unsigned runtime_minutes)
{
    unsigned n = 1;
    if (facts->season >= 0)
        n = facts->first_episode < 0 ? 0
                                     : (unsigned)(facts->last_episode - facts->first_episode + 1);
    return quality_judge(facts->quality, facts->codec, facts->size, runtime_minutes * n);
}

static double judge_size(const struct release_facts *facts, unsigned runtime_minutes)
{
    switch (release_judge_size(facts, runtime_minutes)) {
    case QUALITY_CREDIBLE:
        return 4;
    case QUALITY_TOO_SMALL:
        return -25;
    case QUALITY_TOO_LARGE:
        return -15;
    default:
        return 0;
    }
}

/* In 3D an ordinary screen shows two pictures beside each other: anything flat is better, but a
 * copy from a cinema. */
static double judge_form(uint32_t flags)
{
    return (flags & RELEASE_IS_3D ? -40 : 0) + (flags & RELEASE_HAS_HARDCODED ? -5 : 0);
}

static double judge_age(const struct release_facts *facts, int64_t now_ms)
{
    int64_t since_ms = facts->uploaded_at_ms ? facts->uploaded_at_ms : facts->added_at_ms;
    double years = (double)MAX(now_ms - since_ms, (int64_t)0) / DAY_MS / 365;
    return -0.3 * fmin(years, 10);
}

/* In steps that sums keep exactly, so that equal releases have equal scores. */
static double in_steps(double addend)
{
    return rint(addend * 4096) / 4096;
}

void release_score(const struct release_facts *facts, unsigned runtime_minutes, int64_t now_ms,
                   struct release_score *out)
{
    *out = (struct release_score){
        .score = base,
        .addends = {
            [RELEASE_SCORE_QUALITY] = judge_quality(facts->quality),
            [RELEASE_SCORE_SOURCE] = source_addends[facts->source],
            [RELEASE_SCORE_SEEDS] = in_steps(judge_seeds(facts, now_ms)),
            [RELEASE_SCORE_SIZE] = judge_size(facts, runtime_minutes),
            [RELEASE_SCORE_CODEC] = codec_addends[facts->codec],
            [RELEASE_SCORE_FIXES] = facts->flags & (RELEASE_IS_REPACK | RELEASE_IS_PROPER) ? 1 : 0,
            [RELEASE_SCORE_FORM] = judge_form(facts->flags),
            [RELEASE_SCORE_AGE] = in_steps(judge_age(facts, now_ms)),
        },
    };
    for (unsigned i = 0; i < RELEASE_SCORE_N_ADDENDS; i++)
        out->score += out->addends[i];
    out->score = fmax(out->score, 0);
}

const char *release_addend_name(unsigned addend)
{
    static const char *const names[] = {
        [RELEASE_SCORE_QUALITY] = "quality", [RELEASE_SCORE_SOURCE] = "source",
        [RELEASE_SCORE_SEEDS] = "seeds",     [RELEASE_SCORE_SIZE] = "size",
        [RELEASE_SCORE_CODEC] = "codec",     [RELEASE_SCORE_FIXES] = "fixes",
        [RELEASE_SCORE_FORM] = "form",       [RELEASE_SCORE_AGE] = "age",
    };
    return addend < ARRAY_LEN(names) ? names[addend] : NULL;
}
