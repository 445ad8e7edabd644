/* SPDX-License-Identifier: MIT
 *
 * Follows the change feed for whoever holds copies of what is in the store: drops ready answers,
 * tells the listeners.  One thread of its own; feed_new() before anything is written. */
#pragma once

#include "store/store.h"

struct answers;
struct events;
struct feed;

/* Either may be NULL. */
struct feed *feed_new(struct store *store, struct answers *answers, struct events *events);

/* Before what it was given is freed; the store must not be written any more. */
void feed_free(struct feed *feed);
DEFINE_CLEANUP(struct feed *, feed_free);
