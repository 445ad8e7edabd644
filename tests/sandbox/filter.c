/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <string.h>

#include "base/clock.h"
#include "names.h"

int32_t filter_date(const char *date)
{
    char digits[9];
    int64_t number = 0;

    if (!date || !clock_is_date(date))
        return 0;
    snprintf(digits, sizeof(digits), "%.4s%.2s%.2s", date, date + 5, date + 8);
    text_to_int(digits, 0, 99999999, &number);
    return (int32_t)number;
}

/* What is no date does not filter. */
static int32_t read_date(const struct sandbox_request *request, const char *first,
                         const char *second)
{
    const char *date = sandbox_param(request, first);
    return filter_date(date ? date : sandbox_param(request, second));
}

static int64_t read_int(const struct sandbox_request *request, const char *name, int64_t fallback)
{
    const char *text = sandbox_param(request, name);
    int64_t value = fallback;

    if (text)
        text_to_int(text, 0, INT32_MAX, &value);
    return value;
}

static double read_double(const struct sandbox_request *request, const char *name, double fallback)
{
    const char *text = sandbox_param(request, name);
    double value = fallback;

    if (text)
        text_to_double(text, &value);
    return value;
}

/* A genre that does not exist has no films: its set is empty. */
static uint32_t genre_bit(const char *text, size_t len, bool of_shows)
{
    char digits[12];
    int64_t id;

    snprintf(digits, sizeof(digits), "%.*s", (int)MIN(len, sizeof(digits) - 1), text);
    if (!text_to_int(digits, 0, INT32_MAX, &id))
        return 0;
    return names_genre_bit((uint32_t)id, of_shows);
}

/* "28,12": both; "28|12": one of them. */
static void read_genres(struct filter *filter, const char *text, bool of_shows)
{
    bool any = text && strchr(text, '|');

    for (const char *at = text; at && *at;) {
        size_t len = strcspn(at, ",|");
        uint32_t bit = genre_bit(at, len, of_shows);
        if (any && filter->n_with_genres)
            filter->with_genres[0] |= bit;
        else if (filter->n_with_genres < ARRAY_LEN(filter->with_genres))
            filter->with_genres[filter->n_with_genres++] = bit;
        at += len + (at[len] != '\0');
    }
}

static uint32_t read_genre_set(const char *text, bool of_shows)
{
    uint32_t bits = 0;

    for (const char *at = text; at && *at;) {
        size_t len = strcspn(at, ",|");
        bits |= genre_bit(at, len, of_shows);
        at += len + (at[len] != '\0');
    }
    return bits;
}

/* "0|3": the numbers of statuses or types, as bits. */
static uint32_t read_numbers(const char *text)
{
    uint32_t bits = 0;

    for (const char *at = text; at && *at; at++) {
        if (*at >= '0' && *at <= '9')
            bits |= 1u << (*at - '0');
    }
    return bits;
}

static void read_dates(struct filter *filter, const struct sandbox_request *request, bool of_shows)
{
    if (!of_shows) {
        filter->date_from = read_date(request, "primary_release_date.gte", "release_date.gte");
        filter->date_until = read_date(request, "primary_release_date.lte", "release_date.lte");
        filter->year =
            (int32_t)read_int(request, "primary_release_year", read_int(request, "year", 0));
        return;
    }
    filter->date_from = read_date(request, "first_air_date.gte", "");
    filter->date_until = read_date(request, "first_air_date.lte", "");
    filter->air_from = read_date(request, "air_date.gte", "");
    filter->air_until = read_date(request, "air_date.lte", "");
    filter->year = (int32_t)read_int(request, "first_air_date_year", read_int(request, "year", 0));
    filter->statuses = read_numbers(sandbox_param(request, "with_status"));
    filter->types = read_numbers(sandbox_param(request, "with_type"));
}

void filter_read(struct filter *filter, const struct sandbox_request *request, bool of_shows)
{
    const char *adult = sandbox_param(request, "include_adult");
    const char *video = sandbox_param(request, "include_video");

    *filter = (struct filter){
        .without_genres = read_genre_set(sandbox_param(request, "without_genres"), of_shows),
        .language = sandbox_param(request, "with_original_language"),
        .votes_from = read_double(request, "vote_average.gte", 0),
        .votes_until = read_double(request, "vote_average.lte", 10),
        .count_from = read_int(request, "vote_count.gte", 0),
        .count_until = read_int(request, "vote_count.lte", INT32_MAX),
        .runtime_from = read_int(request, "with_runtime.gte", -1),
        .runtime_until = read_int(request, "with_runtime.lte", INT32_MAX),
        .adult = adult && strcmp(adult, "true") == 0,
        .video = !video || strcmp(video, "true") == 0,
    };
    read_dates(filter, request, of_shows);
    read_genres(filter, sandbox_param(request, "with_genres"), of_shows);
}

static bool is_within(int32_t date, int32_t from, int32_t until)
{
    return date && date >= from && (!until || date <= until);
}

static bool shows_pass(const struct catalog_entry *entry, const struct filter *filter)
{
    if (filter->statuses && (entry->status < 0 || !(filter->statuses >> entry->status & 1)))
        return false;
    if (filter->types && (entry->type < 0 || !(filter->types >> entry->type & 1)))
        return false;
    if (!filter->air_from && !filter->air_until)
        return true;
    return is_within(entry->last_air, filter->air_from, filter->air_until) ||
           is_within(entry->next_air, filter->air_from, filter->air_until);
}

static bool dates_pass(const struct catalog_entry *entry, const struct filter *filter)
{
    if (filter->date_from && entry->date < filter->date_from)
        return false;
    if (filter->date_until && (!entry->date || entry->date > filter->date_until))
        return false;
    return !filter->year || entry->date / 10000 == filter->year;
}

static bool genres_pass(const struct catalog_entry *entry, const struct filter *filter)
{
    for (size_t i = 0; i < filter->n_with_genres; i++) {
        if (!(entry->genres & filter->with_genres[i]))
            return false;
    }
    return !(entry->genres & filter->without_genres);
}

static bool numbers_pass(const struct catalog_entry *entry, const struct filter *filter)
{
    double average = (double)entry->vote_average;

    return average >= filter->votes_from && average <= filter->votes_until &&
           entry->vote_count >= filter->count_from && entry->vote_count <= filter->count_until &&
           entry->runtime >= filter->runtime_from && entry->runtime <= filter->runtime_until;
}

bool filter_passes(const struct catalog_entry *entry, void *context)
{
    const struct filter *filter = context;

    if ((entry->adult && !filter->adult) || (entry->video && !filter->video))
        return false;
    /* "en-US" is no language here, and finds nothing, as at TMDB. */
    if (filter->language && strcmp(entry->language, filter->language) != 0)
        return false;
    if (!dates_pass(entry, filter) || !genres_pass(entry, filter) || !numbers_pass(entry, filter) ||
        !shows_pass(entry, filter))
        return false;
    return !filter->query || catalog_matches(filter->catalog, entry, filter->query);
}

static int compare(double a, double b)
{
    return a < b ? -1 : a > b;
}

#define ORDER(name, field)                                                                         \
    static int name##_asc(const struct catalog_entry *a, const struct catalog_entry *b)            \
    {                                                                                              \
        int order = compare((double)a->field, (double)b->field);                                   \
        return order ? order : compare((double)a->id, (double)b->id);                              \
    }                                                                                              \
    static int name##_desc(const struct catalog_entry *a, const struct catalog_entry *b)           \
    {                                                                                              \
        int order = compare((double)b->field, (double)a->field);                                   \
        return order ? order : compare((double)a->id, (double)b->id);                              \
    }

/* Most popular first is the order that the catalog has anyway. */
static int by_popularity_asc(const struct catalog_entry *a, const struct catalog_entry *b)
{
    return compare((double)a->popularity, (double)b->popularity);
}

ORDER(by_date, date)
ORDER(by_votes, vote_average)
ORDER(by_count, vote_count)
ORDER(by_revenue, revenue)

catalog_order filter_order(const char *sort_by, bool *out_known)
{
    static const struct {
        const char *name;
        catalog_order order;
    } orders[] = {
        { "popularity.desc", NULL },
        { "popularity.asc", by_popularity_asc },
        { "primary_release_date.asc", by_date_asc },
        { "primary_release_date.desc", by_date_desc },
        { "release_date.asc", by_date_asc },
        { "release_date.desc", by_date_desc },
        { "first_air_date.asc", by_date_asc },
        { "first_air_date.desc", by_date_desc },
        { "vote_average.asc", by_votes_asc },
        { "vote_average.desc", by_votes_desc },
        { "vote_count.asc", by_count_asc },
        { "vote_count.desc", by_count_desc },
        { "revenue.asc", by_revenue_asc },
        { "revenue.desc", by_revenue_desc },
    };

    *out_known = true;
    for (size_t i = 0; sort_by && i < ARRAY_LEN(orders); i++) {
        if (strcmp(orders[i].name, sort_by) == 0)
            return orders[i].order;
    }
    *out_known = !sort_by;
    return NULL;
}
