/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "index_world.h"

#include <jansson.h>
#include <string.h>

#include "index/fold.h"
#include "index/members.h"
#include "index/numeral.h"
#include "media/genre.h"

static const char *const vocabulary[] = {
    "The",     "Matrix", "Reloaded", "Night",      "Living", "Dead",       "M",          "It",
    "Up",      "Amélie", "Godzilla", "東京物語",   "東京",   "Метрополис", "Metropolis", "II",
    "III",     "&",      "Tom",      "Jerry",      "1984",   "2001",       "1927",       "Odyssey",
    "Mat",     "Matric", "Nights",   "Spider-Man", "Man",    "Spiderman",  "L'Atalante", "Atalante",
    "Ocean's", "5",      "V",        "10",         "x",      "1",          "I",          "기생충",
    "생충",    "語",     "ー2",      "20,000",     "9½",
};

void world_init(struct world *world, uint64_t seed)
{
    *world = (struct world){ .n = 1, .chance = seed * 2654435761u + 1 };
    world->items = mem_alloc_array(WORLD_MAX_ITEMS, sizeof *world->items);
    world->members = mem_alloc(sizeof *world->members + WORLD_MAX_ITEMS * sizeof(uint32_t));
}

void world_done(struct world *world)
{
    for (uint32_t id = 1; id < world->n; id++)
        text_done(&world->items[id].card);
    free(world->items);
    free(world->members);
}

uint32_t world_chance(struct world *world, uint32_t below)
{
    world->chance ^= world->chance << 13;
    world->chance ^= world->chance >> 7;
    world->chance ^= world->chance << 17;
    return (uint32_t)(world->chance >> 20) % below;
}

/* Of the vocabulary, or a rare one: the lower its number, the less so. */
static void add_word(struct world *world, char *out, size_t size)
{
    size_t at = strlen(out);
    const char *space = at ? " " : "";
    if (world->n_rare && world_chance(world, 3))
        snprintf(out + at, size - at, "%sbo%u", space,
                 world_chance(world, 1 + world_chance(world, world->n_rare)));
    else
        snprintf(out + at, size - at, "%s%s", space,
                 vocabulary[world_chance(world, ARRAY_LEN(vocabulary))]);
}

static void invent_title(struct world *world, char out[WORLD_TITLE_LEN])
{
    out[0] = '\0';
    for (uint32_t i = 0, n = 1 + world_chance(world, 4); i < n; i++)
        add_word(world, out, WORLD_TITLE_LEN);
}

/* Of thousandths, as providers send them, close to each other and to what filters ask for. */
static uint32_t invent_rating(struct world *world)
{
    return world_chance(world, 20) * 500 + world_chance(world, 20) + 1;
}

static json_t *describe(struct world *world, struct world_item *item)
{
    json_t *out = json_object();
    json_t *others = json_array();
    item->n_titles = 1 + world_chance(world, WORLD_MAX_TITLES);
    for (size_t i = 0; i < item->n_titles; i++)
        invent_title(world, item->titles[i]);
    json_object_set_new(out, "title", json_string(item->titles[0]));
    for (size_t i = 1; i < item->n_titles; i++)
        json_array_append_new(others, json_pack("{s:s}", "title", item->titles[i]));
    json_object_set_new(out, "alternative_titles", others);
    json_t *genres = json_array();
    for (uint32_t i = 0, n = world_chance(world, 4); i < n; i++)
        json_array_append_new(genres, json_string(genre_slug(world_chance(world, 6))));
    json_object_set_new(out, "genres", genres);
    if (world_chance(world, 8)) {
        char date[16];
        snprintf(date, sizeof date, "%u-%02u-%02u", 1920 + world_chance(world, 12) * 8,
                 1 + world_chance(world, 12), 1 + world_chance(world, 28));
        json_object_set_new(out, "release_date", json_string(date));
    }
    item->rating = 0;
    if (world_chance(world, 6)) {
        item->rating = invent_rating(world) / 1000.0;
        json_object_set_new(out, "rating", json_real(item->rating));
        json_object_set_new(out, "votes", json_integer(world_chance(world, 50)));
    }
    if (world_chance(world, 4))
        json_object_set_new(out, "runtime", json_integer(1 + world_chance(world, 200)));
    json_object_set_new(out, "popularity", json_real(world_chance(world, 40)));
    json_object_set_new(out, "original_language",
                        json_string(world_chance(world, 2) ? "en" : "ja"));
    json_object_set_new(out, "status",
                        json_string(world_chance(world, 3) ? "released" : "planned"));
    return out;
}

void world_invent(struct world *world, uint32_t id)
{
    assert_true(id > 0 && id < WORLD_MAX_ITEMS);
    world->n = MAX(world->n, id + 1);
    struct world_item *item = &world->items[id];
    text_done(&item->card);
    item->card = (struct text)TEXT_INIT(1 << 20);
    item->there = true;
    item->facts = (struct card_facts){
        .id = id,
        .kind = world_chance(world, 4) ? PROVIDER_MOVIE : PROVIDER_TVSHOW,
        .added_at_ms = 1000 + world_chance(world, 50),
        .updated_at_ms = 2000 + world_chance(world, 50),
        .qualities = (uint8_t)world_chance(world, 16),
        .flags = (uint8_t)(world_chance(world, 3) ? 0 : CARD_AVAILABLE),
    };
    if (!world_chance(world, 20))
        item->facts.flags |= CARD_GONE;
    json_auto_t *described = describe(world, item);
    card_pack(described, &item->facts, &item->card);
    struct card_facts read;
    assert_true(card_facts_read(item->card.bytes, item->card.len, &read));
    item->facts = read;
}

void world_remove(struct world *world, uint32_t id)
{
    world->items[id].there = false;
}

/* Some of the items, and perhaps one that is none; sometimes nobody. */
static const struct members *invent_list(struct world *world)
{
    uint32_t one_in = 1 + world_chance(world, 6);
    world->members->n = 0;
    for (uint32_t id = 1; id <= world->n && one_in < 6; id++)
        if (!world_chance(world, one_in))
            world->members->ids[world->members->n++] = id;
    return world->members;
}

void world_filter(struct world *world, struct filter *out)
{
    *out = (struct filter){ .facets = world_chance(world, 8) };
    if (world_chance(world, 2))
        out->kind = world_chance(world, 4) ? PROVIDER_MOVIE : PROVIDER_TVSHOW;
    if (!world_chance(world, 5))
        out->members = invent_list(world);
    if (!world_chance(world, 4))
        out->genres_all = 1ull << world_chance(world, 6) | 1ull << world_chance(world, 6);
    if (!world_chance(world, 4))
        out->genres_any = 1ull << world_chance(world, 6) | 1ull << world_chance(world, 6);
    if (!world_chance(world, 4))
        out->year_min = 1920 + (int32_t)world_chance(world, 100);
    if (!world_chance(world, 4))
        out->year_max = 1920 + (int32_t)world_chance(world, 100);
    if (!world_chance(world, 5))
        out->rating_min_x1000 = (int32_t)invent_rating(world);
    if (!world_chance(world, 5))
        out->votes_min = (int32_t)world_chance(world, 40);
    if (!world_chance(world, 5))
        out->runtime_min = (int32_t)world_chance(world, 150);
    if (!world_chance(world, 5))
        out->runtime_max = (int32_t)world_chance(world, 150);
    if (!world_chance(world, 5))
        snprintf(out->original_language, sizeof out->original_language, "ja");
    if (!world_chance(world, 6))
        out->qualities_all = world_chance(world, 16);
    if (!world_chance(world, 6))
        out->qualities_any = world_chance(world, 16);
    out->available = !world_chance(world, 6);
    if (!world_chance(world, 6))
        out->statuses = 1u << CARD_STATUS_RELEASED;
    out->sort = (enum filter_sort)world_chance(world, FILTER_SORT_UPDATED + 1);
    out->order_given = world_chance(world, 2);
    out->ascending = world_chance(world, 2);
}

void world_query(struct world *world, char *out, size_t size)
{
    out[0] = '\0';
    for (uint32_t i = 0, n = 1 + world_chance(world, 3); i < n; i++)
        add_word(world, out, size);
}

/* Unknown is never at least, and never at most. */
static bool within(int32_t value, int32_t min, int32_t max)
{
    return (!min || value >= min) && (!max || (value && value <= max));
}

static bool passes_genres(const struct card_facts *facts, const struct filter *filter)
{
    bool any = !filter->genres_any;
    for (unsigned genre = 0; genre < 64; genre++) {
        bool has = facts->genres >> genre & 1;
        if (filter->genres_all >> genre & 1 && !has)
            return false;
        any = any || (has && filter->genres_any >> genre & 1);
    }
    return any;
}

/* The number of the document itself, not what became of it. */
static bool passes_rating(double rating, const struct filter *filter)
{
    return !filter->rating_min_x1000 || (rating && rating >= filter->rating_min_x1000 / 1000.0);
}

static bool passes_numbers(const struct card_facts *facts, const struct filter *filter)
{
    return within(facts->year, filter->year_min, filter->year_max) &&
           within(facts->runtime, filter->runtime_min, filter->runtime_max) &&
           within(facts->votes, filter->votes_min, 0);
}

static bool passes_qualities(const struct card_facts *facts, const struct filter *filter)
{
    if (filter->qualities_all & ~facts->qualities)
        return false;
    if (filter->qualities_any && !(filter->qualities_any & facts->qualities))
        return false;
    return !filter->available || facts->flags & CARD_AVAILABLE;
}

static bool passes(const struct world_item *item, const struct filter *filter)
{
    const struct card_facts *facts = &item->facts;
    if (filter->members && !members_have(filter->members, facts->id))
        return false;
    if (facts->flags & CARD_GONE || (filter->kind && filter->kind != facts->kind))
        return false;
    if (*filter->original_language &&
        strcmp(filter->original_language, facts->original_language) != 0)
        return false;
    if (filter->statuses && !(filter->statuses & 1u << facts->status))
        return false;
    return passes_genres(facts, filter) && passes_numbers(facts, filter) &&
           passes_qualities(facts, filter) && passes_rating(item->rating, filter);
}

static bool title_has(const struct fold *title, const char *word, bool open)
{
    for (size_t i = 0; i < title->n; i++)
        if (strncmp(title->words[i], word, strlen(word) + (open ? 0 : 1)) == 0)
            return true;
    return false;
}

/* The query's word at `at`, as whatever it may mean. */
static bool title_says(const struct fold *title, const struct fold *query, size_t at)
{
    const char *word = query->words[at], *also = at > 0 ? numeral_also(word) : NULL;
    return title_has(title, word, query->marks[at] & FOLD_OPEN) ||
           (at + 1 == query->n && *query->typed && title_has(title, query->typed, true)) ||
           (also && title_has(title, also, false));
}

static bool title_matches(const struct fold *title, const struct fold *query)
{
    bool only_years = true, any = false;
    for (size_t i = 0; i < query->n; i++)
        only_years = only_years && query->n > 1 && fold_year(query->words[i]);
    for (size_t i = 0; i < query->n; i++) {
        bool hint = query->n > 1 && fold_year(query->words[i]) && !(only_years && i == 0);
        bool has = title_says(title, query, i);
        if (!has && !hint)
            return false;
        any = any || has;
    }
    return any;
}

bool world_matches(const struct world_item *item, const char *text)
{
    CLEANUP(mem_free) struct fold *query = mem_new(struct fold);
    CLEANUP(mem_free) struct fold *title = mem_new(struct fold);
    fold_text(text, strlen(text), query);
    for (size_t i = 0; i < item->n_titles; i++)
        for (unsigned ways = 0; ways < FOLD_WAYS; ways++) {
            fold_text_as(item->titles[i], strlen(item->titles[i]), ways, title);
            if (title_matches(title, query))
                return true;
        }
    return false;
}

static int compare_main_titles(const struct world_item *a, const struct world_item *b)
{
    CLEANUP(mem_free) struct fold *x = mem_new(struct fold);
    CLEANUP(mem_free) struct fold *y = mem_new(struct fold);
    fold_text(a->titles[0], strlen(a->titles[0]), x);
    fold_text(b->titles[0], strlen(b->titles[0]), y);
    for (size_t i = 0; i < x->n && i < y->n; i++) {
        int order = strcmp(x->words[i], y->words[i]);
        if (order)
            return order;
    }
    return (x->n > y->n) - (x->n < y->n);
}

struct ordering {
    const struct world *world;
    const struct filter *filter;
};

static bool is_unknown(const struct world_item *item, enum filter_sort sort)
{
    return (sort == FILTER_SORT_RATING && item->rating == 0) ||
           (sort == FILTER_SORT_RELEASE_DATE && item->facts.release_day == INT32_MIN);
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_answers(const void *a, const void *b, void *context)
{
    const struct ordering *ordering = context;
    const struct filter *filter = ordering->filter;
    const struct world_item *x = &ordering->world->items[*(const uint32_t *)a];
    const struct world_item *y = &ordering->world->items[*(const uint32_t *)b];
    bool ascending = filter->order_given ? filter->ascending : filter->sort == FILTER_SORT_TITLE;
    int order = 0, ids = ORDER(x->facts.id, y->facts.id);
    bool x_unknown = is_unknown(x, filter->sort), y_unknown = is_unknown(y, filter->sort);
    if (x_unknown != y_unknown)
        return x_unknown ? 1 : -1;
    switch (filter->sort) {
    case FILTER_SORT_DEFAULT:
    case FILTER_SORT_POPULARITY:
        order = ORDER(x->facts.popularity, y->facts.popularity);
        ids = -ids;
        break;
    case FILTER_SORT_RATING:
        order = ORDER(x->rating, y->rating);
        break;
    case FILTER_SORT_TITLE:
        order = compare_main_titles(x, y);
        break;
    case FILTER_SORT_RELEASE_DATE:
        order = ORDER(x->facts.release_day, y->facts.release_day);
        break;
    case FILTER_SORT_ADDED:
        order = ORDER(x->facts.added_at_ms, y->facts.added_at_ms);
        break;
    case FILTER_SORT_UPDATED:
        order = ORDER(x->facts.updated_at_ms, y->facts.updated_at_ms);
        break;
    }
    order = order ? order : ids;
    return ascending ? order : -order;
}

uint32_t *world_answer(const struct world *world, const char *text, const struct filter *filter,
                       size_t *out_n)
{
    uint32_t *ids = mem_alloc_array(world->n, sizeof *ids);
    size_t n = 0;
    for (uint32_t id = 1; id < world->n; id++) {
        const struct world_item *item = &world->items[id];
        if (item->there && passes(item, filter) && (!text || world_matches(item, text)))
            ids[n++] = id;
    }
    struct ordering ordering = { .world = world, .filter = filter };
    qsort_r(ids, n, sizeof *ids, compare_answers, &ordering);
    *out_n = n;
    return ids;
}

static uint32_t count_of(const struct index_page *page, unsigned facet, int32_t value)
{
    for (size_t i = 0; i < page->n_facets[facet]; i++)
        if (page->facets[facet][i].value == value)
            return page->facets[facet][i].count;
    return 0;
}

static bool has_value(const struct card_facts *facts, unsigned facet, int32_t value)
{
    if (facet == 0)
        return facts->genres >> value & 1;
    return facet == 1 ? facts->year == value : facts->qualities >> value & 1;
}

void world_assert_facets(const struct world *world, const uint32_t *ids, size_t n,
                         const struct filter *filter, const struct index_page *page)
{
    static const int32_t ends[3][2] = { { 0, 64 }, { 1900, 2050 }, { 0, 4 } };
    for (unsigned facet = 0; facet < 3; facet++) {
        if (!(filter->facets >> facet & 1)) {
            assert_null(page->facets[facet]);
            continue;
        }
        for (int32_t value = ends[facet][0]; value < ends[facet][1]; value++) {
            uint32_t expected = 0;
            for (size_t i = 0; i < n; i++)
                expected += has_value(&world->items[ids[i]].facts, facet, value);
            assert_int_equal(count_of(page, facet, value), expected);
        }
    }
}
