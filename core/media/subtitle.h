/* SPDX-License-Identifier: MIT
 *
 * Subtitle files as players in browsers want them: SubRip (and WebVTT itself) of whatever character
 * set becomes WebVTT in UTF-8.  Files are claims of strangers: what cannot be read as a cue is left
 * out, and a file without any is an error.  Linear time; pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { SUBTITLE_MAX = 8 << 20 }; /* bytes of a file that is read */

/* Whether a file of this name can be converted. */
bool subtitle_is_text(const char *path);

/* Adds the WebVTT to `out`.  PROVIDER_EPARSE: no cue could be read; PROVIDER_ELIMIT: it is larger
 * than SUBTITLE_MAX, or than `out` may be. */
int subtitle_to_vtt(const char *bytes, size_t len, struct text *out, struct error *err);

/* The same characters in UTF-8 without a byte order mark.  The set is told by the mark, by being
 * UTF-8, or guessed from the letters; bytes that mean nothing in it are left out.  *out is to be
 * freed. */
int subtitle_to_utf8(const char *bytes, size_t len, char **out, size_t *out_len, struct error *err);
