/* SPDX-License-Identifier: MIT */
#include "media/locks.h"

#include <string.h>

#include "base/json.h"
#include "media/document.h"
#include "media/language.h"
#include "media/merge_fields.h"

static const char our_pictures[] = "/api/images/";

static const json_t *translations_of(const json_t *record)
{
    return js_object(record, "translations");
}

/* {language: text} of one field; NULL when it has none. */
static json_t *texts_of(const json_t *record, const char *field)
{
    const char *language;
    json_t *of_language, *texts = NULL;
    json_object_foreach ((json_t *)(uintptr_t)translations_of(record), language, of_language) {
        json_t *text = json_object_get(of_language, field);
        if (!text)
            continue;
        if (!texts)
            texts = json_object();
        json_object_set(texts, language, text);
    }
    return texts;
}

json_t *locks_show(const json_t *record)
{
    json_t *locks = json_object();
    for (size_t i = 0; i < merge_n_fields; i++) {
        const char *field = merge_fields[i].name;
        json_t *value = json_object_get(record, field);
        if (value)
            json_object_set(locks, field, value);
        else if (merge_fields[i].how == MERGE_TEXT)
            js_set(locks, field, texts_of(record, field));
    }
    return locks;
}

/* --- Changing */

struct changing {
    uint32_t kind;
    json_t *record;
    const json_t *item;
    struct error *err;
};

static void forget_text(json_t *record, const char *field, const char *language)
{
    json_t *translations = json_object_get(record, "translations");
    json_t *of_language = json_object_get(translations, language);
    json_object_del(of_language, field);
    if (of_language && !json_object_size(of_language))
        json_object_del(translations, language);
    if (translations && !json_object_size(translations))
        json_object_del(record, "translations");
}

static void forget(json_t *record, const char *field)
{
    json_auto_t *texts = texts_of(record, field);
    const char *language;
    json_t *text;
    json_object_del(record, field);
    json_object_foreach (texts, language, text)
        forget_text(record, field, language);
}

static json_t *member(json_t *object, const char *name)
{
    json_t *inner = json_object_get(object, name);
    if (inner)
        return inner;
    inner = json_object();
    json_object_set_new(object, name, inner);
    return inner;
}

static void put_text(json_t *record, const char *field, const char *language, json_t *text)
{
    json_object_set(member(member(record, "translations"), language), field, text);
}

/* A picture of a lock is one that the API shows already: nobody would fetch another. */
static const char *foreign_picture(const char *name, const json_t *value)
{
    static const char *const pictures[] = {
        "poster", "backdrop", "logo", "profile", "still", "path"
    };
    const char *inner, *found = NULL, *text = json_string_value(value);
    json_t *one;
    for (size_t i = 0; text && i < ARRAY_LEN(pictures); i++)
        if (strcmp(name, pictures[i]) == 0 && !text_starts_with(text, our_pictures))
            return text;
    json_object_foreach ((json_t *)(uintptr_t)value, inner, one)
        found = found ? found : foreign_picture(inner, one);
    for (size_t i = 0; !found && i < json_array_size(value); i++)
        found = foreign_picture(name, json_array_get(value, i));
    return found;
}

static int refuse(struct changing *changing, const char *path, const char *why)
{
    return error_set(changing->err, PROVIDER_EREFUSED, "%s: %s", path, why);
}

/* What the schema of documents makes of the value: *out is a new reference.  Its refusals begin
 * with the field's name. */
static int read_value(struct changing *changing, const char *field, const json_t *value,
                      json_t **out)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    json_auto_t *document = json_pack("{s:{s:i},s:O}", "ids", "tmdb", 1, field, value);
    json_auto_t *read = NULL;
    if (!document || !js_write(document, &json))
        return refuse(changing, field, "it is too long");
    if (document_read(changing->kind, PROVIDER_CHANGED, json.bytes, json.len, &read, changing->err))
        return PROVIDER_EREFUSED;
    json_t *normal = json_object_get(read, field);
    const char *foreign = normal ? foreign_picture(field, normal) : NULL;
    if (!normal)
        return refuse(changing, field, "an empty value cannot be locked; null unlocks");
    if (json_array_size(normal) != json_array_size(value))
        return refuse(changing, field, "some of the values mean nothing here");
    if (foreign)
        return error_set(changing->err, PROVIDER_EREFUSED, "%s: '%.80s' is no picture of %s", field,
                         foreign, our_pictures);
    *out = json_incref(normal);
    return 0;
}

/* "title: too long" becomes "title.de: too long". */
static int name_language(struct changing *changing, const char *field, const char *language)
{
    struct error why = *changing->err;
    size_t len = strlen(field);
    const char *rest = strncmp(why.text, field, len) == 0 ? why.text + len : why.text;
    return error_set(changing->err, PROVIDER_EREFUSED, "%s.%.40s%s", field, language, rest);
}

static int lock_texts(struct changing *changing, const char *field, const json_t *texts)
{
    const char *tag;
    json_t *text;
    json_object_del(changing->record, field);
    json_object_foreach ((json_t *)(uintptr_t)texts, tag, text) {
        char language[LANGUAGE_LEN];
        json_auto_t *normal = NULL;
        if (!language_parse(tag, language))
            return error_set(changing->err, PROVIDER_EREFUSED, "%s.%.40s: no language tag", field,
                             tag);
        if (json_is_null(text)) {
            forget_text(changing->record, field, language);
            continue;
        }
        if (read_value(changing, field, text, &normal))
            return name_language(changing, field, tag);
        put_text(changing->record, field, language, normal);
    }
    return 0;
}

static int lock_field(struct changing *changing, const struct merge_field *field,
                      const json_t *value)
{
    json_auto_t *normal = NULL;
    if (field->how == MERGE_TEXT && json_object_size(value))
        return lock_texts(changing, field->name, value);
    if (!json_is_null(value) && read_value(changing, field->name, value, &normal))
        return PROVIDER_EREFUSED;
    forget(changing->record, field->name);
    if (normal)
        json_object_set(changing->record, field->name, normal);
    return 0;
}

static const struct merge_field *find_lockable(const struct changing *changing, const char *name)
{
    uint32_t needed = changing->kind == PROVIDER_TVSHOW ? MERGE_LOCK_SHOW : MERGE_LOCK_MOVIE;
    const struct merge_field *field = merge_field_find(name);
    return field && field->flags & needed ? field : NULL;
}

static int lock_all(struct changing *changing, const json_t *locks)
{
    const char *name;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)locks, name, value) {
        const struct merge_field *field = find_lockable(changing, name);
        if (!field)
            return error_set(changing->err, PROVIDER_EREFUSED,
                             "%.40s: no field of a %s that can be locked", name,
                             document_kind_name(changing->kind));
        int result = lock_field(changing, field, value);
        if (result)
            return result;
    }
    return 0;
}

/* --- Keeping what is */

/* The texts as they are, by language; a poster of no language is none of them. */
static json_t *texts_now(const json_t *item, const char *field)
{
    if (strcmp(field, "poster") != 0)
        return texts_of(item, field);
    json_t *posters = json_copy(json_object_get(item, "posters"));
    json_object_del(posters, "");
    return posters;
}

static bool keep_field(struct changing *changing, const struct merge_field *field)
{
    json_auto_t *texts = field->how == MERGE_TEXT ? texts_now(changing->item, field->name) : NULL;
    json_t *value = json_object_get(changing->item, field->name), *text;
    const char *language;
    if (!value && !json_object_size(texts))
        return false;
    forget(changing->record, field->name);
    json_object_foreach (texts, language, text)
        put_text(changing->record, field->name, language, text);
    if (!json_object_size(texts))
        json_object_set(changing->record, field->name, value);
    return true;
}

static int keep_all(struct changing *changing, const json_t *keep)
{
    for (size_t i = 0; i < json_array_size(keep); i++) {
        const char *name = json_string_value(json_array_get(keep, i));
        const struct merge_field *field = name ? find_lockable(changing, name) : NULL;
        if (!field)
            return error_set(changing->err, PROVIDER_EREFUSED,
                             "keep[%zu]: no field of a %s that can be locked", i,
                             document_kind_name(changing->kind));
        if (!keep_field(changing, field))
            return error_set(changing->err, PROVIDER_EREFUSED, "keep[%zu]: there is no %s to keep",
                             i, name);
    }
    return 0;
}

int locks_change(uint32_t kind, const json_t *record, const struct locks_wish *wish,
                 const json_t *item, json_t **out, struct error *err)
{
    struct error ignored;
    json_auto_t *changed = record ? json_deep_copy(record) : json_object();
    struct changing changing = {
        .kind = kind, .record = changed, .item = item, .err = err ? err : &ignored
    };
    int result = keep_all(&changing, wish->keep);
    if (!result)
        result = lock_all(&changing, wish->locks);
    if (result)
        return result;
    *out = steal(changed);
    return 0;
}

void locks_unite(json_t *record, const json_t *other)
{
    for (size_t i = 0; i < merge_n_fields; i++) {
        const char *field = merge_fields[i].name, *language;
        json_auto_t *own = texts_of(record, field);
        json_auto_t *texts = texts_of(other, field);
        json_t *value = json_object_get(other, field), *text;
        if (own || json_object_get(record, field))
            continue;
        if (value)
            json_object_set(record, field, value);
        json_object_foreach (texts, language, text)
            put_text(record, field, language, text);
    }
}
