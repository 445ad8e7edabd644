/* SPDX-License-Identifier: MIT
 *
 * Release names against what two other parsers' own test suites assert.  Written against the odd
 * lines of the table; the even ones check that the grammar was learnt and not the list.  Set
 * RELEASE_NAMES_SHOW=odd to see what differs. */
#include "../test.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "naming/release_name.h"

enum { COLUMNS = 15, LINE_MAX_LEN = 4096 };

enum column {
    NAME,
    KIND,
    TITLE,
    YEAR,
    SEASON,
    EPISODE,
    RESOLUTION,
    SOURCE,
    CODEC,
    AUDIO,
    GROUP,
    EDITION,
    DATE,
    LANGUAGES,
    ORIGIN,
};

static const char *const column_names[COLUMNS] = {
    "name",  "kind",  "title", "year",    "season", "episode",   "resolution", "source",
    "codec", "audio", "group", "edition", "date",   "languages", "origin",
};

struct score {
    unsigned asserted, right;
};

/* Titles are compared as they are looked up: letters and digits alone, case aside. */
static void key(const char *text, char *out, size_t size)
{
    size_t n = 0;
    for (; *text && n + 1 < size; text++)
        if (isalnum((unsigned char)*text) || *text & 0x80)
            out[n++] = (char)tolower((unsigned char)*text);
    out[n] = '\0';
}

static bool same_key(const char *a, const char *b)
{
    char x[512], y[512];
    key(a, x, sizeof x);
    key(b, y, sizeof y);
    return strcmp(x, y) == 0;
}

static bool ranges_are(const struct release_name_range *list, size_t n, const char *wanted)
{
    CLEANUP(text_done) struct text all = TEXT_INIT(65536);
    for (size_t i = 0; i < n; i++)
        for (unsigned k = list[i].first; k <= list[i].last; k++)
            text_add_format(&all, "%s%u", all.len ? "," : "", k);
    return strcmp(text_string(&all), strncmp(wanted, "abs:", 4) == 0 ? wanted + 4 : wanted) == 0;
}

static bool resolution_is(const struct release_name *name, const char *wanted)
{
    const char *cross = strchr(wanted, 'x');
    if (strcasecmp(wanted, "4K") == 0)
        return name->lines == 2160;
    return name->lines == strtoul(cross ? cross + 1 : wanted, NULL, 10);
}

/* The sources' spellings, and what they stand for here.  One of the two calls HDRip WEB-DL and
 * WEB WEBRip, keeps remuxes under Blu-ray, and makes no difference between BDRip and BRRip. */
static bool source_is(const struct release_name *name, const char *wanted)
{
    static const struct {
        const char *word, *ours;
    } words[] = {
        { "WEB-DL", "WEB-DL|HDRip" },
        { "WEBRip", "WEBRip|WEB" },
        { "WEB", "WEB" },
        { "WEB-DLRip", "WEBRip" },
        { "HDRip", "HDRip" },
        { "Blu-ray", "BluRay|Remux" },
        { "BluRay", "BluRay" },
        { "BRRip", "BRRip" },
        { "BDRip", "BDRip|BRRip|BluRay" },
        { "BluRay REMUX", "Remux" },
        { "REMUX", "Remux" },
        { "HDTV", "HDTV" },
        { "HDTVRip", "HDTV" },
        { "AHDTV", "HDTV" },
        { "PDTV", "PDTV" },
        { "DVD-Rip", "DVDRip" },
        { "DVDRip", "DVDRip" },
        { "DVD", "DVD" },
        { "Cam", "CAM" },
        { "Telesync", "TS" },
        { "TeleSync", "TS" },
        { "TeleCine", "TC" },
        { "Screener", "SCR" },
        { "SCR", "SCR" },
        { "DSRip", "SATRip" },
        { "HD DVD", "HD-DVD" },
    };
    const char *ours = release_name_source_word(name->source);
    for (size_t i = 0; i < ARRAY_LEN(words) && ours; i++) {
        char framed[64], word[32];
        snprintf(framed, sizeof framed, "|%s|", words[i].ours);
        snprintf(word, sizeof word, "|%s|", ours);
        if (strcmp(words[i].word, wanted) == 0 && strstr(framed, word))
            return true;
    }
    return false;
}

static bool codec_is(const struct release_name *name, const char *wanted)
{
    static const char *const spellings[QUALITY_CODECS] = {
        [QUALITY_MPEG2] = "|MPEG-2|",   [QUALITY_XVID] = "|Xvid|", [QUALITY_VC1] = "|VC-1|",
        [QUALITY_H264] = "|H.264|avc|", [QUALITY_VP9] = "|VP9|",   [QUALITY_H265] = "|H.265|hevc|",
        [QUALITY_AV1] = "|AV1|",
    };
    char word[32];
    snprintf(word, sizeof word, "|%s|", wanted);
    return name->codec && strstr(spellings[name->codec], word) != NULL;
}

static bool has_audio(const struct release_name *name, const char *wanted)
{
    static const struct {
        const char *word;
        uint32_t bit;
    } words[] = {
        { "AAC-LC", RELEASE_AAC },
        { "AAC", RELEASE_AAC },
        { "HE-AAC v2", RELEASE_HEAAC },
        { "HE-AAC", RELEASE_HEAAC },
        { "Dolby Digital Plus", RELEASE_EAC3 },
        { "Dolby Digital EX", RELEASE_AC3 },
        { "Dolby Digital", RELEASE_AC3 },
        { "DTS Lossless", RELEASE_DTSHD },
        { "DTS-HD MA", RELEASE_DTSHD },
        { "DTS Lossy", RELEASE_DTS },
        { "DTS-ES", RELEASE_DTSES },
        { "DTS:X", RELEASE_DTSX },
        { "DTS", RELEASE_DTS },
        { "Dolby TrueHD", RELEASE_TRUEHD },
        { "TrueHD", RELEASE_TRUEHD },
        { "Atmos", RELEASE_ATMOS },
        { "FLAC", RELEASE_FLAC },
        { "MP3", RELEASE_MP3 },
        { "OGG", RELEASE_VORBIS },
        { "Dual", RELEASE_DOUBLE_AUDIO },
    };
    if (strcmp(wanted, "HQ Clean Audio") == 0 || strcmp(wanted, "LiNE") == 0)
        return name->flags & RELEASE_LINE_AUDIO;
    if (strcmp(wanted, "Mono") == 0)
        return name->channels_x10 == 10;
    size_t len = strlen(wanted);
    if (len >= 3 && wanted[len - 2] == '.') {
        if (name->channels_x10 != (wanted[len - 3] - '0') * 10 + wanted[len - 1] - '0')
            return false;
        if (len == 3)
            return true;
        len -= 4;
    }
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strlen(words[i].word) == len && memcmp(words[i].word, wanted, len) == 0)
            return (name->audio & words[i].bit) != 0;
    return false;
}

static bool each_of(const char *list, const struct release_name *name,
                    bool (*has)(const struct release_name *, const char *))
{
    char one[64];
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, ",");
        snprintf(one, sizeof one, "%.*s", (int)len, at);
        if (!has(name, one))
            return false;
        at += len + (at[len] == ',');
    }
    return true;
}

static bool in_list(const char (*list)[LANGUAGE_LEN], size_t n, const char *tag)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(list[i], tag, strlen(tag)) == 0)
            return true;
    return false;
}

static const char *language_tag(const char *word)
{
    static const char *const names[][2] = {
        { "Hindi", "hi" },      { "Italian", "it" },   { "English", "en" },  { "Polish", "pl" },
        { "Japanese", "ja" },   { "Bengali", "bn" },   { "Tamil", "ta" },    { "French", "fr" },
        { "Kannada", "kn" },    { "Malayalam", "ml" }, { "Russian", "ru" },  { "Chinese", "zh" },
        { "Swedish", "sv" },    { "Mandarin", "zh" },  { "Telugu", "te" },   { "German", "de" },
        { "Spanish", "es" },    { "Danish", "da" },    { "Urdu", "ur" },     { "Punjabi", "pa" },
        { "Portuguese", "pt" }, { "Marathi", "mr" },   { "Albanian", "sq" }, { "Egyptian", "ar" },
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i][0], word) == 0)
            return names[i][1];
    return word;
}

static bool has_language(const struct release_name *name, const char *word)
{
    const char *tag = language_tag(word);
    return in_list(name->languages, name->n_languages, tag) ||
           in_list(name->subtitles, name->n_subtitles, tag);
}

/* Every one asserted is there, and no spoken one that is not asserted. */
static bool languages_are(const struct release_name *name, const char *wanted)
{
    char one[64];
    if (!each_of(wanted, name, has_language))
        return false;
    for (size_t i = 0; i < name->n_languages; i++) {
        bool found = false;
        for (const char *at = wanted; *at;) {
            size_t len = strcspn(at, ",");
            snprintf(one, sizeof one, "%.*s", (int)len, at);
            found |= strncmp(name->languages[i], language_tag(one), 2) == 0;
            at += len + (at[len] == ',');
        }
        if (!found)
            return false;
    }
    return true;
}

static bool kind_is(const struct release_name *name, const char *wanted)
{
    if (strcmp(wanted, "movie?") == 0) /* says only that no season and no episode was seen */
        return name->n_seasons == 0 && name->n_episodes == 0;
    if (strcmp(wanted, "season") == 0)
        return name->n_seasons != 0;
    return name->kind == RELEASE_EPISODE;
}

static bool is_right(const struct release_name *name, enum column column, const char *wanted)
{
    switch (column) {
    case KIND:
        return kind_is(name, wanted);
    case TITLE:
        return same_key(name->title, wanted);
    case YEAR:
        return name->year == strtoul(wanted, NULL, 10);
    case SEASON:
        return ranges_are(name->seasons, name->n_seasons, wanted);
    case EPISODE:
        return ranges_are(name->episodes, name->n_episodes, wanted);
    case RESOLUTION:
        return resolution_is(name, wanted);
    case SOURCE:
        return source_is(name, wanted);
    case CODEC:
        return codec_is(name, wanted);
    case AUDIO:
        return each_of(wanted, name, has_audio);
    case GROUP:
        return strcmp(name->group, wanted) == 0;
    case EDITION:
        return strstr(name->edition, strncmp(wanted, "Extended", 8) == 0 ? "Extended" : wanted);
    case DATE:
        return strcmp(name->date, wanted) == 0;
    case LANGUAGES:
        return languages_are(name, wanted);
    default:
        return true;
    }
}

static void show(const char *line, const struct release_name *name, enum column column,
                 const char *wanted)
{
    CLEANUP(text_done) struct text have = TEXT_INIT(4096);
    for (size_t i = 0; i < name->n_languages; i++)
        text_add_format(&have, "%s ", name->languages[i]);
    text_add_string(&have, "| ");
    for (size_t i = 0; i < name->n_subtitles; i++)
        text_add_format(&have, "%s ", name->subtitles[i]);
    print_message("# %s: '%s'\n#    title '%s' %u s%u/%u-%u e%u/%u-%u %up %s c%d a%x/%u group '%s' "
                  "edition '%s' languages %s\n#    %s\n",
                  column_names[column], wanted, name->title, name->year, name->n_seasons,
                  name->seasons[0].first, name->seasons[0].last, name->n_episodes,
                  name->episodes[0].first, name->episodes[0].last, name->lines,
                  name->source ? release_name_source_word(name->source) : "-", name->codec,
                  name->audio, name->channels_x10, name->group, name->edition, text_string(&have),
                  line);
}

static void judge_line(char *line, bool shown, struct score *scores)
{
    char *fields[COLUMNS] = { line };
    struct release_name name;
    for (int i = 1; i < COLUMNS; i++) {
        char *tab = strchr(fields[i - 1], '\t');
        assert_non_null(tab);
        *tab = '\0';
        fields[i] = tab + 1;
    }
    release_name_parse(fields[NAME], strlen(fields[NAME]), &name);
    for (enum column column = KIND; column < ORIGIN; column++) {
        if (!*fields[column])
            continue;
        bool right = is_right(&name, column, fields[column]);
        scores[column].asserted++;
        scores[column].right += right;
        if (!right && shown)
            show(fields[NAME], &name, column, fields[column]);
    }
}

static void check_half(bool odd, double least)
{
    char path[512], line[LINE_MAX_LEN];
    struct score scores[COLUMNS] = { 0 }, all = { 0 };
    const char *top = getenv("MIAUFLIX_SRCDIR"), *shown = getenv("RELEASE_NAMES_SHOW");
    snprintf(path, sizeof path, "%s/../shared/recorded/release_names.tsv", top ? top : ".");
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    if (!file) {
        print_message("# SKIPPED: %s is not there\n", path);
        skip();
    }
    for (unsigned number = 1; fgets(line, sizeof line, file); number++) {
        line[strcspn(line, "\n")] = '\0';
        if (number > 2 && (number % 2 == 1) == odd)
            judge_line(line, shown && strcmp(shown, odd ? "odd" : "even") == 0, scores);
    }
    for (enum column column = KIND; column < ORIGIN; column++) {
        print_message("# %-4s %-10s %3u of %3u\n", odd ? "odd" : "even", column_names[column],
                      scores[column].right, scores[column].asserted);
        all.asserted += scores[column].asserted;
        all.right += scores[column].right;
    }
    double share = 100.0 * all.right / all.asserted;
    print_message("# %s lines: %u of %u asserted fields, %.2f %%\n", odd ? "odd" : "even",
                  all.right, all.asserted, share);
    assert_true(share >= least);
}

static void the_names_it_was_written_against_are_read_right(void **state)
{
    (void)state;
    check_half(true, 95);
}

static void the_names_it_was_not_written_against_are_read_right_too(void **state)
{
    (void)state;
    check_half(false, 95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_names_it_was_written_against_are_read_right),
        cmocka_unit_test(the_names_it_was_not_written_against_are_read_right_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
