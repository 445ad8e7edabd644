/* SPDX-License-Identifier: MIT */
#include "tmdb/movie.h"

#include "common/field.h"
#include "tmdb/element.h"
#include "tmdb/item.h"
#include "tmdb/parts.h"

#define MAX_MONEY INT64_C(1000000000000000)

static const struct item_status statuses[] = {
    { "Rumored", "rumored" },
    { "Planned", "planned" },
    { "In Production", "in_production" },
    { "Post Production", "post_production" },
    { "Released", "released" },
    { "Canceled", "canceled" },
};

static void write_collection(struct out *out, const json_t *collection)
{
    const char *name = field_string(collection, "name");

    if (!name)
        return;
    out_open(out, "collection", '{');
    out_string(out, "name", name, ELEMENT_MAX_NAME);
    element_path(out, "poster", collection, "poster_path");
    element_path(out, "backdrop", collection, "backdrop_path");
    element_ids(out, collection);
    out_close(out, '}');
}

bool movie_write(struct out *out, const json_t *detail, const char *language)
{
    const json_t *credits = field_object(detail, "credits");

    out_clear(out);
    out_open(out, NULL, '{');
    if (!item_write_basics(out, detail, &item_movie, language))
        return false;
    item_write_status(out, field_string(detail, "status"), statuses,
                      sizeof(statuses) / sizeof(*statuses));
    element_positive(out, detail, "runtime", 100000);
    element_positive(out, detail, "budget", MAX_MONEY);
    element_positive(out, detail, "revenue", MAX_MONEY);
    element_url(out, "homepage", field_string(detail, "homepage"));
    write_collection(out, field_object(detail, "belongs_to_collection"));
    element_list(out, "cast", field_array(credits, "cast"), PARTS_MAX_CAST, parts_write_cast);
    element_list(out, "crew", field_array(credits, "crew"), PARTS_MAX_CREW, parts_write_crew);
    parts_write(out, detail, &item_movie);
    out_close(out, '}');
    return true;
}
