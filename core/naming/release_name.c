/* SPDX-License-Identifier: MIT */
#include "naming/release_name.h"

#include <string.h>

#include "base/cleanup.h"
#include "naming/release_grammar.h"

static const struct {
    const char *word;
    enum quality_source shelf;
} sources[RELEASE_SOURCES] = {
    [RELEASE_SOURCE_UNKNOWN] = { NULL, QUALITY_SOURCE_UNKNOWN },
    [RELEASE_CAM] = { "CAM", QUALITY_CAM },
    [RELEASE_TELESYNC] = { "TS", QUALITY_TELESYNC },
    [RELEASE_TELECINE] = { "TC", QUALITY_TELECINE },
    [RELEASE_SCREENER] = { "SCR", QUALITY_SCREENER },
    [RELEASE_DVDRIP] = { "DVDRip", QUALITY_DVD },
    [RELEASE_DVD] = { "DVD", QUALITY_DVD },
    [RELEASE_TVRIP] = { "TVRip", QUALITY_TV },
    [RELEASE_SATRIP] = { "SATRip", QUALITY_TV },
    [RELEASE_PDTV] = { "PDTV", QUALITY_TV },
    [RELEASE_HDTV] = { "HDTV", QUALITY_TV },
    [RELEASE_WEB] = { "WEB", QUALITY_WEB },
    [RELEASE_HDRIP] = { "HDRip", QUALITY_WEB },
    [RELEASE_WEBRIP] = { "WEBRip", QUALITY_WEB },
    [RELEASE_WEBDL] = { "WEB-DL", QUALITY_WEB },
    [RELEASE_HDDVD] = { "HD-DVD", QUALITY_BLURAY },
    [RELEASE_BRRIP] = { "BRRip", QUALITY_BLURAY },
    [RELEASE_BDRIP] = { "BDRip", QUALITY_BLURAY },
    [RELEASE_BLURAY] = { "BluRay", QUALITY_BLURAY },
    [RELEASE_REMUX] = { "Remux", QUALITY_REMUX },
};

static const char *const audio_words[RELEASE_AUDIO_FORMATS] = {
    "AAC",    "HE-AAC", "AC3",  "EAC3", "DTS", "DTS-ES", "DTS-HD", "DTS:X",
    "TrueHD", "Atmos",  "FLAC", "Opus", "MP3", "PCM",    "Vorbis", "MP2",
};

static void take_extension(const struct release_text *text, const struct release_layout *layout,
                           struct release_name *out)
{
    if (layout->last == text->n)
        return;
    const struct release_token *token = &text->tokens[layout->last];
    size_t len = MIN((size_t)token->len, sizeof out->extension - 1);
    memcpy(out->extension, text->lower + token->start, len);
    out->extension[len] = '\0';
}

static enum release_name_kind kind_of(const struct release_name *name)
{
    if (name->n_episodes || name->date[0])
        return RELEASE_EPISODE;
    return name->n_seasons ? RELEASE_SEASON : RELEASE_MOVIE;
}

void release_name_parse(const char *name, size_t len, struct release_name *out)
{
    struct release_text text;
    struct release_layout layout;
    size_t last_tag;
    *out = (struct release_name){ .quality = QUALITY_NONE };
    release_text_split(&text, name, MIN(len, (size_t)RELEASE_TEXT_LEN));
    release_text_read(&text);
    release_layout_find(&text, &layout);
    release_tags_take(&text, &layout, out, &last_tag);
    release_group_take(&text, &layout, last_tag, out);
    release_title_take(&text, &layout, out);
    take_extension(&text, &layout, out);
    if (layout.year != RELEASE_NOWHERE)
        out->year = text.tokens[layout.year].number;
    if (out->n_episodes && !out->n_seasons && !out->date[0])
        out->flags |= RELEASE_ABSOLUTE;
    out->quality = quality_of_lines(out->lines);
    out->kind = kind_of(out);
}

enum quality_source release_name_shelf(enum release_name_source source)
{
    return source < RELEASE_SOURCES ? sources[source].shelf : QUALITY_SOURCE_UNKNOWN;
}

const char *release_name_source_word(enum release_name_source source)
{
    return source < RELEASE_SOURCES ? sources[source].word : NULL;
}

const char *release_name_audio_word(unsigned place)
{
    return place < RELEASE_AUDIO_FORMATS ? audio_words[place] : NULL;
}

static bool holds(const struct release_name_range *list, uint8_t n, unsigned wanted)
{
    for (uint8_t i = 0; i < n; i++)
        if (wanted >= list[i].first && wanted <= list[i].last)
            return true;
    return false;
}

bool release_name_has(const struct release_name *name, unsigned season, unsigned episode)
{
    if (season && !holds(name->seasons, name->n_seasons, season))
        return false;
    if (!name->n_episodes)
        return name->n_seasons || name->flags & RELEASE_COMPLETE;
    return holds(name->episodes, name->n_episodes, episode);
}
