/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/text.h"
#include "names.h"

static int find(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (text_equal(names[i], name))
            return (int)i;
    }
    return -1;
}

int names_tv_status(const char *status)
{
    static const char *const names[] = { "Returning Series", "Planned", "In Production", "Ended",
                                         "Canceled",         "Pilot" };
    return find(names, ARRAY_LEN(names), status);
}

int names_tv_type(const char *type)
{
    static const char *const names[] = { "Documentary", "News",      "Miniseries", "Reality",
                                         "Scripted",    "Talk Show", "Video" };
    return find(names, ARRAY_LEN(names), type);
}

static const struct words {
    const char *language;
    const char *season, *after_season;
    const char *specials;
    const char *episode, *after_episode;
} placeholders[] = {
    { "en", "Season ", "", "Specials", "Episode ", "" },
    { "de", "Staffel ", "", "Extras", "Episode ", "" },
    { "fr", "Saison ", "", "Épisodes spéciaux", "Épisode ", "" },
    { "es", "Temporada ", "", "Especiales", "Episodio ", "" },
    { "pt", "Temporada ", "", "Especiais", "Episódio ", "" },
    { "it", "Stagione ", "", "Speciali", "Episodio ", "" },
    { "ja", "シーズン", "", "特別編", "第", "話" },
    { "ko", "시즌 ", "", "스페셜", "에피소드 ", "" },
    { "ru", "Сезон ", "", "Спецматериалы", "Эпизод ", "" },
    { "zh", "第 ", " 季", "特别篇", "第 ", " 集" },
};

static const struct words *words_of(const char *language)
{
    for (size_t i = 0; language && i < ARRAY_LEN(placeholders); i++) {
        if (text_starts_with(language, placeholders[i].language))
            return &placeholders[i];
    }
    return &placeholders[0];
}

void names_placeholder(char *out, size_t size, bool is_season, int number, const char *language)
{
    const struct words *words = words_of(language);

    if (!is_season)
        snprintf(out, size, "%s%d%s", words->episode, number, words->after_episode);
    else if (number == 0)
        snprintf(out, size, "%s", words->specials);
    else
        snprintf(out, size, "%s%d%s", words->season, number, words->after_season);
}
