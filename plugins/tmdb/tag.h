/* SPDX-License-Identifier: MIT
 *
 * Language and country codes as TMDB spells them, turned into BCP 47 tags.  TMDB writes "cn" for
 * Cantonese and "xx" for no language.  Pure; any thread. */
#pragma once

#include <stdbool.h>

enum { TAG_SIZE = 8 };

/* "pt_br", "PT-BR" -> "pt-BR"; "de" -> "de"; "zh-Hant-TW" -> "zh-TW"; "es-419" -> "es"; false when
 * it is none. */
bool tag_parse(const char *text, char out[TAG_SIZE]);

/* From iso_639_1 and iso_3166_1; either may be NULL.  False when there is no language. */
bool tag_join(const char *language, const char *country, char out[TAG_SIZE]);

/* Two capital letters. */
bool tag_is_country(const char *text);
