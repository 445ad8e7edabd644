/* SPDX-License-Identifier: MIT
 *
 * Keeps what is popular ready: a thread of its own makes answers before somebody asks for them.
 *
 * - After a start: those that were asked for most before the stop, as they were asked for (language
 *   and packing included); when nothing is remembered, the first pages and the most popular items
 *   in the configured languages.
 * - Shortly before one expires that is still asked for.
 * - After a change dropped one that had been asked for since it was made.
 *
 * It asks no provider: what the store cannot answer by itself stays as it is.  Bounded: at most
 * WARM_BATCH answers are made at a stretch, and then it rests for a second. */
#pragma once

#include "app.h"

enum { WARM_BATCH = 256, WARM_REMEMBERED = 500, WARM_POPULAR = 50 };

struct warm;

/* `path` is the file that remembers.  Before app_free() and before the answers go: warm_free(),
 * which writes it. */
struct warm *warm_new(struct app *app, const char *path);
void warm_free(struct warm *warm);
DEFINE_CLEANUP(struct warm *, warm_free);

/* Waits until everything wanted so far is made, or the deadline (steady ms). */
bool warm_wait(struct warm *warm, int64_t deadline_ms);
