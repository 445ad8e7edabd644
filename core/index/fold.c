/* SPDX-License-Identifier: MIT */
#include "index/fold.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"
#include "index/numeral.h"
#include "index/script.h"

enum { CHARACTER_LEN = 16, GROUP_LEN = 3 };

/* A word being put together. */
struct word {
    char bytes[FOLD_WORD_LEN];
    size_t len;
    unsigned since_dot; /* characters */
    bool initials;      /* each character so far had its dot */
    size_t apostrophe;  /* bytes before the last one; 0: none */
};

/* Of a script without spaces: a character, or the letters of a Hangul syllable. */
struct character {
    char bytes[CHARACTER_LEN];
    size_t len;
};

/* What some leave out: a sign between words, anything within a run. */
enum joint { NO_JOINT, JOINT_OF_WORDS, JOINT_OF_RUN };

struct folding {
    struct fold *out;
    unsigned ways;
    struct word word;
    struct character before, now; /* of a run of them: a pair, as far as it is there */
    bool paired;                  /* the run has made one */
    enum joint joint;             /* between what came and what comes now */
    bool grouped;                 /* the last word is digits in groups of three */
    unsigned n_gap;               /* characters since the last word */
    utf8proc_int32_t gap;         /* the first of them */
};

static bool add_word(struct fold *out, const char *word, size_t len)
{
    out->typed[0] = '\0';
    if (out->n == FOLD_MAX_WORDS)
        return false;
    memcpy(out->words[out->n], word, len);
    out->words[out->n][len] = '\0';
    out->marks[out->n++] = 0;
    return true;
}

/* --- Words of letters and digits */

static bool are_digits(const char *word)
{
    return *word && !word[strspn(word, "0123456789")];
}

/* "000" of "20,000" and of "20 000". */
static bool ends_number(const struct folding *folding)
{
    const struct fold *out = folding->out;
    const char *word = folding->word.bytes;
    if (folding->word.len != GROUP_LEN || !out->n || folding->n_gap != 1 || !are_digits(word))
        return false;
    bool grouping = folding->gap == ',' || folding->gap == '.';
    if (!grouping && (folding->gap != ' ' || strcmp(word, "000") != 0))
        return false;
    const char *before = out->words[out->n - 1];
    size_t len = strlen(before);
    return are_digits(before) && len + GROUP_LEN < FOLD_WORD_LEN &&
           (folding->grouped || (len <= GROUP_LEN && *before != '0'));
}

static void go_on(char *number, const char *group)
{
    memcpy(number + strlen(number), group, GROUP_LEN + 1);
}

/* "Rosemary's" is "rosemary", too. */
static void strip_possessive(struct folding *folding)
{
    enum { SHORTEST = 3 }; /* "it's" is no possessive */
    struct word *word = &folding->word;
    if (word->apostrophe < SHORTEST || word->apostrophe + 1 != word->len ||
        word->bytes[word->apostrophe] != 's')
        return;
    folding->out->ways |= FOLD_BARE;
    if (folding->ways & FOLD_BARE)
        word->len--;
}

static void end_word(struct folding *folding)
{
    struct word *word = &folding->word;
    struct fold *out = folding->out;
    if (!word->len)
        return;
    strip_possessive(folding);
    word->bytes[word->len] = '\0';
    const char *number = numeral_digits(word->bytes);
    folding->grouped = ends_number(folding);
    if (folding->grouped)
        go_on(out->words[out->n - 1], word->bytes);
    else if (!number)
        add_word(out, word->bytes, word->len);
    else if (add_word(out, number, strlen(number)))
        memcpy(out->typed, word->bytes, word->len + 1);
    word->len = word->since_dot = 0;
    word->apostrophe = 0;
    word->initials = false;
    folding->n_gap = 0;
}

static void add_character(struct word *word, utf8proc_int32_t character)
{
    utf8proc_uint8_t encoded[4];
    size_t len = (size_t)utf8proc_encode_char(character, encoded);
    if (word->len + len >= FOLD_WORD_LEN)
        return;
    memcpy(word->bytes + word->len, encoded, len);
    word->len += len;
    word->since_dot++;
}

/* Letters of their own that people without the key for them write otherwise. */
static void add_letter(struct word *word, utf8proc_int32_t letter)
{
    static const struct {
        utf8proc_int32_t letter;
        char typed[3];
    } letters[] = { { 0xE6, "ae" },  { 0xF0, "d" },   { 0xF8, "o" },  { 0xFE, "th" },
                    { 0x111, "d" },  { 0x127, "h" },  { 0x131, "i" }, { 0x142, "l" },
                    { 0x14B, "ng" }, { 0x153, "oe" }, { 0x167, "t" }, { 0x259, "e" } };
    for (size_t i = 0; letter >= letters[0].letter && i < ARRAY_LEN(letters); i++) {
        if (letters[i].letter != letter)
            continue;
        for (const char *typed = letters[i].typed; *typed; typed++)
            add_character(word, *typed);
        return;
    }
    add_character(word, letter);
}

/* "L'Atalante" is "atalante", too. */
static void strip_article(struct folding *folding)
{
    struct word *word = &folding->word;
    if (word->apostrophe != 1 || word->len != 1 || !strchr("cdjlmnst", word->bytes[0]))
        return;
    folding->out->ways |= FOLD_BARE;
    if (folding->ways & FOLD_BARE)
        word->len = word->since_dot = 0;
}

/* --- Characters of a script without spaces */

/* The character is whole: it makes a pair with the one before it. */
static void end_character(struct folding *folding)
{
    char pair[2 * CHARACTER_LEN];
    struct character *before = &folding->before, *now = &folding->now;
    if (before->len && now->len) {
        memcpy(pair, before->bytes, before->len);
        memcpy(pair + before->len, now->bytes, now->len);
        add_word(folding->out, pair, before->len + now->len);
        folding->paired = true;
    }
    *before = *now;
    now->len = 0;
}

/* The last character is a word, too: no pair begins with it. */
static void end_run(struct folding *folding)
{
    struct fold *out = folding->out;
    if (!folding->now.len)
        return;
    end_character(folding);
    if (add_word(out, folding->before.bytes, folding->before.len))
        out->marks[out->n - 1] = FOLD_OPEN | (folding->paired ? FOLD_IMPLIED : 0);
    folding->before.len = 0;
    folding->paired = folding->grouped = false;
    folding->n_gap = 0;
}

static void take_unspaced(struct folding *folding, utf8proc_int32_t c)
{
    struct character *now = &folding->now;
    end_word(folding);
    if (!script_goes_on(c) || now->len + 4 > CHARACTER_LEN)
        end_character(folding);
    now->len += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)now->bytes + now->len);
}

/* --- Characters */

/* "D.O.A." is "doa": a dot behind a single letter does not end the word. */
static bool is_dot_of_initial(struct word *word, utf8proc_int32_t c)
{
    bool initial = c == '.' && word->since_dot == 1 && (word->len == 1 || word->initials) &&
                   word->bytes[word->len - 1] >= 'a' && word->bytes[word->len - 1] <= 'z';
    if (initial) {
        word->initials = true;
        word->since_dot = 0;
    }
    return initial;
}

/* "j.edgar": what goes on behind an initial's dot is a word of its own. */
static void end_initials(struct folding *folding)
{
    struct word *word = &folding->word;
    if (!word->initials || word->since_dot != 1 || (word->bytes[word->len - 1] & 0x80))
        return;
    char first = word->bytes[--word->len];
    end_word(folding);
    add_character(word, first);
}

/* Whether it leaves no trace here: "don't" is "dont", as people type it. */
static bool is_silent(struct folding *folding, utf8proc_int32_t c)
{
    struct word *word = &folding->word;
    if (script_is_apostrophe(c))
        word->apostrophe = word->len;
    return script_is_apostrophe(c) || c == 0xAD || is_dot_of_initial(word, c);
}

static enum joint find_joint(const struct folding *folding, utf8proc_int32_t c)
{
    if (c == '&')
        return NO_JOINT;
    if (folding->now.len || folding->joint == JOINT_OF_RUN)
        return JOINT_OF_RUN;
    bool may_join = folding->word.len || folding->joint == JOINT_OF_WORDS;
    return may_join && script_is_joint(c) ? JOINT_OF_WORDS : NO_JOINT;
}

/* What is no part of a word. */
static void take_gap(struct folding *folding, utf8proc_int32_t c)
{
    folding->joint = find_joint(folding, c);
    if (folding->joint && folding->ways & FOLD_JOINED)
        return;
    end_run(folding);
    if (is_silent(folding, c))
        return;
    end_word(folding);
    if (folding->n_gap++ == 0)
        folding->gap = c;
    if (c == '&')
        add_word(folding->out, "and", 3);
}

static void take(struct folding *folding, utf8proc_int32_t c)
{
    if (!script_is_word(c)) {
        take_gap(folding, c);
        return;
    }
    bool in_run = script_is_unspaced(c);
    if (folding->joint == (in_run ? JOINT_OF_RUN : JOINT_OF_WORDS))
        folding->out->ways |= FOLD_JOINED;
    folding->joint = NO_JOINT;
    if (in_run) {
        take_unspaced(folding, c);
        return;
    }
    end_run(folding);
    end_initials(folding);
    strip_article(folding);
    add_letter(&folding->word, c);
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static void take_ascii(struct folding *folding, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        take(folding, c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
}

static void take_mapped(struct folding *folding, const char *text, size_t len)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &mapped,
                     UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
                         UTF8PROC_IGNORE);
    for (utf8proc_ssize_t i = 0; i < n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t step = utf8proc_iterate(mapped + i, n - i, &c);
        if (step <= 0)
            break;
        take(folding, c);
        i += step;
    }
    free(mapped);
}

/* Superscript 1, 2 and 3, and fractions. */
static bool is_small_number(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    if (len >= 2 && at[0] == 0xC2)
        return text[1] && strchr("\xB2\xB3\xB9\xBC\xBD\xBE", text[1]) != NULL;
    return len >= 3 && at[0] == 0xE2 &&
           ((at[1] == 0x85 && at[2] >= 0x90 && at[2] <= 0x9F) || (at[1] == 0x86 && at[2] == 0x89));
}

/* They are words: people type "alien 3" and "8 1/2". */
static void take_unicode(struct folding *folding, const char *text, size_t len)
{
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        if (!is_small_number(text + i, len - i))
            continue;
        take_mapped(folding, text + from, i - from);
        take(folding, ' ');
        from = i;
    }
    take_mapped(folding, text + from, len - from);
}

void fold_text_as(const char *text, size_t len, unsigned ways, struct fold *out)
{
    out->n = 0;
    out->ways = 0;
    out->typed[0] = '\0';
    struct folding folding = { .out = out, .ways = ways };
    if (is_ascii(text, len))
        take_ascii(&folding, text, len);
    else
        take_unicode(&folding, text, len);
    end_run(&folding);
    end_word(&folding);
    if (!out->n)
        return;
    out->marks[out->n - 1] |= FOLD_OPEN;
    if (out->marks[out->n - 1] & FOLD_IMPLIED)
        out->marks[out->n - 2] |= FOLD_OPEN;
}

void fold_text(const char *text, size_t len, struct fold *out)
{
    fold_text_as(text, len, 0, out);
}

int fold_year(const char *word)
{
    int64_t year;
    return strlen(word) == 4 && text_to_int(word, 1870, 2200, &year) ? (int)year : 0;
}
