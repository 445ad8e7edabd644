/* SPDX-License-Identifier: MIT
 *
 * Lists of TMDB, page by page.  Their order drifts while one reads, so that a row may come twice,
 * and total_pages promises pages that do not exist. */
#pragma once

#include "tmdb/item.h"
#include "tmdb/tmdb.h"

/* Whether a row of a list is of that kind and may be shown: adult ones only when the operator wants
 * them.  Null is not adult; rows of mixed lists say what they are. */
bool rows_wants(const struct provider *self, const json_t *row, const struct item_shape *shape);

/* Which of both a row of a mixed list is; NULL: neither, a person perhaps. */
const struct item_shape *rows_shape(const json_t *row);

/* The rows of a page: "results", or "items" in a list of version 3.  NULL when there are none. */
json_t *rows_of(const json_t *page);

/* The rows of an answer, of which there may be none; without that member it is no answer, and
 * PROVIDER_EPARSE. */
int rows_take(struct provider_call *call, const json_t *answer, const char *member,
              const char *what, const json_t **out);

/* Ids seen so far, at most as many as fit in 64 MiB; what comes after that counts as new.  A value
 * of all zeros is empty. */
struct rows_seen {
    uint32_t *slots;
    size_t n, capacity;
};
void rows_seen_done(struct rows_seen *seen);
#define ROWS_SEEN_AUTO __attribute__((cleanup(rows_seen_done))) struct rows_seen

/* True the first time; false too for what is no id. */
bool rows_is_new(struct rows_seen *seen, int64_t id);

/* The last page worth asking for after `page` was answered with `list`; an empty page is the last
 * one, whatever total_pages says. */
int64_t rows_last_page(const json_t *list, int64_t page);
