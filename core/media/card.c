/* SPDX-License-Identifier: MIT */
#include "media/card.h"

#include <string.h>

#include "media/card_format.h"
#include "media/document.h"
#include "media/filter.h"

enum { UNWANTED = 1000000, TITLE_BUFFER = 1024 };

static const char *const status_names[] = {
    [CARD_STATUS_RUMORED] = "rumored",
    [CARD_STATUS_PLANNED] = "planned",
    [CARD_STATUS_IN_PRODUCTION] = "in_production",
    [CARD_STATUS_POST_PRODUCTION] = "post_production",
    [CARD_STATUS_RELEASED] = "released",
    [CARD_STATUS_CANCELED] = "canceled",
    [CARD_STATUS_RETURNING] = "returning",
    [CARD_STATUS_ENDED] = "ended",
    [CARD_STATUS_PILOT] = "pilot",
};

const char *card_status_name(enum card_status status)
{
    return (unsigned)status < ARRAY_LEN(status_names) ? status_names[status] : NULL;
}

enum card_status card_status_of_name(const char *api_word)
{
    for (unsigned i = 1; i < ARRAY_LEN(status_names); i++)
        if (strcmp(status_names[i], api_word) == 0)
            return (enum card_status)i;
    return CARD_STATUS_UNKNOWN;
}

/* --- Reading: every step stays inside the bytes, whatever they say */

struct slice {
    const char *at, *end;
};

static bool read_varint(struct slice *from, size_t *out)
{
    size_t value = 0;
    for (unsigned shift = 0; from->at < from->end && shift <= 28; shift += 7) {
        unsigned char c = (unsigned char)*from->at++;
        value |= (size_t)(c & 127) << shift;
        if (c < 128) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool read_slice(struct slice *from, struct slice *out)
{
    size_t len;
    if (!read_varint(from, &len) || len > (size_t)(from->end - from->at))
        return false;
    *out = (struct slice){ from->at, from->at + len };
    from->at += len;
    return true;
}

static uint64_t little_endian(const char **at, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (uint64_t)(unsigned char)(*at)[i] << 8 * i;
    *at += bytes;
    return value;
}

bool card_facts_read(const void *bytes, size_t len, struct card_facts *out)
{
    const char *at = bytes;
    if (len < 2 + CARD_FACTS_LEN || (at[0] != CARD_LETTER && at[0] != CARD_LETTER_WHOLE) ||
        at[1] != CARD_VERSION)
        return false;
    at += 2;
    struct card_facts facts;
    facts.id = (uint32_t)little_endian(&at, 4);
    facts.kind = (uint32_t)little_endian(&at, 4);
    facts.genres = little_endian(&at, 8);
    uint64_t popularity = little_endian(&at, 8);
    memcpy(&facts.popularity, &popularity, sizeof popularity);
    facts.added_at_ms = (int64_t)little_endian(&at, 8);
    facts.updated_at_ms = (int64_t)little_endian(&at, 8);
    facts.release_day = (int32_t)little_endian(&at, 4);
    facts.year = (int32_t)little_endian(&at, 4);
    facts.votes = (int32_t)little_endian(&at, 4);
    facts.runtime = (int32_t)little_endian(&at, 4);
    facts.rating_x10 = (uint16_t)little_endian(&at, 2);
    facts.status = (uint8_t)little_endian(&at, 1);
    facts.qualities = (uint8_t)little_endian(&at, 1);
    facts.flags = (uint8_t)little_endian(&at, 1);
    memcpy(facts.original_language, at, sizeof facts.original_language);
    if (facts.original_language[sizeof facts.original_language - 1])
        return false;
    *out = facts;
    return true;
}

struct opened {
    struct card_facts facts;
    bool whole;
    struct slice sections[CARD_SECTIONS];
    const char *languages[256]; /* by place; [0] is "" */
    unsigned n_languages;
};

static bool open_bytes(const void *bytes, size_t len, struct opened *out)
{
    if (!card_facts_read(bytes, len, &out->facts))
        return false;
    const char *start = bytes;
    struct slice rest = { start + 2 + CARD_FACTS_LEN, start + len };
    out->whole = start[0] == CARD_LETTER_WHOLE;
    for (size_t i = 0; i < CARD_SECTIONS; i++)
        if (!read_slice(&rest, &out->sections[i]))
            return false;
    if (rest.at != rest.end)
        return false;
    struct slice tags = out->sections[CARD_LANGUAGES];
    out->languages[0] = "";
    for (out->n_languages = 1; tags.at < tags.end && out->n_languages < 256; out->n_languages++) {
        const char *nul = memchr(tags.at, '\0', (size_t)(tags.end - tags.at));
        if (!nul || nul - tags.at >= LANGUAGE_LEN)
            return false;
        out->languages[out->n_languages] = tags.at;
        tags.at = nul + 1;
    }
    return tags.at == tags.end;
}

struct entry {
    unsigned field, language;
    struct slice text; /* escaped */
};

/* The next text; false at the end and when the bytes are broken. */
static bool next_entry(const struct opened *card, struct slice *from, struct entry *out)
{
    if (from->end - from->at < 3)
        return false;
    out->field = (unsigned char)*from->at++;
    out->language = (unsigned char)*from->at++;
    return out->field < CARD_FIELDS && out->language < card->n_languages &&
           read_slice(from, &out->text);
}

/* --- Titles */

static size_t put_utf8(unsigned code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    out[0] = (char)(0xc0 | code >> 6);
    out[1] = (char)(0x80 | (code & 63));
    return 2;
}

/* Undoes text_add_json_string(), whose only numeric escapes are control characters.  Returns the
 * length; what does not fit is cut off. */
static size_t unescape(struct slice text, char *out, size_t size)
{
    size_t n = 0;
    while (text.at < text.end && n + 2 < size) {
        char c = *text.at++;
        if (c != '\\' || text.at == text.end) {
            out[n++] = c;
            continue;
        }
        c = *text.at++;
        char hex[5] = { 0 };
        switch (c) {
        case 'n':
            out[n++] = '\n';
            break;
        case 'r':
            out[n++] = '\r';
            break;
        case 't':
            out[n++] = '\t';
            break;
        case 'u':
            if (text.end - text.at < 4)
                return n;
            memcpy(hex, text.at, 4);
            text.at += 4;
            n += put_utf8((unsigned)strtoul(hex, NULL, 16) & 0x7ff, out + n);
            break;
        default:
            out[n++] = c;
        }
    }
    return n;
}

enum { REMEMBERED = 400 };

/* Whether this title came before; remembers it.  By hash: a clash would
 * only hide one title from the search. */
static bool is_repeated(uint64_t *hashes, size_t *n, struct slice text)
{
    uint64_t hash = text_hash(text.at, (size_t)(text.end - text.at));
    for (size_t i = 0; i < *n; i++)
        if (hashes[i] == hash)
            return true;
    if (*n < REMEMBERED)
        hashes[(*n)++] = hash;
    return false;
}

void card_titles(const void *bytes, size_t len,
                 void (*each)(const char *title, size_t title_len, const char *language,
                              void *context),
                 void *context)
{
    struct opened card;
    if (!open_bytes(bytes, len, &card))
        return;
    char buffer[TITLE_BUFFER];
    uint64_t hashes[REMEMBERED];
    struct slice texts = card.sections[CARD_TEXTS];
    struct entry entry;
    size_t n = 0;
    while (next_entry(&card, &texts, &entry)) {
        if (entry.field != CARD_TITLE && entry.field != CARD_ORIGINAL &&
            entry.field != CARD_ALTERNATIVE)
            continue;
        if (is_repeated(hashes, &n, entry.text))
            continue;
        const char *language = card.languages[entry.language];
        if (memchr(entry.text.at, '\\', (size_t)(entry.text.end - entry.text.at)))
            each(buffer, unescape(entry.text, buffer, sizeof buffer), language, context);
        else
            each(entry.text.at, (size_t)(entry.text.end - entry.text.at), language, context);
    }
}

/* --- Rendering */

struct shown {
    struct slice text;
    int rank;
    const char *language;
};

struct rendering {
    struct opened card;
    struct shown best[CARD_FIELDS];
    struct text *out;
};

static void add_slice(struct text *out, struct slice slice)
{
    text_add(out, slice.at, (size_t)(slice.end - slice.at));
}

/* Finds for each field the text that serves the wish best; the first of equals. */
static void choose(struct rendering *r, const struct language_wish *wish)
{
    int ranks[256];
    for (unsigned i = 0; i < r->card.n_languages; i++) {
        int rank = language_rank(wish, r->card.languages[i], r->card.facts.original_language);
        ranks[i] = rank >= 0 ? rank : i ? UNWANTED : UNWANTED - 1;
    }
    struct slice texts = r->card.sections[CARD_TEXTS];
    struct entry entry;
    while (next_entry(&r->card, &texts, &entry)) {
        struct shown *best = &r->best[entry.field];
        if (best->text.at && ranks[entry.language] >= best->rank)
            continue;
        *best =
            (struct shown){ entry.text, ranks[entry.language], r->card.languages[entry.language] };
    }
}

static void add_shown(struct rendering *r, enum card_field field, const char *member)
{
    if (!r->best[field].text.at)
        return;
    text_add_string(r->out, member);
    add_slice(r->out, r->best[field].text);
    text_add_char(r->out, '"');
}

static void add_qualities(struct rendering *r)
{
    static const char *const names[] = { "\"480p\"", "\"720p\"", "\"1080p\"", "\"2160p\"" };
    const char *separator = "";
    text_add_string(r->out, ",\"qualities\":[");
    for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
        if (!(r->card.facts.qualities >> i & 1))
            continue;
        text_add_string(r->out, separator);
        text_add_string(r->out, names[i]);
        separator = ",";
    }
    text_add_string(r->out, r->card.facts.flags & CARD_AVAILABLE ? "],\"available\":true"
                                                                 : "],\"available\":false");
}

/* Texts of one language stand side by side. */
static void add_translations(struct rendering *r)
{
    static const char *const names[] = { "\"title\":\"", "\"overview\":\"", "\"tagline\":\"",
                                         "\"homepage\":\"" };
    struct slice texts = r->card.sections[CARD_TEXTS];
    struct entry entry;
    unsigned open = 0;
    while (next_entry(&r->card, &texts, &entry)) {
        if (entry.field >= ARRAY_LEN(names) || !entry.language)
            continue;
        if (entry.language != open) {
            text_add_string(r->out, open ? "},\"" : ",\"translations\":{\"");
            text_add_string(r->out, r->card.languages[entry.language]);
            text_add_string(r->out, "\":{");
        } else {
            text_add_char(r->out, ',');
        }
        open = entry.language;
        text_add_string(r->out, names[entry.field]);
        add_slice(r->out, entry.text);
        text_add_char(r->out, '"');
    }
    if (open)
        text_add_string(r->out, "}}");
}

static void add_languages(struct rendering *r)
{
    static const char *const names[] = { "title", "overview", "tagline", "homepage", "poster" };
    bool any = false;
    for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
        const char *language = r->best[i].language;
        if (text_is_empty(language))
            continue;
        text_add_string(r->out, any ? ",\"" : ",\"languages\":{\"");
        any = true;
        text_add_string(r->out, names[i]);
        text_add_string(r->out, "\":\"");
        text_add_string(r->out, language);
        text_add_char(r->out, '"');
    }
    if (any)
        text_add_char(r->out, '}');
}

static void render_card(struct rendering *r)
{
    const char *kind = document_kind_name(r->card.facts.kind);
    char head[64];
    int n = snprintf(head, sizeof head, "{\"kind\":\"%s\",\"id\":%u", kind ? kind : "unknown",
                     r->card.facts.id);
    text_add(r->out, head, (size_t)n);
    add_slice(r->out, r->card.sections[CARD_IDS]);
    add_shown(r, CARD_TITLE, ",\"title\":\"");
    add_shown(r, CARD_ORIGINAL, ",\"original_title\":\"");
    add_slice(r->out, r->card.sections[CARD_PLAIN]);
    add_shown(r, CARD_OVERVIEW, ",\"overview\":\"");
    add_shown(r, CARD_POSTER, ",\"poster\":\"");
    add_shown(r, CARD_BACKDROP, ",\"backdrop\":\"");
    add_qualities(r);
}

bool card_render(const void *bytes, size_t len, const struct language_wish *wish, const char *extra,
                 struct text *out, char out_language[LANGUAGE_LEN])
{
    struct rendering r = { .out = out };
    if (!open_bytes(bytes, len, &r.card))
        return false;
    text_reserve(out, len + 256);
    choose(&r, wish);
    render_card(&r);
    if (r.card.whole) {
        add_shown(&r, CARD_TAGLINE, ",\"tagline\":\"");
        add_shown(&r, CARD_HOMEPAGE, ",\"homepage\":\"");
        add_slice(out, r.card.sections[CARD_WHOLE]);
        add_translations(&r);
        text_add_string(out, ",\"releases\":[]");
    }
    add_languages(&r);
    if (extra)
        text_add_string(out, extra);
    text_add_char(out, '}');
    const char *language = r.best[CARD_TITLE].language;
    snprintf(out_language, LANGUAGE_LEN, "%s", language ? language : "");
    return !out->overflow;
}

bool card_provenance(const void *bytes, size_t len, struct text *out)
{
    struct opened card;
    if (!open_bytes(bytes, len, &card))
        return false;
    add_slice(out, card.sections[CARD_ORIGINS]);
    return true;
}
