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
};

/* "i", "v" and "x" stay: they are words more often than numbers. */
static const char *number_of_roman(const char *word)
{
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
        snprintf(out->words[out->n++], FOLD_WORD_LEN, "%s", word);
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
    word->len = 0;
}

static void add_character(struct word *word, utf8proc_int32_t character)
{
    utf8proc_uint8_t encoded[4];
    size_t len = (size_t)utf8proc_encode_char(character, encoded);
    if (word->len + len >= FOLD_WORD_LEN)
        return;
    memcpy(word->bytes + word->len, encoded, len);
    word->len += len;
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

static void take(struct folding *folding, utf8proc_int32_t c)
{
    if (is_unspaced(c) && is_word_character(c)) {
        take_unspaced(folding, c);
        return;
    }
    end_run(folding);
    if (is_silent(c))
        return;
    if (is_word_character(c)) {
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

static void take_unicode(struct folding *folding, const char *text, size_t len)
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
