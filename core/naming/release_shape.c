/* SPDX-License-Identifier: MIT */
#include "naming/release_text.h"

#include <string.h>

#include "base/cleanup.h"

enum { YEAR_FIRST = 1888, YEAR_LAST = 2035 }; /* beyond: 2049 and 2077 are titles */

static void set(struct release_token *token, enum release_meaning meaning, bool strong,
                unsigned number)
{
    token->meaning = (uint8_t)meaning;
    token->strong = strong;
    token->number = (uint16_t)number;
}

static bool ends_in(struct release_slice slice, size_t from, const char *const *endings, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice.len - from == strlen(endings[i]) &&
            memcmp(slice.at + from, endings[i], slice.len - from) == 0)
            return true;
    return false;
}

/* --- Lines: 1080p, 1080i, 1080p60, 1920x1080, BD1080p */

static bool is_picture(unsigned lines)
{
    return lines >= 240 && lines <= 4320;
}

static size_t read_width(struct release_token *token, struct release_slice slice, size_t at)
{
    unsigned lines;
    struct release_slice rest = { slice.at + at, slice.len - at };
    size_t n = release_text_digits(rest, 4, &lines);
    if (n < 3 || !is_picture(lines) || (rest.len > n && rest.at[n] != 'p' && rest.at[n] != 'i'))
        return 0;
    set(token, RELEASE_IS_LINES, true, lines);
    return 1;
}

static size_t read_lines(struct release_token *token, struct release_slice slice)
{
    unsigned lines, rate = 0;
    bool disc = slice.len > 5 && memcmp(slice.at, "bd", 2) == 0;
    if (disc || (slice.len > 5 && memcmp(slice.at, "hd", 2) == 0))
        slice = (struct release_slice){ slice.at + 2, slice.len - 2 };
    size_t n = release_text_digits(slice, 4, &lines);
    if (n < 3 || n == slice.len)
        return 0;
    if (slice.at[n] == 'x' && lines >= 320)
        return read_width(token, slice, n + 1);
    if ((slice.at[n] != 'p' && slice.at[n] != 'i') || !is_picture(lines))
        return 0;
    struct release_slice rest = { slice.at + n + 1, slice.len - n - 1 };
    size_t digits = release_text_digits(rest, 3, &rate);
    if (digits != rest.len && (rest.len < 2 || memcmp(rest.at, "hd", 2) != 0))
        return 0;
    set(token, RELEASE_IS_LINES, true, lines);
    token->version = slice.at[n] == 'i';
    token->disc = disc;
    return 1;
}

/* --- Amounts: 1.4GB, 950 MB, 192Kbps, 60fps */

static const char *const units[] = { "gb",  "mb",   "gib",  "mib", "kb", "tb",
                                     "fps", "kbps", "mbps", "khz", "hz", "kbit" };

/* Only those read with a blank before them: "60 fps" but no "5 hz". */
enum { UNITS_APART = 9 };

static bool is_amount(struct release_slice slice)
{
    unsigned value;
    size_t n = release_text_digits(slice, 5, &value);
    return n && n < slice.len && ends_in(slice, n, units, ARRAY_LEN(units));
}

static size_t read_amount(struct release_text *text, size_t i)
{
    size_t taken = 0;
    if (is_amount(release_text_slice(text, i)))
        taken = 1;
    else if (release_text_number(text, i) < 0)
        return 0;
    else if (i + 1 < text->n && text->tokens[i + 1].gap == GAP_DOT) {
        if (is_amount(release_text_slice(text, i + 1)))
            taken = 2;
        else if (release_text_number(text, i + 1) >= 0 && i + 2 < text->n &&
                 text->tokens[i + 2].gap == GAP_SPACE &&
                 ends_in(release_text_slice(text, i + 2), 0, units, UNITS_APART))
            taken = 3;
    } else if (i + 1 < text->n && text->tokens[i + 1].gap == GAP_SPACE &&
               ends_in(release_text_slice(text, i + 1), 0, units, UNITS_APART))
        taken = 2;
    if (taken)
        set(&text->tokens[i], RELEASE_IS_NOISE, true, 0);
    return taken;
}

/* --- Sound: DDP5.1, AAC2 0, DTS-X7.1, DD51; 5.1 alone */

static bool is_layout(unsigned channels_x10)
{
    static const uint8_t layouts[] = { 10, 20, 21, 30, 40, 50, 51, 60, 61, 70, 71, 91 };
    for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
        if (layouts[i] == channels_x10)
            return true;
    return false;
}

/* The digit "1" or "0" behind "5." or "5 ", also as "1ch"; -1: none. */
static int second_digit(const struct release_text *text, size_t i, bool blank_will_do)
{
    struct release_slice slice = release_text_slice(text, i);
    uint8_t gap = slice.len ? text->tokens[i].gap : 0;
    if (gap != GAP_DOT && !(blank_will_do && gap == GAP_SPACE))
        return -1;
    if (slice.len != 1 && !(slice.len == 3 && memcmp(slice.at + 1, "ch", 2) == 0))
        return -1;
    return *slice.at == '0' || *slice.at == '1' ? *slice.at - '0' : -1;
}

static bool is_sound(const struct release_word *word)
{
    return word && word->meaning == RELEASE_IS_AUDIO;
}

/* One to three words of which the last ends in the channels. */
static size_t read_sound(struct release_text *text, size_t i)
{
    struct release_slice slices[3];
    for (size_t n = 0; n < ARRAY_LEN(slices) && i + n < text->n; n++) {
        struct release_slice whole = release_text_slice(text, i + n);
        if (n && text->tokens[i + n].gap & ~(GAP_DOT | GAP_SPACE | GAP_HYPHEN | GAP_UNDERSCORE))
            return 0;
        slices[n] = whole;
        size_t digits = 0, taken = 0;
        while (digits < 2 && digits + 1 < whole.len && whole.at[whole.len - 1 - digits] >= '0' &&
               whole.at[whole.len - 1 - digits] <= '9')
            digits++;
        for (; digits; digits--) {
            const char *at = whole.at + whole.len - digits;
            int second = digits == 2 ? at[1] - '0' : second_digit(text, i + n + 1, true);
            unsigned layout = (unsigned)(at[0] - '0') * 10 + (unsigned)MAX(second, 0);
            slices[n].len = whole.len - digits;
            const struct release_word *word = release_words_find(slices, n + 1, &taken);
            if (second < 0 || !is_layout(layout) || !is_sound(word) || taken != n + 1)
                continue;
            set(&text->tokens[i], RELEASE_IS_AUDIO, true, layout);
            text->tokens[i].word = word;
            return n + (digits == 2 ? 1 : 2);
        }
        slices[n].len = whole.len;
    }
    return 0;
}

static size_t read_channels(struct release_text *text, size_t i)
{
    int first = release_text_number(text, i);
    bool after_sound = i && text->tokens[i - 1].meaning == RELEASE_IS_AUDIO;
    if (first < 1 || first > 9 || text->tokens[i].len != 1)
        return 0;
    int second = second_digit(text, i + 1, after_sound);
    if (second < 0 || !is_layout((unsigned)(first * 10 + second)))
        return 0;
    set(&text->tokens[i], RELEASE_IS_CHANNELS, after_sound, (unsigned)(first * 10 + second));
    return 2;
}

/* --- Years and dates */

static bool is_pair(const struct release_text *text, size_t i, int least, int most)
{
    int value = release_text_number(text, i);
    return value >= least && value <= most && text->tokens[i].len == 2;
}

static bool is_joint(const struct release_text *text, size_t i)
{
    return i + 2 < text->n && text->tokens[i + 1].gap == text->tokens[i + 2].gap &&
           (text->tokens[i + 1].gap == GAP_DOT || text->tokens[i + 1].gap == GAP_SPACE ||
            text->tokens[i + 1].gap == GAP_HYPHEN || text->tokens[i + 1].gap == GAP_UNDERSCORE);
}

static bool is_year(const struct release_text *text, size_t i)
{
    int value = release_text_number(text, i);
    return value >= YEAR_FIRST && value <= YEAR_LAST && text->tokens[i].len == 4;
}

/* year, month, day or day, month, year; `version` says which. */
static size_t read_date(struct release_text *text, size_t i)
{
    if (!is_joint(text, i) || !is_pair(text, i + 1, 1, 12))
        return 0;
    bool forward = is_year(text, i) && is_pair(text, i + 2, 1, 31);
    bool backward = is_pair(text, i, 1, 31) && is_year(text, i + 2);
    if (!forward && !backward)
        return 0;
    set(&text->tokens[i], RELEASE_IS_DATE, true, 0);
    text->tokens[i].version = backward;
    return 3;
}

/* --- The rest */

/* Eight hexadecimal digits alone in a bracket. */
static size_t read_hash(struct release_text *text, size_t i)
{
    const struct release_token *token = &text->tokens[i];
    char end = text->lower[token->start + token->len];
    if (token->len != 8 || !token->bracket || !(token->gap & GAP_OPEN) ||
        (end != ']' && end != ')'))
        return 0;
    for (size_t k = 0; k < 8; k++)
        if (!strchr("0123456789abcdef", text->lower[token->start + k]))
            return 0;
    set(&text->tokens[i], RELEASE_IS_HASH, true, 0);
    return 1;
}

/* 12, 12v2, v2 */
static size_t read_number(struct release_text *text, size_t i)
{
    unsigned value = 0, version = 0;
    struct release_token *token = &text->tokens[i];
    struct release_slice slice = release_text_slice(text, i);
    size_t n = release_text_digits(slice, 5, &value);
    bool versioned = slice.len - n == 2 && slice.at[n] == 'v' && slice.at[n + 1] >= '0' &&
                     slice.at[n + 1] <= '9';
    if (versioned)
        version = (unsigned)(slice.at[n + 1] - '0');
    if (!n && versioned) {
        set(token, RELEASE_IS_VERSION, false, version);
        return 1;
    }
    if (!n || value > UINT16_MAX || (n != slice.len && !versioned))
        return 0;
    bool year = n == slice.len && is_year(text, i);
    set(token, year ? RELEASE_IS_YEAR : RELEASE_IS_NUMBER, false, value);
    token->version = (uint16_t)version;
    return 1;
}

size_t release_shape_read(struct release_text *text, size_t i)
{
    static size_t (*const readers[])(struct release_text *, size_t) = {
        read_amount, read_date, read_sound, read_channels, read_hash, read_number,
    };
    size_t taken = read_lines(&text->tokens[i], release_text_slice(text, i));
    for (size_t k = 0; k < ARRAY_LEN(readers) && !taken; k++)
        taken = readers[k](text, i);
    return taken;
}
