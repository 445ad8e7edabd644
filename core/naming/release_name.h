/* SPDX-License-Identifier: MIT
 *
 * What the name of a release says: scene names, tracker listings, anime names, file names.  Names
 * are claims and guesses: what is not said stays empty, and nothing here is ever an error.  The
 * grammar is told in docs/release-names.md.  Linear time, no allocation, no locale, no clock;
 * pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/language.h"
#include "media/quality.h"

enum {
    RELEASE_NAME_TITLE = 256, /* bytes, with the NUL; so are the next two */
    RELEASE_NAME_GROUP = 64,
    RELEASE_NAME_EDITION = 96,
    RELEASE_NAME_RANGES = 8,
    RELEASE_NAME_LANGUAGES = 16,
};

/* Where it was taken from, finer than quality.h's shelf. */
enum release_name_source {
    RELEASE_SOURCE_UNKNOWN,
    RELEASE_CAM,
    RELEASE_TELESYNC,
    RELEASE_TELECINE,
    RELEASE_SCREENER,
    RELEASE_DVDRIP,
    RELEASE_DVD, /* the disc itself */
    RELEASE_TVRIP,
    RELEASE_SATRIP,
    RELEASE_PDTV,
    RELEASE_HDTV,
    RELEASE_WEB,
    RELEASE_HDRIP,
    RELEASE_WEBRIP,
    RELEASE_WEBDL,
    RELEASE_HDDVD,
    RELEASE_BRRIP,
    RELEASE_BDRIP,
    RELEASE_BLURAY,
    RELEASE_REMUX,
    RELEASE_SOURCES,
};

enum { /* high dynamic range, bits */
       RELEASE_HDR10 = 1,
       RELEASE_HDR10PLUS = 2,
       RELEASE_DOLBY_VISION = 4,
       RELEASE_HLG = 8,
       RELEASE_SDR = 16,
};

enum { /* audio formats, bits; RELEASE_AUDIO_FORMATS of them */
       RELEASE_AAC = 1,
       RELEASE_HEAAC = 2,
       RELEASE_AC3 = 4,
       RELEASE_EAC3 = 8,
       RELEASE_DTS = 0x10,
       RELEASE_DTSES = 0x20,
       RELEASE_DTSHD = 0x40,
       RELEASE_DTSX = 0x80,
       RELEASE_TRUEHD = 0x100,
       RELEASE_ATMOS = 0x200,
       RELEASE_FLAC = 0x400,
       RELEASE_OPUS = 0x800,
       RELEASE_MP3 = 0x1000,
       RELEASE_PCM = 0x2000,
       RELEASE_VORBIS = 0x4000,
       RELEASE_MP2 = 0x8000,
       RELEASE_DOUBLE_AUDIO = 0x10000, /* "Dual Audio" */
       RELEASE_MANY_AUDIO = 0x20000,   /* "Multi" */
       RELEASE_AUDIO_FORMATS = 16,
};

enum { /* flags */
       RELEASE_PROPER = 1,
       RELEASE_REPACK = 2,
       RELEASE_REAL = 4,
       RELEASE_INTERNAL = 8,
       RELEASE_COMPLETE = 0x10,  /* says that it is a whole season, series or collection */
       RELEASE_HARDCODED = 0x20, /* subtitles in the picture */
       RELEASE_DUBBED = 0x40,
       RELEASE_SUBBED = 0x80, /* subtitles, of whatever language */
       RELEASE_3D = 0x100,
       RELEASE_3D_SBS = 0x200,
       RELEASE_3D_OU = 0x400,
       RELEASE_HALF_3D = 0x800,
       RELEASE_UPSCALED = 0x1000,
       RELEASE_HYBRID = 0x2000,
       RELEASE_INTERLACED = 0x4000,
       RELEASE_ABSOLUTE = 0x8000, /* episodes count over the whole show */
       RELEASE_LINE_AUDIO = 0x10000,
       RELEASE_SAMPLE = 0x20000,
       RELEASE_EXTRAS = 0x40000,
       RELEASE_ANIME_END = 0x80000, /* "END": the last one */
};

enum release_name_kind { RELEASE_MOVIE, RELEASE_EPISODE, RELEASE_SEASON };

struct release_name_range {
    uint16_t first, last;
};

/* Plain value.  Texts are valid UTF-8, "" when not said; numbers 0. */
struct release_name {
    enum release_name_kind kind; /* a movie when nothing says otherwise */
    char title[RELEASE_NAME_TITLE];
    char other_title[RELEASE_NAME_TITLE]; /* the same in another script or language */
    uint16_t year;
    char date[11]; /* "2020-06-18" of a daily show */
    struct release_name_range seasons[RELEASE_NAME_RANGES];
    struct release_name_range episodes[RELEASE_NAME_RANGES];
    uint8_t n_seasons, n_episodes;
    uint16_t lines; /* 1080 of 1080p */
    int quality;    /* quality.h; QUALITY_NONE */
    enum release_name_source source;
    enum quality_codec codec;
    uint8_t bit_depth;
    uint8_t channels_x10; /* 51 is 5.1 */
    uint8_t version;      /* 2 of "v2" */
    uint8_t hdr;
    uint32_t audio;
    uint32_t flags;
    char languages[RELEASE_NAME_LANGUAGES][LANGUAGE_LEN]; /* spoken */
    char subtitles[RELEASE_NAME_LANGUAGES][LANGUAGE_LEN];
    uint8_t n_languages, n_subtitles;
    char edition[RELEASE_NAME_EDITION]; /* "Extended", "Director's Cut IMAX" */
    char group[RELEASE_NAME_GROUP];
    char hash[9]; /* the CRC-32 of anime names, lower case */
    char extension[6];
};

/* `name` need not end with a NUL nor be UTF-8; what is behind its first 700 bytes is not read. */
void release_name_parse(const char *name, size_t len, struct release_name *out);

enum quality_source release_name_shelf(enum release_name_source source);

/* "WEB-DL", "BluRay" ...; NULL for the unknown. */
const char *release_name_source_word(enum release_name_source source);

/* "AAC", "DDP", "DTS-HD" ... of one bit's place. */
const char *release_name_audio_word(unsigned place);

/* Whether it says to hold this episode; season 0 asks for absolute numbers or any season. */
bool release_name_has(const struct release_name *name, unsigned season, unsigned episode);
