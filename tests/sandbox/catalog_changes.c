/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "catalog_private.h"
#include "chance.h"

enum { DAY_MS = 24 * 3600 * 1000, MAX_DAYS = 16 };

static size_t mark_position(const struct catalog *catalog, int64_t id)
{
    size_t low = 0, high = catalog->n_marks;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (catalog->marks[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct catalog_mark *catalog_mark_find(struct catalog *catalog, int64_t id)
{
    size_t at = mark_position(catalog, id);
    return at < catalog->n_marks && catalog->marks[at].id == id ? &catalog->marks[at] : NULL;
}

struct catalog_mark *catalog_mark_make(struct catalog *catalog, int64_t id)
{
    size_t at = mark_position(catalog, id);
    if (at < catalog->n_marks && catalog->marks[at].id == id)
        return &catalog->marks[at];

    catalog->marks = mem_resize(catalog->marks, catalog->n_marks + 1, sizeof(*catalog->marks));
    memmove(&catalog->marks[at + 1], &catalog->marks[at],
            (catalog->n_marks - at) * sizeof(*catalog->marks));
    catalog->marks[at] = (struct catalog_mark){ .id = id };
    catalog->n_marks++;
    return &catalog->marks[at];
}

static void note_change(struct catalog *catalog, int64_t id, int64_t at_ms)
{
    catalog_mark_make(catalog, id)->revision++;
    if (catalog->n_events == CATALOG_MAX_EVENTS) {
        size_t keep = CATALOG_MAX_EVENTS / 2;
        memmove(catalog->events, catalog->events + catalog->n_events - keep,
                keep * sizeof(*catalog->events));
        catalog->n_events = keep;
    }
    catalog->events = mem_resize(catalog->events, catalog->n_events + 1, sizeof(*catalog->events));
    catalog->events[catalog->n_events++] = (struct catalog_event){ .id = id, .at_ms = at_ms };
}

static int64_t id_at(const struct catalog *catalog, uint64_t at)
{
    if (at < catalog->n_real)
        return catalog->real[at]->id;
    return (int64_t)FILM_INVENTED_ID + (int64_t)(at - catalog->n_real);
}

static int64_t change_by_chance(struct catalog *catalog, uint64_t salt, int64_t at_ms)
{
    uint32_t n = (uint32_t)catalog->n_real + catalog->invent.n;
    struct chance chance = chance_of(catalog->seed ^ 0xc4a6, salt);

    for (int tries = 0; n && tries < 100; tries++) {
        int64_t id = id_at(catalog, chance_below(&chance, n));
        const struct catalog_mark *mark = catalog_mark_find(catalog, id);
        if (mark && mark->removed)
            continue;
        note_change(catalog, id, at_ms);
        return id;
    }
    return -1;
}

void catalog_churn(struct catalog *catalog, double per_second)
{
    LOCK_SCOPE(&catalog->lock);
    catalog->churn_per_second = per_second;
    catalog->churn_from_ms = clock_wall_ms();
    catalog->n_churned = 0;
}

void catalog_let_time_pass(struct catalog *catalog)
{
    if (catalog->churn_per_second <= 0)
        return;
    int64_t now_ms = clock_wall_ms();
    double seconds = (double)(now_ms - catalog->churn_from_ms) / 1000;
    uint64_t due = (uint64_t)MAX(seconds * catalog->churn_per_second, 0.0);

    for (; catalog->n_churned < due; catalog->n_churned++)
        change_by_chance(catalog, catalog->n_churned * 2 + 1, now_ms);
}

static bool exists(struct catalog *catalog, int64_t id)
{
    const struct catalog_mark *mark = catalog_mark_find(catalog, id);
    if (mark && mark->removed)
        return false;
    return invent_index(&catalog->invent, id) >= 0 || catalog_real_index(catalog, id) >= 0;
}

bool catalog_change(struct catalog *catalog, int64_t id)
{
    LOCK_SCOPE(&catalog->lock);
    if (!exists(catalog, id))
        return false;
    note_change(catalog, id, clock_wall_ms());
    return true;
}

int64_t catalog_change_any(struct catalog *catalog)
{
    LOCK_SCOPE(&catalog->lock);
    return change_by_chance(catalog, catalog->n_events * 2, clock_wall_ms());
}

bool catalog_remove(struct catalog *catalog, int64_t id)
{
    LOCK_SCOPE(&catalog->lock);
    if (!exists(catalog, id))
        return false;
    catalog_mark_make(catalog, id)->removed = true;
    catalog_shelf_forget(catalog);
    return true;
}

bool catalog_merge(struct catalog *catalog, int64_t id, int64_t into)
{
    LOCK_SCOPE(&catalog->lock);
    if (id == into || !exists(catalog, id) || !exists(catalog, into))
        return false;
    struct catalog_mark *gone = catalog_mark_make(catalog, id);
    gone->removed = true;
    gone->merged_into = into;
    catalog_mark_make(catalog, into)->merged_from = id;
    note_change(catalog, into, clock_wall_ms());
    catalog_shelf_forget(catalog);
    return true;
}

/* The everyday noise of the real feed: on each day one film in 160 is announced, though nothing we
 * read of it is different, and one id is announced that answers 404. */
static bool is_announced(const struct catalog *catalog, int64_t id, int64_t day)
{
    struct chance chance = chance_of(catalog->seed ^ (uint64_t)id * 7919, (uint64_t)day);
    return chance_in(&chance, 160);
}

struct change_list {
    struct catalog_change *changes;
    size_t n;
    size_t room;
};

static void list_add(struct change_list *list, int64_t id, int64_t at_ms)
{
    if (list->n == list->room) {
        list->room = list->room ? list->room * 2 : 256;
        list->changes = mem_resize(list->changes, list->room, sizeof(*list->changes));
    }
    list->changes[list->n++] =
        (struct catalog_change){ .id = id, .at_ms = at_ms, .adult_unknown = id % 37 == 5 };
}

static int by_id_then_newest(const void *left, const void *right)
{
    const struct catalog_change *a = left, *b = right;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->at_ms > b->at_ms ? -1 : a->at_ms < b->at_ms;
}

static int by_newest(const void *left, const void *right)
{
    const struct catalog_change *a = left, *b = right;
    if (a->at_ms != b->at_ms)
        return a->at_ms > b->at_ms ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static void list_once_each(struct change_list *list)
{
    size_t kept = 0;

    if (!list->n)
        return;
    qsort(list->changes, list->n, sizeof(*list->changes), by_id_then_newest);
    for (size_t i = 0; i < list->n; i++) {
        if (!kept || list->changes[i].id != list->changes[kept - 1].id)
            list->changes[kept++] = list->changes[i];
    }
    list->n = kept;
    qsort(list->changes, list->n, sizeof(*list->changes), by_newest);
}

static void add_everyday_noise(struct catalog *catalog, struct change_list *list, int64_t from_ms,
                               int64_t until_ms)
{
    int64_t first = from_ms / DAY_MS;
    int64_t last = MIN((until_ms - 1) / DAY_MS, first + MAX_DAYS);
    uint64_t n = catalog->n_bundled + catalog->invent.n_ranked;

    for (int64_t day = first; day <= last; day++) {
        int64_t noon = day * DAY_MS + DAY_MS / 2;
        if (noon >= until_ms || noon < from_ms)
            continue;
        list_add(list, FILM_GONE_ID + day, noon);
        for (uint64_t i = 0; i < n; i++) {
            int64_t id = i < catalog->n_bundled
                             ? catalog->real[i]->id
                             : (int64_t)FILM_INVENTED_ID + (int64_t)(i - catalog->n_bundled);
            if (is_announced(catalog, id, day))
                list_add(list, id, noon);
        }
    }
}

struct catalog_change *catalog_changes(struct catalog *catalog, int64_t from_ms, int64_t until_ms,
                                       size_t *out_n)
{
    struct change_list list = { 0 };
    LOCK_SCOPE(&catalog->lock);

    catalog_let_time_pass(catalog);
    if (!catalog->quiet)
        add_everyday_noise(catalog, &list, from_ms, until_ms);
    for (size_t i = 0; i < catalog->n_events; i++) {
        if (catalog->events[i].at_ms >= from_ms && catalog->events[i].at_ms < until_ms)
            list_add(&list, catalog->events[i].id, catalog->events[i].at_ms);
    }
    list_once_each(&list);
    *out_n = list.n;
    return list.changes;
}

size_t catalog_changes_of(struct catalog *catalog, int64_t id, int64_t from_ms, int64_t until_ms,
                          int64_t *out, size_t max)
{
    size_t n = 0;
    LOCK_SCOPE(&catalog->lock);

    for (int64_t day = from_ms / DAY_MS; day <= (until_ms - 1) / DAY_MS && n < max; day++) {
        int64_t noon = day * DAY_MS + DAY_MS / 2;
        if (noon >= from_ms && noon < until_ms && is_announced(catalog, id, day))
            out[n++] = noon;
    }
    for (size_t i = 0; i < catalog->n_events && n < max; i++) {
        const struct catalog_event *event = &catalog->events[i];
        if (event->id == id && event->at_ms >= from_ms && event->at_ms < until_ms)
            out[n++] = event->at_ms;
    }
    return n;
}
