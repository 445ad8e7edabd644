/* SPDX-License-Identifier: MIT
 *
 * What the tests of plugins/tmdb share: the module with a key, answers in TMDB's shapes, and short
 * ways to a value inside a document. */
#pragma once

#include "../test.h"

#include <jansson.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "fake_host.h"

#include <miauflix/provider.h>

#define TMDB_MODULE "plugins/tmdb/tmdb.la"
#define TMDB_KEY "0123456789abcdef0123456789abcdef"

/* With a v3 key; the host is not opened yet. */
struct fake_host *tmdb_host(void);

/* The document emitted as number `index`, of this kind and these flags. */
const json_t *tmdb_document(const struct fake_host *host, size_t index, uint32_t kind,
                            uint32_t flags);

/* The value at "cast.0.name"; fails the test when there is none.  tmdb_has() asks. */
const json_t *tmdb_at(const json_t *document, const char *path);
bool tmdb_has(const json_t *document, const char *path);

void assert_text(const json_t *document, const char *path, const char *expected);
void assert_int(const json_t *document, const char *path, int64_t expected);

/* The `tmdb` id of document number `index`. */
int64_t tmdb_id(const struct fake_host *host, size_t index);

/* What an answer says that was given for yesterday and for today: its `n` ids once for each day. */
void assert_announced_for_two_days(const struct fake_host *host, uint32_t kind, size_t n);

/* The answer in `file` becomes the same documents when all of its members are read, which a number
 * in it that is unusual brings about. */
void assert_nothing_unread_is_missing(uint32_t kind, const char *id, const char *file);
