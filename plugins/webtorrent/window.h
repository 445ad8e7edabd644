/* SPDX-License-Identifier: MIT
 *
 * Which pieces a torrent shall fetch for its readers.  Only a window before each reader is wanted:
 * it begins small, so that the first piece has the whole line, and doubles with each piece read.
 * Edges of the file come first, because players look there for its index.  When all of that is
 * there, two pieces behind it stay wanted: a torrent that wants nothing looks finished, and seeds
 * part from it.  Pure; any thread, object not shared. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How much a piece is wanted, in the engine's own scale. */
enum { WINDOW_NOT = 0, WINDOW_ANCHOR = 1, WINDOW_AHEAD = 4, WINDOW_EDGE = 6, WINDOW_NOW = 7 };

enum { WINDOW_ANCHORS = 2 };

struct window {
    uint32_t first, end;  /* the file's pieces; end is not one of them */
    uint32_t at;          /* where the reader is */
    uint32_t ahead;       /* how many it wants from there on, at least 1 */
    uint32_t start, most; /* bounds of `ahead` */
    uint32_t n_now;       /* how many have a deadline */
    uint32_t n_edge;      /* of head and tail */
};

/* A reader that just opened a file of `len` bytes at `offset` of the torrent; most_bytes bounds
 * the window.  len > 0. */
struct window window_open(uint64_t offset, uint64_t len, uint64_t piece_len, uint64_t most_bytes);

/* It has other bounds from now on. */
void window_bound(struct window *window, uint64_t piece_len, uint64_t most_bytes);

/* How many pieces a reader needs room for at the least, those that arrive and those that go. */
enum { WINDOW_LEAST = 16 };

/* The reader is at `piece` now; whether the plan changes by it. */
bool window_move(struct window *window, uint32_t piece);

/* Fills wish[n_pieces] with WINDOW_ values and rank[n_pieces] with the place in the queue of
 * pieces that have a deadline, from 1; 0: none.  have[n_pieces] is nonzero for what is there, and
 * such pieces are wished for, too.  `anchor_from` is where anchors are looked for when nobody
 * reads.  Answers whether all that is wished for but anchors is there. */
bool window_plan(const uint8_t *have, uint32_t n_pieces, const struct window *const *windows,
                 size_t n_windows, uint32_t anchor_from, uint8_t *wish, uint8_t *rank);

/* Fills drop[n_pieces] with what shall go so that n_keep of the pieces in have[] stay: first what
 * is of files that nobody reads, then what is farthest behind its readers.  What is wished for
 * stays in any case.  Answers how many go. */
uint32_t window_drop(const uint8_t *have, const uint8_t *wish, uint32_t n_pieces,
                     const struct window *const *windows, size_t n_windows, uint32_t n_keep,
                     uint8_t *drop);

/* How many pieces of head and tail are missing. */
uint32_t window_n_missing(const struct window *window, const uint8_t *have);

#ifdef __cplusplus
}
#endif
