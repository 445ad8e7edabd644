/* SPDX-License-Identifier: MIT */
#include "index/best.h"

static bool is_better(const struct best_hit *a, const struct best_hit *b)
{
    return a->score != b->score ? a->score > b->score : a->ordinal < b->ordinal;
}

static void sift_down(struct best_hit *heap, size_t n, size_t at)
{
    for (;;) {
        size_t worst = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < n; child++)
            if (is_better(&heap[worst], &heap[child]))
                worst = child;
        if (worst == at)
            return;
        struct best_hit moved = heap[at];
        heap[at] = heap[worst];
        heap[worst] = moved;
        at = worst;
    }
}

static void sift_up(struct best_hit *heap, size_t at)
{
    while (at && is_better(&heap[(at - 1) / 2], &heap[at])) {
        struct best_hit moved = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = moved;
        at = (at - 1) / 2;
    }
}

void best_keep(struct best *best, const struct best_hit *hit)
{
    if (best->n < best->most) {
        if (best->n == best->capacity) {
            best->capacity = MIN(best->capacity * 2 + 32, best->most);
            best->hits = mem_resize(best->hits, best->capacity, sizeof *best->hits);
        }
        best->hits[best->n] = *hit;
        sift_up(best->hits, best->n++);
    } else if (best->most && is_better(hit, &best->hits[0])) {
        best->hits[0] = *hit;
        sift_down(best->hits, best->n, 0);
    }
}

void best_sort(struct best *best)
{
    /* The worst stands first: it goes to the end of what is left. */
    for (size_t n = best->n; n > 1;) {
        struct best_hit worst = best->hits[0];
        best->hits[0] = best->hits[--n];
        best->hits[n] = worst;
        sift_down(best->hits, n, 0);
    }
}
