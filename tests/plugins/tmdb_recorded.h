/* SPDX-License-Identifier: MIT
 *
 * TMDB's own answers, as others recorded them, for tests of the real module.  They are not part of
 * this project; without them these tests say so and are skipped. */
#pragma once

#include "tmdb_test.h"

#include "../parts.h"

/* First of all in a test, while there is nothing to leave behind. */
void need_recorded(void);

/* The path of one; free() it.  Skips the test without it. */
char *recorded(const char *name);

void answer_recorded(struct fake_host *host, const char *pattern, int status, const char *name);

/* Puts a part that was recorded alone where append_to_response would put it. */
void append_recorded(json_t *detail, const char *part, const char *name);

/* Fails unless each of these is refused where a document of the kind is expected. */
void refuse_recorded(uint32_t kind, const char *id, const char *pattern, const char *const *names,
                     size_t n);

/* A size of 0: the member is absent. */
struct size {
    const char *path;
    size_t n;
};

void assert_sizes(const char *name, const json_t *document, const struct size *sizes);

extern const struct test_part tmdb_recorded_shows_part;
extern const struct test_part tmdb_recorded_lists_part;
