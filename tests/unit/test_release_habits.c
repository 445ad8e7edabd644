/* SPDX-License-Identifier: MIT
 *
 * Release names in the habits of those who make them (tests/data/release_names.tsv), every field of
 * each. */
#include "../test.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "naming/release_name.h"

enum { MAX_LINE = 2048 };

enum column {
    NAME,
    TITLE,
    YEAR,
    SEASONS,
    EPISODES,
    LINES,
    SOURCE,
    CODEC,
    CHANNELS,
    EDITION,
    GROUP,
    LANGUAGES,
    DATE,
    COLUMNS,
};

static const char *const column_names[COLUMNS] = {
    "name",  "title",    "year",    "seasons", "episodes",  "lines", "source",
    "codec", "channels", "edition", "group",   "languages", "date",
};

static void write_ranges(const struct release_name_range *list, size_t n, struct text *out)
{
    for (size_t i = 0; i < n; i++) {
        text_add_format(out, "%s%u", i ? "," : "", list[i].first);
        if (list[i].last != list[i].first)
            text_add_format(out, "-%u", list[i].last);
    }
}

static void write_channels(const struct release_name *name, struct text *out)
{
    if (name->channels_x10)
        text_add_format(out, "%d.%d", name->channels_x10 / 10, name->channels_x10 % 10);
}

static void write_languages(const struct release_name *name, struct text *out)
{
    for (size_t i = 0; i < name->n_languages; i++)
        text_add_format(out, "%s%s", i ? "," : "", name->languages[i]);
}

static void write_word(const char *word, struct text *out)
{
    text_add_string(out, word ? word : "");
}

static void write_field(const struct release_name *name, enum column column, struct text *out)
{
    switch (column) {
    case TITLE:
        return write_word(name->title, out);
    case YEAR:
        text_add_format(out, "%u", name->year);
        return;
    case SEASONS:
        return write_ranges(name->seasons, name->n_seasons, out);
    case EPISODES:
        return write_ranges(name->episodes, name->n_episodes, out);
    case LINES:
        text_add_format(out, "%u", name->lines);
        return;
    case SOURCE:
        return write_word(release_name_source_word(name->source), out);
    case CODEC:
        return write_word(quality_codec_word(name->codec), out);
    case CHANNELS:
        return write_channels(name, out);
    case EDITION:
        return write_word(name->edition, out);
    case GROUP:
        return write_word(name->group, out);
    case LANGUAGES:
        return write_languages(name, out);
    case DATE:
        return write_word(name->date, out);
    default:
        fail_msg("there is no column %d", (int)column);
    }
}

static void split(char *line, char *fields[COLUMNS])
{
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_non_null(line);
        fields[i] = strsep(&line, "\t");
    }
}

/* How many of its fields came out otherwise. */
static unsigned judge(char *line)
{
    char *fields[COLUMNS];
    struct release_name name;
    unsigned n_wrong = 0;
    split(line, fields);
    release_name_parse(fields[NAME], strlen(fields[NAME]), &name);
    for (enum column column = TITLE; column < COLUMNS; column++) {
        CLEANUP(text_done) struct text have = TEXT_INIT(1024);
        write_field(&name, column, &have);
        if (strcmp(text_string(&have), fields[column]) == 0)
            continue;
        print_message("# %s\n#    %s '%s', not '%s'\n", fields[NAME], column_names[column],
                      text_string(&have), fields[column]);
        n_wrong++;
    }
    return n_wrong;
}

static void names_are_read_as_they_are_made(void **state UNUSED)
{
    const char *top = getenv("MIAUFLIX_SRCDIR");
    CLEANUP(mem_free) char *path = mem_format("%s/tests/data/release_names.tsv", top ? top : ".");
    FILE *file = fopen(path, "r");
    char line[MAX_LINE];
    unsigned n_names = 0, n_wrong = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (*line == '#')
            continue;
        n_wrong += judge(line);
        n_names++;
    }
    fclose(file);
    unsigned n_fields = n_names * (COLUMNS - 1);
    print_message("# %u names, %u of %u fields right, %.2f %%\n", n_names, n_fields - n_wrong,
                  n_fields, 100.0 * (n_fields - n_wrong) / n_fields);
    assert_true(n_names >= 180);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names_are_read_as_they_are_made) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
