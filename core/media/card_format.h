/* SPDX-License-Identifier: MIT
 *
 * The packed form of cards, items and seasons, shared by card_pack.c and season_pack.c (write),
 * card_read.c (reads), card.c and season.c (render).  Private to core/media.
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

/* Version 1 had tenths of a rating among the facts. */
enum { CARD_VERSION = 2, CARD_VERSION_TENTHS = 1 };
enum { CARD_LETTER = 'C', CARD_LETTER_WHOLE = 'W', CARD_FACTS_LEN = 65 };

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

struct card_languages {
    const char *tags[256]; /* by place; [0] is "" */
    unsigned n;
};

struct card_opened {
    struct card_facts facts;
    bool whole;
    struct card_slice sections[CARD_SECTIONS];
    struct card_languages languages;
};

/* Finds the sections and the languages; false when the bytes are broken. */
bool card_open_bytes(const void *bytes, size_t len, struct card_opened *out);

struct card_entry {
    unsigned field, language;
    struct card_slice text; /* escaped */
};

/* The next text of a slice that starts as the section CARD_TEXTS; false at the end and when the
 * bytes are broken. */
bool card_next_entry(const struct card_languages *languages, struct card_slice *from,
                     struct card_entry *out);

/* --- Reading the parts; false when the bytes are broken */

bool card_take_varint(struct card_slice *from, size_t *out);
bool card_take_slice(struct card_slice *from, struct card_slice *out); /* behind its length */
bool card_take_number(struct card_slice *from, unsigned bytes, uint64_t *out); /* little endian */
bool card_take_languages(struct card_slice section, struct card_languages *out);

/* --- Choosing what a reader understands */

struct card_shown {
    struct card_slice text; /* at NULL: there is none */
    int rank;
    const char *language;
};

/* How well each language serves the wish; smaller is better.  A picture without text, whose place
 * is CARD_RANK_PICTURE, serves better than one in English that was not wanted first. */
enum { CARD_RANK_PICTURE = 256, CARD_RANKS };
void card_rank_languages(const struct card_languages *languages, const struct language_wish *wish,
                         const char *original, int out_ranks[CARD_RANKS]);

/* For each field the text that serves best, the first of equals. */
void card_choose(const struct card_languages *languages, const int ranks[CARD_RANKS],
                 struct card_slice texts, struct card_shown out_best[CARD_FIELDS]);

void card_add_slice(struct text *out, struct card_slice slice);
void card_add_shown(struct text *out, const struct card_shown *shown, const char *member);

/* ,"languages":{...}: where the texts of the fields up to CARD_POSTER came from. */
void card_add_languages(struct text *out, const struct card_shown *best, const char *const *names,
                        size_t n_names);

/* --- Writing */

enum { CARD_MAX_PACKED = 8 << 20 };

struct card_packer {
    struct text languages, texts;
    unsigned n_languages;
};
#define CARD_PACKER_INIT                                                                           \
    {                                                                                              \
        .languages = TEXT_INIT(CARD_MAX_PACKED), .texts = TEXT_INIT(CARD_MAX_PACKED)               \
    }
void card_packer_done(struct card_packer *packer);
DEFINE_CLEANUP_VALUE(struct card_packer, card_packer_done);

void card_put_varint(size_t value, struct text *out);
void card_put_number(uint64_t value, unsigned bytes, struct text *out); /* little endian */
void card_put_section(const struct text *section, struct text *out);

/* The named members of `item` that are there, each with its leading comma. */
void card_put_members(const json_t *item, const char *const *names, size_t n, struct text *out);

/* NULL and "" are left out. */
void card_put_text(struct card_packer *packer, enum card_field field, const char *language,
                   const char *value);

/* 8.217 is 8217.  What is finer than that is cut off, so that who asks for at least so many
 * thousandths is told the truth. */
uint16_t card_rating_x1000(double rating);

/* Days since 1970 of YYYY-MM-DD; INT32_MIN: no such day. */
int32_t card_day_of_date(const char *date);
