/* SPDX-License-Identifier: MIT */
#include "tmdb/placeholder.h"

#include <string.h>
#include <strings.h>

enum { MAX_WORD = 32, MAX_DIGITS = 9 };

/* The word TMDB puts before or after the number, without its spaces.  ASCII is compared in any
 * case, the rest byte by byte. */
static const char *const words[] = {
    "",                                            /* the bare number */
    "#",          "Episode", "Ep", "Ep.", "Folge", /* de */
    "Épisode",                                     /* fr */
    "épisode",                                     /* fr */
    "Episodio",                                    /* es it */
    "Episódio",                                    /* pt */
    "Capítulo",                                    /* es */
    "Episodi",                                     /* ca */
    "Capítol",                                     /* ca */
    "Aflevering",                                  /* nl */
    "Avsnitt",                                     /* sv */
    "Afsnit",                                      /* da */
    "Jakso",                                       /* fi */
    "Odcinek",                                     /* pl */
    "Epizoda",                                     /* cs hr */
    "Epizóda",                                     /* sk */
    "Epizod",     "Díl",                           /* cs */
    "Časť",                                        /* sk */
    "rész",                                        /* hu */
    "epizód",                                      /* hu */
    "Episodul",                                    /* ro */
    "Bölüm",                                       /* tr */
    "Επεισόδιο",                                   /* el */
    "Эпизод",                                      /* ru */
    "Серия",                                       /* ru */
    "серия",                                       /* ru */
    "Епізод",                                      /* uk */
    "Серія",                                       /* uk */
    "серія",                                       /* uk */
    "Епизод",                                      /* bg sr */
    "Tập",                                         /* vi */
    "Episod",                                      /* ms */
    "ตอนที่",                                        /* th */
    "פרק",                                         /* he */
    "الحلقة",                                      /* ar */
    "قسمت",                                        /* fa */
    "에피소드",                                    /* ko */
    "화",                                          /* ko */
    "회",                                          /* ko */
    "제화",                                        /* ko */
    "第集",                                        /* zh */
    "第話",                                        /* ja */
    "第回",                                        /* ja */
    "第话",                                        /* zh */
    "エピソード",                                  /* ja */
    "Epizodas",                                    /* lt */
    "Serija",                                      /* lt */
    "Sērija",                                      /* lv */
    "Osa",                                         /* et */
    "ეპიზოდი",                                     /* ka */
};

/* Bytes of white space of any kind at `p`: ASCII, U+00A0, U+3000. */
static size_t space_at(const char *p)
{
    if (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
        return 1;
    if (strncmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    return strncmp(p, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes the one number out; what is left goes to `word`.  False when there is another number, none,
 * or too much besides. */
static bool take_apart(const char *name, char word[MAX_WORD], int64_t *out_number)
{
    size_t len = 0, n_digits = 0;
    int64_t number = 0;

    while (*name) {
        const size_t space = space_at(name);

        if (space > 0) {
            name += space;
            continue;
        }
        if (is_digit(*name)) {
            if (n_digits > 0)
                return false;
            for (; is_digit(*name) && n_digits < MAX_DIGITS; name++, n_digits++)
                number = number * 10 + (*name - '0');
            continue;
        }
        if (len + 1 >= MAX_WORD)
            return false;
        word[len++] = *name++;
    }
    /* "1. rész" */
    if (len > 1 && word[0] == '.')
        memmove(word, word + 1, --len);
    word[len] = '\0';
    *out_number = number;
    return n_digits > 0;
}

bool placeholder_is(const char *name, int64_t episode_number)
{
    char word[MAX_WORD];
    int64_t number;

    if (!name)
        return true;
    if (!take_apart(name, word, &number) || number != episode_number)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcasecmp(word, words[i]) == 0)
            return true;
    return false;
}
