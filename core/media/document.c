/* SPDX-License-Identifier: MIT */
#include "media/document.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/genre.h"
#include "media/ids.h"
#include "media/language.h"
#include "media/schema.h"

enum { DEPTH_MAX = 8, PATH_LEN = 120, PICTURE_MAX = 256, NO_INDEX = -1 };

struct check {
    struct {
        const char *name;
        long index; /* NO_INDEX: the member itself */
    } steps[DEPTH_MAX];
    size_t depth;
    bool bare; /* of what changed or is gone only the ids are needed */
    struct error *err;
};

enum verdict { KEEP, REPLACE, DROP, REFUSE };

static enum verdict check_value(struct check *check, const struct schema_field *field,
                                json_t *value, json_t **out_new);

static void write_path(const struct check *check, char out[PATH_LEN])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < check->depth && used < PATH_LEN; i++) {
        int n =
            snprintf(out + used, PATH_LEN - used, "%s%.40s", i ? "." : "", check->steps[i].name);
        used += n > 0 ? (size_t)n : 0;
        if (check->steps[i].index == NO_INDEX || used >= PATH_LEN)
            continue;
        n = snprintf(out + used, PATH_LEN - used, "[%ld]", check->steps[i].index);
        used += n > 0 ? (size_t)n : 0;
    }
}

static enum verdict refuse(struct check *check, const char *fmt, ...) PRINTF(2, 3);
static enum verdict refuse(struct check *check, const char *fmt, ...)
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

static enum verdict refuse_type(struct check *check, const json_t *value, const char *wanted)
{
    return refuse(check, "%s, %s is wanted", type_name(value), wanted);
}

/* null, "", white space, [] and {} all mean that nothing is known. */
static bool is_absent(const json_t *value)
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

static enum verdict check_bytes(struct check *check, const struct schema_field *field,
                                const json_t *value)
{
    size_t len = json_string_length(value);
    if (len > (size_t)field->max)
        return refuse(check, "a string of %zu bytes, at most %lld are accepted", len,
                      (long long)field->max);
    return KEEP;
}

static enum verdict check_int(struct check *check, const struct schema_field *field,
                              const json_t *value, json_t **out_new)
{
    double real = json_real_value(value);
    bool whole = json_is_real(value) && real == floor(real) && fabs(real) < 9e15;
    if (!json_is_integer(value) && !whole)
        return refuse_type(check, value, "an integer");
    int64_t number = whole ? (int64_t)real : json_integer_value(value);
    if (number == 0 && field->min == 1)
        return DROP;
    if (number < field->min || number > field->max)
        return refuse(check, "%lld is out of range %lld..%lld", (long long)number,
                      (long long)field->min, (long long)field->max);
    if (!whole)
        return KEEP;
    *out_new = json_integer(number);
    return REPLACE;
}

static enum verdict check_number(struct check *check, const struct schema_field *field,
                                 const json_t *value)
{
    if (!json_is_number(value))
        return refuse_type(check, value, "a number");
    double number = json_number_value(value);
    if (!(number >= (double)field->min && number <= (double)field->max))
        return refuse(check, "%g is out of range %lld..%lld", number, (long long)field->min,
                      (long long)field->max);
    return KEEP;
}

/* Writes the normal form over the value. */
static enum verdict put(json_t *value, const char *normal)
{
    if (strcmp(json_string_value(value), normal) != 0)
        json_string_set(value, normal);
    return KEEP;
}

static bool normal_country(const char *text, char out[3])
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

static enum verdict check_time(struct check *check, json_t *value)
{
    int64_t ms;
    char normal[CLOCK_TEXT_LEN];
    if (!clock_parse(json_string_value(value), &ms))
        return refuse(check, "'%.40s' is no time (RFC 3339)", json_string_value(value));
    return put(value, clock_format(ms, normal));
}

/* What is written as a string and has a form of its own. */
static enum verdict check_form(struct check *check, const struct schema_field *field, json_t *value)
{
    char normal[48];
    const char *text = json_string_value(value);
    switch (field->type) {
    case SCHEMA_DATE:
        return clock_is_date(text) ? KEEP : refuse(check, "'%.40s' is no date (YYYY-MM-DD)", text);
    case SCHEMA_TIME:
        return check_time(check, value);
    case SCHEMA_LANGUAGE:
        return language_parse(text, normal) ? put(value, normal)
                                            : refuse(check, "'%.40s' is no language tag", text);
    case SCHEMA_COUNTRY:
        return normal_country(text, normal)
                   ? put(value, normal)
                   : refuse(check, "'%.40s' is no country (ISO 3166-1 alpha-2)", text);
    case SCHEMA_URL:
        if (!is_url(text))
            return refuse(check, "'%.60s' is no http or https URL", text);
        return check_bytes(check, field, value);
    case SCHEMA_PICTURE:
        return is_picture(text) ? KEEP : refuse(check, "'%.60s' is no path of a picture", text);
    case SCHEMA_WORD:
        return is_one_of(field->words, text)
                   ? KEEP
                   : refuse(check, "'%.40s' is none of: %s", text, field->words);
    case SCHEMA_INFOHASH:
        return ids_infohash(text, normal) ? put(value, normal)
                                          : refuse(check, "'%.60s' is no infohash", text);
    default:
        return check_bytes(check, field, value);
    }
}

static enum verdict check_ids(struct check *check, const struct schema_field *field, json_t *value)
{
    const char *space;
    json_t *id;
    void *next;
    if (!json_is_object(value))
        return refuse_type(check, value, "an object");
    if (json_object_size(value) > 32)
        return refuse(check, "%zu ids, at most 32 are accepted", json_object_size(value));
    json_object_foreach_safe (value, next, space, id) {
        if (is_absent(id) || (json_is_integer(id) && json_integer_value(id) == 0)) {
            json_object_del(value, space);
            continue;
        }
        bool person = field->type == SCHEMA_ITEM_IDS && strcmp(space, "imdb") == 0 &&
                      json_is_string(id) && (json_string_value(id)[0] | 0x20) != 't';
        if (!person && ids_normalise_member(value, space))
            continue;
        check->steps[check->depth].name = space;
        check->steps[check->depth++].index = NO_INDEX;
        return json_is_string(id) ? refuse(check, "'%.60s' is no such id", json_string_value(id))
                                  : refuse(check, "%s is no such id", type_name(id));
    }
    return json_object_size(value) ? KEEP : DROP;
}

/* Spellings become slugs, each once, in the order of the table; what nobody knows is kept out. */
static enum verdict check_genres(struct check *check, const struct schema_field *field,
                                 const json_t *value, json_t **out_new)
{
    uint64_t genres = 0;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *one = json_array_get(value, i);
        check->steps[check->depth - 1].index = (long)i;
        if (!one || json_is_null(one))
            continue;
        if (!json_is_string(one))
            return refuse_type(check, one, "a string");
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

/* Refuses an object that lacks a field it must have. */
static enum verdict check_required(struct check *check, const struct schema *schema, uint64_t seen)
{
    for (size_t i = 0; i < schema->n_fields; i++) {
        const struct schema_field *field = &schema->fields[i];
        bool needed = check->bare && check->depth == 0 ? field->bare : field->required;
        if (!needed || seen >> i & 1)
            continue;
        check->steps[check->depth].name = field->name;
        check->steps[check->depth++].index = NO_INDEX;
        return refuse(check, "missing");
    }
    return KEEP;
}

static enum verdict check_object(struct check *check, const struct schema *schema, json_t *object)
{
    const char *name;
    json_t *value;
    void *next;
    uint64_t seen = 0;
    if (!json_is_object(object))
        return refuse_type(check, object, "an object");
    json_object_foreach_safe (object, next, name, value) {
        size_t index;
        const struct schema_field *field = schema_find(schema, name, &index);
        if (!field || is_absent(value)) {
            json_object_del(object, name);
            continue;
        }
        json_t *normal = NULL;
        check->steps[check->depth].name = field->name;
        check->steps[check->depth++].index = NO_INDEX;
        enum verdict verdict = check_value(check, field, value, &normal);
        if (verdict == REFUSE)
            return REFUSE;
        check->depth--;
        if (verdict == DROP) {
            json_object_del(object, name);
            continue;
        }
        if (verdict == REPLACE)
            json_object_set_new(object, field->name, normal);
        seen |= UINT64_C(1) << index;
    }
    if (check_required(check, schema, seen) == REFUSE)
        return REFUSE;
    return json_object_size(object) ? KEEP : DROP;
}

static enum verdict check_one(struct check *check, const struct schema_field *field, json_t *value,
                              json_t **out_new)
{
    switch (field->type) {
    case SCHEMA_OBJECT:
        return check_object(check, field->of, value);
    case SCHEMA_IDS:
    case SCHEMA_ITEM_IDS:
        return check_ids(check, field, value);
    case SCHEMA_INT:
        return check_int(check, field, value, out_new);
    case SCHEMA_NUMBER:
        return check_number(check, field, value);
    case SCHEMA_BOOL:
        return json_is_boolean(value) ? KEEP : refuse_type(check, value, "a boolean");
    default:
        break;
    }
    return json_is_string(value) ? check_form(check, field, value)
                                 : refuse_type(check, value, "a string");
}

static enum verdict check_array(struct check *check, const struct schema_field *field,
                                json_t *array, json_t **out_new)
{
    if (!json_is_array(array))
        return refuse_type(check, array, "an array");
    size_t n = json_array_size(array);
    if (n > field->many)
        return refuse(check, "an array of %zu, at most %u are accepted", n, field->many);
    if (field->type == SCHEMA_GENRES)
        return check_genres(check, field, array, out_new);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        json_t *one = json_array_get(array, i), *normal = NULL;
        check->steps[check->depth - 1].index = (long)i;
        enum verdict verdict =
            !one || is_absent(one) ? DROP : check_one(check, field, one, &normal);
        if (verdict == REFUSE)
            return REFUSE;
        if (verdict == REPLACE)
            json_array_set_new(array, kept++, normal);
        else if (verdict == KEEP && kept++ != i)
            json_array_set(array, kept - 1, one);
    }
    while (json_array_size(array) > kept)
        json_array_remove(array, json_array_size(array) - 1);
    return kept ? KEEP : DROP;
}

/* Two keys that say the same ("zh-TW", "zh-Hant-TW"): the first stays. */
static enum verdict check_keyed(struct check *check, const struct schema_field *field,
                                json_t *object, json_t **out_new)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return refuse_type(check, object, "an object");
    if (json_object_size(object) > field->many)
        return refuse(check, "%zu members, at most %u are accepted", json_object_size(object),
                      field->many);
    json_auto_t *kept = json_object();
    json_object_foreach (object, key, value) {
        char name[LANGUAGE_LEN];
        json_t *normal = NULL;
        check->steps[check->depth].name = key;
        check->steps[check->depth++].index = NO_INDEX;
        bool known = field->keyed == SCHEMA_BY_LANGUAGE ? language_parse(key, name)
                                                        : normal_country(key, name);
        if (!known)
            return refuse(check, "no %s",
                          field->keyed == SCHEMA_BY_LANGUAGE ? "language tag" : "country");
        enum verdict verdict = is_absent(value) ? DROP : check_one(check, field, value, &normal);
        if (verdict == REFUSE)
            return REFUSE;
        check->depth--;
        if (verdict != DROP && !is_absent(value) && !json_object_get(kept, name))
            json_object_set(kept, name, value);
    }
    if (!json_object_size(kept))
        return DROP;
    *out_new = steal(kept);
    return REPLACE;
}

static enum verdict check_value(struct check *check, const struct schema_field *field,
                                json_t *value, json_t **out_new)
{
    if (field->keyed)
        return check_keyed(check, field, value, out_new);
    return field->many ? check_array(check, field, value, out_new)
                       : check_one(check, field, value, out_new);
}

/* What only the whole can tell. */
static void settle(json_t *document)
{
    if (js_string(document, "release_date") || js_string(document, "first_air_date"))
        json_object_del(document, "year");
    if (js_int(document, "votes", 1) == 0) {
        json_object_del(document, "votes");
        json_object_del(document, "rating");
    }
}

static const char *const kind_names[] = {
    [PROVIDER_MOVIE] = "movie", [PROVIDER_TVSHOW] = "tvshow",   [PROVIDER_SEASON] = "season",
    [PROVIDER_LIST] = "list",   [PROVIDER_RELEASE] = "release", [PROVIDER_TORRENT] = "torrent",
    [PROVIDER_TITLE] = "title",
};

const char *document_kind_name(uint32_t kind)
{
    return kind < ARRAY_LEN(kind_names) ? kind_names[kind] : NULL;
}

uint32_t document_kind_of_name(const char *name)
{
    for (uint32_t i = 1; i < ARRAY_LEN(kind_names); i++)
        if (strcmp(kind_names[i], name) == 0)
            return i;
    return 0;
}

int document_read(uint32_t kind, uint32_t flags, const char *json, size_t len, json_t **out,
                  struct error *err)
{
    const struct schema *schema = schema_of_kind(kind);
    if (!schema)
        return error_set(err, PROVIDER_EREFUSED, "%u is no kind of document", kind);
    json_auto_t *document = NULL;
    if (js_parse(json, len, DOCUMENT_MAX_LEN, &document, err)) {
        error_prefix(err, "%s", kind_names[kind]);
        if (err)
            err->code = PROVIDER_EREFUSED;
        return PROVIDER_EREFUSED;
    }
    struct check check = { .bare = flags & (PROVIDER_CHANGED | PROVIDER_GONE), .err = err };
    if (check_object(&check, schema, document) == REFUSE)
        return PROVIDER_EREFUSED;
    settle(document);
    *out = steal(document);
    return 0;
}

uint32_t document_item_kind(uint32_t kind, const json_t *document)
{
    if (kind != PROVIDER_TITLE && kind != PROVIDER_RELEASE)
        return kind == PROVIDER_SEASON ? PROVIDER_TVSHOW : kind;
    const char *named = js_string(document, "kind");
    return named ? document_kind_of_name(named) : 0;
}
