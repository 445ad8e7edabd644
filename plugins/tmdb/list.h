/* SPDX-License-Identifier: MIT
 *
 * TMDB's lists as list documents (docs/media-document.md): what people made, by id, and the
 * standing ones, by name.  On the thread of the call. */
#pragma once

#include "tmdb/tmdb.h"

/* Reads the list "28" or "top_rated" in its order and emits it, whole, as one document.  A list
 * that is private is as good as gone. */
int list_sync(struct provider *self, struct provider_call *call, const char *name);
