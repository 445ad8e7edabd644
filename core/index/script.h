/* SPDX-License-Identifier: MIT
 *
 * What a character is for whoever looks for words, after NFKD.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <utf8proc.h>

bool script_is_word(utf8proc_int32_t c); /* part of a word; else it separates */

/* Of a script whose words no space separates, or not reliably: CJK, kana, Hangul, Thai. */
bool script_is_unspaced(utf8proc_int32_t c);

/* The vowel or the end of a Hangul syllable: its letters make one character together. */
bool script_goes_on(utf8proc_int32_t c);

/* Between two words that some write as one: "Spider-Man", "Face/Off", "WALL·E", "M*A*S*H". */
bool script_is_joint(utf8proc_int32_t c);

bool script_is_apostrophe(utf8proc_int32_t c);
