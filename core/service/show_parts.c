/* SPDX-License-Identifier: MIT */
#include "service/show_parts.h"

#include <string.h>

#include "base/json.h"
#include "base/scan.h"
#include "media/document.h"
#include "media/placeholder.h"
#include "service/derive.h"
#include "store/seasons.h"

enum { MAX_SHOWN = 16 << 20, MAX_NAME = 600, MAX_NUMBER = 100000 };
enum { NEXT, LAST, EPISODES };

static const char *const episode_members[EPISODES] = { "next_episode", "last_episode" };

/* Of one of both episodes, and of all seasons: what the show itself says, and what is shown. */
struct part {
    struct scan own; /* at NULL: nothing */
    int64_t season, episode;
    bool locked;
    struct text shown;
};

/* The short form of a stored season, within `heads`. */
struct head {
    uint32_t season;
    size_t at, end;
};

struct parts {
    const struct season_reader *reader;
    struct part episodes[EPISODES];
    struct scan seasons;
    struct text heads;
    struct head *rows;
    size_t n, capacity;
};

static void parts_done(struct parts *parts)
{
    for (size_t i = 0; i < EPISODES; i++)
        text_done(&parts->episodes[i].shown);
    text_done(&parts->heads);
    free(parts->rows);
}
DEFINE_CLEANUP_VALUE(struct parts, parts_done);

/* --- What the show says */

static void note_episode(struct part *part, struct scan own)
{
    struct scan season, episode;
    part->own = own;
    part->season = part->episode = -1;
    if (!scan_find(own, "season_number", &season) || !scan_find(own, "episode_number", &episode) ||
        !scan_number(season, MAX_NUMBER, &part->season) ||
        !scan_number(episode, MAX_NUMBER, &part->episode))
        part->season = -1;
}

/* The seasons stand behind the episodes. */
static void find_own(const struct text *json, struct parts *parts)
{
    struct scan rest = { json->bytes, json->bytes + json->len }, name, value;
    if (!scan_enter(&rest))
        return;
    while (!parts->seasons.at && scan_member(&rest, &name, &value)) {
        for (size_t i = 0; i < EPISODES; i++)
            if (scan_is(name, episode_members[i]))
                note_episode(&parts->episodes[i], value);
        if (scan_is(name, "seasons"))
            parts->seasons = value;
    }
}

/* An operator's word holds in every language. */
static int find_locks(struct catalog *catalog, uint32_t show, struct parts *parts,
                      struct error *err)
{
    struct record_header header;
    CLEANUP(text_done) struct text text = TEXT_INIT(DOCUMENT_MAX_LEN);
    json_auto_t *record = NULL;
    int result = records_get(catalog_store(catalog), show, MERGE_LOCAL, &header, &text, err);
    if (result)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    result = js_parse(text.bytes, text.len, DOCUMENT_MAX_LEN, &record, err);
    for (size_t i = 0; !result && i < EPISODES; i++)
        parts->episodes[i].locked = json_object_get(record, episode_members[i]) != NULL;
    return result;
}

/* --- What is stored */

static bool has_name(struct scan episode, int64_t number)
{
    char text[MAX_NAME];
    struct scan name, flag;
    if (!scan_find(episode, "name", &name) || name.end - name.at < 3 ||
        scan_find(episode, "placeholder", &flag))
        return false;
    snprintf(text, sizeof text, "%.*s", (int)(name.end - name.at - 2), name.at + 1);
    return !placeholder_episode(text, number);
}

static bool show_episode(const struct parts *parts, struct part *part, const void *packed,
                         size_t len)
{
    bool found;
    char language[LANGUAGE_LEN];
    if (!season_render_episode(packed, len, parts->reader, (uint32_t)part->episode, false, NULL,
                               &found, &part->shown, language))
        return false;
    struct scan shown = { text_string(&part->shown), text_string(&part->shown) + part->shown.len };
    if (found && !has_name(shown, part->episode) && has_name(part->own, part->episode))
        text_clear(&part->shown);
    return true;
}

static int add_season(uint32_t show, uint32_t season, const void *packed, size_t len, void *context)
{
    struct parts *parts = context;
    char language[LANGUAGE_LEN];
    if (parts->n == parts->capacity) {
        parts->capacity = parts->capacity * 2 + 8;
        parts->rows = mem_resize(parts->rows, parts->capacity, sizeof *parts->rows);
    }
    struct head *head = &parts->rows[parts->n++];
    *head = (struct head){ .season = season, .at = parts->heads.len };
    if (!season_render(packed, len, show, parts->reader, false, &parts->heads, language))
        return PROVIDER_EIO;
    head->end = parts->heads.len;
    for (size_t i = 0; i < EPISODES; i++) {
        struct part *part = &parts->episodes[i];
        if (part->own.at && !part->locked && part->season == season &&
            !show_episode(parts, part, packed, len))
            return PROVIDER_EIO;
    }
    return 0;
}

/* --- What is shown */

static void put_episode(const struct part *part, struct text *out)
{
    struct scan rest = part->own, name, value;
    if (part->shown.len) {
        text_add(out, part->shown.bytes, part->shown.len);
        return;
    }
    const char *separator = "{\"";
    scan_enter(&rest);
    while (scan_member(&rest, &name, &value)) {
        if (scan_is(name, "placeholder")) /* for the merge of seasons */
            continue;
        text_add_string(out, separator);
        text_add(out, name.at, (size_t)(value.end - name.at));
        separator = ",\"";
    }
    text_add_char(out, '}');
}

static void put_seasons(const struct parts *parts, struct text *out)
{
    struct scan rest = parts->seasons, one, value;
    char separator = '[';
    scan_enter(&rest);
    while (scan_element(&rest, &one)) {
        int64_t number = -1;
        size_t i = 0;
        if (scan_find(one, "season_number", &value))
            scan_number(value, MAX_NUMBER, &number);
        while (i < parts->n && parts->rows[i].season != number)
            i++;
        text_add_char(out, separator);
        separator = ',';
        if (i < parts->n)
            text_add(out, parts->heads.bytes + parts->rows[i].at,
                     parts->rows[i].end - parts->rows[i].at);
        else
            text_add(out, one.at, (size_t)(one.end - one.at));
    }
    text_add_string(out, separator == '[' ? "[]" : "]");
}

/* True: the member's value was written. */
static bool put_member(const struct parts *parts, struct scan name, struct text *out)
{
    for (size_t i = 0; i < EPISODES; i++)
        if (scan_is(name, episode_members[i])) {
            put_episode(&parts->episodes[i], out);
            return true;
        }
    if (!scan_is(name, "seasons"))
        return false;
    put_seasons(parts, out);
    return true;
}

static void put_all(const struct parts *parts, const struct text *json, struct text *out)
{
    const char *done = json->bytes, *end = json->bytes + json->len;
    struct scan rest = { json->bytes, end }, name, value;
    CLEANUP(text_done) struct text put = TEXT_INIT(MAX_SHOWN);
    text_reserve(out, json->len + parts->heads.len);
    scan_enter(&rest);
    while (done < (parts->seasons.at ? parts->seasons.at : end) &&
           scan_member(&rest, &name, &value)) {
        text_clear(&put);
        if (!put_member(parts, name, &put))
            continue;
        text_add(out, done, (size_t)(value.at - done));
        text_add(out, put.bytes, put.len);
        done = value.end;
    }
    text_add(out, done, (size_t)(end - done));
}

int show_parts_put(struct catalog *catalog, uint32_t show, const struct season_reader *reader,
                   struct text *json, struct error *err)
{
    CLEANUP(parts_done)
    struct parts parts = { .reader = reader, .heads = TEXT_INIT(MAX_SHOWN) };
    for (size_t i = 0; i < EPISODES; i++)
        parts.episodes[i].shown.limit = MAX_SHOWN;
    find_own(json, &parts);
    if (!parts.seasons.at && !parts.episodes[NEXT].own.at && !parts.episodes[LAST].own.at)
        return 0;
    int result = find_locks(catalog, show, &parts, err);
    if (!result)
        result = seasons_walk(catalog_store(catalog), show, add_season, &parts, err);
    if (result == PROVIDER_EIO)
        return error_set(err, result,
                         "the seasons of show %u cannot be read: run miauflixctl "
                         "verify",
                         show);
    if (result)
        return result;
    CLEANUP(text_done) struct text out = { .limit = json->limit };
    put_all(&parts, json, &out);
    if (out.overflow)
        return error_set(err, PROVIDER_ELIMIT, "show %u is too long to be shown", show);
    text_done(json);
    *json = out;
    out = (struct text){ 0 };
    return 0;
}
