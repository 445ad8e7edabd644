/* SPDX-License-Identifier: MIT
 *
 * Every step stays inside the bytes, whatever they say. */
#include "media/season.h"

#include <string.h>

#include "media/season_format.h"

struct opened {
    struct season_facts facts;
    struct card_slice sections[SEASON_SECTIONS];
    struct card_languages languages;
};

/* What stands in front of the sections. */
static bool read_head(struct card_slice *from, struct opened *out)
{
    if (from->end - from->at < 2 || from->at[0] != SEASON_LETTER || from->at[1] != SEASON_VERSION)
        return false;
    from->at += 2;
    uint64_t number, n_episodes;
    if (!card_take_number(from, 4, &number) || !card_take_number(from, 4, &n_episodes))
        return false;
    out->facts = (struct season_facts){ (uint32_t)number, (uint32_t)n_episodes };
    return true;
}

static bool open_bytes(const void *bytes, size_t len, struct opened *out)
{
    struct card_slice rest = { bytes, (const char *)bytes + len };
    if (!read_head(&rest, out))
        return false;
    for (size_t i = 0; i < SEASON_SECTIONS; i++)
        if (!card_take_slice(&rest, &out->sections[i]))
            return false;
    return rest.at == rest.end &&
           card_take_languages(out->sections[SEASON_LANGUAGES], &out->languages);
}

struct episode {
    uint32_t number;
    int32_t day;
    struct card_slice texts, plain, whole;
};

/* The next episode; false at the end and when the bytes are broken. */
static bool next_episode(struct card_slice *from, struct episode *out)
{
    struct card_slice one;
    size_t number;
    uint64_t day;
    if (!card_take_slice(from, &one) || !card_take_varint(&one, &number) ||
        !card_take_number(&one, 4, &day) || !card_take_slice(&one, &out->texts) ||
        !card_take_slice(&one, &out->plain) || !card_take_slice(&one, &out->whole))
        return false;
    out->number = (uint32_t)number;
    out->day = (int32_t)(uint32_t)day;
    return one.at == one.end;
}

bool season_facts_read(const void *bytes, size_t len, struct season_facts *out)
{
    struct card_slice all = { bytes, (const char *)bytes + len };
    struct opened opened;
    if (!read_head(&all, &opened))
        return false;
    *out = opened.facts;
    return true;
}

bool season_airings(const void *bytes, size_t len, season_airing *each, void *context)
{
    struct opened season;
    if (!open_bytes(bytes, len, &season))
        return false;
    struct card_slice rest = season.sections[SEASON_EPISODES];
    struct episode episode;
    while (rest.at < rest.end) {
        if (!next_episode(&rest, &episode))
            return false;
        if (episode.day != INT32_MIN)
            each(episode.day, episode.number, context);
    }
    return true;
}

/* --- Rendering */

struct rendering {
    struct opened season;
    int ranks[CARD_RANKS];
    struct text *out;
};

static const char *const text_names[] = {
    [CARD_TITLE] = "name",
    [CARD_OVERVIEW] = "overview",
    [CARD_POSTER] = "poster",
};

static bool begin(const void *bytes, size_t len, const struct season_reader *reader,
                  struct rendering *out)
{
    if (!open_bytes(bytes, len, &out->season))
        return false;
    card_rank_languages(&out->season.languages, reader->wish, reader->original_language,
                        out->ranks);
    return true;
}

static void add_number(struct text *out, const char *member, uint32_t number)
{
    char digits[12];
    char *at = digits + sizeof digits;
    do
        *--at = (char)('0' + number % 10);
    while (number /= 10);
    text_add_string(out, member);
    text_add(out, at, (size_t)(digits + sizeof digits - at));
}

static void tell_language(const struct card_shown *best, char out[LANGUAGE_LEN])
{
    const char *language = best[CARD_TITLE].language;
    snprintf(out, LANGUAGE_LEN, "%s", language ? language : "");
}

static void add_episode(struct rendering *r, const struct episode *episode, bool whole,
                        const char *extra, struct card_shown best[CARD_FIELDS])
{
    struct text *out = r->out;
    memset(best, 0, CARD_FIELDS * sizeof *best);
    card_choose(&r->season.languages, r->ranks, episode->texts, best);
    add_number(out, "{\"kind\":\"episode\",\"season_number\":", r->season.facts.season_number);
    add_number(out, ",\"episode_number\":", episode->number);
    card_add_shown(out, &best[CARD_TITLE], ",\"name\":\"");
    card_add_shown(out, &best[CARD_OVERVIEW], ",\"overview\":\"");
    card_add_slice(out, episode->plain);
    if (whole)
        card_add_slice(out, episode->whole);
    card_add_languages(out, best, text_names, ARRAY_LEN(text_names));
    if (extra)
        text_add_string(out, extra);
    text_add_char(out, '}');
}

/* A JSON array of `limit` episodes behind the first `skip`. */
static bool add_episodes(struct rendering *r, uint64_t skip, uint32_t limit, bool whole)
{
    struct card_slice rest = r->season.sections[SEASON_EPISODES];
    struct card_shown best[CARD_FIELDS];
    struct episode episode;
    uint32_t n = 0;
    text_add_char(r->out, '[');
    for (uint64_t i = 0; n < limit && rest.at < rest.end; i++) {
        if (!next_episode(&rest, &episode))
            return false;
        if (i < skip)
            continue;
        if (n++)
            text_add_char(r->out, ',');
        add_episode(r, &episode, whole, NULL, best);
    }
    text_add_char(r->out, ']');
    return true;
}

bool season_render(const void *bytes, size_t len, uint32_t show, const struct season_reader *reader,
                   bool whole, struct text *out, char out_language[LANGUAGE_LEN])
{
    struct rendering r = { .out = out };
    struct card_shown best[CARD_FIELDS] = { 0 };
    if (!begin(bytes, len, reader, &r))
        return false;
    card_choose(&r.season.languages, r.ranks, r.season.sections[SEASON_TEXTS], best);
    add_number(out, "{\"kind\":\"season\",\"show\":", show);
    add_number(out, ",\"season_number\":", r.season.facts.season_number);
    card_add_shown(out, &best[CARD_TITLE], ",\"name\":\"");
    card_add_shown(out, &best[CARD_OVERVIEW], ",\"overview\":\"");
    card_add_shown(out, &best[CARD_POSTER], ",\"poster\":\"");
    card_add_slice(out, r.season.sections[SEASON_PLAIN]);
    bool ok = true;
    if (whole) {
        card_add_slice(out, r.season.sections[SEASON_WHOLE]);
        text_add_string(out, ",\"episodes\":");
        ok = add_episodes(&r, 0, UINT32_MAX, false);
    }
    card_add_languages(out, best, text_names, ARRAY_LEN(text_names));
    text_add_char(out, '}');
    tell_language(best, out_language);
    return ok && !out->overflow;
}

bool season_render_episodes(const void *bytes, size_t len, const struct season_reader *reader,
                            uint64_t skip, uint32_t limit, struct text *out)
{
    struct rendering r = { .out = out };
    return begin(bytes, len, reader, &r) && add_episodes(&r, skip, limit, true) && !out->overflow;
}

bool season_render_episode(const void *bytes, size_t len, const struct season_reader *reader,
                           uint32_t number, bool whole, const char *extra, bool *out_found,
                           struct text *out, char out_language[LANGUAGE_LEN])
{
    struct rendering r = { .out = out };
    struct card_shown best[CARD_FIELDS];
    struct episode episode;
    *out_found = false;
    if (!begin(bytes, len, reader, &r))
        return false;
    struct card_slice rest = r.season.sections[SEASON_EPISODES];
    while (rest.at < rest.end) {
        if (!next_episode(&rest, &episode))
            return false;
        if (episode.number != number)
            continue;
        add_episode(&r, &episode, whole, extra, best);
        tell_language(best, out_language);
        *out_found = true;
        break;
    }
    return !out->overflow;
}
