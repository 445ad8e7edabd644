/* SPDX-License-Identifier: MIT */
#include "media/quality.h"

#include <string.h>

#include "base/cleanup.h"

/* The smallest honest encodes people share are about half as large again: 1080p in x264 at some
 * 1.1 Mbit/s with sound, 720p at 0.6, 480p at 0.27, 2160p at 3. */
static const struct {
    const char *word;
    uint32_t least_kb; /* a minute, x264 */
} qualities[QUALITY_N] = {
    { "480p", 2000 },
    { "720p", 4500 },
    { "1080p", 8000 },
    { "2160p", 22000 },
};

static const char *const source_words[QUALITY_SOURCES] = {
    [QUALITY_CAM] = "cam",           [QUALITY_TELESYNC] = "telesync",
    [QUALITY_TELECINE] = "telecine", [QUALITY_SCREENER] = "screener",
    [QUALITY_DVD] = "dvd",           [QUALITY_TV] = "tv",
    [QUALITY_WEB] = "web",           [QUALITY_BLURAY] = "bluray",
    [QUALITY_REMUX] = "remux",
};

/* `percent`: of the bytes x264 needs for the same picture.  What is not known may be the best. */
static const struct {
    const char *word;
    unsigned percent;
} codecs[QUALITY_CODECS] = {
    [QUALITY_CODEC_UNKNOWN] = { NULL, 45 }, [QUALITY_MPEG2] = { "mpeg2", 180 },
    [QUALITY_XVID] = { "xvid", 120 },       [QUALITY_VC1] = { "vc1", 110 },
    [QUALITY_H264] = { "x264", 100 },       [QUALITY_VP9] = { "vp9", 65 },
    [QUALITY_H265] = { "x265", 55 },        [QUALITY_AV1] = { "av1", 45 },
};

/* Uncompressed sound beside a 128 Mbit/s disc stream is 1.1 GB a minute. */
#define MOST_PER_MINUTE (UINT64_C(1500) * 1000 * 1000)

const char *quality_word(int quality)
{
    return quality >= 0 && quality < QUALITY_N ? qualities[quality].word : NULL;
}

int quality_of_word(const char *word)
{
    for (int i = 0; i < QUALITY_N; i++)
        if (strcmp(qualities[i].word, word) == 0)
            return i;
    return QUALITY_NONE;
}

int quality_of_lines(unsigned lines)
{
    if (!lines)
        return QUALITY_NONE;
    if (lines < 640)
        return 0;
    if (lines < 800)
        return 1;
    return lines < 1600 ? 2 : 3;
}

const char *quality_source_word(enum quality_source source)
{
    return source < QUALITY_SOURCES ? source_words[source] : NULL;
}

enum quality_source quality_source_of_word(const char *word)
{
    for (unsigned i = QUALITY_CAM; i < QUALITY_SOURCES; i++)
        if (strcmp(source_words[i], word) == 0)
            return i;
    return QUALITY_SOURCE_UNKNOWN;
}

bool quality_source_is_poor(enum quality_source source)
{
    return source >= QUALITY_CAM && source <= QUALITY_SCREENER;
}

const char *quality_codec_word(enum quality_codec codec)
{
    return codec < QUALITY_CODECS ? codecs[codec].word : NULL;
}

enum quality_codec quality_codec_of_word(const char *word)
{
    for (unsigned i = QUALITY_MPEG2; i < QUALITY_CODECS; i++)
        if (strcmp(codecs[i].word, word) == 0)
            return i;
    return QUALITY_CODEC_UNKNOWN;
}

uint64_t quality_least_per_minute(int quality, enum quality_codec codec)
{
    if (quality < 0 || quality >= QUALITY_N || codec >= QUALITY_CODECS)
        return 0;
    return (uint64_t)qualities[quality].least_kb * 1000 * codecs[codec].percent / 100;
}

enum quality_verdict quality_judge(int quality, enum quality_codec codec, uint64_t size,
                                   unsigned runtime_minutes)
{
    if (!size || !runtime_minutes)
        return QUALITY_UNTESTED;
    uint64_t per_minute = size / runtime_minutes;
    if (per_minute > MOST_PER_MINUTE)
        return QUALITY_TOO_LARGE;
    uint64_t least = quality_least_per_minute(quality, codec);
    if (!least)
        return QUALITY_UNTESTED;
    return per_minute < least ? QUALITY_TOO_SMALL : QUALITY_CREDIBLE;
}
