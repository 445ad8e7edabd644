/* SPDX-License-Identifier: MIT */
#include "media/placeholder.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

enum { MAX_WORD = 32, MAX_NUMBER = 100000000 };

static const char *const whole[] = {
    "TBA", "TBD", "T.B.A.", "To be announced", "Untitled", "Unknown", "N/A", "-", "?",
};

/* The word beside the number, without its spaces: "Episode 1", "1. Bölüm", "第 1 話".  ASCII is
 * compared in any case, the rest byte by byte. */
static const char *const words[] = {
    "#",       "Ep",        "Ep.",     "Episode",  "Episodio",   "Episódio", "episódio",
    "Épisode", "épisode",   "Episodi", "Capítulo", "Capítol",    "Folge",    "Aflevering",
    "Odcinek", "Avsnitt",   "Afsnit",  "Jakso",    "Эпизод",     "эпизод",   "Серия",
    "серия",   "Серія",     "серія",   "Епізод",   "епізод",     "Епизод",   "епизод",
    "Epizod",  "Epizoda",   "Epizóda", "Epizodas", "Díl",        "Časť",     "Serija",
    "Sērija",  "Osa",       "Episod",  "Episodul", "Episoade",   "epizód",   "rész",
    "Bölüm",   "Επεισόδιο", "Tập",     "ეპიზოდი",  "エピソード", "에피소드", "제",
    "제화",    "제회",      "화",      "회",       "第",         "第話",     "第话",
    "第集",    "第回",      "話",      "话",       "集",         "回",       "الحلقة",
    "قسمت",    "פרק",       "ตอนที่",
};

/* These have real episodes, and no real movies. */
static const char *const item_words[] = { "Part", "Teil", "tt" };

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(word, list[i]) == 0)
            return true;
    return false;
}

/* Bytes of white space at `at`, the ideographic and the one that does not break among it. */
static size_t space_at(const char *at)
{
    if (*at == ' ' || *at == '\t')
        return 1;
    if (strncmp(at, "\xC2\xA0", 2) == 0)
        return 2;
    return strncmp(at, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Bytes of the digit at `at`: ASCII, Arabic, Persian, full width. */
static size_t digit_at(const char *at, int *out)
{
    static const struct {
        const char *lead;
        unsigned char zero;
    } scripts[] = { { "", '0' }, { "\xD9", 0xA0 }, { "\xDB", 0xB0 }, { "\xEF\xBC", 0x90 } };
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
        size_t len = strlen(scripts[i].lead);
        if (strncmp(at, scripts[i].lead, len) != 0)
            continue;
        *out = (unsigned char)at[len] - scripts[i].zero;
        if (*out >= 0 && *out <= 9)
            return len + 1;
    }
    return 0;
}

static size_t number_at(const char *at, int64_t *out)
{
    size_t len = 0, more;
    int digit;
    for (*out = 0; *out < MAX_NUMBER && (more = digit_at(at + len, &digit)); len += more)
        *out = *out * 10 + digit;
    return len;
}

/* The one number and what stands around it; false when there is none, another, or too much
 * besides. */
static bool take_apart(const char *name, char word[MAX_WORD], int64_t *out_number)
{
    size_t len = 0, skip;
    bool has_number = false;
    int64_t number;
    while (*name) {
        if ((skip = space_at(name)) || (skip = len && *name == '#')) {
            name += skip;
            continue;
        }
        skip = number_at(name, &number);
        if (skip && has_number)
            return false;
        if (skip) {
            *out_number = number;
            has_number = true;
            name += skip + (name[skip] == '.');
            continue;
        }
        if (len + 1 >= MAX_WORD)
            return false;
        word[len++] = *name++;
    }
    word[len] = '\0';
    return has_number;
}

bool placeholder_title(const char *title)
{
    char word[MAX_WORD];
    int64_t number;
    return is_one_of(title, whole, ARRAY_LEN(whole)) ||
           (take_apart(title, word, &number) &&
            (is_one_of(word, words, ARRAY_LEN(words)) ||
             is_one_of(word, item_words, ARRAY_LEN(item_words))));
}

bool placeholder_episode(const char *name, int64_t number)
{
    char word[MAX_WORD];
    int64_t said;
    if (is_one_of(name, whole, ARRAY_LEN(whole)))
        return true;
    return take_apart(name, word, &said) && said == number &&
           (!*word || is_one_of(word, words, ARRAY_LEN(words)));
}
