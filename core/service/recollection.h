/* SPDX-License-Identifier: MIT
 *
 * What providers answered lately to which search, so that the same question is not asked again
 * before its time.  Answers only: a failure is nobody's answer.  Bounded; the oldest go first.  Any
 * thread. */
#pragma once

#include "service/sources.h"

struct recollection;
struct recollection *recollection_new(void);

/* Counted: a question under way may outlive who asked it. */
struct recollection *recollection_ref(struct recollection *recollection);
void recollection_unref(struct recollection *recollection);

/* Until steady time `until_ms`, in place of what was remembered under the key.  said_at_ms: when
 * the upstream said it, which is before now when the answer came from a cache.  revision: of the
 * store, with all that was found in it. */
void recollection_put(struct recollection *recollection, const char *key, int64_t said_at_ms,
                      int64_t until_ms, uint64_t revision, const struct source_found *found,
                      size_t n_found);

/* Fills what was found, the revision, the status and the times of *out; false: nothing is
 * remembered. */
bool recollection_get(struct recollection *recollection, const char *key,
                      struct source_answer *out);
