/* SPDX-License-Identifier: MIT
 *
 * Canonical genres: one slug per genre over TMDB movies ("tmdb:878", "Science Fiction"), TMDB TV
 * ("tmdb:10765", "Sci-Fi & Fantasy" is two), Trakt, YTS and IMDb spellings, and names per language.
 * At most 64, each with a fixed bit, so that a set of genres is a uint64_t.  Pure; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { GENRE_MAX = 64 };

/* The set of genres a spelling or provider id stands for; 0 when nobody knows it.  Case, spaces and
 * punctuation do not matter. */
uint64_t genre_of_spelling(const char *spelling);

/* Slug of bit `genre` ("science-fiction"), NULL when unused. */
const char *genre_slug(unsigned genre);
int genre_of_slug(const char *slug); /* -1: none */

/* Its name in a language ("Science-Fiction" in de), English when there is none. */
const char *genre_name(unsigned genre, const char *language);
