/* SPDX-License-Identifier: MIT */
#include "tmdb/element.h"

#include <string.h>
#include <strings.h>

#include "common/day.h"
#include "common/field.h"
#include "tmdb/tag.h"

enum { MIN_YEAR = 1870, MAX_YEAR = 2200, MAX_URL = 2048 };

void element_list(struct out *out, const char *key, const json_t *array, size_t limit,
                  element_writer *write)
{
    const struct out_mark before = out_mark(out);
    size_t n = 0;

    out_open(out, key, '[');
    for (size_t i = 0; i < json_array_size(array) && n < limit; i++) {
        const size_t len = out->len;

        write(out, json_array_get(array, i));
        n += out->len > len;
    }
    out_close(out, ']');
    if (n == 0)
        out_back(out, before);
}

void element_ids(struct out *out, const json_t *object)
{
    int64_t id;

    if (!field_int(object, "id", 1, INT32_MAX, &id))
        return;
    out_open(out, "ids", '{');
    out_int(out, "tmdb", id);
    out_close(out, '}');
}

static bool is_drawing(const char *path)
{
    const size_t len = strlen(path);

    return len > 4 && strcasecmp(path + len - 4, ".svg") == 0;
}

bool element_is_path(const char *path)
{
    if (!path || is_drawing(path) || path[0] != '/' || !path[1] ||
        strlen(path) > ELEMENT_MAX_PATH || strstr(path, "..") || strstr(path, "//"))
        return false;
    for (const char *p = path; *p; p++)
        if (*p <= ' ' || *p > '~' || strchr("?#%&\\\"<>", *p))
            return false;
    return true;
}

void element_path(struct out *out, const char *key, const json_t *object, const char *member)
{
    const char *path = field_string(object, member);

    if (element_is_path(path))
        out_string(out, key, path, ELEMENT_MAX_PATH);
}

void element_date(struct out *out, const char *key, const char *value)
{
    int year, month, mday;
    int32_t day;

    if (!value || !day_parse(value, &day) || (value[10] != '\0' && value[10] != 'T'))
        return;
    day_split(day, &year, &month, &mday);
    if (year >= MIN_YEAR && year <= MAX_YEAR)
        out_string(out, key, value, 10);
}

void element_url(struct out *out, const char *key, const char *value)
{
    const char *host = value ? strstr(value, "://") : NULL;

    if (!host || strlen(value) > MAX_URL || strcspn(host + 3, "/?#") == 0)
        return;
    if (strncmp(value, "http://", 7) != 0 && strncmp(value, "https://", 8) != 0)
        return;
    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if (*p <= ' ' || *p == 0x7F || strchr("\"<>\\^`{|}", *p))
            return;
    out_string(out, key, value, MAX_URL);
}

/* "15:04:05", perhaps with a fraction, and "Z"; TMDB has no other zones. */
static bool is_utc_time(const char *text)
{
    static const char shape[] = "00:00:00";

    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    text += sizeof(shape) - 1;
    if (*text == '.')
        text += 1 + strspn(text + 1, "0123456789");
    return strcmp(text, "Z") == 0;
}

static bool is_time_of_day(const char *text)
{
    return is_utc_time(text) && strncmp(text, "24", 2) < 0 && text[3] < '6' && text[6] < '6';
}

void element_time(struct out *out, const char *key, const char *value)
{
    int32_t day;

    if (value && day_parse(value, &day) && value[10] == 'T' && is_time_of_day(value + 11))
        out_string(out, key, value, 40);
}

void element_language(struct out *out, const char *key, const json_t *object, const char *member)
{
    char tag[TAG_SIZE];

    if (tag_join(field_string(object, member), NULL, tag))
        out_string(out, key, tag, sizeof(tag));
}

void element_rating(struct out *out, const json_t *object)
{
    int64_t votes = -1;
    double rating;

    if (field_int(object, "vote_count", 0, INT32_MAX, &votes))
        out_int(out, "votes", votes);
    if (votes != 0 && field_real(object, "vote_average", 0, 10, &rating) && rating > 0)
        out_real(out, "rating", rating);
}

void element_season_rating(struct out *out, const json_t *season)
{
    double rating;

    if (field_real(season, "vote_average", 0, 10, &rating) && rating > 0)
        out_real(out, "rating", rating);
}

void element_popularity(struct out *out, const json_t *object)
{
    double popularity;

    if (field_real(object, "popularity", 0, 1e9, &popularity))
        out_real(out, "popularity", popularity);
}

void element_bool(struct out *out, const json_t *object, const char *key)
{
    const int value = field_bool(object, key);

    if (value >= 0)
        out_bool(out, key, value);
}

void element_positive(struct out *out, const json_t *object, const char *key, int64_t max)
{
    int64_t value;

    if (field_int(object, key, 1, max, &value))
        out_int(out, key, value);
}
