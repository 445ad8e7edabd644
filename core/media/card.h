/* SPDX-License-Identifier: MIT
 *
 * A card: the short form of an item, stored as bytes that can be rendered in any language without
 * parsing JSON, and that carry what the index needs.  And the same for a whole item.  Layout
 * (little endian, versioned by the store's header): facts, titles, localised texts, and the JSON
 * members that do not depend on a language.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "base/text.h"
#include "media/language.h"

enum card_status { /* of movies and of shows, one numbering; api words in card_status_name() */
                   CARD_STATUS_UNKNOWN,
                   CARD_STATUS_RUMORED,
                   CARD_STATUS_PLANNED,
                   CARD_STATUS_IN_PRODUCTION,
                   CARD_STATUS_POST_PRODUCTION,
                   CARD_STATUS_RELEASED,
                   CARD_STATUS_CANCELED,
                   CARD_STATUS_RETURNING,
                   CARD_STATUS_ENDED,
                   CARD_STATUS_PILOT,
};

const char *card_status_name(enum card_status status);      /* "in_production"; NULL for unknown */
enum card_status card_status_of_name(const char *api_word); /* unknown when there is none */

/* Fixed-size facts, for filters and sorts. */
struct card_facts {
    uint32_t id;
    uint32_t kind;
    uint64_t genres;
    double popularity;
    int64_t added_at_ms, updated_at_ms;
    int32_t release_day; /* days since 1970; INT32_MIN: unknown */
    int32_t year;        /* 0: unknown */
    int32_t votes;
    int32_t runtime;
    uint16_t rating_x1000; /* what is finer is cut off; 0: unknown */
    uint8_t status;        /* enum card_status */
    uint8_t qualities;     /* QUALITY_ bits */
    uint8_t flags;         /* CARD_ bits */
    char original_language[4];
};

enum { CARD_AVAILABLE = 1, CARD_GONE = 2, CARD_TITLE_ONLY = 4 };

/* Packs a merged item.  The facts' id, kind, times and flags are given, the others are taken from
 * the item and written back to *facts.  Deterministic. */
void card_pack(const json_t *item, struct card_facts *facts, struct text *out);

/* The same for the whole item: everything api.md says a movie or a show has.  A member "provenance"
 * of the item is kept apart: only card_provenance() shows it. */
void card_pack_item(const json_t *item, const struct card_facts *facts, struct text *out);

/* Gives what was packed another time of its last change. */
void card_restamp(struct text *packed, int64_t updated_at_ms);

/* Brings what an older program packed to the form of card_pack(), bytes equal to what it would pack
 * now; false when it has that form already, or is no card. */
bool card_renew(struct text *packed);

/* Reads the facts back, of older forms too; false when the bytes are not a card. */
bool card_facts_read(const void *bytes, size_t len, struct card_facts *out);

/* Appends the names of what differs between two cards or two whole items, with ", " between them;
 * nothing when only their order does. */
void card_compare(const void *a, size_t a_len, const void *b, size_t b_len, struct text *out);

/* Calls `each` for every title: originals, translations, alternatives, de-duplicated; language ""
 * when unknown.  Alternatives are in cards only, not in packed whole items.  The title is not
 * terminated and lives until `each` returns. */
void card_titles(const void *bytes, size_t len,
                 void (*each)(const char *title, size_t title_len, const char *language,
                              void *context),
                 void *context);

/* Appends the JSON object of a card or of a whole item in the wished languages, per-field fallback
 * and "languages" member included; out_language becomes the title's.  `extra`, when not NULL, are
 * members to add (",\"score\":1.5").  False, and nothing to use in `out`, when the bytes are broken
 * or the limit of `out` is passed. */
bool card_render(const void *bytes, size_t len, const struct language_wish *wish, const char *extra,
                 struct text *out, char out_language[LANGUAGE_LEN]);

/* Appends ",\"provenance\":{...}", which card_render() takes as `extra`; nothing when the item was
 * packed without.  False when the bytes are broken. */
bool card_provenance(const void *bytes, size_t len, struct text *out);
