/* SPDX-License-Identifier: MIT
 *
 * The one table of qualities, sources and codecs: their words, their order, and how small a file
 * of each may be before nobody believes it.  Filters, cards, release names and ranking all ask
 * here.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Qualities as bits; the place of the bit is what the other functions call `quality`. */
enum {
    QUALITY_480P = 1,
    QUALITY_720P = 2,
    QUALITY_1080P = 4,
    QUALITY_2160P = 8,
};

enum { QUALITY_N = 4, QUALITY_NONE = -1 };

/* Where a picture comes from, worst first: the value is the rank.  The words are those of a release
 * document. */
enum quality_source {
    QUALITY_SOURCE_UNKNOWN,
    QUALITY_CAM,
    QUALITY_TELESYNC,
    QUALITY_TELECINE,
    QUALITY_SCREENER,
    QUALITY_DVD,
    QUALITY_TV,
    QUALITY_WEB,
    QUALITY_BLURAY,
    QUALITY_REMUX,
    QUALITY_SOURCES,
};

enum quality_codec {
    QUALITY_CODEC_UNKNOWN,
    QUALITY_MPEG2,
    QUALITY_XVID,
    QUALITY_VC1,
    QUALITY_H264,
    QUALITY_VP9,
    QUALITY_H265,
    QUALITY_AV1,
    QUALITY_CODECS,
};

/* What a size says about a claim. */
enum quality_verdict {
    QUALITY_CREDIBLE,
    QUALITY_UNTESTED,  /* size, duration or quality is not known */
    QUALITY_TOO_SMALL, /* not that quality, or not that film */
    QUALITY_TOO_LARGE, /* no encoder writes that much: another thing, or a lie */
};

/* "480p" of 0 to "2160p" of 3; NULL for others. */
const char *quality_word(int quality);
int quality_of_word(const char *word); /* exactly; QUALITY_NONE */

/* The shelf a picture stands on: 1920x800 and 1440p are 1080p.  0 lines are QUALITY_NONE. */
int quality_of_lines(unsigned lines);

/* "cam telesync telecine screener dvd tv web bluray remux"; NULL for the unknown. */
const char *quality_source_word(enum quality_source source);
enum quality_source quality_source_of_word(const char *word);

/* Filmed or copied in a cinema, or before the release: shown with a mark, ranked last. */
bool quality_source_is_poor(enum quality_source source);

/* "mpeg2 xvid vc1 x264 vp9 x265 av1"; NULL for the unknown. */
const char *quality_codec_word(enum quality_codec codec);
enum quality_codec quality_codec_of_word(const char *word);

/* Fewest bytes a minute of `quality` may take in `codec`; 0 when the quality is not known. */
uint64_t quality_least_per_minute(int quality, enum quality_codec codec);

enum quality_verdict quality_judge(int quality, enum quality_codec codec, uint64_t size,
                                   unsigned runtime_minutes);
