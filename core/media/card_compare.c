/* SPDX-License-Identifier: MIT */
#include "media/card.h"

#include <string.h>

#include "base/json.h"
#include "media/card_format.h"

/* Where the facts stand, see add_facts() in card_pack.c. */
static const struct {
    const char *name;
    size_t at, len;
} facts[] = {
    { "id", 0, 4 },
    { "kind", 4, 4 },
    { "genres", 8, 8 },
    { "popularity", 16, 8 },
    { "added_at", 24, 8 },
    { "updated_at", 32, 8 },
    { "release_date", 40, 4 },
    { "year", 44, 4 },
    { "votes", 48, 4 },
    { "runtime", 52, 4 },
    { "rating", 56, 2 },
    { "status", 58, 1 },
    { "qualities", 59, 1 },
    { "flags", 60, 1 },
    { "original_language", 61, 4 },
};

static const char *const text_names[CARD_FIELDS] = {
    [CARD_TITLE] = "title",
    [CARD_OVERVIEW] = "overview",
    [CARD_TAGLINE] = "tagline",
    [CARD_HOMEPAGE] = "homepage",
    [CARD_POSTER] = "poster",
    [CARD_BACKDROP] = "backdrop",
    [CARD_ORIGINAL] = "original_title",
    [CARD_ALTERNATIVE] = "alternative_titles",
};

/* Some facts are members, too; each comes before what its name is a part of. */
static void add_name(struct text *out, const char *name)
{
    if (strstr(text_string(out), name))
        return;
    if (out->len)
        text_add_string(out, ", ");
    text_add_string(out, name);
}

/* Every text of every field with its language, in order. */
static void hash_texts(const struct card_opened *card, uint64_t out[CARD_FIELDS])
{
    struct card_slice texts = card->sections[CARD_TEXTS];
    struct card_entry entry;
    memset(out, 0, CARD_FIELDS * sizeof *out);
    while (card_next_entry(&card->languages, &texts, &entry)) {
        const char *language = card->languages.tags[entry.language];
        const uint64_t parts[] = {
            out[entry.field],
            text_hash(language, strlen(language)),
            text_hash(entry.text.at, (size_t)(entry.text.end - entry.text.at)),
        };
        out[entry.field] = text_hash(parts, sizeof parts);
    }
}

static void compare_texts(const struct card_opened *a, const struct card_opened *b,
                          struct text *out)
{
    uint64_t ours[CARD_FIELDS], theirs[CARD_FIELDS];
    hash_texts(a, ours);
    hash_texts(b, theirs);
    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (ours[i] != theirs[i])
            add_name(out, text_names[i]);
}

/* The members of a section, each of which has its leading comma; NULL: they are broken. */
static json_t *read_members(struct card_slice section)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(CARD_MAX_PACKED);
    text_add_char(&json, '{');
    if (section.at < section.end && *section.at++ != ',')
        return NULL;
    text_add(&json, section.at, (size_t)(section.end - section.at));
    text_add_char(&json, '}');
    return json_loadb(json.bytes, json.len, 0, NULL);
}

static void compare_members(struct card_slice a, struct card_slice b, struct text *out)
{
    json_auto_t *ours = read_members(a), *theirs = read_members(b);
    const char *name;
    json_t *value;
    if (!ours || !theirs) {
        add_name(out, "members that cannot be read");
        return;
    }
    json_object_foreach (ours, name, value)
        if (!json_equal(value, json_object_get(theirs, name)))
            add_name(out, name);
    json_object_foreach (theirs, name, value)
        if (!json_object_get(ours, name))
            add_name(out, name);
}

void card_compare(const void *a, size_t a_len, const void *b, size_t b_len, struct text *out)
{
    struct card_opened ours, theirs;
    if (!card_open_bytes(a, a_len, &ours) || !card_open_bytes(b, b_len, &theirs)) {
        add_name(out, "bytes that cannot be read");
        return;
    }
    const char *x = (const char *)a + 2, *y = (const char *)b + 2;
    for (size_t i = 0; i < ARRAY_LEN(facts); i++)
        if (memcmp(x + facts[i].at, y + facts[i].at, facts[i].len) != 0)
            add_name(out, facts[i].name);
    compare_texts(&ours, &theirs, out);
    for (size_t i = CARD_IDS; i < CARD_SECTIONS; i++)
        compare_members(ours.sections[i], theirs.sections[i], out);
}
