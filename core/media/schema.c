/* SPDX-License-Identifier: MIT */
#include "media/schema.h"

#include <string.h>

#include "base/cleanup.h"

#define SCHEMA(schema_name, heading, rows)                                                         \
    static const struct schema schema_name = {                                                     \
        .name = #schema_name, .title = heading, .fields = rows, .n_fields = ARRAY_LEN(rows)        \
    }

enum { NAME_MAX_LEN = 512, PROSE_MAX = 20000, LINE_MAX = 1000, YEAR_MIN = 1870, YEAR_MAX = 2200 };

#define IDS                                                                                        \
    {                                                                                              \
        .name = "ids", .type = SCHEMA_IDS, .note = ""                                              \
    }
#define ITEM_IDS                                                                                   \
    {                                                                                              \
        .name = "ids", .type = SCHEMA_ITEM_IDS, .required = true, .bare = true,                    \
        .note = "`{\"tmdb\":603,\"imdb\":\"tt0133093\",\"wikidata\":\"Q83495\"}`; at least one"    \
    }
#define STRING(field, max_len, said)                                                               \
    {                                                                                              \
        .name = field, .type = SCHEMA_STRING, .min = 1, .max = max_len, .note = said               \
    }
#define NEEDED(field, max_len, said)                                                               \
    {                                                                                              \
        .name = field, .type = SCHEMA_STRING, .required = true, .min = 1, .max = max_len,          \
        .note = said                                                                               \
    }
#define STRINGS(field, how_many, max_len, said)                                                    \
    {                                                                                              \
        .name = field, .type = SCHEMA_STRING, .many = how_many, .min = 1, .max = max_len,          \
        .note = said                                                                               \
    }
#define NUMBER_IN(field, kind, low, high, said)                                                    \
    {                                                                                              \
        .name = field, .type = kind, .min = low, .max = high, .note = said                         \
    }
#define NEEDED_NUMBER(field, said)                                                                 \
    {                                                                                              \
        .name = field, .type = SCHEMA_INT, .required = true, .max = 100000, .note = said           \
    }
#define OF_TYPE(field, kind, said)                                                                 \
    {                                                                                              \
        .name = field, .type = kind, .note = said                                                  \
    }
#define WORDS(field, list, said)                                                                   \
    {                                                                                              \
        .name = field, .type = SCHEMA_WORD, .words = list, .note = said                            \
    }
#define URL(field, said)                                                                           \
    {                                                                                              \
        .name = field, .type = SCHEMA_URL, .max = 2048, .note = said                               \
    }
#define ONE(field, schema, said)                                                                   \
    {                                                                                              \
        .name = field, .type = SCHEMA_OBJECT, .of = &schema, .note = said                          \
    }
#define MANY(field, schema, how_many, said)                                                        \
    {                                                                                              \
        .name = field, .type = SCHEMA_OBJECT, .many = how_many, .of = &schema, .note = said        \
    }

#define RATING NUMBER_IN("rating", SCHEMA_NUMBER, 0, 10, "the provider's own")
#define VOTES                                                                                      \
    NUMBER_IN("votes", SCHEMA_INT, 0, INT32_MAX,                                                   \
              "0 votes mean no rating; a rating without `votes` is kept")
#define POPULARITY NUMBER_IN("popularity", SCHEMA_NUMBER, 0, 1000000000, "")

static const struct schema_field alternative_title_fields[] = {
    NEEDED("title", NAME_MAX_LEN, ""),
    OF_TYPE("country", SCHEMA_COUNTRY, ""),
    OF_TYPE("language", SCHEMA_LANGUAGE, ""),
    STRING("type", 128, ""),
};
SCHEMA(alternative_title, "Alternative title", alternative_title_fields);

static const struct schema_field company_fields[] = {
    NEEDED("name", NAME_MAX_LEN, ""),
    OF_TYPE("country", SCHEMA_COUNTRY, ""),
    OF_TYPE("logo", SCHEMA_PICTURE, ""),
    IDS,
};
SCHEMA(company, "Company or network", company_fields);

static const struct schema_field collection_fields[] = {
    NEEDED("name", NAME_MAX_LEN, ""),
    OF_TYPE("poster", SCHEMA_PICTURE, ""),
    OF_TYPE("backdrop", SCHEMA_PICTURE, ""),
    IDS,
};
SCHEMA(collection, "Collection", collection_fields);

static const struct schema_field cast_fields[] = {
    NEEDED("name", NAME_MAX_LEN, ""),
    STRING("character", 1024, ""),
    NUMBER_IN("order", SCHEMA_INT, 0, 100000, "place in the billing, from 0"),
    NUMBER_IN("episode_count", SCHEMA_INT, 0, 100000, "of a show: over all seasons"),
    OF_TYPE("profile", SCHEMA_PICTURE, ""),
    IDS,
};
SCHEMA(cast_member, "Cast member", cast_fields);

static const struct schema_field crew_fields[] = {
    NEEDED("name", NAME_MAX_LEN, ""),
    STRING("job", 256, ""),
    STRING("department", 256, ""),
    NUMBER_IN("episode_count", SCHEMA_INT, 0, 100000, "of a show: over all seasons"),
    OF_TYPE("profile", SCHEMA_PICTURE, ""),
    IDS,
};
SCHEMA(crew_member, "Crew member", crew_fields);

static const struct schema_field person_fields[] = {
    NEEDED("name", NAME_MAX_LEN, ""),
    OF_TYPE("profile", SCHEMA_PICTURE, ""),
    IDS,
};
SCHEMA(person, "Person", person_fields);

static const struct schema_field image_fields[] = {
    { .name = "path", .type = SCHEMA_PICTURE, .required = true, .note = "" },
    NUMBER_IN("width", SCHEMA_INT, 1, 100000, ""),
    NUMBER_IN("height", SCHEMA_INT, 1, 100000, ""),
    OF_TYPE("language", SCHEMA_LANGUAGE, "absent: there is no text on it"),
    RATING,
    VOTES,
};
SCHEMA(image, "Image", image_fields);

static const struct schema_field images_fields[] = {
    MANY("posters", image, SCHEMA_MAX_IMAGES, ""),
    MANY("backdrops", image, SCHEMA_MAX_IMAGES, ""),
    MANY("logos", image, SCHEMA_MAX_IMAGES, ""),
    MANY("stills", image, SCHEMA_MAX_IMAGES, "of an episode"),
};
SCHEMA(images, "Images", images_fields);

static const struct schema_field video_fields[] = {
    NEEDED("site", 64, "`YouTube`, `Vimeo`"), NEEDED("key", 256, "the site's id of it"),
    STRING("name", NAME_MAX_LEN, ""),         STRING("type", 64, "`Trailer`, `Teaser`, `Clip`"),
    OF_TYPE("language", SCHEMA_LANGUAGE, ""), OF_TYPE("official", SCHEMA_BOOL, ""),
    OF_TYPE("published_at", SCHEMA_TIME, ""),
};
SCHEMA(video, "Video", video_fields);

static const struct schema_field translation_fields[] = {
    STRING("title", NAME_MAX_LEN,
           "a title that equals the original is left out upstream and stays absent"),
    STRING("overview", PROSE_MAX, ""),
    STRING("tagline", LINE_MAX, ""),
    URL("homepage", ""),
};
SCHEMA(translation, "Translation", translation_fields);

static const struct schema_field recommendation_fields[] = {
    ITEM_IDS,
    STRING("title", NAME_MAX_LEN, ""),
    POPULARITY,
};
SCHEMA(recommendation, "Recommendation", recommendation_fields);

#define TITLE_FIELDS                                                                               \
    ITEM_IDS,                                                                                      \
        NEEDED("title", NAME_MAX_LEN,                                                              \
               "in the original language unless `title_language` says "                            \
               "otherwise"),                                                                       \
        OF_TYPE("title_language", SCHEMA_LANGUAGE,                                                 \
                "of `title`, `overview` and `tagline`; absent: `original_language`"),              \
        STRING("original_title", NAME_MAX_LEN, ""),                                                \
        OF_TYPE("original_language", SCHEMA_LANGUAGE, "`\"en\"`, no region"),                      \
        OF_TYPE("release_date", SCHEMA_DATE, ""),                                                  \
        NUMBER_IN("year", SCHEMA_INT, YEAR_MIN, YEAR_MAX, "only when there is no date"),           \
        POPULARITY, OF_TYPE("adult", SCHEMA_BOOL, ""), OF_TYPE("video", SCHEMA_BOOL, "")

#define ITEM_FIELDS(statuses)                                                                      \
    TITLE_FIELDS,                                                                                  \
        MANY("alternative_titles", alternative_title, 500,                                         \
             "found by search, not shown as the title"),                                           \
        STRING("overview", PROSE_MAX, ""), STRING("tagline", LINE_MAX, ""),                        \
        OF_TYPE("changed_on", SCHEMA_DATE, "the day in UTC; only beside `PROVIDER_CHANGED`"),      \
        WORDS("status", statuses, ""), STRING("status_raw", 64, "as upstream spells it"),          \
        NUMBER_IN("runtime", SCHEMA_INT, 1, 100000, "minutes"), RATING, VOTES,                     \
        URL("homepage", ""),                                                                       \
        { .name = "genres",                                                                        \
          .type = SCHEMA_GENRES,                                                                   \
          .many = 32,                                                                              \
          .max = 128,                                                                              \
          .note = "any spelling the genre table knows, or provider ids `\"tmdb:878\"`; becomes "   \
                  "slugs; unknown ones are kept out" },                                            \
        { .name = "spoken_languages", .type = SCHEMA_LANGUAGE, .many = 100, .note = "" },          \
        { .name = "countries", .type = SCHEMA_COUNTRY, .many = 100, .note = "of production" },     \
        MANY("companies", company, 100, ""),                                                       \
        { .name = "certification",                                                                 \
          .type = SCHEMA_STRING,                                                                   \
          .keyed = SCHEMA_BY_COUNTRY,                                                              \
          .many = 300,                                                                             \
          .min = 1,                                                                                \
          .max = 32,                                                                               \
          .note = "`{\"US\":\"PG-13\"}`" },                                                        \
        MANY("cast", cast_member, 1000, "in billing order"), MANY("crew", crew_member, 2000, ""),  \
        OF_TYPE("poster", SCHEMA_PICTURE,                                                          \
                "the provider's choice; its language is told by `images`"),                        \
        OF_TYPE("backdrop", SCHEMA_PICTURE, "the provider's choice"), ONE("images", images, ""),   \
        MANY("videos", video, 200, ""), STRINGS("keywords", 500, 256, ""),                         \
        { .name = "translations",                                                                  \
          .type = SCHEMA_OBJECT,                                                                   \
          .keyed = SCHEMA_BY_LANGUAGE,                                                             \
          .many = 300,                                                                             \
          .of = &translation,                                                                      \
          .note = "`\"pt-BR\"`, `\"zh-TW\"`" },                                                    \
        MANY("recommendations", recommendation, 100, "the same kind")

static const struct schema_field movie_fields[] = {
    ITEM_FIELDS("rumored planned in_production post_production released canceled"),
    NUMBER_IN("budget", SCHEMA_INT, 1, INT64_C(1000000000000000), "US dollars"),
    NUMBER_IN("revenue", SCHEMA_INT, 1, INT64_C(1000000000000000), "US dollars"),
    ONE("collection", collection, ""),
};
SCHEMA(movie, "A movie", movie_fields);

#define EPISODE_NUMBER NUMBER_IN("episode_number", SCHEMA_INT, 0, 100000, "may be 0")
#define SEASON_NUMBER NUMBER_IN("season_number", SCHEMA_INT, 0, 100000, "0 are the specials")

static const struct schema_field episode_fields[] = {
    IDS,
    SEASON_NUMBER,
    NEEDED_NUMBER("episode_number", "may be 0"),
    STRING("name", NAME_MAX_LEN, ""),
    OF_TYPE("placeholder", SCHEMA_BOOL,
            "`name` only counts (`Episode 3`): a real one in any language goes before it"),
    STRING("overview", PROSE_MAX, ""),
    OF_TYPE("air_date", SCHEMA_DATE, ""),
    NUMBER_IN("runtime", SCHEMA_INT, 1, 100000, "minutes"),
    OF_TYPE("still", SCHEMA_PICTURE, ""),
    RATING,
    VOTES,
    STRING("type", 64, "`standard`, `finale`, `mid_season`"),
    STRING("production_code", 64, ""),
    MANY("crew", crew_member, 500, ""),
    MANY("guest_stars", cast_member, 500, ""),
    { .name = "translations",
      .type = SCHEMA_OBJECT,
      .keyed = SCHEMA_BY_LANGUAGE,
      .many = 300,
      .of = &translation,
      .note = "" },
};
SCHEMA(episode, "Episode", episode_fields);

static const struct schema_field show_season_fields[] = {
    IDS,
    NEEDED_NUMBER("season_number", "0 are the specials"),
    STRING("name", NAME_MAX_LEN, ""),
    STRING("overview", PROSE_MAX, ""),
    OF_TYPE("air_date", SCHEMA_DATE, ""),
    OF_TYPE("poster", SCHEMA_PICTURE, ""),
    NUMBER_IN("episode_count", SCHEMA_INT, 0, 100000, ""),
    RATING,
};
SCHEMA(show_season, "Season of a show", show_season_fields);

static const struct schema_field tvshow_fields[] = {
    ITEM_FIELDS("returning planned in_production ended canceled pilot"),
    OF_TYPE("first_air_date", SCHEMA_DATE, "also its `release_date`"),
    OF_TYPE("last_air_date", SCHEMA_DATE, ""),
    ONE("next_episode", episode, ""),
    ONE("last_episode", episode, ""),
    MANY("networks", company, 100, ""),
    MANY("created_by", person, 100, ""),
    NUMBER_IN("number_of_seasons", SCHEMA_INT, 1, 100000, ""),
    NUMBER_IN("number_of_episodes", SCHEMA_INT, 1, 1000000, ""),
    STRING("type", 64, "`Scripted`, `Documentary`, `Miniseries`"),
    OF_TYPE("in_production", SCHEMA_BOOL, ""),
    MANY("seasons", show_season, 1000, ""),
};
SCHEMA(tvshow, "A TV show", tvshow_fields);

static const struct schema_field show_fields[] = {
    ITEM_IDS,
    STRING("title", NAME_MAX_LEN, ""),
};
SCHEMA(show_of_season, "Show", show_fields);

static const struct schema_field season_fields[] = {
    { .name = "ids",
      .type = SCHEMA_IDS,
      .required = true,
      .bare = true,
      .note = "of the season itself" },
    { .name = "show",
      .type = SCHEMA_OBJECT,
      .required = true,
      .bare = true,
      .of = &show_of_season,
      .note = "the show it belongs to" },
    { .name = "season_number",
      .type = SCHEMA_INT,
      .required = true,
      .bare = true,
      .max = 100000,
      .note = "0 are the specials" },
    STRING("name", NAME_MAX_LEN, ""),
    STRING("overview", PROSE_MAX, ""),
    OF_TYPE("title_language", SCHEMA_LANGUAGE, "of names and overviews"),
    OF_TYPE("air_date", SCHEMA_DATE, ""),
    OF_TYPE("poster", SCHEMA_PICTURE, ""),
    NUMBER_IN("episode_count", SCHEMA_INT, 0, 100000, ""),
    RATING,
    MANY("episodes", episode, 5000, ""),
    MANY("cast", cast_member, 1000, ""),
    MANY("crew", crew_member, 2000, ""),
    ONE("images", images, ""),
    MANY("videos", video, 200, ""),
    { .name = "translations",
      .type = SCHEMA_OBJECT,
      .keyed = SCHEMA_BY_LANGUAGE,
      .many = 300,
      .of = &translation,
      .note = "" },
};
SCHEMA(season, "A season", season_fields);

static const struct schema_field list_item_fields[] = {
    ITEM_IDS,
    { .name = "kind",
      .type = SCHEMA_WORD,
      .required = true,
      .words = "movie tvshow season episode",
      .note = "" },
    STRING("title", NAME_MAX_LEN, ""),
    NUMBER_IN("year", SCHEMA_INT, YEAR_MIN, YEAR_MAX, ""),
    NUMBER_IN("rank", SCHEMA_INT, 0, 10000000, "place in the list, from 1"),
    SEASON_NUMBER,
    EPISODE_NUMBER,
    STRING("note", 4000, ""),
    OF_TYPE("added_at", SCHEMA_TIME, ""),
};
SCHEMA(list_item, "Item of a list", list_item_fields);

static const struct schema_field list_fields[] = {
    { .name = "ids",
      .type = SCHEMA_IDS,
      .required = true,
      .bare = true,
      .note = "`{\"tmdb\":28}`, `{\"trakt\":55,\"slug\":\"weekend\"}`" },
    NEEDED("name", NAME_MAX_LEN, ""),
    STRING("description", PROSE_MAX, ""),
    STRING("owner", 256, ""),
    OF_TYPE("language", SCHEMA_LANGUAGE, ""),
    WORDS("visibility", "private shared public", ""),
    OF_TYPE("created_at", SCHEMA_TIME, ""),
    OF_TYPE("updated_at", SCHEMA_TIME, ""),
    NUMBER_IN("item_count", SCHEMA_INT, 0, 10000000, "as upstream says; `items` may hold fewer"),
    OF_TYPE("poster", SCHEMA_PICTURE, ""),
    MANY("items", list_item, 20000, "in order"),
};
SCHEMA(list, "A list", list_fields);

#define INFOHASH                                                                                   \
    {                                                                                              \
        .name = "infohash", .type = SCHEMA_INFOHASH, .required = true, .bare = true, .note = ""    \
    }

static const struct schema_field release_fields[] = {
    INFOHASH,
    NEEDED("name", 1024, "as the tracker spells it"),
    WORDS("kind", "movie tvshow", "of the item"),
    OF_TYPE("item", SCHEMA_ITEM_IDS, "ids of the item it is a release of"),
    STRING("title", NAME_MAX_LEN, "of the item"),
    NUMBER_IN("year", SCHEMA_INT, YEAR_MIN, YEAR_MAX, "of the item"),
    SEASON_NUMBER,
    { .name = "episodes",
      .type = SCHEMA_INT,
      .many = 1000,
      .max = 100000,
      .note = "absent: a whole season" },
    WORDS("quality", "480p 720p 1080p 2160p", ""),
    WORDS("source", "cam telesync telecine screener dvd tv web bluray remux", ""),
    STRING("codec", 32, "`x264`, `x265`, `av1`"),
    NUMBER_IN("bit_depth", SCHEMA_INT, 1, 16, ""),
    STRING("audio", 64, "`5.1`"),
    STRING("hdr", 32, "`HDR10`, `DV`"),
    { .name = "languages", .type = SCHEMA_LANGUAGE, .many = 50, .note = "" },
    STRING("edition", 128, ""),
    OF_TYPE("repack", SCHEMA_BOOL, ""),
    OF_TYPE("proper", SCHEMA_BOOL, ""),
    OF_TYPE("3d", SCHEMA_BOOL, ""),
    NUMBER_IN("size", SCHEMA_INT, 1, INT64_C(1) << 50, "bytes"),
    OF_TYPE("uploaded_at", SCHEMA_TIME, ""),
    NUMBER_IN("seeds", SCHEMA_INT, 0, 10000000, "claimed by the tracker"),
    NUMBER_IN("peers", SCHEMA_INT, 0, 10000000, "claimed by the tracker"),
    STRINGS("trackers", 100, 1024, "announce URLs"),
    URL("homepage", "its page at the tracker"),
};
SCHEMA(release, "A release", release_fields);

static const struct schema_field file_fields[] = {
    NUMBER_IN("index", SCHEMA_INT, 0, 1000000, "from 0; absent: the place in the array"),
    NEEDED("path", 4096, "relative, `/` between folders"),
    { .name = "size",
      .type = SCHEMA_INT,
      .required = true,
      .max = INT64_C(1) << 50,
      .note = "bytes" },
};
SCHEMA(file, "File", file_fields);

static const struct schema_field torrent_fields[] = {
    INFOHASH,
    STRING("infohash_v2", 64, "of a v2 or hybrid torrent: all 64 digits"),
    NEEDED("name", 1024, ""),
    NUMBER_IN("size", SCHEMA_INT, 1, INT64_C(1) << 50, "bytes"),
    NUMBER_IN("piece_length", SCHEMA_INT, 1, INT64_C(1) << 32, "bytes"),
    NUMBER_IN("pieces", SCHEMA_INT, 1, 100000000, "how many"),
    OF_TYPE("private", SCHEMA_BOOL, ""),
    STRINGS("trackers", 500, 1024, "announce URLs"),
    STRINGS("web_seeds", 100, 2048, ""),
    STRING("comment", 4096, ""),
    STRING("created_by", 256, ""),
    OF_TYPE("created_at", SCHEMA_TIME, ""),
    { .name = "files",
      .type = SCHEMA_OBJECT,
      .required = true,
      .many = 50000,
      .of = &file,
      .note = "at least one" },
};
SCHEMA(torrent, "A torrent", torrent_fields);

static const struct schema_field title_fields[] = {
    TITLE_FIELDS,
    { .name = "kind",
      .type = SCHEMA_WORD,
      .required = true,
      .bare = true,
      .words = "movie tvshow",
      .note = "" },
};
SCHEMA(title, "A title", title_fields);

static const struct schema *const kinds[] = {
    [PROVIDER_MOVIE] = &movie, [PROVIDER_TVSHOW] = &tvshow,   [PROVIDER_SEASON] = &season,
    [PROVIDER_LIST] = &list,   [PROVIDER_RELEASE] = &release, [PROVIDER_TORRENT] = &torrent,
    [PROVIDER_TITLE] = &title,
};

/* In the order in which the documentation shows them. */
static const struct schema *const all[] = {
    &movie,
    &tvshow,
    &season,
    &list,
    &release,
    &torrent,
    &title,
    &cast_member,
    &crew_member,
    &person,
    &company,
    &collection,
    &images,
    &image,
    &video,
    &translation,
    &alternative_title,
    &recommendation,
    &show_season,
    &episode,
    &show_of_season,
    &list_item,
    &file,
};

const struct schema *schema_of_kind(uint32_t kind)
{
    return kind < ARRAY_LEN(kinds) ? kinds[kind] : NULL;
}

const struct schema_field *schema_find(const struct schema *schema, const char *name,
                                       size_t *out_index)
{
    for (size_t i = 0; i < schema->n_fields; i++) {
        const struct schema_field *field = &schema->fields[i];
        if (field->name[0] == name[0] && strcmp(field->name, name) == 0) {
            *out_index = i;
            return field;
        }
    }
    return NULL;
}

const struct schema *schema_at(size_t index)
{
    return index < ARRAY_LEN(all) ? all[index] : NULL;
}
