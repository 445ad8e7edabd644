/* SPDX-License-Identifier: MIT */
#include "naming/release_grammar.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* --- Languages */

struct run {
    size_t first; /* of the languages that stand side by side, in out->languages */
    size_t next;  /* the token that would continue it */
    const char *tags[RELEASE_NAME_LANGUAGES];
    size_t n;
    bool subtitles; /* "sub ita eng": those that follow are subtitles */
};

static void add_language(char (*list)[LANGUAGE_LEN], uint8_t *n, const char *tag)
{
    for (uint8_t i = 0; i < *n; i++)
        if (strcmp(list[i], tag) == 0)
            return;
    if (*n < RELEASE_NAME_LANGUAGES)
        snprintf(list[(*n)++], LANGUAGE_LEN, "%s", tag);
}

static void add_subtitle(struct release_name *out, const char *tag)
{
    add_language(out->subtitles, &out->n_subtitles, tag);
    out->flags |= RELEASE_SUBBED;
}

static void take_language(struct release_name *out, struct run *run, size_t i, const char *tag)
{
    if (run->next != i) {
        run->first = out->n_languages;
        run->subtitles = false;
        run->n = 0;
    }
    if (run->n < ARRAY_LEN(run->tags))
        run->tags[run->n++] = tag;
    run->next = i + 1;
    if (run->subtitles)
        add_subtitle(out, tag);
    else
        add_language(out->languages, &out->n_languages, tag);
}

/* "Eng Rus subs": what stood before are subtitles; "sub ita eng": what follows. */
static void take_subs(const struct release_text *text, struct release_name *out, struct run *run,
                      size_t i)
{
    bool before = run->next == i && !run->subtitles && run->n;
    bool after = i + 1 < text->n && text->tokens[i + 1].meaning == RELEASE_IS_LANGUAGE &&
                 !(text->tokens[i + 1].gap & (GAP_OPEN | GAP_CLOSE));
    out->flags |= RELEASE_SUBBED;
    if (before && !after) {
        for (size_t k = 0; k < run->n; k++)
            add_subtitle(out, run->tags[k]);
        out->n_languages = (uint8_t)run->first;
    }
    run->next = i + 1;
    run->first = out->n_languages;
    run->n = 0;
    run->subtitles = after;
}

/* --- Places and dates */

static void add_range(struct release_name_range *list, uint8_t *n, struct release_name_range range)
{
    for (uint8_t i = 0; i < *n; i++) {
        if (range.first >= list[i].first && range.first <= list[i].last + 1u) {
            list[i].last = MAX(list[i].last, range.last);
            return;
        }
    }
    if (*n < RELEASE_NAME_RANGES)
        list[(*n)++] = range;
}

static void take_place(const struct release_token *token, struct release_name *out)
{
    if (token->has_season)
        add_range(out->seasons, &out->n_seasons, token->seasons);
    if (token->has_episode)
        add_range(out->episodes, &out->n_episodes, token->episodes);
}

static void take_date(const struct release_text *text, size_t i, struct release_name *out)
{
    size_t year = text->tokens[i].version ? i + 2 : i, day = text->tokens[i].version ? i : i + 2;
    if (out->date[0])
        return;
    out->year = (uint16_t)release_text_number(text, year);
    snprintf(out->date, sizeof out->date, "%04u-%02u-%02u", out->year % 10000u,
             (unsigned)release_text_number(text, i + 1) % 100,
             (unsigned)release_text_number(text, day) % 100);
}

/* --- Tags */

/* A copy from the cinema stays one whatever else is said; a remux is more than its disc; a disc
 * that is then said to be ripped is a rip. */
static void take_source(enum release_name_source source, struct release_name *out)
{
    enum release_name_source old = out->source;
    bool poor = source <= RELEASE_TELECINE;
    bool old_poor = old && old <= RELEASE_TELECINE;
    bool better = source == RELEASE_REMUX && old != RELEASE_DVD;
    bool disc_ripped =
        old == RELEASE_BLURAY && (source == RELEASE_BDRIP || source == RELEASE_BRRIP);
    bool finer = old == RELEASE_WEB && source > RELEASE_WEB && source <= RELEASE_WEBDL;
    if (!old || (poor && !old_poor) || (!old_poor && (better || disc_ripped || finer)))
        out->source = source;
}

static void take_lines(const struct release_token *token, struct release_name *out, bool *exact)
{
    bool says_exactly = token->word == NULL;
    if (out->lines && (*exact || !says_exactly))
        return;
    *exact = says_exactly;
    out->lines = token->number;
    if (says_exactly && token->version)
        out->flags |= RELEASE_INTERLACED;
}

static void take_edition(const char *edition, struct release_name *out)
{
    size_t len = strlen(out->edition);
    if (strstr(out->edition, edition) || len + strlen(edition) + 3 > sizeof out->edition)
        return;
    snprintf(out->edition + len, sizeof out->edition - len, "%s%s", len ? ", " : "", edition);
}

static void take_flag(uint32_t flag, struct release_name *out)
{
    out->flags |= flag;
    if (flag & (RELEASE_3D_SBS | RELEASE_3D_OU))
        out->flags |= RELEASE_3D;
}

static void take_sound(const struct release_token *token, struct release_name *out)
{
    if (token->meaning == RELEASE_IS_AUDIO && token->word)
        out->audio |= token->word->number;
    if (token->number && token->number < 100 && !out->channels_x10 &&
        (token->meaning == RELEASE_IS_CHANNELS || token->number != token->word->number))
        out->channels_x10 = (uint8_t)token->number;
}

static void take_hash(const struct release_text *text, const struct release_token *token,
                      struct release_name *out)
{
    memcpy(out->hash, text->lower + token->start, 8);
    out->hash[8] = '\0';
}

/* "Hi10P" is a profile of one codec. */
static void take_depth(const struct release_text *text, size_t i, struct release_name *out)
{
    struct release_slice slice = release_text_slice(text, i);
    out->bit_depth = (uint8_t)text->tokens[i].number;
    if (!out->codec && slice.len >= 4 && memcmp(slice.at, "hi10", 4) == 0)
        out->codec = QUALITY_H264;
}

struct taking {
    const struct release_text *text;
    struct release_name *out;
    struct run run;
    bool exact_lines;
};

static void take_text_tag(struct taking *taking, size_t i)
{
    const struct release_token *token = &taking->text->tokens[i];
    switch (token->meaning) {
    case RELEASE_IS_EDITION:
        take_edition(token->word->text, taking->out);
        return;
    case RELEASE_IS_SUBTITLE:
        add_subtitle(taking->out, token->word->text);
        take_flag(token->word->number, taking->out);
        return;
    case RELEASE_IS_SUBS:
        take_subs(taking->text, taking->out, &taking->run, i);
        return;
    case RELEASE_IS_LANGUAGE:
        take_language(taking->out, &taking->run, i, token->word->text);
        return;
    case RELEASE_IS_HASH:
        take_hash(taking->text, token, taking->out);
        return;
    case RELEASE_IS_DATE:
        take_date(taking->text, i, taking->out);
        return;
    default:
        return;
    }
}

static void take_tag(struct taking *taking, size_t i)
{
    struct release_name *out = taking->out;
    const struct release_token *token = &taking->text->tokens[i];
    switch (token->meaning) {
    case RELEASE_IS_LINES:
        take_lines(token, out, &taking->exact_lines);
        if (token->disc)
            take_source(RELEASE_BLURAY, out);
        return;
    case RELEASE_IS_SOURCE:
        take_source(token->number, out);
        return;
    case RELEASE_IS_CODEC:
        if (!out->codec)
            out->codec = token->number;
        return;
    case RELEASE_IS_DEPTH:
        take_depth(taking->text, i, out);
        return;
    case RELEASE_IS_HDR:
        out->hdr |= (uint8_t)token->number;
        return;
    case RELEASE_IS_AUDIO:
    case RELEASE_IS_CHANNELS:
        take_sound(token, out);
        return;
    case RELEASE_IS_FLAG:
        take_flag(token->word->number, out);
        return;
    case RELEASE_IS_PLACE:
        take_place(token, out);
        return;
    case RELEASE_IS_VERSION:
        out->version = (uint8_t)token->number;
        return;
    default:
        take_text_tag(taking, i);
    }
}

/* --- Which words are tags in their place */

static bool is_word_tag(const struct release_token *token)
{
    return token->meaning != RELEASE_IS_TEXT && token->meaning != RELEASE_IS_NUMBER &&
           token->meaning != RELEASE_IS_YEAR && token->meaning != RELEASE_IS_EPISODE;
}

/* The first tag that is neither place nor date: behind it, known words are tags. */
static size_t find_zone(const struct release_text *text, const struct release_layout *layout)
{
    for (size_t i = layout->end; i < text->n; i++)
        if (text->tokens[i].strong && text->tokens[i].meaning != RELEASE_IS_PLACE &&
            text->tokens[i].meaning != RELEASE_IS_DATE)
            return i;
    return text->n;
}

/* Where the tags begin, and the row of words that could be tags which was last looked at: each is
 * looked at once. */
struct zone {
    size_t start;
    size_t run_start, run_end;
};

/* From what stands before the row, or its last episode, to what stands behind. */
static void find_run(const struct release_text *text, const struct release_layout *layout, size_t i,
                     struct zone *zone)
{
    zone->run_start = zone->run_end = i;
    while (zone->run_end < zone->start && is_word_tag(&text->tokens[zone->run_end]))
        zone->run_end++;
    while (zone->run_start > layout->end && is_word_tag(&text->tokens[zone->run_start]) &&
           !text->tokens[zone->run_start].has_episode)
        zone->run_start--;
}

/* Before the zone a weak word is one when only such words part it from the zone, or from the year
 * or season in front; in an episode's title ("The French Mistake") it is not. */
static bool is_backed(const struct release_text *text, const struct release_layout *layout,
                      size_t i, struct zone *zone)
{
    if (i >= zone->run_end)
        find_run(text, layout, i, zone);
    if (text->tokens[i].has_episode)
        zone->run_start = i;
    if (zone->run_end == zone->start && zone->start < text->n)
        return true;
    const struct release_token *first = &text->tokens[zone->run_start];
    if (first->has_episode)
        return zone->run_end >= layout->last;
    return zone->run_start <= layout->end || first->meaning == RELEASE_IS_YEAR;
}

static bool has_running_text(const struct release_text *text, size_t i)
{
    uint8_t bracket = text->tokens[i].bracket;
    while (i && text->tokens[i - 1].bracket == bracket)
        i--;
    for (; i < text->n && text->tokens[i].bracket == bracket; i++)
        if (!is_word_tag(&text->tokens[i]))
            return true;
    return false;
}

static bool is_tag_here(const struct release_text *text, const struct release_layout *layout,
                        size_t i, struct zone *zone)
{
    const struct release_token *token = &text->tokens[i];
    if (!is_word_tag(token) || token->meaning == RELEASE_IS_SITE)
        return false;
    /* "-MAX" at the very end is who made it. */
    if (i + 1 == layout->last && token->gap == GAP_HYPHEN && !token->bracket && !token->strong &&
        i > layout->end && token->meaning == RELEASE_IS_NOISE)
        return false;
    if (i >= layout->start && i < layout->end)
        return false;
    if (layout->lead != RELEASE_NOWHERE && token->bracket == text->tokens[layout->lead].bracket)
        return false;
    if (i < layout->start)
        return token->bracket && (token->strong || !has_running_text(text, i));
    if (token->strong || i >= zone->start)
        return true;
    if (token->bracket && !has_running_text(text, i))
        return true;
    return is_backed(text, layout, i, zone);
}

/* An episode that is only a number, "01-24v2" and "01 & 02" too. */
static void take_number(struct release_text *text, size_t i, struct release_name *out)
{
    struct release_token *token = &text->tokens[i], *next = token + 1;
    uint16_t last = token->number, version = token->version;
    bool range = i + 1 < text->n && next->meaning == RELEASE_IS_NUMBER &&
                 ((next->gap == GAP_HYPHEN && next->number > last && next->number < 1900) ||
                  (next->gap & GAP_OTHER && next->number == last + 1));
    if (range) {
        last = next->number;
        version = version ? version : next->version;
        next->follows = true;
    }
    add_range(out->episodes, &out->n_episodes, (struct release_name_range){ token->number, last });
    if (version)
        out->version = (uint8_t)version;
}

void release_tags_take(struct release_text *text, const struct release_layout *layout,
                       struct release_name *out, size_t *last_tag)
{
    struct taking taking = { .text = text, .out = out, .run.next = RELEASE_NOWHERE };
    struct zone zone = { .start = find_zone(text, layout) };
    *last_tag = RELEASE_NOWHERE;
    for (size_t i = 0; i < layout->last; i++) {
        if (i == layout->number) {
            take_number(text, i, out);
        } else if (i != layout->year && !is_tag_here(text, layout, i, &zone))
            continue;
        if (i >= layout->end)
            *last_tag = i;
        if (!text->tokens[i].follows && i != layout->number)
            take_tag(&taking, i);
    }
}
