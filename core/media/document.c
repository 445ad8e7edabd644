/* SPDX-License-Identifier: MIT */
#include "media/document.h"

#include <string.h>

#include "base/json.h"
#include "media/checking.h"
#include "media/language.h"

static enum verdict check_value(struct checking *check, const struct schema_field *field,
                                json_t *value, json_t **out_new);

/* Refuses an object that lacks a field it must have. */
static enum verdict check_required(struct checking *check, const struct schema *schema,
                                   uint64_t seen)
{
    for (size_t i = 0; i < schema->n_fields; i++) {
        const struct schema_field *field = &schema->fields[i];
        bool needed = check->bare && check->depth == 0 ? field->bare : field->required;
        if (!needed || seen >> i & 1)
            continue;
        checking_enter(check, field->name);
        return checking_refuse(check, "missing");
    }
    return KEEP;
}

static enum verdict check_object(struct checking *check, const struct schema *schema,
                                 json_t *object)
{
    const char *name;
    json_t *value;
    void *next;
    uint64_t seen = 0;
    if (!json_is_object(object))
        return checking_refuse_type(check, object, "an object");
    json_object_foreach_safe (object, next, name, value) {
        size_t index;
        const struct schema_field *field = schema_find(schema, name, &index);
        if (!field || checking_is_absent(value)) {
            json_object_del(object, name);
            continue;
        }
        json_t *normal = NULL;
        checking_enter(check, field->name);
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

static enum verdict check_one(struct checking *check, const struct schema_field *field,
                              json_t *value, json_t **out_new)
{
    switch (field->type) {
    case SCHEMA_OBJECT:
        return check_object(check, field->of, value);
    case SCHEMA_IDS:
    case SCHEMA_ITEM_IDS:
        return checking_ids(check, field, value);
    case SCHEMA_INT:
        return checking_int(check, field, value, out_new);
    case SCHEMA_NUMBER:
        return checking_number(check, field, value);
    case SCHEMA_BOOL:
        return json_is_boolean(value) ? KEEP : checking_refuse_type(check, value, "a boolean");
    default:
        break;
    }
    return json_is_string(value) ? checking_form(check, field, value)
                                 : checking_refuse_type(check, value, "a string");
}

/* Judges element `i` and moves it to where the kept ones end. */
static enum verdict check_element(struct checking *check, const struct schema_field *field,
                                  json_t *array, size_t i, size_t kept)
{
    json_t *one = json_array_get(array, i), *normal = NULL;
    check->steps[check->depth - 1].index = (long)i;
    enum verdict verdict =
        !one || checking_is_absent(one) ? DROP : check_one(check, field, one, &normal);
    if (verdict == REPLACE)
        json_array_set_new(array, kept, normal);
    else if (verdict == KEEP && kept != i)
        json_array_set(array, kept, one);
    return verdict;
}

static enum verdict check_array(struct checking *check, const struct schema_field *field,
                                json_t *array, json_t **out_new)
{
    if (!json_is_array(array))
        return checking_refuse_type(check, array, "an array");
    size_t n = json_array_size(array), kept = 0;
    if (n > field->many)
        return checking_refuse(check, "an array of %zu, at most %u are accepted", n, field->many);
    if (field->type == SCHEMA_GENRES)
        return checking_genres(check, field, array, out_new);
    for (size_t i = 0; i < n; i++) {
        enum verdict verdict = check_element(check, field, array, i, kept);
        if (verdict == REFUSE)
            return REFUSE;
        kept += verdict != DROP;
    }
    while (json_array_size(array) > kept)
        json_array_remove(array, json_array_size(array) - 1);
    return kept ? KEEP : DROP;
}

/* Two keys that say the same ("zh-TW", "zh-Hant-TW"): the first stays. */
static enum verdict check_keyed(struct checking *check, const struct schema_field *field,
                                json_t *object, json_t **out_new)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return checking_refuse_type(check, object, "an object");
    if (json_object_size(object) > field->many)
        return checking_refuse(check, "%zu members, at most %u are accepted",
                               json_object_size(object), field->many);
    json_auto_t *kept = json_object();
    json_object_foreach (object, key, value) {
        char name[LANGUAGE_LEN];
        json_t *normal = NULL;
        checking_enter(check, key);
        bool known = field->keyed == SCHEMA_BY_LANGUAGE ? language_parse(key, name)
                                                        : checking_country(key, name);
        if (!known)
            return checking_refuse(check, "no %s",
                                   field->keyed == SCHEMA_BY_LANGUAGE ? "language tag" : "country");
        enum verdict verdict =
            checking_is_absent(value) ? DROP : check_one(check, field, value, &normal);
        if (verdict == REFUSE)
            return REFUSE;
        check->depth--;
        if (verdict != DROP && !checking_is_absent(value) && !json_object_get(kept, name))
            json_object_set(kept, name, value);
    }
    if (!json_object_size(kept))
        return DROP;
    *out_new = steal(kept);
    return REPLACE;
}

static enum verdict check_value(struct checking *check, const struct schema_field *field,
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
    for (uint32_t i = 1; name && i < ARRAY_LEN(kind_names); i++)
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
    struct checking check = { .bare = flags & (PROVIDER_CHANGED | PROVIDER_GONE), .err = err };
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
