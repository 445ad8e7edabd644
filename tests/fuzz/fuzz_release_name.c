/* SPDX-License-Identifier: MIT
 *
 * Input: a release name, any bytes. */
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "naming/release_name.h"

static void check_text(const char *text, size_t size)
{
    size_t len = strnlen(text, size);
    HOLDS(len < size && text_is_utf8(text, len));
    for (size_t i = 0; i < len; i++)
        HOLDS((unsigned char)text[i] >= ' ');
}

static void check_ranges(const struct release_name_range *list, size_t n)
{
    HOLDS(n <= RELEASE_NAME_RANGES);
    for (size_t i = 0; i < n; i++)
        HOLDS(list[i].first <= list[i].last);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct release_name name, again;
    release_name_parse((const char *)bytes, len, &name);
    check_text(name.title, sizeof name.title);
    check_text(name.other_title, sizeof name.other_title);
    check_text(name.group, sizeof name.group);
    check_text(name.edition, sizeof name.edition);
    check_ranges(name.seasons, name.n_seasons);
    check_ranges(name.episodes, name.n_episodes);
    HOLDS(name.n_languages <= RELEASE_NAME_LANGUAGES && name.n_subtitles <= RELEASE_NAME_LANGUAGES);
    HOLDS(name.source < RELEASE_SOURCES && name.codec < QUALITY_CODECS);
    HOLDS(name.quality == quality_of_lines(name.lines));
    release_name_parse((const char *)bytes, len, &again);
    HOLDS(memcmp(&name, &again, sizeof name) == 0);
    return 0;
}
