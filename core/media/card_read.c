/* SPDX-License-Identifier: MIT
 *
 * Every step stays inside the bytes, whatever they say. */
#include "media/card.h"

#include <string.h>

#include "media/card_format.h"

enum { TITLE_BUFFER = 1024 };

bool card_take_varint(struct card_slice *from, size_t *out)
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

bool card_take_slice(struct card_slice *from, struct card_slice *out)
{
    size_t len;
    if (!card_take_varint(from, &len) || len > (size_t)(from->end - from->at))
        return false;
    *out = (struct card_slice){ from->at, from->at + len };
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

bool card_take_number(struct card_slice *from, unsigned bytes, uint64_t *out)
{
    if ((size_t)(from->end - from->at) < bytes)
        return false;
    *out = little_endian(&from->at, bytes);
    return true;
}

bool card_take_languages(struct card_slice section, struct card_languages *out)
{
    out->tags[0] = "";
    for (out->n = 1; section.at < section.end && out->n < ARRAY_LEN(out->tags); out->n++) {
        const char *nul = memchr(section.at, '\0', (size_t)(section.end - section.at));
        if (!nul || nul - section.at >= LANGUAGE_LEN)
            return false;
        out->tags[out->n] = section.at;
        section.at = nul + 1;
    }
    return section.at == section.end;
}

/* Of version 1: what the rating was exactly stands among the members that are shown. */
static uint16_t rating_of_tenths(uint16_t tenths, struct card_slice rest)
{
    static const char name[] = ",\"rating\":";
    char number[32];
    struct card_slice section = { NULL, NULL };
    const char *at = NULL;
    unsigned i = 0;
    while (i <= CARD_PLAIN && card_take_slice(&rest, &section))
        i++;
    if (i > CARD_PLAIN && section.at < section.end)
        at = memmem(section.at, (size_t)(section.end - section.at), name, strlen(name));
    if (!at)
        return card_rating_x1000(tenths / 10.0);
    at += strlen(name);
    size_t len = MIN((size_t)(section.end - at), sizeof number - 1);
    memcpy(number, at, len);
    number[len] = '\0';
    return card_rating_x1000(strtod(number, NULL));
}

bool card_facts_read(const void *bytes, size_t len, struct card_facts *out)
{
    const char *at = bytes;
    if (len < 2 + CARD_FACTS_LEN || (at[0] != CARD_LETTER && at[0] != CARD_LETTER_WHOLE) ||
        (at[1] != CARD_VERSION && at[1] != CARD_VERSION_TENTHS))
        return false;
    bool has_tenths = at[1] == CARD_VERSION_TENTHS;
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
    facts.rating_x1000 = (uint16_t)little_endian(&at, 2);
    facts.status = (uint8_t)little_endian(&at, 1);
    facts.qualities = (uint8_t)little_endian(&at, 1);
    facts.flags = (uint8_t)little_endian(&at, 1);
    memcpy(facts.original_language, at, sizeof facts.original_language);
    if (facts.original_language[sizeof facts.original_language - 1])
        return false;
    if (has_tenths)
        facts.rating_x1000 = rating_of_tenths(
            facts.rating_x1000,
            (struct card_slice){ at + sizeof facts.original_language, (const char *)bytes + len });
    *out = facts;
    return true;
}

bool card_open_bytes(const void *bytes, size_t len, struct card_opened *out)
{
    if (!card_facts_read(bytes, len, &out->facts))
        return false;
    const char *start = bytes;
    struct card_slice rest = { start + 2 + CARD_FACTS_LEN, start + len };
    out->whole = start[0] == CARD_LETTER_WHOLE;
    for (size_t i = 0; i < CARD_SECTIONS; i++)
        if (!card_take_slice(&rest, &out->sections[i]))
            return false;
    if (rest.at != rest.end)
        return false;
    return card_take_languages(out->sections[CARD_LANGUAGES], &out->languages);
}

bool card_next_entry(const struct card_languages *languages, struct card_slice *from,
                     struct card_entry *out)
{
    if (from->end - from->at < 3)
        return false;
    out->field = (unsigned char)*from->at++;
    out->language = (unsigned char)*from->at++;
    return out->field < CARD_FIELDS && out->language < languages->n &&
           card_take_slice(from, &out->text);
}

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
static size_t unescape(struct card_slice text, char *out, size_t size)
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
static bool is_repeated(uint64_t *hashes, size_t *n, struct card_slice text)
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
    struct card_opened card;
    if (!card_open_bytes(bytes, len, &card))
        return;
    char buffer[TITLE_BUFFER];
    uint64_t hashes[REMEMBERED];
    struct card_slice texts = card.sections[CARD_TEXTS];
    struct card_entry entry;
    size_t n = 0;
    while (card_next_entry(&card.languages, &texts, &entry)) {
        if (entry.field != CARD_TITLE && entry.field != CARD_ORIGINAL &&
            entry.field != CARD_ALTERNATIVE)
            continue;
        if (is_repeated(hashes, &n, entry.text))
            continue;
        const char *language = card.languages.tags[entry.language];
        if (memchr(entry.text.at, '\\', (size_t)(entry.text.end - entry.text.at)))
            each(buffer, unescape(entry.text, buffer, sizeof buffer), language, context);
        else
            each(entry.text.at, (size_t)(entry.text.end - entry.text.at), language, context);
    }
}
