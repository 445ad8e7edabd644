/* SPDX-License-Identifier: MIT */
#include "tmdb/rows.h"

#include <stdlib.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"

enum { FIRST_CAPACITY = 1024, MAX_CAPACITY = 1 << 24 };

void rows_seen_done(struct rows_seen *seen)
{
    free(seen->slots);
    *seen = (struct rows_seen){ 0 };
}

/* Open addressing; a slot of 0 is free.  Capacities are powers of two. */
static bool put(uint32_t *slots, size_t capacity, uint32_t id)
{
    size_t at = (size_t)(id * 2654435761u) & (capacity - 1);

    while (slots[at] && slots[at] != id)
        at = (at + 1) & (capacity - 1);
    if (slots[at] == id)
        return false;
    slots[at] = id;
    return true;
}

/* Half of the slots stay free.  False when there is no more room. */
static bool make_room(struct rows_seen *seen)
{
    const size_t capacity = seen->capacity ? seen->capacity * 2 : FIRST_CAPACITY;
    uint32_t *slots;

    if (seen->n * 2 < seen->capacity)
        return true;
    slots = capacity <= MAX_CAPACITY ? calloc(capacity, sizeof(*slots)) : NULL;
    if (!slots)
        return false;
    for (size_t i = 0; i < seen->capacity; i++)
        if (seen->slots[i])
            (void)put(slots, capacity, seen->slots[i]);
    free(seen->slots);
    seen->slots = slots;
    seen->capacity = capacity;
    return true;
}

bool rows_is_new(struct rows_seen *seen, int64_t id)
{
    if (id < 1 || id > UINT32_MAX)
        return false;
    if (!make_room(seen))
        return true;
    if (!put(seen->slots, seen->capacity, (uint32_t)id))
        return false;
    seen->n++;
    return true;
}

bool rows_wants(const struct provider *self, const json_t *row, const struct item_shape *shape)
{
    const char *media = field_string(row, "media_type");

    return (!media || strcmp(media, shape->media) == 0) &&
           (self->include_adult || field_bool(row, "adult") != 1);
}

/* Old lists do not say it and hold movies only. */
const struct item_shape *rows_shape(const json_t *row)
{
    const char *media = field_string(row, "media_type");

    if (!media)
        return field_string(row, item_show.title) ? &item_show : &item_movie;
    if (strcmp(media, item_movie.media) == 0)
        return &item_movie;
    return strcmp(media, item_show.media) == 0 ? &item_show : NULL;
}

json_t *rows_of(const json_t *page)
{
    json_t *rows = field_array(page, "results");

    return rows ? rows : field_array(page, "items");
}

int rows_take(struct provider_call *call, const json_t *answer, const char *member,
              const char *what, const json_t **out)
{
    const json_t *rows = json_object_get(answer, member);

    if (!json_is_array(rows))
        return host_fail(call, PROVIDER_EPARSE, "%s: the answer has no %s", what, member);
    *out = rows;
    return PROVIDER_OK;
}

int64_t rows_last_page(const json_t *list, int64_t page)
{
    int64_t total = page;

    if (!rows_of(list))
        return page;
    (void)field_int(list, "total_pages", 0, INT32_MAX, &total);
    return total < TMDB_MAX_PAGE ? total : TMDB_MAX_PAGE;
}
