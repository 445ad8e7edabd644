/* SPDX-License-Identifier: MIT */
#include "media/filter.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "media/card.h"
#include "media/genre.h"
#include "media/quality.h"

enum { WORD_MAX = 40, YEAR_MIN = 1870, YEAR_MAX = 2200 };

/* --- Values */

/* The place of a word in a table; -1: none. */
static int find_word(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (words[i] && strcmp(words[i], word) == 0)
            return (int)i;
    return -1;
}

/* Calls `each` for every word of "a,b,c"; an empty word is an error. */
static int each_word(const char *key, const char *value,
                     int (*each)(const char *key, const char *word, void *context,
                                 struct error *err),
                     void *context, struct error *err)
{
    for (const char *at = value;; at++) {
        char word[WORD_MAX];
        size_t len = strcspn(at, ",");
        if (len == 0 || len >= sizeof word)
            return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is no list of words", key, value);
        memcpy(word, at, len);
        word[len] = '\0';
        int result = each(key, word, context, err);
        if (result)
            return result;
        at += len;
        if (!*at)
            return 0;
    }
}

static int set_int(const char *key, const char *value, int64_t min, int64_t max, int32_t *out,
                   struct error *err)
{
    int64_t number;
    if (!text_to_int(value, min, max, &number))
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is no number of %lld..%lld", key, value,
                         (long long)min, (long long)max);
    *out = (int32_t)number;
    return 0;
}

/* --- Keys */

static int add_genre(const char *key, const char *word, void *context, struct error *err)
{
    uint64_t *genres = context;
    int genre = genre_of_slug(word);
    uint64_t bits = genre >= 0 ? UINT64_C(1) << genre : genre_of_spelling(word);
    if (!bits)
        return error_set(err, PROVIDER_EINVAL, "%s: '%s' is no genre", key, word);
    *genres |= bits;
    return 0;
}

static int set_genre(struct filter *filter, const char *key, const char *value, struct error *err)
{
    return each_word(key, value, add_genre, &filter->genres_all, err);
}

static int set_genre_any(struct filter *filter, const char *key, const char *value,
                         struct error *err)
{
    return each_word(key, value, add_genre, &filter->genres_any, err);
}

static int set_year(struct filter *filter, const char *key, const char *value, struct error *err)
{
    int32_t year = 0;
    int result = set_int(key, value, YEAR_MIN, YEAR_MAX, &year, err);
    if (result)
        return result;
    /* A bound that was given as well stays: the narrower wins, and none left is found by
     * filter_check(). */
    filter->year_min = MAX(filter->year_min, year);
    filter->year_max = filter->year_max ? MIN(filter->year_max, year) : year;
    return 0;
}

static int set_year_min(struct filter *filter, const char *key, const char *value,
                        struct error *err)
{
    int32_t year = 0;
    int result = set_int(key, value, YEAR_MIN, YEAR_MAX, &year, err);
    if (!result)
        filter->year_min = MAX(filter->year_min, year);
    return result;
}

static int set_year_max(struct filter *filter, const char *key, const char *value,
                        struct error *err)
{
    int32_t year = 0;
    int result = set_int(key, value, YEAR_MIN, YEAR_MAX, &year, err);
    if (!result)
        filter->year_max = filter->year_max ? MIN(filter->year_max, year) : year;
    return result;
}

static int set_rating_min(struct filter *filter, const char *key, const char *value,
                          struct error *err)
{
    double rating;
    if (!text_to_double(value, &rating) || !(rating >= 0 && rating <= 10))
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is no number of 0..10", key, value);
    filter->rating_min_x1000 = (int32_t)ceil(rating * 1000 - 1e-6);
    return 0;
}

static int set_votes_min(struct filter *filter, const char *key, const char *value,
                         struct error *err)
{
    return set_int(key, value, 0, INT32_MAX, &filter->votes_min, err);
}

static int set_runtime_min(struct filter *filter, const char *key, const char *value,
                           struct error *err)
{
    return set_int(key, value, 0, 100000, &filter->runtime_min, err);
}

static int set_runtime_max(struct filter *filter, const char *key, const char *value,
                           struct error *err)
{
    return set_int(key, value, 1, 100000, &filter->runtime_max, err);
}

/* An item's original language has no region, so neither has the filter. */
static int set_original_language(struct filter *filter, const char *key, const char *value,
                                 struct error *err)
{
    char tag[LANGUAGE_LEN];
    if (!language_parse(value, tag))
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is no language tag", key, value);
    tag[strcspn(tag, "-")] = '\0';
    memcpy(filter->original_language, tag, sizeof tag);
    return 0;
}

static int add_quality(const char *key, const char *word, void *context, struct error *err)
{
    uint32_t *qualities = context;
    int quality = quality_of_word(word);
    if (quality < 0)
        return error_set(err, PROVIDER_EINVAL, "%s: '%s' is none of 480p 720p 1080p 2160p", key,
                         word);
    *qualities |= 1u << quality;
    return 0;
}

static int set_quality(struct filter *filter, const char *key, const char *value, struct error *err)
{
    return each_word(key, value, add_quality, &filter->qualities_all, err);
}

static int set_quality_min(struct filter *filter, const char *key, const char *value,
                           struct error *err)
{
    int quality = quality_of_word(value);
    if (quality < 0)
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is none of 480p 720p 1080p 2160p", key,
                         value);
    for (int i = quality; i < QUALITY_N; i++)
        filter->qualities_any |= 1u << i;
    return 0;
}

static int set_available(struct filter *filter, const char *key, const char *value,
                         struct error *err)
{
    bool yes = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
    if (!yes && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is neither true nor false", key, value);
    filter->available = yes;
    return 0;
}

static int add_status(const char *key, const char *word, void *context, struct error *err)
{
    uint32_t *statuses = context;
    enum card_status status = card_status_of_name(word);
    if (status == CARD_STATUS_UNKNOWN)
        return error_set(err, PROVIDER_EINVAL, "%s: '%s' is no status", key, word);
    *statuses |= 1u << status;
    return 0;
}

static int set_status(struct filter *filter, const char *key, const char *value, struct error *err)
{
    return each_word(key, value, add_status, &filter->statuses, err);
}

static int set_list(struct filter *filter, const char *key, const char *value, struct error *err)
{
    int64_t id;
    if (!text_to_int(value, 1, UINT32_MAX, &id))
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is no list's number", key, value);
    filter->list = (uint32_t)id;
    return 0;
}

static int set_sort(struct filter *filter, const char *key, const char *value, struct error *err)
{
    static const char *const sorts[] = {
        [FILTER_SORT_POPULARITY] = "popularity", [FILTER_SORT_RATING] = "rating",
        [FILTER_SORT_TITLE] = "title",           [FILTER_SORT_RELEASE_DATE] = "release_date",
        [FILTER_SORT_ADDED] = "added",           [FILTER_SORT_UPDATED] = "updated",
    };
    int sort = find_word(sorts, ARRAY_LEN(sorts), value);
    if (sort < 0)
        return error_set(
            err, PROVIDER_EINVAL,
            "%s: '%.40s' is none of popularity rating title release_date added updated", key,
            value);
    filter->sort = (enum filter_sort)sort;
    return 0;
}

static int set_order(struct filter *filter, const char *key, const char *value, struct error *err)
{
    bool ascending = strcmp(value, "asc") == 0;
    if (!ascending && strcmp(value, "desc") != 0)
        return error_set(err, PROVIDER_EINVAL, "%s: '%.40s' is neither asc nor desc", key, value);
    filter->ascending = ascending;
    filter->order_given = true;
    return 0;
}

static int add_facet(const char *key, const char *word, void *context, struct error *err)
{
    static const char *const facets[] = { "genre", "year", "quality" };
    uint32_t *wanted = context;
    int facet = find_word(facets, ARRAY_LEN(facets), word);
    if (facet < 0)
        return error_set(err, PROVIDER_EINVAL, "%s: '%s' is none of genre year quality", key, word);
    *wanted |= 1u << facet;
    return 0;
}

static int set_facets(struct filter *filter, const char *key, const char *value, struct error *err)
{
    return each_word(key, value, add_facet, &filter->facets, err);
}

static const struct {
    const char *key;
    int (*set)(struct filter *filter, const char *key, const char *value, struct error *err);
} keys[] = {
    { "genre", set_genre },
    { "genre_any", set_genre_any },
    { "year", set_year },
    { "year_min", set_year_min },
    { "year_max", set_year_max },
    { "rating_min", set_rating_min },
    { "votes_min", set_votes_min },
    { "runtime_min", set_runtime_min },
    { "runtime_max", set_runtime_max },
    { "original_language", set_original_language },
    { "quality", set_quality },
    { "quality_min", set_quality_min },
    { "available", set_available },
    { "status", set_status },
    { "list", set_list },
    { "sort", set_sort },
    { "order", set_order },
    { "facets", set_facets },
};

_Static_assert(ARRAY_LEN(keys) <= 32, "struct filter remembers them in 32 bits");

int filter_set(struct filter *filter, const char *key, const char *value, struct error *err)
{
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (strcmp(keys[i].key, key) != 0)
            continue;
        if (filter->given >> i & 1)
            return error_set(err, PROVIDER_EINVAL, "%s: given twice", key);
        struct filter changed = *filter;
        int result = keys[i].set(&changed, key, value, err);
        if (result)
            return result;
        changed.given |= UINT32_C(1) << i;
        *filter = changed;
        return 0;
    }
    return error_set(err, PROVIDER_ENOTFOUND, "%.40s: no such filter", key);
}

const char *filter_key(size_t index)
{
    return index < ARRAY_LEN(keys) ? keys[index].key : NULL;
}

bool filter_is_open(const struct filter *filter)
{
    const int64_t bounds[] = { filter->year_min,     filter->year_max,    filter->rating_min_x1000,
                               filter->votes_min,    filter->runtime_min, filter->runtime_max,
                               filter->kind,         filter->statuses,    filter->qualities_all,
                               filter->qualities_any };
    for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
        if (bounds[i])
            return false;
    return !filter->genres_all && !filter->genres_any && !filter->available &&
           !*filter->original_language;
}

/* "year" is both bounds at once, and the one that was given when year_min was not. */
static const char *key_of_year_min(const struct filter *filter)
{
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (keys[i].set == set_year_min && filter->given >> i & 1)
            return keys[i].key;
    return "year";
}

int filter_check(const struct filter *filter, const char **out_key, struct error *err)
{
    if (filter->year_max && filter->year_min > filter->year_max) {
        *out_key = key_of_year_min(filter);
        return error_set(err, PROVIDER_EINVAL, "%s: %d is above year_max %d", *out_key,
                         filter->year_min, filter->year_max);
    }
    if (filter->runtime_max && filter->runtime_min > filter->runtime_max) {
        *out_key = "runtime_min";
        return error_set(err, PROVIDER_EINVAL, "runtime_min: %d is above runtime_max %d",
                         filter->runtime_min, filter->runtime_max);
    }
    return 0;
}
