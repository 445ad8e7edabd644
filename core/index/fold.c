/* SPDX-License-Identifier: MIT */
#include "index/fold.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

/* A word being put together. */
struct word {
    char bytes[FOLD_WORD_LEN];
    size_t len;
    unsigned since_dot; /* characters */
    bool initials;      /* each character so far had its dot */
};

/* "i", "v" and "x" stay: they are words more often than numbers. */
static const char *number_of_roman(const char *word)
{
    if (*word != 'i' && *word != 'v' && *word != 'x')
        return word;
    static const char *const romans[] = { "ii", "iii", "iv",  "vi",   "vii", "viii",
                                          "ix", "xi",  "xii", "xiii", "xiv", "xv" };
    static const char *const numbers[] = { "2", "3",  "4",  "6",  "7",  "8",
                                           "9", "11", "12", "13", "14", "15" };
    for (size_t i = 0; i < ARRAY_LEN(romans); i++)
        if (strcmp(word, romans[i]) == 0)
            return numbers[i];
    return word;
}

static void add_word(struct fold *out, const char *word)
{
    if (out->n < FOLD_MAX_WORDS)
        memcpy(out->words[out->n++], word, strlen(word) + 1);
    out->typed[0] = '\0';
}

static void end_word(struct word *word, struct fold *out)
{
    if (!word->len)
        return;
    word->bytes[word->len] = '\0';
    const char *number = number_of_roman(word->bytes);
    add_word(out, number);
    if (number != word->bytes)
        memcpy(out->typed, word->bytes, word->len + 1);
    word->len = word->since_dot = 0;
    word->initials = false;
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

/* Scripts whose words no space separates. */
static bool is_unspaced(utf8proc_int32_t c)
{
    return (c >= 0x0E00 && c <= 0x0E7F) || /* Thai */
           (c >= 0x3005 && c <= 0x3007) || /* marks that repeat a character, and zero */
           (c >= 0x3040 && c <= 0x30FF) || /* kana */
           (c >= 0x3400 && c <= 0x9FFF) || /* CJK */
           (c >= 0xF900 && c <= 0xFAFF) || /* CJK compatibility */
           (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_word_character(utf8proc_int32_t c)
{
    if (c < 128)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    utf8proc_category_t category = utf8proc_category(c);
    return category <= UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_ND ||
           category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
}

/* "don't" is "dont", as people type it. */
static bool is_silent(utf8proc_int32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x02BC || c == 0x00AD;
}

struct folding {
    struct fold *out;
    struct word word;
    utf8proc_int32_t unspaced_before; /* the character a pair begins with; 0: none */
    bool pair_made;
};

static void end_run(struct folding *folding)
{
    if (folding->unspaced_before && !folding->pair_made) {
        add_character(&folding->word, folding->unspaced_before);
        end_word(&folding->word, folding->out);
    }
    folding->unspaced_before = 0;
    folding->pair_made = false;
}

static void take_unspaced(struct folding *folding, utf8proc_int32_t c)
{
    end_word(&folding->word, folding->out);
    if (folding->unspaced_before) {
        add_character(&folding->word, folding->unspaced_before);
        add_character(&folding->word, c);
        end_word(&folding->word, folding->out);
        folding->pair_made = true;
    }
    folding->unspaced_before = c;
}

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
    end_word(word, folding->out);
    add_character(word, first);
}

static void take(struct folding *folding, utf8proc_int32_t c)
{
    if (is_unspaced(c) && is_word_character(c)) {
        take_unspaced(folding, c);
        return;
    }
    end_run(folding);
    if (is_silent(c) || is_dot_of_initial(&folding->word, c))
        return;
    if (is_word_character(c)) {
        end_initials(folding);
        add_letter(&folding->word, c);
        return;
    }
    end_word(&folding->word, folding->out);
    if (c == '&')
        add_word(folding->out, "and");
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

/* Superscript 1, 2 and 3. */
static bool is_raised_digit(const char *text, size_t len)
{
    return len >= 2 && (unsigned char)text[0] == 0xC2 &&
           ((unsigned char)text[1] == 0xB2 || (unsigned char)text[1] == 0xB3 ||
            (unsigned char)text[1] == 0xB9);
}

/* A raised digit is a word: people type "alien 3". */
static void take_unicode(struct folding *folding, const char *text, size_t len)
{
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        if (!is_raised_digit(text + i, len - i))
            continue;
        take_mapped(folding, text + from, i - from);
        take(folding, ' ');
        from = i;
    }
    take_mapped(folding, text + from, len - from);
}

void fold_text(const char *text, size_t len, struct fold *out)
{
    out->n = 0;
    out->typed[0] = '\0';
    struct folding folding = { .out = out };
    if (is_ascii(text, len))
        take_ascii(&folding, text, len);
    else
        take_unicode(&folding, text, len);
    end_run(&folding);
    end_word(&folding.word, out);
}

int fold_year(const char *word)
{
    int64_t year;
    return strlen(word) == 4 && text_to_int(word, 1870, 2200, &year) ? (int)year : 0;
}
