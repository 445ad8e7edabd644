/* SPDX-License-Identifier: MIT */
#include "naming/release_text.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* Separators beyond ASCII. */
static const struct {
    char bytes[4];
    uint8_t gap;
} wide_gaps[] = {
    { "\u3010", GAP_OPEN },   { "\u3011", GAP_CLOSE },  { "\u300c", GAP_OPEN },
    { "\u300d", GAP_CLOSE },  { "\u300e", GAP_OPEN },   { "\u300f", GAP_CLOSE },
    { "\uff08", GAP_OPEN },   { "\uff09", GAP_CLOSE },  { "\uff3b", GAP_OPEN },
    { "\uff3d", GAP_CLOSE },  { "\u00a0", GAP_SPACE },  { "\u3000", GAP_SPACE },
    { "\u2013", GAP_HYPHEN }, { "\u2014", GAP_HYPHEN }, { "\u2b50", GAP_OTHER },
    { "\u2605", GAP_OTHER },  { "\u2606", GAP_OTHER },  { "\uff0f", GAP_SLASH },
    { "\uff5c", GAP_SLASH },  { "\u2022", GAP_OTHER },  { "\u3001", GAP_OTHER },
    { "\u301c", GAP_OTHER },  { "\uff5e", GAP_OTHER },
};

static uint8_t ascii_gap(char c)
{
    switch (c) {
    case ' ':
        return GAP_SPACE;
    case '.':
        return GAP_DOT;
    case '_':
        return GAP_UNDERSCORE;
    case '-':
        return GAP_HYPHEN;
    case '(':
    case '[':
    case '{':
        return GAP_OPEN;
    case ')':
    case ']':
    case '}':
        return GAP_CLOSE;
    case '/':
    case '|':
    case '\\':
        return GAP_SLASH;
    case '+':
    case ',':
    case ';':
    case ':':
    case '&':
    case '~':
    case '=':
    case '*':
    case '"':
    case '<':
    case '>':
        return GAP_OTHER;
    default:
        return 0;
    }
}

/* The gap that begins here and its length in bytes; 0: a word goes on. */
static uint8_t gap_at(const char *at, size_t *out_len)
{
    *out_len = 1;
    if (!(*at & 0x80))
        return ascii_gap(*at);
    for (size_t i = 0; i < ARRAY_LEN(wide_gaps); i++) {
        size_t len = strlen(wide_gaps[i].bytes);
        if (strncmp(at, wide_gaps[i].bytes, len) == 0) {
            *out_len = len;
            return wide_gaps[i].gap;
        }
    }
    return 0;
}

/* "DD+" and "HDR10+": there the sign is part of the word. */
static bool takes_plus(const char *word, size_t len)
{
    static const char *const words[] = { "dd", "hdr10", "hdr", "disney" };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (len == strlen(words[i]) && memcmp(word, words[i], len) == 0)
            return true;
    return false;
}

/* The end of the word at `at`, at least one byte on. */
static size_t word_end(const struct release_text *text, size_t at)
{
    size_t end = at, step;
    while (end < text->len) {
        bool plus = text->lower[end] == '+' && takes_plus(text->lower + at, end - at);
        if (gap_at(text->lower + end, &step) && !plus)
            break;
        end++;
    }
    return end;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "12", "e12", "ep12", "s02" */
static bool begins_a_number(const char *word)
{
    if (*word == 's')
        word++;
    else if (*word == 'e')
        word += word[1] == 'p' ? 2 : 1;
    return is_digit(*word);
}

/* The tilde of "01 ~ 24", "E01~E12" joins what it stands between as a hyphen does in "01-24". */
static uint8_t joined(const struct release_text *text, size_t from, size_t to, uint8_t gap)
{
    bool tilde = memchr(text->lower + from, '~', to - from) ||
                 memmem(text->lower + from, to - from, "\u301c", 3) ||
                 memmem(text->lower + from, to - from, "\uff5e", 3);
    bool numbers = from && is_digit(text->lower[from - 1]) && begins_a_number(text->lower + to);
    return tilde && numbers && !(gap & ~(GAP_SPACE | GAP_OTHER)) ? GAP_HYPHEN : gap;
}

struct nesting {
    unsigned depth, count;
    char opener;
};

static void nest(struct nesting *nesting, uint8_t gap, char c)
{
    if (gap == GAP_OPEN && nesting->depth++ == 0) {
        nesting->opener = c == '(' ? '(' : '[';
        nesting->count += nesting->count < 255;
    }
    if (gap == GAP_CLOSE && nesting->depth)
        nesting->depth--;
}

void release_text_split(struct release_text *text, const char *name, size_t len)
{
    struct nesting nesting = { 0 };
    uint8_t gap = 0;
    size_t before = 0; /* the end of the word before */
    text->n = 0;
    text->len = text_tidy(name, len, text->bytes, sizeof text->bytes);
    for (size_t i = 0; i <= text->len; i++) {
        char c = text->bytes[i];
        text->lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    for (size_t at = 0, step; at < text->len && text->n < RELEASE_TOKENS;) {
        uint8_t here = gap_at(text->lower + at, &step);
        if (here) {
            nest(&nesting, here, text->lower[at]);
            gap |= here;
            at += step;
            continue;
        }
        size_t end = word_end(text, at);
        text->tokens[text->n++] = (struct release_token){
            .start = (uint16_t)at,
            .len = (uint16_t)(end - at),
            .gap = joined(text, before, at, gap),
            .bracket = (uint8_t)(nesting.depth ? nesting.count : 0),
            .opener = nesting.depth ? nesting.opener : '\0',
        };
        gap = 0;
        at = before = end;
    }
}

size_t release_text_digits(struct release_slice slice, size_t most, unsigned *out)
{
    size_t n = 0;
    unsigned value = 0;
    for (; n < slice.len && slice.at[n] >= '0' && slice.at[n] <= '9'; n++) {
        if (n == most)
            return 0;
        value = value * 10 + (unsigned)(slice.at[n] - '0');
    }
    *out = value;
    return n;
}

bool release_text_is(const struct release_text *text, size_t i, const char *word)
{
    struct release_slice slice = release_text_slice(text, i);
    return slice.len == strlen(word) && memcmp(slice.at, word, slice.len) == 0;
}

int release_text_number(const struct release_text *text, size_t i)
{
    unsigned value;
    struct release_slice slice = release_text_slice(text, i);
    if (!slice.len || release_text_digits(slice, 5, &value) != slice.len)
        return -1;
    return (int)value;
}

/* Words of one phrase stand in one bracket, with nothing but a blank, dot, line or hyphen
 * between them. */
static size_t phrase_reach(const struct release_text *text, size_t i, struct release_slice *slices)
{
    size_t n = 0;
    for (; n < RELEASE_PHRASE_WORDS && i + n < text->n; n++) {
        uint8_t gap = text->tokens[i + n].gap;
        bool spaced = gap & GAP_HYPHEN && gap & GAP_SPACE;
        if (n && (spaced || gap & (GAP_OPEN | GAP_CLOSE | GAP_SLASH | GAP_OTHER)))
            break;
        slices[n] = release_text_slice(text, i + n);
    }
    return n;
}

static bool in_capitals(const struct release_text *text, size_t i)
{
    for (size_t k = 0; k < text->tokens[i].len; k++)
        if (text->bytes[text->tokens[i].start + k] == text->lower[text->tokens[i].start + k])
            return false;
    return true;
}

/* "[01-12 Fin]" is no Finnish. */
static bool is_end_of_batch(const struct release_text *text, size_t i)
{
    return release_text_is(text, i, "fin") && i && text->tokens[i].bracket &&
           text->tokens[i].gap == GAP_SPACE && text->tokens[i - 1].meaning == RELEASE_IS_NUMBER;
}

static size_t read_word(struct release_text *text, size_t i)
{
    struct release_slice slices[RELEASE_PHRASE_WORDS];
    size_t taken = 0;
    size_t n = phrase_reach(text, i, slices);
    if (is_end_of_batch(text, i))
        slices[0] = (struct release_slice){ "end", 3 };
    const struct release_word *word = release_words_find(slices, n, &taken);
    if (!word || (word->meaning == RELEASE_IS_CAPITALS && !in_capitals(text, i)))
        return 0;
    struct release_token *token = &text->tokens[i];
    token->meaning =
        (uint8_t)(word->meaning == RELEASE_IS_CAPITALS ? RELEASE_IS_LANGUAGE : word->meaning);
    token->strong = word->strong;
    token->word = word;
    token->number = (uint16_t)word->number;
    return taken;
}

void release_text_read(struct release_text *text)
{
    for (size_t i = 0; i < text->n;) {
        size_t taken = release_place_read(text, i);
        if (!taken)
            taken = release_shape_read(text, i);
        if (!taken)
            taken = read_word(text, i);
        for (size_t k = 1; k < taken; k++) {
            text->tokens[i + k].follows = true;
            text->tokens[i + k].meaning = text->tokens[i].meaning;
            text->tokens[i + k].strong = text->tokens[i].strong;
        }
        i += MAX(taken, 1);
    }
}
