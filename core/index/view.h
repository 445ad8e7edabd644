/* SPDX-License-Identifier: MIT
 *
 * A view: a base generation, a small delta generation with what changed since, and the tombstones
 * of what the delta replaces.  Immutable and counted; any thread. */
#pragma once

#include "index/generation.h"
#include "index/index.h"

struct view {
    struct generation *base, *delta; /* delta NULL: nothing changed */
    uint64_t *dead;                  /* ordinals of the base that the delta replaces; NULL: none */
    uint64_t revision;               /* of the store, that this shows */
    unsigned references;
};

/* Takes both generations; `replaced` are the ids the delta speaks for. */
struct view *view_new(struct generation *base, struct generation *delta, const uint32_t *replaced,
                      size_t n_replaced, uint64_t revision);
struct view *view_ref(struct view *view);
void view_unref(struct view *view);
DEFINE_CLEANUP(struct view *, view_unref);

/* Of a filter that names a list, `members` is set. */
void view_list(const struct view *view, const struct filter *filter, uint64_t skip, uint32_t limit,
               struct index_page *out);
void view_search(const struct view *view, const char *text, const struct filter *filter,
                 uint64_t skip, uint32_t limit, struct index_page *out);
enum index_verdict view_judge(const struct view *view, uint32_t id, const char *text, bool mistakes,
                              const struct filter *filter);

/* Which of `n` items the filter lets through. */
void view_select(const struct view *view, const struct filter *filter, const uint32_t *ids,
                 size_t n, bool *out);
uint64_t view_count(const struct view *view, uint32_t kind);
