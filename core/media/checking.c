/* SPDX-License-Identifier: MIT */
#include "media/checking.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "media/genre.h"
#include "media/ids.h"
#include "media/language.h"

enum { PATH_LEN = 120, PICTURE_MAX = 256, IDS_MAX = 32 };

void checking_enter(struct checking *check, const char *name)
{
    check->steps[check->depth].name = name;
    check->steps[check->depth++].index = CHECKING_NO_INDEX;
}

static void write_path(const struct checking *check, char out[PATH_LEN])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < check->depth && used < PATH_LEN; i++) {
        int n =
            snprintf(out + used, PATH_LEN - used, "%s%.40s", i ? "." : "", check->steps[i].name);
        used += n > 0 ? (size_t)n : 0;
        if (check->steps[i].index == CHECKING_NO_INDEX || used >= PATH_LEN)
            continue;
        n = snprintf(out + used, PATH_LEN - used, "[%ld]", check->steps[i].index);
        used += n > 0 ? (size_t)n : 0;
    }
}

enum verdict checking_refuse(struct checking *check, const char *fmt, ...)
{
    char path[PATH_LEN];
    va_list args;
    va_start(args, fmt);
    error_vset(check->err, PROVIDER_EREFUSED, fmt, args);
    va_end(args);
    write_path(check, path);
    error_prefix(check->err, "%s", *path ? path : "document");
    return REFUSE;
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object",   [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
        [JSON_INTEGER] = "an integer", [JSON_REAL] = "a number",  [JSON_TRUE] = "a boolean",
        [JSON_FALSE] = "a boolean",    [JSON_NULL] = "null",
    };
    return names[json_typeof(value)];
}

enum verdict checking_refuse_type(struct checking *check, const json_t *value, const char *wanted)
{
    return checking_refuse(check, "%s, %s is wanted", type_name(value), wanted);
}

bool checking_is_absent(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
        return true;
    case JSON_STRING: {
        const char *text = json_string_value(value);
        return !text[strspn(text, " \t\r\n")];
    }
    case JSON_ARRAY:
        return json_array_size(value) == 0;
    case JSON_OBJECT:
        return json_object_size(value) == 0;
    default:
        return false;
    }
}

static enum verdict check_bytes(struct checking *check, const struct schema_field *field,
                                const json_t *value)
{
    size_t len = json_string_length(value);
    if (len > (size_t)field->max)
        return checking_refuse(check, "a string of %zu bytes, at most %lld are accepted", len,
                               (long long)field->max);
    return KEEP;
}

enum verdict checking_int(struct checking *check, const struct schema_field *field,
                          const json_t *value, json_t **out_new)
{
    double real = json_real_value(value);
    bool whole = json_is_real(value) && real == floor(real) && fabs(real) < 9e15;
    if (!json_is_integer(value) && !whole)
        return checking_refuse_type(check, value, "an integer");
    int64_t number = whole ? (int64_t)real : json_integer_value(value);
    if (number == 0 && field->min == 1)
        return DROP;
    if (number < field->min || number > field->max)
        return checking_refuse(check, "%lld is out of range %lld..%lld", (long long)number,
                               (long long)field->min, (long long)field->max);
    if (!whole)
        return KEEP;
    *out_new = json_integer(number);
    return REPLACE;
}

/* To the 12 digits that are written: a record read back is the very document that was taken in. */
static void round_real(const json_t *value, double number)
{
    char text[32];
    if (!json_is_real(value))
        return;
    snprintf(text, sizeof text, "%.12g", number);
    json_real_set((json_t *)(uintptr_t)value, strtod(text, NULL));
}

enum verdict checking_number(struct checking *check, const struct schema_field *field,
                             const json_t *value)
{
    if (!json_is_number(value))
        return checking_refuse_type(check, value, "a number");
    double number = json_number_value(value);
    if (!(number >= (double)field->min && number <= (double)field->max))
        return checking_refuse(check, "%g is out of range %lld..%lld", number,
                               (long long)field->min, (long long)field->max);
    round_real(value, number);
    return KEEP;
}

/* Writes the normal form over the value. */
static enum verdict put(json_t *value, const char *normal)
{
    if (strcmp(json_string_value(value), normal) != 0)
        json_string_set(value, normal);
    return KEEP;
}

bool checking_country(const char *text, char out[3])
{
    for (size_t i = 0; i < 2; i++) {
        char c = text[i];
        out[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        if (out[i] < 'A' || out[i] > 'Z')
            return false;
    }
    out[2] = '\0';
    return !text[2];
}

static bool is_url(const char *text)
{
    size_t scheme = strncasecmp(text, "https://", 8) == 0  ? 8
                    : strncasecmp(text, "http://", 7) == 0 ? 7
                                                           : 0;
    if (!scheme || strcspn(text + scheme, "/?#") == 0)
        return false;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if (*at <= ' ' || *at == 0x7f || strchr("\"<>\\^`{|}", *at))
            return false;
    return true;
}

/* A picture's path becomes part of ours, so nothing in it may mean anything there. */
static bool is_picture(const char *text)
{
    size_t len = strlen(text);
    if (text[0] != '/' || len < 2 || len > PICTURE_MAX || strstr(text, "..") || strstr(text, "//"))
        return false;
    for (const char *at = text; *at; at++)
        if (*at <= ' ' || *at > '~' || strchr("\"\\?#%<>&", *at))
            return false;
    return true;
}

static bool is_one_of(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; *at;) {
        size_t next = strcspn(at, " ");
        if (next == len && memcmp(at, word, len) == 0)
            return true;
        at += next;
        at += *at == ' ';
    }
    return false;
}

static enum verdict check_time(struct checking *check, json_t *value)
{
    int64_t ms;
    char normal[CLOCK_TEXT_LEN];
    if (!clock_parse(json_string_value(value), &ms))
        return checking_refuse(check, "'%.40s' is no time (RFC 3339)", json_string_value(value));
    return put(value, clock_format(ms, normal));
}

/* What is written as a string and has a form of its own. */
enum verdict checking_form(struct checking *check, const struct schema_field *field, json_t *value)
{
    char normal[48];
    const char *text = json_string_value(value);
    switch (field->type) {
    case SCHEMA_DATE:
        return clock_is_date(text)
                   ? KEEP
                   : checking_refuse(check, "'%.40s' is no date (YYYY-MM-DD)", text);
    case SCHEMA_TIME:
        return check_time(check, value);
    case SCHEMA_LANGUAGE:
        return language_parse(text, normal)
                   ? put(value, normal)
                   : checking_refuse(check, "'%.40s' is no language tag", text);
    case SCHEMA_COUNTRY:
        return checking_country(text, normal)
                   ? put(value, normal)
                   : checking_refuse(check, "'%.40s' is no country (ISO 3166-1 alpha-2)", text);
    case SCHEMA_URL:
        if (!is_url(text))
            return checking_refuse(check, "'%.60s' is no http or https URL", text);
        return check_bytes(check, field, value);
    case SCHEMA_PICTURE:
        return is_picture(text) ? KEEP
                                : checking_refuse(check, "'%.60s' is no path of a picture", text);
    case SCHEMA_WORD:
        return is_one_of(field->words, text)
                   ? KEEP
                   : checking_refuse(check, "'%.40s' is none of: %s", text, field->words);
    case SCHEMA_INFOHASH:
        return ids_infohash(text, normal) ? put(value, normal)
                                          : checking_refuse(check, "'%.60s' is no infohash", text);
    default:
        return check_bytes(check, field, value);
    }
}

/* People have imdb ids too, and an item's is not one of theirs. */
static bool is_of_item(const char *space, const json_t *id)
{
    const char *text = json_string_value(id);
    return strcmp(space, "imdb") != 0 || !text || (text[0] | 0x20) == 't';
}

static bool is_unknown_id(const json_t *id)
{
    return checking_is_absent(id) || (json_is_integer(id) && json_integer_value(id) == 0);
}

enum verdict checking_ids(struct checking *check, const struct schema_field *field, json_t *value)
{
    const char *space;
    json_t *id;
    void *next;
    if (!json_is_object(value))
        return checking_refuse_type(check, value, "an object");
    if (json_object_size(value) > IDS_MAX)
        return checking_refuse(check, "%zu ids, at most %d are accepted", json_object_size(value),
                               IDS_MAX);
    json_object_foreach_safe (value, next, space, id) {
        if (is_unknown_id(id)) {
            json_object_del(value, space);
            continue;
        }
        if ((field->type == SCHEMA_IDS || is_of_item(space, id)) &&
            ids_normalise_member(value, space))
            continue;
        checking_enter(check, space);
        return json_is_string(id)
                   ? checking_refuse(check, "'%.60s' is no such id", json_string_value(id))
                   : checking_refuse(check, "%s is no such id", type_name(id));
    }
    return json_object_size(value) ? KEEP : DROP;
}

/* Spellings become slugs, each once, in the order of the table; what nobody knows is kept out. */
enum verdict checking_genres(struct checking *check, const struct schema_field *field,
                             const json_t *value, json_t **out_new)
{
    uint64_t genres = 0;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *one = json_array_get(value, i);
        check->steps[check->depth - 1].index = (long)i;
        if (!one || json_is_null(one))
            continue;
        if (!json_is_string(one))
            return checking_refuse_type(check, one, "a string");
        if (check_bytes(check, field, one) != KEEP)
            return REFUSE;
        genres |= genre_of_spelling(json_string_value(one));
    }
    if (!genres)
        return DROP;
    *out_new = json_array();
    for (unsigned bit = 0; bit < GENRE_MAX; bit++)
        if (genres >> bit & 1)
            json_array_append_new(*out_new, json_string(genre_slug(bit)));
    return REPLACE;
}
