/* SPDX-License-Identifier: MIT
 *
 * Input: a tag, a line feed, an Accept-Language header. */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "media/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(mem_free) char *tag = mem_dup(bytes, len);
    char *header = strchr(tag, '\n');
    if (header)
        *header++ = '\0';
    char once[LANGUAGE_LEN], twice[LANGUAGE_LEN], key[LANGUAGE_WISHES * LANGUAGE_LEN];
    bool known = language_parse(tag, once);
    if (known)
        HOLDS(language_parse(once, twice) && strcmp(once, twice) == 0);
    struct language_wish wish;
    const char *const configured[] = { "en" };
    HOLDS((language_wish_make(tag, NULL, configured, 1, &wish, NULL) == 0) == known);
    HOLDS(language_wish_make(NULL, header, configured, 1, &wish, NULL) == 0);
    HOLDS(wish.n_tags >= 1 && wish.n_tags <= LANGUAGE_WISHES);
    for (size_t i = 0; i < wish.n_tags; i++)
        HOLDS(language_rank(&wish, wish.tags[i], tag) >= 0);
    language_wish_key(&wish, key, sizeof key);
    language_rank(&wish, tag, tag);
    return 0;
}
