/* SPDX-License-Identifier: MIT */
#include "media/merging.h"

#include <string.h>

#include "base/json.h"

/* The member that holds a picture, and the route's word for such pictures. */
static const struct {
    const char *member, *kind;
} pictures[] = {
    { "poster", "posters" },   { "backdrop", "backdrops" }, { "logo", "logos" },
    { "profile", "profiles" }, { "still", "stills" },
};

json_t *merging_picture(const char *kind, const char *provider, const char *path)
{
    if (!provider || merge_is_local(provider))
        return json_string(path);
    return json_sprintf("/api/images/%s/%s%s", kind, provider, path);
}

static const char *kind_of_member(const char *member)
{
    for (size_t i = 0; i < ARRAY_LEN(pictures); i++)
        if (pictures[i].member[0] == member[0] && strcmp(pictures[i].member, member) == 0)
            return pictures[i].kind;
    return NULL;
}

/* Jansson's iterator wants a mutable object and does not change it. */
static json_t *mutable(const json_t *value)
{
    union {
        const json_t *in;
        json_t *out;
    } both = { .in = value };
    return both.out;
}

json_t *merging_localise(const json_t *value, const char *provider)
{
    if (json_is_array(value)) {
        json_t *copy = json_array();
        for (size_t i = 0; i < json_array_size(value); i++)
            json_array_append_new(copy, merging_localise(json_array_get(value, i), provider));
        return copy;
    }
    if (!json_is_object(value))
        return json_incref(mutable(value));
    json_t *copy = json_object(), *member;
    const char *name;
    json_object_foreach (mutable(value), name, member) {
        json_object_set_new_nocheck(copy, name, merging_member(name, member, provider));
    }
    return copy;
}

json_t *merging_member(const char *name, const json_t *value, const char *provider)
{
    const char *kind = json_is_string(value) ? kind_of_member(name) : NULL;
    return kind ? merging_picture(kind, provider, json_string_value(value))
                : merging_localise(value, provider);
}

/* --- Objects whose members are united: the better record's member stays */

static void unite_members(struct merging *m, const char *field)
{
    const struct merging_order order = merging_order(m, field);
    json_t *united = NULL;
    for (size_t i = 0; i < order.n; i++) {
        json_t *object = json_object_get(m->records[order.records[i]].document, field);
        if (!object)
            continue;
        if (!united)
            united = json_object();
        size_t before = json_object_size(united);
        json_object_update_missing(united, object);
        if (json_object_size(united) > before)
            merging_credit(m, order.records[i], field);
    }
    js_set(m->item, field, united);
}

/* --- Arrays whose elements are united by what identifies one */

struct listing {
    json_t *list;
    json_t *places;     /* key -> place in the list */
    const char *suffix; /* member that is part of the key, or NULL */
};

static void note(struct listing *listing, const char *key, const json_t *one, size_t place)
{
    const char *more = listing->suffix ? js_string(one, listing->suffix) : NULL;
    CLEANUP(mem_free) char *whole = mem_format("%s/%s", key, more ? more : "");
    if (!json_object_get(listing->places, whole))
        json_object_set_new(listing->places, whole, json_integer((json_int_t)place));
}

static const json_t *seen(const struct listing *listing, const char *key, const json_t *one)
{
    const char *more = listing->suffix ? js_string(one, listing->suffix) : NULL;
    CLEANUP(mem_free) char *whole = mem_format("%s/%s", key, more ? more : "");
    return json_object_get(listing->places, whole);
}

/* "tmdb:6384" of each id; a person without ids is known by name. */
static void id_key(const char *space, const json_t *id, char out[128])
{
    if (json_is_integer(id))
        snprintf(out, 128, "%s:%lld", space, (long long)json_integer_value(id));
    else
        snprintf(out, 128, "%s:%s", space, json_string_value(id) ? json_string_value(id) : "");
}

static const json_t *find_person(const struct listing *listing, const json_t *person)
{
    const char *space;
    json_t *id;
    char key[128];
    json_object_foreach (js_object(person, "ids"), space, id) {
        id_key(space, id, key);
        const json_t *place = seen(listing, key, person);
        if (place)
            return place;
    }
    const char *name = js_string(person, "name");
    const json_t *place = name ? seen(listing, name, person) : NULL;
    if (!place)
        return NULL;
    /* Two of one name with ids in a common space are two: their ids would have met above. */
    const json_t *other = json_array_get(listing->list, (size_t)json_integer_value(place));
    json_object_foreach (js_object(person, "ids"), space, id)
        if (json_object_get(js_object(other, "ids"), space))
            return NULL;
    return place;
}

static void note_person(struct listing *listing, const json_t *person, size_t place)
{
    const char *space, *name = js_string(person, "name");
    json_t *id;
    char key[128];
    json_object_foreach (js_object(person, "ids"), space, id) {
        id_key(space, id, key);
        note(listing, key, person, place);
    }
    if (name)
        note(listing, name, person, place);
}

static void add_people(struct listing *listing, const json_t *people, const char *provider)
{
    size_t known = json_array_size(listing->list);
    for (size_t i = 0; i < json_array_size(people); i++) {
        json_t *person = merging_localise(json_array_get(people, i), provider);
        const json_t *place = find_person(listing, person);
        json_t *same = place && (size_t)json_integer_value(place) < known
                           ? json_array_get(listing->list, (size_t)json_integer_value(place))
                           : NULL;
        if (same) {
            if (js_object(same, "ids"))
                json_object_update_missing(js_object(same, "ids"), js_object(person, "ids"));
            json_object_update_missing(same, person);
            note_person(listing, same, (size_t)json_integer_value(place));
            json_decref(person);
            continue;
        }
        if (known && json_object_get(person, "order"))
            json_object_set_new(person, "order",
                                json_integer((json_int_t)json_array_size(listing->list)));
        note_person(listing, person, json_array_size(listing->list));
        json_array_append_new(listing->list, person);
    }
}

static size_t count_having(const struct merging *m, const char *field)
{
    size_t n = 0;
    for (size_t i = 0; !merging_lock(m, field) && i < m->n; i++)
        n += json_object_get(m->records[i].document, field) != NULL;
    return merging_lock(m, field) ? 1 : n;
}

static void unite_people(struct merging *m, const char *field, const char *suffix)
{
    size_t having = count_having(m, field);
    if (!having)
        return;
    const struct merging_order order = merging_order(m, field);
    json_auto_t *places = json_object();
    struct listing listing = { .list = json_array(), .places = places, .suffix = suffix };
    for (size_t i = 0; i < order.n; i++) {
        const struct merge_record *record = &m->records[order.records[i]];
        const json_t *people = json_object_get(record->document, field);
        if (!people)
            continue;
        merging_credit(m, order.records[i], field);
        if (having > 1) {
            add_people(&listing, people, record->provider);
            continue;
        }
        json_decref(listing.list);
        listing.list = merging_localise(people, record->provider);
    }
    json_object_set_new(m->item, field, listing.list);
}

/* Elements that are the same when these members are. */
static void unite_by(struct merging *m, const char *field, const char *member, const char *suffix)
{
    if (!count_having(m, field))
        return;
    const struct merging_order order = merging_order(m, field);
    json_auto_t *places = json_object();
    struct listing listing = { .list = json_array(), .places = places, .suffix = suffix };
    for (size_t i = 0; i < order.n; i++) {
        const json_t *more = json_object_get(m->records[order.records[i]].document, field);
        for (size_t k = 0; k < json_array_size(more); k++) {
            json_t *one = json_array_get(more, k);
            const char *key = js_string(one, member);
            if (!key || seen(&listing, key, one))
                continue;
            note(&listing, key, one, json_array_size(listing.list));
            json_array_append(listing.list, one);
            merging_credit(m, order.records[i], field);
        }
    }
    json_object_set_new(m->item, field, listing.list);
}

void merging_images(json_t *images, const json_t *own, const char *provider)
{
    static const char *const kinds[] = { "posters", "backdrops", "logos", "stills" };
    for (size_t kind = 0; own && kind < ARRAY_LEN(kinds); kind++) {
        const json_t *more = js_array(own, kinds[kind]);
        if (more && !json_object_get(images, kinds[kind]))
            json_object_set_new(images, kinds[kind], json_array());
        for (size_t k = 0; k < json_array_size(more); k++) {
            json_t *one = json_copy(json_array_get(more, k));
            const char *path = js_string(one, "path");
            js_set(one, "path", merging_picture(kinds[kind], provider, path));
            json_array_append_new(json_object_get(images, kinds[kind]), one);
        }
    }
}

/* Images are the provider's own, so paths of two providers never meet. */
static void unite_images(struct merging *m)
{
    const struct merging_order order = merging_order(m, "images");
    json_t *images = json_object();
    for (size_t i = 0; i < order.n; i++) {
        const struct merge_record *record = &m->records[order.records[i]];
        const json_t *own = js_object(record->document, "images");
        merging_images(images, own, record->provider);
        if (own)
            merging_credit(m, order.records[i], "images");
    }
    if (json_object_size(images))
        json_object_set(m->item, "images", images);
    json_decref(images);
}

void merging_lists(struct merging *m)
{
    unite_members(m, "ids");
    unite_members(m, "certification");
    unite_people(m, "cast", NULL);
    unite_people(m, "guest_stars", NULL);
    unite_people(m, "crew", "job");
    unite_by(m, "videos", "key", "site");
    unite_by(m, "alternative_titles", "title", NULL);
    unite_images(m);
}
