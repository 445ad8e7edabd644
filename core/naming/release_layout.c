/* SPDX-License-Identifier: MIT */
#include "naming/release_grammar.h"

#include <string.h>

#include "base/cleanup.h"

/* --- What stands before the title */

static size_t bracket_end(const struct release_text *text, size_t i)
{
    uint8_t bracket = text->tokens[i].bracket;
    while (i < text->n && text->tokens[i].bracket == bracket)
        i++;
    return i;
}

static bool is_tag(const struct release_token *token)
{
    return token->meaning != RELEASE_IS_TEXT && token->meaning != RELEASE_IS_NUMBER &&
           token->meaning != RELEASE_IS_SEASON && token->meaning != RELEASE_IS_EPISODE &&
           token->meaning != RELEASE_IS_SITE && token->meaning != RELEASE_IS_YEAR;
}

static bool is_domain(const struct release_text *text, size_t i)
{
    static const char *const ends[] = { "com", "org", "net", "cc",   "to", "my",   "vip", "pics",
                                        "art", "lat", "tel", "nu",   "se", "me",   "io",  "mx",
                                        "lt",  "am",  "ag",  "info", "pw", "xyz",  "re",  "cd",
                                        "ws",  "ru",  "pl",  "site", "co", "life", "club" };
    if (i == 0 || text->tokens[i].gap != GAP_DOT)
        return false;
    for (size_t k = 0; k < ARRAY_LEN(ends); k++)
        if (release_text_is(text, i, ends[k]))
            return true;
    return false;
}

/* How the front bracket reads. */
enum lead { LEAD_TEXT, LEAD_TAGS, LEAD_SITE };

static enum lead judge_lead(const struct release_text *text, size_t from, size_t to)
{
    size_t n_tags = 0;
    for (size_t i = from; i < to; i++) {
        if (text->tokens[i].meaning == RELEASE_IS_SITE || (is_domain(text, i) && i > from))
            return LEAD_SITE;
        n_tags += is_tag(&text->tokens[i]);
    }
    bool strong = text->tokens[from].strong;
    return n_tags == to - from || (strong && n_tags * 2 >= to - from) ? LEAD_TAGS : LEAD_TEXT;
}

/* "www.site.tld - Title": past the name of the site. */
static size_t skip_site(const struct release_text *text, size_t i)
{
    size_t end = i + 1;
    if (!release_text_is(text, i, "www"))
        return i;
    while (end < text->n && end < i + 5) {
        uint8_t gap = text->tokens[end].gap;
        bool apart =
            gap & (GAP_OPEN | GAP_CLOSE | GAP_UNDERSCORE) || (gap & GAP_HYPHEN && gap & GAP_SPACE);
        if (end > i + 1 && apart)
            return end;
        end++;
    }
    return i;
}

/* Whether anything but tags stands outside brackets. */
static bool has_open_text(const struct release_text *text, size_t from)
{
    for (size_t i = from; i < text->n; i++)
        if (!text->tokens[i].bracket && !is_tag(&text->tokens[i]))
            return true;
    return false;
}

/* The title of a name that is all brackets: the last bracket of running text before the number
 * or the tags; the first one is the group when another follows. */
static size_t find_in_brackets(const struct release_text *text, struct release_layout *layout)
{
    size_t first = RELEASE_NOWHERE, found = RELEASE_NOWHERE;
    for (size_t i = layout->start; i < text->n; i = bracket_end(text, i)) {
        size_t end = bracket_end(text, i);
        bool running =
            judge_lead(text, i, end) == LEAD_TEXT && text->tokens[i].meaning == RELEASE_IS_TEXT;
        if (found != RELEASE_NOWHERE && !running)
            break;
        if (!running)
            continue;
        if (first == RELEASE_NOWHERE)
            first = i;
        found = i;
    }
    if (first != found)
        layout->lead = first;
    return found == RELEASE_NOWHERE ? layout->start : found;
}

static bool all_in_brackets(const struct release_text *text, size_t from)
{
    return from < text->n && text->tokens[from].bracket && text->tokens[from].opener == '[' &&
           !has_open_text(text, from);
}

static size_t find_start(const struct release_text *text, struct release_layout *layout)
{
    size_t i = skip_site(text, 0);
    layout->start = i;
    if (all_in_brackets(text, i))
        return find_in_brackets(text, layout);
    while (i < text->n && text->tokens[i].bracket && text->tokens[i].opener == '[') {
        size_t end = bracket_end(text, i);
        enum lead lead = judge_lead(text, i, end);
        if (end >= text->n)
            break;
        if (lead == LEAD_TEXT && layout->lead != RELEASE_NOWHERE)
            break;
        /* "[REC] 2007": nothing else could be the title. */
        if (lead == LEAD_TEXT && (text->tokens[end].meaning == RELEASE_IS_YEAR ||
                                  (text->tokens[end].strong && !text->tokens[end].bracket)))
            break;
        if (lead == LEAD_TEXT)
            layout->lead = i;
        i = skip_site(text, end);
    }
    return i < text->n ? i : layout->start;
}

/* --- Where it ends */

static bool is_anchor(const struct release_text *text, size_t i)
{
    const struct release_token *token = &text->tokens[i];
    if (token->meaning == RELEASE_IS_FLAG && token->number == RELEASE_COMPLETE) {
        bool says_so = i + 1 < text->n && text->tokens[i + 1].follows;
        return says_so || release_text_number(text, i + 1) >= 0;
    }
    return token->strong;
}

/* A year that could be the year of release: not half of a range, not the first word. */
static bool is_candidate(const struct release_text *text, const struct release_layout *layout,
                         size_t i)
{
    if (text->tokens[i].meaning != RELEASE_IS_YEAR)
        return false;
    bool lone = i == layout->start && !(text->tokens[i].bracket && i + 1 < text->n);
    bool range =
        (i + 1 < text->n && text->tokens[i + 1].gap & GAP_HYPHEN &&
         text->tokens[i + 1].meaning == RELEASE_IS_YEAR) ||
        (i && text->tokens[i].gap & GAP_HYPHEN && text->tokens[i - 1].meaning == RELEASE_IS_YEAR);
    return !lone && !range;
}

static bool in_round_bracket(const struct release_text *text, size_t i)
{
    return text->tokens[i].bracket != 0;
}

/* Before the first anchor the last one, a bracketed one before others; else one among the tags. */
static size_t find_year(const struct release_text *text, const struct release_layout *layout,
                        size_t anchor)
{
    size_t found = RELEASE_NOWHERE;
    for (size_t i = layout->start; i < anchor; i++)
        if (is_candidate(text, layout, i) &&
            (found == RELEASE_NOWHERE || in_round_bracket(text, i) ||
             !in_round_bracket(text, found)))
            found = i;
    for (size_t i = anchor; i < text->n && found == RELEASE_NOWHERE; i++) {
        bool before_tags = i + 1 >= text->n || text->tokens[i + 1].strong;
        if (is_candidate(text, layout, i) && (in_round_bracket(text, i) || before_tags))
            found = i;
    }
    return found;
}

static bool is_running(const struct release_text *text, size_t i)
{
    return i < text->n && !text->tokens[i].bracket && text->tokens[i].meaning == RELEASE_IS_TEXT;
}

/* "Title - 08 [720p]": set apart by a hyphen, with tags, a title or nothing behind. */
static bool is_set_apart(const struct release_text *text, const struct release_layout *layout,
                         size_t i)
{
    const struct release_token *token = &text->tokens[i];
    if (!(token->gap & GAP_HYPHEN) || !(token->gap & (GAP_SPACE | GAP_UNDERSCORE)))
        return false;
    if (i + 1 >= layout->last)
        return true;
    const struct release_token *next = &text->tokens[i + 1];
    if (next->meaning == RELEASE_IS_YEAR)
        return false;
    return next->gap & (GAP_OPEN | GAP_HYPHEN) || next->strong || !is_running(text, i + 1);
}

/* An anime's "Title 264 [tags]": only after a group in front, never a year's neighbour. */
static bool closes_title(const struct release_text *text, const struct release_layout *layout,
                         size_t i)
{
    const struct release_token *token = &text->tokens[i];
    if (layout->lead == RELEASE_NOWHERE || token->len < 2 || layout->year != RELEASE_NOWHERE)
        return false;
    if (i + 1 < layout->last && text->tokens[i + 1].meaning == RELEASE_IS_PLACE)
        return false; /* "Title 100 S2" */
    return i + 1 >= layout->last || text->tokens[i + 1].strong ||
           (text->tokens[i + 1].gap & GAP_OPEN && !is_running(text, i + 1));
}

static size_t first_anchor(const struct release_text *text, size_t start)
{
    for (size_t i = start + 1; i < text->n; i++)
        if (is_anchor(text, i) && !text->tokens[i].follows)
            return i;
    return text->n;
}

/* "[04]" */
static bool is_alone(const struct release_text *text, size_t i)
{
    const struct release_token *token = &text->tokens[i];
    return token->bracket && token->gap & GAP_OPEN && token->opener == '[' &&
           (i + 1 == text->n || text->tokens[i + 1].bracket != token->bracket);
}

/* "(001-500" */
static bool opens_batch(const struct release_text *text, size_t i)
{
    const struct release_token *token = &text->tokens[i];
    return token->gap & GAP_OPEN && token->len > 1 && i + 1 < text->n &&
           text->tokens[i + 1].gap == GAP_HYPHEN &&
           release_text_number(text, i + 1) > token->number;
}

/* "Title 01-20 [tags]" behind a group in front. */
static bool closes_title_as_batch(const struct release_text *text,
                                  const struct release_layout *layout, size_t i)
{
    return text->tokens[i].len > 1 && i + 1 < text->n && text->tokens[i + 1].gap == GAP_HYPHEN &&
           release_text_number(text, i + 1) > text->tokens[i].number &&
           closes_title(text, layout, i + 1);
}

/* "Vol.01" is none of its episodes. */
static bool is_volume(const struct release_text *text, size_t i)
{
    return i && (release_text_is(text, i - 1, "vol") || release_text_is(text, i - 1, "volume"));
}

/* An episode that is only a number, before the anchor or right behind a season. */
static size_t find_number(const struct release_text *text, const struct release_layout *layout,
                          size_t anchor)
{
    size_t most = anchor;
    while (most < layout->last && text->tokens[most].meaning == RELEASE_IS_PLACE)
        most++; /* "Title S2 - 11 [720p]" */
    most = most == anchor ? anchor : first_anchor(text, most - 1);
    for (size_t i = layout->start + 1; i < text->n && i <= most; i++) {
        const struct release_token *token = &text->tokens[i];
        if (token->meaning != RELEASE_IS_NUMBER || token->follows || is_volume(text, i))
            continue;
        bool counted = layout->lead != RELEASE_NOWHERE || token->bracket == 3;
        if (opens_batch(text, i) || (counted && is_alone(text, i)))
            return i;
        if (!token->bracket && i < most &&
            (is_set_apart(text, layout, i) || closes_title(text, layout, i) ||
             closes_title_as_batch(text, layout, i)))
            return i;
    }
    return RELEASE_NOWHERE;
}

/* Before tags, and set in brackets before a place, weak words are tags too: "Hindi 1080p". */
static size_t step_back(const struct release_text *text, const struct release_layout *layout,
                        size_t end, bool before_place)
{
    while (end > layout->start + 1) {
        const struct release_token *token = &text->tokens[end - 1];
        bool pack = (token->meaning == RELEASE_IS_SEASON && end < text->n &&
                     text->tokens[end].meaning != RELEASE_IS_NUMBER &&
                     !release_text_is(text, end - 1, "serie")) || /* "La Serie S05" */
                    (token->meaning == RELEASE_IS_FLAG && !token->follows &&
                     token->number == RELEASE_COMPLETE);
        bool weak = token->meaning != RELEASE_IS_TEXT && token->meaning != RELEASE_IS_NUMBER &&
                    token->meaning != RELEASE_IS_YEAR && token->meaning != RELEASE_IS_EPISODE;
        if (before_place ? !(pack || (weak && (token->bracket || token->follows))) : !weak)
            break;
        end--;
    }
    return end;
}

/* A bracket whose inside is not title is left out whole. */
static size_t out_of_bracket(const struct release_text *text, const struct release_layout *layout,
                             size_t end)
{
    uint8_t bracket = end < text->n ? text->tokens[end].bracket : 0;
    if (!bracket || text->tokens[layout->start].bracket == bracket)
        return end;
    while (end > layout->start + 1 && text->tokens[end - 1].bracket == bracket)
        end--;
    return end;
}

static bool is_extension(const struct release_text *text, size_t i)
{
    static const char *const extensions[] = { "mkv", "mp4",  "avi", "m4v",  "wmv", "mov",    "webm",
                                              "ts",  "m2ts", "mpg", "mpeg", "iso", "srt",    "sub",
                                              "ass", "vtt",  "idx", "nfo",  "flv", "torrent" };
    if (i == 0 || text->tokens[i].gap & ~(GAP_DOT | GAP_SPACE | GAP_CLOSE | GAP_UNDERSCORE))
        return false;
    for (size_t k = 0; k < ARRAY_LEN(extensions); k++)
        if (release_text_is(text, i, extensions[k]))
            return text->tokens[i].gap & GAP_DOT || k < 5;
    return false;
}

/* Without any anchor the title ends before the tags that close the name. */
static size_t end_of_bare(const struct release_text *text, const struct release_layout *layout)
{
    size_t end = layout->last;
    while (end > layout->start + 1 && text->tokens[end - 1].bracket &&
           text->tokens[end - 1].bracket != text->tokens[layout->start].bracket)
        end--;
    return end;
}

/* "-S56" behind the tags is who made it, and no season. */
static void mend_last(struct release_text *text, size_t last)
{
    struct release_token *token = &text->tokens[last - 1];
    if (last < 3 || token->gap != GAP_HYPHEN || token->meaning != RELEASE_IS_PLACE ||
        !text->tokens[last - 2].strong || text->tokens[last - 2].meaning == RELEASE_IS_PLACE)
        return;
    token->meaning = RELEASE_IS_TEXT;
    token->strong = false;
}

static bool is_from_tv(const struct release_token *token)
{
    return token->meaning == RELEASE_IS_SOURCE && token->number >= RELEASE_TVRIP &&
           token->number <= RELEASE_HDTV;
}

static bool has_capitals(const struct release_text *text)
{
    return memcmp(text->bytes, text->lower, text->len) != 0;
}

/* "title.411.hdtv-group", the names of scene files: season 4, episode 11. */
static void read_short_place(struct release_text *text)
{
    for (size_t i = 1; i + 1 < text->n; i++) {
        struct release_token *token = &text->tokens[i];
        unsigned season = token->number / 100, episode = token->number % 100;
        if (token->meaning == RELEASE_IS_YEAR || token->meaning == RELEASE_IS_PLACE ||
            token->meaning == RELEASE_IS_DATE)
            return;
        if (token->meaning != RELEASE_IS_NUMBER || token->gap != GAP_DOT || !season ||
            season > 40 || !episode || episode > 40 || !is_from_tv(&text->tokens[i + 1]))
            continue;
        token->meaning = RELEASE_IS_PLACE;
        token->strong = token->has_season = token->has_episode = true;
        token->seasons.first = token->seasons.last = (uint16_t)season;
        token->episodes.first = token->episodes.last = (uint16_t)episode;
        return;
    }
}

/* A bracket of tags alone ends the title: "You [Uncut] S01", "Naruto [v2]". */
static size_t before_bracket_of_tags(const struct release_text *text,
                                     const struct release_layout *layout, size_t end)
{
    for (size_t i = layout->start + 1; i < end; i++) {
        if (!text->tokens[i].bracket || !(text->tokens[i].gap & GAP_OPEN) ||
            text->tokens[i].bracket == text->tokens[layout->start].bracket)
            continue;
        size_t n = 0, to = MIN(bracket_end(text, i), end);
        while (i + n < to && is_tag(&text->tokens[i + n]))
            n++;
        if (i + n == to)
            return i;
    }
    return end;
}

/* The countries that tell two shows of one name apart. */
static bool is_country(const struct release_text *text, size_t i)
{
    return (release_text_is(text, i, "us") || release_text_is(text, i, "uk")) &&
           text->bytes[text->tokens[i].start] == 'U' &&
           text->bytes[text->tokens[i].start + 1] != text->lower[text->tokens[i].start + 1];
}

void release_layout_find(struct release_text *text, struct release_layout *out)
{
    *out = (struct release_layout){
        .year = RELEASE_NOWHERE, .number = RELEASE_NOWHERE, .lead = RELEASE_NOWHERE, .last = text->n
    };
    if (!text->n)
        return;
    if (is_extension(text, text->n - 1))
        out->last--;
    mend_last(text, out->last);
    if (!has_capitals(text))
        read_short_place(text);
    out->start = find_start(text, out);
    size_t anchor = MIN(first_anchor(text, out->start), out->last);
    out->year = find_year(text, out, anchor);
    out->number = anchor < text->n && text->tokens[anchor].meaning == RELEASE_IS_PLACE &&
                          text->tokens[anchor].has_episode
                      ? RELEASE_NOWHERE
                      : find_number(text, out, anchor);
    out->tags = MIN(anchor, out->number);
    size_t end = MIN(out->tags, out->year);
    if (end == out->last)
        end = end_of_bare(text, out);
    else if (end != out->year)
        end = step_back(text, out, end,
                        end == out->number || text->tokens[end].meaning == RELEASE_IS_PLACE);
    end = before_bracket_of_tags(text, out, out_of_bracket(text, out, end));
    if (end > out->start + 1 && end < out->last && is_country(text, end - 1) &&
        text->tokens[end].meaning == RELEASE_IS_PLACE)
        end--;
    out->end = MAX(end, MIN(out->start + 1, text->n));
    if (text->tokens[out->start].meaning == RELEASE_IS_PLACE)
        out->end = out->start; /* "S01E01.Pilot": nothing says of what */
}
