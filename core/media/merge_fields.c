/* SPDX-License-Identifier: MIT */
#include "media/merge_fields.h"

#include <string.h>

#include "base/cleanup.h"

const struct merge_field merge_fields[] = {
    { "ids", MERGE_UNITED, 0 },
    { "certification", MERGE_UNITED, MERGE_LOCK },
    { "cast", MERGE_UNITED, MERGE_LOCK },
    { "crew", MERGE_UNITED, MERGE_LOCK },
    { "videos", MERGE_UNITED, MERGE_LOCK },
    { "alternative_titles", MERGE_UNITED, MERGE_LOCK },
    { "images", MERGE_UNITED, MERGE_LOCK },
    { "title", MERGE_TEXT, MERGE_LOCK },
    { "overview", MERGE_TEXT, MERGE_LOCK },
    { "tagline", MERGE_TEXT, MERGE_LOCK },
    { "homepage", MERGE_TEXT, MERGE_LOCK },
    { "poster", MERGE_TEXT, MERGE_LOCK },
    { "original_title", MERGE_OWN, MERGE_LOCK },
    { "original_language", MERGE_OWN, MERGE_LOCK },
    { "release_date", MERGE_OWN, MERGE_LOCK_MOVIE },
    { "rating", MERGE_OWN, MERGE_LOCK },
    { "votes", MERGE_OWN, MERGE_LOCK | MERGE_FOLLOWS },
    { "status", MERGE_OWN, MERGE_LOCK },
    { "genres", MERGE_PLAIN, MERGE_LOCK },
    { "popularity", MERGE_PLAIN, MERGE_LOCK },
    { "runtime", MERGE_PLAIN, MERGE_LOCK },
    { "budget", MERGE_PLAIN, MERGE_LOCK },
    { "revenue", MERGE_PLAIN, MERGE_LOCK },
    { "spoken_languages", MERGE_PLAIN, MERGE_LOCK },
    { "countries", MERGE_PLAIN, MERGE_LOCK },
    { "companies", MERGE_PLAIN, MERGE_LOCK },
    { "collection", MERGE_PLAIN, MERGE_LOCK },
    { "first_air_date", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "last_air_date", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "next_episode", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "last_episode", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "networks", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "created_by", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "number_of_seasons", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "number_of_episodes", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "type", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "in_production", MERGE_PLAIN, MERGE_LOCK_SHOW },
    { "seasons", MERGE_PLAIN, 0 },
    { "keywords", MERGE_PLAIN, MERGE_LOCK },
    { "backdrop", MERGE_PLAIN, MERGE_LOCK },
    { "air_date", MERGE_PART, 0 },
    { "still", MERGE_PART, 0 },
    { "guest_stars", MERGE_PART, 0 },
};

const size_t merge_n_fields = ARRAY_LEN(merge_fields);

const struct merge_field *merge_field_find(const char *name)
{
    for (size_t i = 0; i < merge_n_fields; i++)
        if (strcmp(merge_fields[i].name, name) == 0)
            return &merge_fields[i];
    return NULL;
}

bool merge_field_has_order(const char *name)
{
    const struct merge_field *field = merge_field_find(name);
    return field && !(field->flags & MERGE_FOLLOWS);
}
