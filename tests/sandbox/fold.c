/* SPDX-License-Identifier: MIT */
#include "fold.h"

#include <ctype.h>
#include <string.h>
#include <utf8proc.h>

static bool is_ascii(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text >= 0x80)
            return false;
    }
    return true;
}

char *fold_text(const char *text)
{
    if (is_ascii(text)) {
        char *folded = mem_dup_text(text);
        for (char *at = folded; *at; at++)
            *at = (char)tolower((unsigned char)*at);
        return folded;
    }
    utf8proc_uint8_t *folded = NULL;
    utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded,
                 UTF8PROC_NULLTERM | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                     UTF8PROC_STRIPMARK);
    return folded ? (char *)folded : mem_dup_text("");
}

static bool is_word_byte(char c)
{
    return (unsigned char)c >= 0x80 || isalnum((unsigned char)c);
}

/* Scripts without spaces have no word starts, so there any place will do. */
static bool has_word(const char *folded, const char *word, size_t len)
{
    for (const char *at = folded; *at; at++) {
        bool starts = at == folded || !is_word_byte(at[-1]) || (unsigned char)*word >= 0x80;
        if (starts && strncmp(at, word, len) == 0)
            return true;
    }
    return false;
}

bool fold_matches(const char *title, const char *folded_query)
{
    if (text_is_empty(title))
        return false;
    CLEANUP(mem_free) char *folded = fold_text(title);
    bool any = false;

    for (const char *at = folded_query; *at;) {
        size_t len = 0;
        while (is_word_byte(at[len]))
            len++;
        if (len && !has_word(folded, at, len))
            return false;
        any = any || len;
        at += len ? len : 1;
    }
    return any;
}
