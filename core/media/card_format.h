/* SPDX-License-Identifier: MIT
 *
 * The packed form of cards and items, shared by card_pack.c (writes), card_read.c (reads) and
 * card.c (renders).  Private
 * to core/media.
 *
 *   letter ('C' card, 'W' whole item), version, facts (FACTS_LEN bytes, little endian), then six
 *   sections, each behind its length:
 *     languages  bytes of tags, each ended by NUL
 *     texts      { field, language (1-based place in languages, 0: unknown), length, bytes }
 *     ids        ,"ids":{...}
 *     plain      members of a card that do not depend on a language, each with its leading comma
 *     whole      the further members of a whole item, the same way
 *     origins    ,"provenance":{...}
 *   Lengths are varints (7 bits a byte, least first).  Texts are escaped for JSON already, without
 *   their quotes, so that rendering copies. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "media/card.h"

enum { CARD_VERSION = 1, CARD_LETTER = 'C', CARD_LETTER_WHOLE = 'W', CARD_FACTS_LEN = 65 };

enum card_field {
    CARD_TITLE,
    CARD_OVERVIEW,
    CARD_TAGLINE,
    CARD_HOMEPAGE,
    CARD_POSTER,
    CARD_BACKDROP,
    CARD_SHOWN_FIELDS,
    CARD_ORIGINAL = CARD_SHOWN_FIELDS,
    CARD_ALTERNATIVE,
    CARD_FIELDS,
};

enum card_section {
    CARD_LANGUAGES,
    CARD_TEXTS,
    CARD_IDS,
    CARD_PLAIN,
    CARD_WHOLE,
    CARD_ORIGINS,
    CARD_SECTIONS,
};

struct card_slice {
    const char *at, *end;
};

struct card_opened {
    struct card_facts facts;
    bool whole;
    struct card_slice sections[CARD_SECTIONS];
    const char *languages[256]; /* by place; [0] is "" */
    unsigned n_languages;
};

/* Finds the sections and the languages; false when the bytes are broken. */
bool card_open_bytes(const void *bytes, size_t len, struct card_opened *out);

struct card_entry {
    unsigned field, language;
    struct card_slice text; /* escaped */
};

/* The next text of a slice that starts as the section CARD_TEXTS; false at the end and when the
 * bytes are broken. */
bool card_next_entry(const struct card_opened *card, struct card_slice *from,
                     struct card_entry *out);
