/* SPDX-License-Identifier: MIT */
#include "media/card.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "media/card_format.h"
#include "media/genre.h"

enum { MAX_TAGS = 255 };

/* Members of a card and of a whole item that do not depend on a language, in the order in which
 * they are shown. */
static const char *const plain_members[] = {
    "year", "release_date", "genres", "rating", "votes", "popularity", "runtime",
};
static const char *const whole_members[] = {
    "status",
    "status_raw",
    "original_language",
    "spoken_languages",
    "countries",
    "companies",
    "collection",
    "certification",
    "budget",
    "revenue",
    "first_air_date",
    "last_air_date",
    "next_episode",
    "last_episode",
    "networks",
    "created_by",
    "number_of_seasons",
    "number_of_episodes",
    "type",
    "in_production",
    "seasons",
    "cast",
    "crew",
    "images",
    "videos",
    "keywords",
    "ratings",
};

static void add_value(const json_t *value, struct text *out);

static void add_real(double value, struct text *out)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%.15g", value);
    text_add(out, text, (size_t)n);
}

static void add_int(int64_t value, struct text *out)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)value);
    text_add(out, text, (size_t)n);
}

static void add_object(json_t *object, struct text *out)
{
    const char *name;
    json_t *member;
    char separator = '{';
    json_object_foreach (object, name, member) {
        text_add_char(out, separator);
        text_add_json_string(out, name);
        text_add_char(out, ':');
        add_value(member, out);
        separator = ',';
    }
    text_add_string(out, separator == '{' ? "{}" : "}");
}

static void add_array(const json_t *array, struct text *out)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        text_add_char(out, i ? ',' : '[');
        add_value(json_array_get(array, i), out);
    }
    text_add_string(out, json_array_size(array) ? "]" : "[]");
}

/* Compact JSON.  Reals have 15 digits, so that 8.2 stays 8.2. */
static void add_value(const json_t *value, struct text *out)
{
    union {
        const json_t *in;
        json_t *out;
    } both = { .in = value };
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        add_object(both.out, out);
        return;
    case JSON_ARRAY:
        add_array(value, out);
        return;
    case JSON_STRING:
        text_add_json_string(out, json_string_value(value));
        return;
    case JSON_INTEGER:
        add_int(json_integer_value(value), out);
        return;
    case JSON_REAL:
        add_real(json_real_value(value), out);
        return;
    default:
        text_add_string(out, json_is_true(value)    ? "true"
                             : json_is_false(value) ? "false"
                                                    : "null");
    }
}

void card_put_members(const json_t *item, const char *const *names, size_t n, struct text *out)
{
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(item, names[i]);
        if (!value)
            continue;
        text_add(out, ",\"", 2);
        text_add_string(out, names[i]);
        text_add(out, "\":", 2);
        add_value(value, out);
    }
}

/* --- The texts */

void card_packer_done(struct card_packer *packer)
{
    text_done(&packer->languages);
    text_done(&packer->texts);
}

void card_put_varint(size_t value, struct text *out)
{
    for (; value >= 128; value >>= 7)
        text_add_char(out, (char)((value & 127) | 128));
    text_add_char(out, (char)value);
}

/* The tag's place, from 1; 0 for the unknown language and for one too many. */
static unsigned place_of(struct card_packer *packer, const char *tag)
{
    if (!*tag)
        return 0;
    const char *at = packer->languages.bytes;
    for (unsigned i = 1; i <= packer->n_languages; i++, at += strlen(at) + 1)
        if (strcmp(at, tag) == 0)
            return i;
    if (packer->n_languages == MAX_TAGS)
        return 0;
    text_add(&packer->languages, tag, strlen(tag) + 1);
    return ++packer->n_languages;
}

void card_put_text(struct card_packer *packer, enum card_field field, const char *language,
                   const char *value)
{
    if (text_is_empty(value))
        return;
    CLEANUP(text_done) struct text escaped = TEXT_INIT(CARD_MAX_PACKED);
    text_add_json_string(&escaped, value);
    if (escaped.len < 2)
        return;
    text_add_char(&packer->texts, (char)field);
    text_add_char(&packer->texts, (char)place_of(packer, language));
    card_put_varint(escaped.len - 2, &packer->texts);
    text_add(&packer->texts, escaped.bytes + 1, escaped.len - 2);
}

static const struct {
    const char *name;
    enum card_field field;
    bool whole; /* of the whole item only */
} localised[] = {
    { "title", CARD_TITLE, false },
    { "overview", CARD_OVERVIEW, false },
    { "tagline", CARD_TAGLINE, true },
    { "homepage", CARD_HOMEPAGE, true },
};

static void add_translations(struct card_packer *packer, const json_t *item, bool whole)
{
    const char *language;
    json_t *of_language;
    json_object_foreach (json_object_get(item, "translations"), language, of_language)
        for (size_t i = 0; i < ARRAY_LEN(localised); i++)
            if (whole || !localised[i].whole)
                card_put_text(packer, localised[i].field, language,
                              js_string(of_language, localised[i].name));
    const json_t *known = js_object(item, "text_languages");
    for (size_t i = 0; i < ARRAY_LEN(localised); i++)
        if ((whole || !localised[i].whole) && !json_object_get(known, localised[i].name))
            card_put_text(packer, localised[i].field, "", js_string(item, localised[i].name));
}

static void add_texts(struct card_packer *packer, const json_t *item, bool whole)
{
    const char *language;
    json_t *path;
    add_translations(packer, item, whole);
    json_object_foreach (json_object_get(item, "posters"), language, path)
        card_put_text(packer, CARD_POSTER, language, json_string_value(path));
    card_put_text(packer, CARD_BACKDROP, "", js_string(item, "backdrop"));
    const char *original = js_string(item, "original_language");
    card_put_text(packer, CARD_ORIGINAL, original ? original : "",
                  js_string(item, "original_title"));
    const json_t *alternatives = js_array(item, "alternative_titles");
    for (size_t i = 0; !whole && i < json_array_size(alternatives); i++) {
        const json_t *one = json_array_get(alternatives, i);
        language = js_string(one, "language");
        card_put_text(packer, CARD_ALTERNATIVE, language ? language : "", js_string(one, "title"));
    }
}

/* --- The facts */

static void write_number(uint64_t value, unsigned bytes, char *out)
{
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (char)(value >> 8 * i);
}

void card_put_number(uint64_t value, unsigned bytes, struct text *out)
{
    char text[8];
    write_number(value, bytes, text);
    text_add(out, text, bytes);
}

/* Where a card holds them: updated_at behind letter, version, id, kind, genres, popularity and
 * added_at; the rating behind that, release_day, year, votes and runtime. */
enum {
    VERSION_AT = 1,
    UPDATED_AT = VERSION_AT + 1 + 4 + 4 + 8 + 8 + 8,
    RATING_AT = UPDATED_AT + 8 + 4 + 4 + 4 + 4
};

static void add_facts(const struct card_facts *facts, struct text *out)
{
    uint64_t popularity;
    memcpy(&popularity, &facts->popularity, sizeof popularity);
    card_put_number(facts->id, 4, out);
    card_put_number(facts->kind, 4, out);
    card_put_number(facts->genres, 8, out);
    card_put_number(popularity, 8, out);
    card_put_number((uint64_t)facts->added_at_ms, 8, out);
    card_put_number((uint64_t)facts->updated_at_ms, 8, out);
    card_put_number((uint32_t)facts->release_day, 4, out);
    card_put_number((uint32_t)facts->year, 4, out);
    card_put_number((uint32_t)facts->votes, 4, out);
    card_put_number((uint32_t)facts->runtime, 4, out);
    card_put_number(facts->rating_x1000, 2, out);
    card_put_number(facts->status, 1, out);
    card_put_number(facts->qualities, 1, out);
    card_put_number(facts->flags, 1, out);
    text_add(out, facts->original_language, sizeof facts->original_language);
}

/* Proleptic Gregorian. */
int32_t card_day_of_date(const char *date)
{
    char *end;
    long year = strtol(date, &end, 10), month = 0, day = 0;
    if (*end == '-')
        month = strtol(end + 1, &end, 10);
    if (*end == '-')
        day = strtol(end + 1, &end, 10);
    if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return INT32_MIN;
    year -= month <= 2; /* years begin in March, so that the leap day is the last */
    long era = year / 400, of_era = year - era * 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468);
}

uint16_t card_rating_x1000(double rating)
{
    return (uint16_t)floor(fmin(fmax(rating, 0), 10) * 1000 + 1e-6);
}

static uint64_t genres_of(const json_t *item)
{
    uint64_t genres = 0;
    const json_t *slugs = js_array(item, "genres");
    for (size_t i = 0; i < json_array_size(slugs); i++) {
        const char *slug = json_string_value(json_array_get(slugs, i));
        int genre = slug ? genre_of_slug(slug) : -1;
        if (genre >= 0)
            genres |= UINT64_C(1) << genre;
    }
    return genres;
}

static void take_facts(const json_t *item, struct card_facts *facts)
{
    const char *date = js_string(item, "release_date");
    const char *status = js_string(item, "status");
    const char *language = js_string(item, "original_language");
    size_t len = language ? strcspn(language, "-") : 0;
    facts->genres = genres_of(item);
    facts->popularity = js_double(item, "popularity", 0);
    facts->release_day = date ? card_day_of_date(date) : INT32_MIN;
    facts->year = (int32_t)js_int(item, "year", 0);
    facts->votes = (int32_t)js_int(item, "votes", 0);
    facts->runtime = (int32_t)js_int(item, "runtime", 0);
    facts->rating_x1000 = card_rating_x1000(js_double(item, "rating", 0));
    facts->status = (uint8_t)(status ? card_status_of_name(status) : CARD_STATUS_UNKNOWN);
    memset(facts->original_language, 0, sizeof facts->original_language);
    if (language && len < sizeof facts->original_language)
        memcpy(facts->original_language, language, len);
}

/* --- The whole */

void card_put_section(const struct text *section, struct text *out)
{
    card_put_varint(section->len, out);
    text_add(out, section->bytes, section->len);
}

static void pack(const json_t *item, const struct card_facts *facts, bool whole, struct text *out)
{
    static const char *const ids[] = { "ids" }, *const origins[] = { "provenance" };
    CLEANUP(card_packer_done) struct card_packer packer = CARD_PACKER_INIT;
    CLEANUP(text_done) struct text members = TEXT_INIT(CARD_MAX_PACKED);
    text_reserve(out, 160);
    text_add_char(out, whole ? CARD_LETTER_WHOLE : CARD_LETTER);
    text_add_char(out, CARD_VERSION);
    add_facts(facts, out);
    add_texts(&packer, item, whole);
    card_put_section(&packer.languages, out);
    card_put_section(&packer.texts, out);
    card_put_members(item, ids, 1, &members);
    card_put_section(&members, out);
    text_clear(&members);
    card_put_members(item, plain_members, ARRAY_LEN(plain_members), &members);
    card_put_section(&members, out);
    text_clear(&members);
    if (whole)
        card_put_members(item, whole_members, ARRAY_LEN(whole_members), &members);
    card_put_section(&members, out);
    text_clear(&members);
    if (whole)
        card_put_members(item, origins, 1, &members);
    card_put_section(&members, out);
}

void card_restamp(struct text *packed, int64_t updated_at_ms)
{
    assert(packed->len >= UPDATED_AT + 8);
    write_number((uint64_t)updated_at_ms, 8, packed->bytes + UPDATED_AT);
}

bool card_renew(struct text *packed)
{
    struct card_facts facts;
    if (!card_facts_read(packed->bytes, packed->len, &facts) ||
        packed->bytes[VERSION_AT] == CARD_VERSION)
        return false;
    packed->bytes[VERSION_AT] = CARD_VERSION;
    write_number(facts.rating_x1000, 2, packed->bytes + RATING_AT);
    return true;
}

void card_pack(const json_t *item, struct card_facts *facts, struct text *out)
{
    take_facts(item, facts);
    pack(item, facts, false, out);
}

void card_pack_item(const json_t *item, const struct card_facts *facts, struct text *out)
{
    pack(item, facts, true, out);
}
