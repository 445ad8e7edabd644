/* SPDX-License-Identifier: MIT */
#include "webtorrent/window.h"

#include <string.h>

enum { MIB = 1 << 20 };

static uint32_t clamp(uint64_t value, uint32_t least, uint32_t most)
{
    return value < least ? least : value > most ? most : (uint32_t)value;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void window_bound(struct window *window, uint64_t piece_len, uint64_t most_bytes)
{
    window->start = clamp(lesser(MIB, most_bytes / 4) / piece_len, 2, 16);
    window->n_now = clamp(lesser(4 * MIB, most_bytes / 2) / piece_len, 2, 16);
    window->n_edge = clamp(lesser(MIB, most_bytes / 4) / piece_len, 1, 64);
    window->most = clamp(most_bytes / piece_len, window->start, UINT32_MAX / 4);
    window->ahead = clamp(window->ahead, window->start, window->most);
}

struct window window_open(uint64_t offset, uint64_t len, uint64_t piece_len, uint64_t most_bytes)
{
    struct window window = {
        .first = (uint32_t)(offset / piece_len),
        .end = (uint32_t)((offset + len - 1) / piece_len) + 1,
    };

    window.at = window.first;
    window_bound(&window, piece_len, most_bytes);
    return window;
}

/* Within what it was wanting it went on; elsewhere it begins anew. */
bool window_move(struct window *window, uint32_t piece)
{
    if (piece == window->at)
        return false;
    if (piece > window->at && piece - window->at <= window->ahead)
        window->ahead = clamp((uint64_t)window->ahead * 2, window->start, window->most);
    else
        window->ahead = window->start;
    window->at = piece;
    return true;
}

static void raise(uint8_t *wish, uint32_t first, uint32_t end, uint8_t to)
{
    for (uint32_t i = first; i < end; i++)
        if (wish[i] < to)
            wish[i] = to;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t head_end(const struct window *window)
{
    return least(window->first + window->n_edge, window->end);
}

static uint32_t tail_first(const struct window *window)
{
    const uint32_t len = window->end - window->first;

    return window->end - least(window->n_edge, len);
}

static uint32_t ahead_end(const struct window *window)
{
    return least(window->at + window->ahead, window->end);
}

/* The next missing ones have a deadline, the nearest first. */
static void rush(const struct window *window, const uint8_t *have, uint8_t *wish, uint8_t *rank)
{
    uint8_t place = 0;

    for (uint32_t i = window->at; i < ahead_end(window) && place < window->n_now; i++) {
        if (have[i])
            continue;
        place++;
        wish[i] = WINDOW_NOW;
        if (!rank[i] || rank[i] > place)
            rank[i] = place;
    }
}

static void add(const struct window *window, const uint8_t *have, uint8_t *wish, uint8_t *rank)
{
    raise(wish, window->at, ahead_end(window), WINDOW_AHEAD);
    raise(wish, window->first, head_end(window), WINDOW_EDGE);
    raise(wish, tail_first(window), window->end, WINDOW_EDGE);
    rush(window, have, wish, rank);
}

/* Behind the windows, else from the beginning. */
static void anchor(const uint8_t *have, uint32_t n_pieces, uint32_t from, uint8_t *wish)
{
    unsigned n = 0;

    for (uint32_t i = 0; i < n_pieces && n < WINDOW_ANCHORS; i++) {
        const uint32_t piece = (uint32_t)(((uint64_t)from + i) % n_pieces);

        if (have[piece] || wish[piece])
            continue;
        wish[piece] = WINDOW_ANCHOR;
        n++;
    }
}

bool window_plan(const uint8_t *have, uint32_t n_pieces, const struct window *const *windows,
                 size_t n_windows, uint32_t anchor_from, uint8_t *wish, uint8_t *rank)
{
    bool is_whole = true;

    memset(wish, WINDOW_NOT, n_pieces);
    memset(rank, 0, n_pieces);
    for (size_t i = 0; i < n_windows; i++) {
        add(windows[i], have, wish, rank);
        anchor_from =
            i == 0 || ahead_end(windows[i]) > anchor_from ? ahead_end(windows[i]) : anchor_from;
    }
    for (uint32_t i = 0; i < n_pieces && is_whole; i++)
        is_whole = have[i] || !wish[i];
    anchor(have, n_pieces, anchor_from, wish);
    return is_whole;
}

/* How far a piece is from who reads its file: played ones count twice, because people go on more
 * than they go back. */
static uint64_t distance(uint32_t piece, const struct window *const *windows, size_t n_windows)
{
    uint64_t nearest = UINT32_MAX;

    for (size_t i = 0; i < n_windows; i++) {
        const struct window *window = windows[i];

        if (piece < window->first || piece >= window->end)
            continue;
        nearest = lesser(nearest, piece < window->at ? 2 * (uint64_t)(window->at - piece)
                                                     : (uint64_t)(piece - window->at));
    }
    return nearest;
}

uint32_t window_drop(const uint8_t *have, const uint8_t *wish, uint32_t n_pieces,
                     const struct window *const *windows, size_t n_windows, uint32_t n_keep,
                     uint8_t *drop)
{
    uint64_t low = 0, high = UINT32_MAX;
    uint32_t n_have = 0, n = 0;

    for (uint32_t i = 0; i < n_pieces; i++)
        n_have += have[i] != 0;
    /* The largest distance beyond which there are enough. */
    while (low < high && n_have > n_keep) {
        const uint64_t middle = (low + high + 1) / 2;

        n = 0;
        for (uint32_t i = 0; i < n_pieces; i++)
            n += have[i] && !wish[i] && distance(i, windows, n_windows) >= middle;
        if (n >= n_have - n_keep)
            low = middle;
        else
            high = middle - 1;
    }
    n = 0;
    for (uint32_t i = 0; i < n_pieces; i++) {
        drop[i] = n_have > n_keep && have[i] && !wish[i] && distance(i, windows, n_windows) >= low;
        n += drop[i];
    }
    return n;
}

uint32_t window_n_missing(const struct window *window, const uint8_t *have)
{
    uint32_t n = 0;

    for (uint32_t i = window->first; i < window->end; i++)
        n += !have[i] && (i < head_end(window) || i >= tail_first(window));
    return n;
}
